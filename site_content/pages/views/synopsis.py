"""The synopsis of a round: every concern with what was weighed and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from consult.documents.services.kinds import MEDIA_TYPES
from consult.documents.services.making import made_now, request_document
from consult.documents.serving import serve_document
from consult.documents.states import DocumentStatus
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import confirmed_themes
from consult.evaluation.selectors.synopsis import has_answers
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from site_content.pages.presenters.file_sizes import stored_sizes
from site_content.pages.presenters.synopsis import synopsis_page
from site_content.pages.presenters.synopsis_files import FILES, LANGUAGE, SYNOPSIS, said_in
from site_content.pages.presenters.synopsis_filter import SynopsisFilter
from site_content.pages.presenters.synopsis_lines import table_of
from site_content.pages.views.themes import page_links

# Longer tables take some seconds to be set.
LINES_AT_ONCE = 100
SECONDS_TO_MAKE = "30"


@require_safe
def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """The table for everybody; for the coordination office with its drafts until the end."""
    found, is_inside = _readable_or_404(request, ref)
    today = timezone.localdate(timezone.now())
    table = table_of(found, today, is_inside=is_inside)
    sizes = {} if is_inside else stored_sizes(SYNOPSIS, ref, LANGUAGE)
    context = {
        "round": found,
        "is_inside": is_inside,
        **synopsis_page(table, request.GET, today, sizes),
    }
    context["pages"] = page_links(request, context["page"], "seite", "tabelle")
    response = render(request, "evaluation/synopsis.html", context)
    if is_inside:
        response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def as_file(request: HttpRequest, ref: str, kind: str) -> HttpResponse:
    """The lines that fit the filter as PDF, DOCX, XLSX or CSV.

    The whole public table is stored as long as it holds; of a long one workers make the file.
    """
    if kind not in FILES:
        raise Http404
    found, is_inside = _readable_or_404(request, ref)
    if is_inside or request.GET:
        return _made_for(request, found, kind, is_inside=is_inside)
    make = request_document if confirmed_themes(found).count() > LINES_AT_ONCE else made_now
    document = make(SYNOPSIS, ref, LANGUAGE, kind, at=timezone.now())
    if document.status != DocumentStatus.DONE:
        context = {"round": found, "has_failed": document.status == DocumentStatus.FAILED}
        response = render(request, "evaluation/synopsis_waiting.html", context, status=503)
        response["Retry-After"] = SECONDS_TO_MAKE
        response["Cache-Control"] = "no-store"
        return response
    return serve_document(request, document, cache_control="no-cache")


def _made_for(
    request: HttpRequest, found: ConsultationRound, kind: str, *, is_inside: bool
) -> HttpResponse:
    """A file of one choice of lines, or of what only the office reads; it is stored nowhere."""
    today = timezone.localdate(timezone.now())
    table = table_of(found, today, is_inside=is_inside)
    content = FILES[kind](said_in(table, SynopsisFilter.from_query(request.GET, table), today))
    response = HttpResponse(content, content_type=MEDIA_TYPES[kind])
    name = f"synopse-{found.ref}.{kind}"
    response["Content-Disposition"] = content_disposition_header(kind != "pdf", name)
    # Without it the shared page would lose the name of the file.
    response["Cache-Control"] = "private, no-store" if is_inside else "no-cache"
    return response


def _readable_or_404(request: HttpRequest, ref: str) -> tuple[ConsultationRound, bool]:
    """The round, and whether the reader also sees what is not public yet.

    While a round is evaluated the coordination office does. Others see it from the first answer
    that was published.
    """
    found = public_rounds().filter(ref=ref, status__in=TALLIES_READABLE).first()
    if found is None:
        raise Http404
    is_inside = may_evaluate(request.user, found)
    if not is_inside and not has_answers(found):
        raise Http404
    return found, is_inside
