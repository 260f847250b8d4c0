"""Handing out private files: never shown inside a page of ours, never guessed at by a browser."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from consult.intake.models import StoredFile


def private_file(stored: StoredFile, *, inline: bool = False) -> HttpResponse:
    """The file for whoever may see the page behind it."""
    response = HttpResponse(stored.content, content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, stored.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
