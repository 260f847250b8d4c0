"""Files of an edition for download, and the address of the one in force."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from consult.documents.services.editions import offers_of, request_missing
from consult.documents.services.making import NoSuchDocument, request_document
from consult.documents.serving import SHARED, serve_document
from consult.documents.states import DocumentStatus
from drafts.editions.models import Edition
from drafts.editions.selectors import current_edition, edition_in_force
from site_content.pages.presenters.concept_text import edition_facts
from site_content.pages.presenters.documents import file_url, files_of, kind_called
from site_content.pages.views.reading import edition_or_404

SECONDS_TO_MAKE = "30"


@require_safe
def of_edition(request: HttpRequest, number: int) -> HttpResponse:
    """The files of an edition by language, with format, size and check sum."""
    edition = edition_or_404(number)
    offers = offers_of(edition)
    request_missing(edition=edition, offers=offers, at=timezone.now())
    context = {"edition": edition_facts(edition), "groups": files_of(edition, offers)}
    return render(request, "documents/edition.html", context)


@require_safe
def file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One file; a page with the next step while it is made, or where there is none."""
    edition = edition_or_404(number)
    kind, format_ = kind_called(name)
    language = get_language() or ""
    try:
        found = request_document(kind, str(edition.pk), language, format_, at=timezone.now())
    except NoSuchDocument:
        context = {"edition": edition_facts(edition), "name": name}
        return render(request, "documents/none.html", context, status=404)
    if found.status == DocumentStatus.DONE:
        return serve_document(request, found)
    return _not_yet(request, edition, is_failed=found.status == DocumentStatus.FAILED)


@require_safe
def current(request: HttpRequest, name: str) -> HttpResponse:
    """Lead from the unchanging address to the file of the edition in force."""
    edition = edition_in_force()
    kind, format_ = kind_called(f"{'archiv' if name == 'zip' else 'konzept'}.{name}")
    if edition is None:
        draft = current_edition()
        context = {"draft": edition_facts(draft) if draft else None}
        return render(request, "documents/not_in_force.html", context, status=404)
    address = file_url(edition, kind, get_language() or "", format_)
    response = redirect(address)
    response["Cache-Control"] = SHARED
    response["Link"] = f'<{request.build_absolute_uri(address)}>; rel="canonical"'
    return response


def _not_yet(request: HttpRequest, edition: Edition, *, is_failed: bool) -> HttpResponse:
    context = {"edition": edition_facts(edition), "is_failed": is_failed, "here": request.path}
    response = render(request, "documents/not_yet.html", context, status=503)
    response["Retry-After"] = SECONDS_TO_MAKE
    response["Cache-Control"] = "no-store"
    return response
