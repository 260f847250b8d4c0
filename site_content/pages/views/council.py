"""Papers before the council: the list, and the decision pack of each."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from consult.council.models import Paper
from consult.council.predicates import may_read
from consult.council.selectors import PUBLIC, deciding_steps, paper_of, readable_papers
from consult.council.states import DEBATABLE
from site_content.pages.presenters.decision_blocks import reading_blocks, reading_time
from site_content.pages.presenters.decision_definitions import definitions_of
from site_content.pages.presenters.decision_document import as_of
from site_content.pages.presenters.decision_pack import decision_pack
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.file_sizes import copy_sizes
from site_content.pages.presenters.paper_parts import duties
from site_content.pages.views.form_pages import come_back


def papers(request: HttpRequest) -> HttpResponse:
    """The papers that this person may read, newest first."""
    found = list(readable_papers(request.user))
    steps = deciding_steps(found)
    return render(
        request,
        "council/papers.html",
        {
            "papers": [_listed(row, steps.get(row.pk)) for row in found],
            "duties": duties(timezone.localdate()),
        },
    )


def readable_paper(request: HttpRequest, pk: int) -> Paper:
    """The paper; one that this person may not read does not exist. Raises Http404."""
    found = paper_of(pk)
    if found is None or not may_read(request.user, found):
        raise Http404
    return found


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision pack; a paper that is not public does not exist for others."""
    found = readable_paper(request, pk)
    pack = decision_pack(found, request.user)
    blocks = reading_blocks(pack)
    context = {
        "paper": found,
        "is_public": found.status in PUBLIC,
        "status": found.get_status_display(),
        "submitted": day(found.submitted_at),
        "hash": found.edition.content_hash,
        "decided_on": pack["decided_on"],
        "blocks": blocks,
        "definitions": definitions_of(pack),
        "minutes": reading_time(blocks),
        "may_debate": pack["debate"].may_ask,
        "may_draft": pack["motions"]["may_draft"],
        "login_url": _login_url(request, found),
        "sizes": copy_sizes(found.pk),
        "as_of": as_of(timezone.now()),
    }
    response = render(request, "council/paper.html", context)
    if not context["is_public"]:
        response["Cache-Control"] = "private, no-store"
    return response


def _login_url(request: HttpRequest, found: Paper) -> str:
    """Where a member logs in to mark and ask; empty where that is over or somebody is logged in."""
    if request.user.is_authenticated or found.status not in DEBATABLE:
        return ""
    return come_back("account_login", request)


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
