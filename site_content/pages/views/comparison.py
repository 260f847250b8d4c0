"""All editions, and what changed from one to the next and why."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.council.selectors import public_papers
from consult.evaluation.selectors import released_revisions, revision_to
from consult.evaluation.selectors.synopsis import ANSWERED
from consult.rounds.selectors import public_rounds
from drafts.editions.models import Edition
from drafts.editions.selectors import readable_editions
from site_content.pages.presenters.changes import changes_of, edition_name
from site_content.pages.presenters.edition_comparison import (
    choice_of_editions,
    chosen_view,
    edition_comparison,
)
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.synopsis_lines import synopsis_url


def editions(request: HttpRequest) -> HttpResponse:
    """Every edition that was released, newest first, with what can be read of it."""
    return _all_editions(request)


def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the comparison of two editions; what cannot be compared is said beside the form."""
    numbers = {edition.number for edition in readable_editions()}
    old, new = (_number(request.GET.get(name, "")) for name in ("von", "nach"))
    if old not in numbers or new not in numbers:
        refusal = _("Wählen Sie zwei Fassungen aus der Liste.")
        return _all_editions(request, refusal, status=422)
    if old == new:
        refusal = _("Das ist zweimal dieselbe Fassung. Wählen Sie zwei verschiedene.")
        return _all_editions(request, refusal, status=422)
    view = chosen_view(request.GET.get("ansicht", ""))
    return redirect(f"{reverse('compared', args=[old, new])}?ansicht={view}")


def compared(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """What differs between any two editions, and why; 404 if one of them cannot be read."""
    found = {
        edition.number: edition for edition in readable_editions().filter(number__in={old, new})
    }
    if not {old, new} <= found.keys():
        raise Http404
    view = chosen_view(request.GET.get("ansicht", ""))
    context = {"old_number": old, "new_number": new}
    context |= edition_comparison(found[old], found[new], view)
    return render(request, "evaluation/compared.html", context)


def changes(request: HttpRequest, number: int) -> HttpResponse:
    """The changes that led to an edition: old, new, why."""
    edition = readable_editions().filter(number=number).first()
    if edition is None:
        raise Http404
    revision = revision_to(edition)
    context: dict[str, Any] = {"edition": edition, "edition_name": edition_name(edition)}
    if revision is None:
        return render(request, "evaluation/no_changes.html", context)
    context["synopsis"] = synopsis_url(revision.round)
    return render(request, "evaluation/changes.html", context | changes_of(revision, request.GET))


def _all_editions(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    found = list(readable_editions())
    context = {
        "editions": _listed(found),
        "choice": choice_of_editions(found, request.GET),
        "refusal": refusal,
    }
    return render(request, "evaluation/editions.html", context, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else None


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
            "synopses": [
                row for row in rounds if row.edition_id == edition.pk and row.status in ANSWERED
            ],
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
