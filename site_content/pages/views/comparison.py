"""All editions, and what changed from one to the next and why."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from consult.council.selectors import public_papers
from consult.evaluation.selectors import released_revisions, revision_to
from consult.rounds.selectors import public_rounds
from drafts.editions.models import Edition
from drafts.editions.selectors import readable_editions
from site_content.pages.presenters.changes import changes_of, edition_name
from site_content.pages.presenters.figures import day


def editions(request: HttpRequest) -> HttpResponse:
    """Every edition that was released, newest first, with what can be read of it."""
    found = list(readable_editions())
    return render(request, "evaluation/editions.html", {"editions": _listed(found)})


def changes(request: HttpRequest, number: int) -> HttpResponse:
    """The changes that led to an edition: old, new, why."""
    edition = readable_editions().filter(number=number).first()
    if edition is None:
        raise Http404
    revision = revision_to(edition)
    context: dict[str, Any] = {"edition": edition, "edition_name": edition_name(edition)}
    if revision is None:
        return render(request, "evaluation/no_changes.html", context)
    return render(request, "evaluation/changes.html", context | changes_of(revision, request.GET))


def _listed(found: list[Edition]) -> list[dict[str, Any]]:
    revised = {revision.to_edition_id for revision in released_revisions(found)}
    rounds, papers = list(public_rounds()), list(public_papers())
    return [
        {
            "number": edition.number,
            "title": edition.title,
            "origin": edition.origin,
            "status": edition.get_status_display(),
            "is_in_force": edition.status == "in_force",
            "dates": _dates(edition),
            "hash": edition.content_hash,
            "changes": reverse("changes", args=[edition.number]) if edition.pk in revised else "",
            "rounds": [row for row in rounds if row.edition_id == edition.pk],
            "papers": [row for row in papers if row.edition_id == edition.pk],
        }
        for edition in found
    ]


def _dates(edition: Edition) -> dict[str, str]:
    return {
        "created": day(edition.created_at),
        "sealed": day(edition.sealed_at),
        "in_force": day(edition.in_force_on),
    }
