"""Papers before the council: the list, and the decision pack of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from consult.council.models import Paper
from consult.council.predicates import may_read
from consult.council.selectors import deciding_steps, paper_of, readable_papers
from consult.council.states import PaperStatus
from site_content.pages.presenters.decision_blocks import reading_blocks, reading_time
from site_content.pages.presenters.decision_pack import decision_pack
from site_content.pages.presenters.figures import day

PUBLIC = {PaperStatus.SUBMITTED, PaperStatus.DECIDED}


def papers(request: HttpRequest) -> HttpResponse:
    """The papers that this person may read, newest first."""
    found = list(readable_papers(request.user))
    steps = deciding_steps(found)
    return render(
        request,
        "council/papers.html",
        {"papers": [_listed(row, steps.get(row.pk)) for row in found]},
    )


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision pack; a paper that is not public does not exist for others."""
    found = paper_of(pk)
    if found is None or not may_read(request.user, found):
        raise Http404
    pack = decision_pack(found)
    blocks = reading_blocks({"paper": found, **pack})
    context = {
        "paper": found,
        "is_public": found.status in PUBLIC,
        "status": found.get_status_display(),
        "submitted": day(found.submitted_at),
        "hash": found.edition.content_hash,
        "decided_on": pack["decided_on"],
        "blocks": blocks,
        "minutes": reading_time(blocks),
    }
    response = render(request, "council/paper.html", context)
    if not context["is_public"]:
        response["Cache-Control"] = "private, no-store"
    return response


def _listed(found: Paper, step) -> dict[str, Any]:
    return {
        "pk": found.pk,
        "reference": found.reference,
        "title": found.title,
        "status": found.get_status_display(),
        "is_public": found.status in PUBLIC,
        "edition": found.edition.number,
        "submitted": day(found.submitted_at),
        "body": step.body.name if step else "",
        "meeting": day(step.meeting_on) if step else "",
    }
