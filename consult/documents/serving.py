"""Handing out documents."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags

from consult.documents.models import Document

# Shown in the browser; everything else is saved.
INLINE = {"pdf", "html"}
# As for every public page: what is erased is gone within ten seconds.
SHARED = "public, max-age=0, s-maxage=10"
# A page of its own that needs nothing from anywhere: its styles stand inside, scripts never run.
PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def serve_document(
    request: HttpRequest, document: Document, *, cache_control: str = SHARED
) -> HttpResponse:
    """The file, with its SHA-256 as ETag; 304 for whoever has it already.

    Give "private, no-store" for what not everybody may read.
    """
    etag = f'"{document.sha256}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponse
    if etag in known or f"W/{etag}" in known:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(bytes(document.content), content_type=document.media_type)
        saved = document.format not in INLINE
        response["Content-Disposition"] = content_disposition_header(saved, document.file_name)
        response["Content-Language"] = document.language
    response["ETag"] = etag
    response["Cache-Control"] = cache_control
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PAGE_POLICY
    return response
