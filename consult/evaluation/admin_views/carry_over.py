"""Where the contributions of earlier editions belong now, and putting one right by hand."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.contributions.states import Visibility
from consult.evaluation.admin_views.revision_forms import PlaceForm
from consult.evaluation.models import CarryOver, Revision
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import texts_of
from consult.evaluation.services.revision import (
    Part,
    RevisionNotReady,
    correct_carry_over,
    parts_of,
)
from consult.evaluation.states import CarryState, RevisionStatus
from consult.rounds.services import NotPermitted
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data

PAGE = 30
EXCERPT = 160


@require_GET
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """Every contribution of earlier editions with its place in the new one."""
    revision = _released(request, pk)
    rows = CarryOver.objects.filter(edition=revision.to_edition)
    counts = Counter(rows.values_list("state", flat=True))
    state = request.GET.get("stand", "")
    chosen = rows.filter(state=state) if state in CarryState else rows
    page = Paginator(
        chosen.select_related("contribution__edition", "corrected_by").order_by("contribution_id"),
        PAGE,
    ).get_page(request.GET.get("page"))
    return render(
        request,
        "revision/carry_over.html",
        {
            "header_title": _("Beiträge in Fassung %(number)s")
            % {"number": revision.to_edition.number},
            "breadcrumbs_items": _crumbs(revision, _("Beiträge")),
            "revision": revision,
            "tabs": _tabs(state, counts),
            "page": page,
            "rows": _rows(list(page), revision.to_edition),
        },
    )


def correct(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """One contribution and where it belongs; POST puts it elsewhere."""
    revision = _released(request, pk)
    found = get_object_or_404(
        CarryOver.objects.select_related("contribution__edition", "edition"),
        pk=row,
        edition=revision.to_edition,
    )
    parts = parts_of(section_data(revision.to_edition))
    form = PlaceForm(request.POST or None, parts=parts, initial={"place": found.target_wid})
    if request.method == "POST" and form.is_valid():
        return _correct(request, revision, found, form.chosen())
    return render(
        request,
        "revision/correct.html",
        {
            "header_title": found.contribution.ref,
            "breadcrumbs_items": _crumbs(revision, found.contribution.ref),
            "revision": revision,
            "row": _rows([found], revision.to_edition)[0],
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _correct(
    request: HttpRequest, revision: Revision, found: CarryOver, part: Part
) -> HttpResponse:
    try:
        correct_carry_over(
            row=found, section_wid=part.section_wid, target_wid=part.wid, actor=request.user
        )
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RevisionNotReady:
        messages.error(request, _("Diese Stelle gibt es in der Fassung nicht. Wählen Sie neu."))
        return redirect("revision:correct", revision.pk, found.pk)
    messages.success(
        request,
        _("%(ref)s gehört jetzt zu „%(place)s“.")
        % {"ref": found.contribution.ref, "place": part.place},
    )
    return redirect("revision:carry_over", revision.pk)


def _released(request: HttpRequest, pk: int) -> Revision:
    if not may_evaluate(request.user):
        raise PermissionDenied
    return get_object_or_404(
        Revision.objects.select_related("from_edition", "to_edition"),
        pk=pk,
        status=RevisionStatus.RELEASED,
    )


def _rows(rows: list[CarryOver], edition: Edition) -> list[dict[str, Any]]:
    before = _places({row.contribution.edition for row in rows})
    now = {(edition.pk, wid): part.place for wid, part in parts_of(section_data(edition)).items()}
    published = [
        row.contribution for row in rows if row.contribution.status == Visibility.PUBLISHED
    ]
    texts = texts_of(published)
    return [
        {
            "row": row,
            "contribution": row.contribution,
            "url": _public_url(row),
            "before": before.get((row.contribution.edition_id, row.contribution.target_wid), ""),
            "edition": row.contribution.edition.number,
            "now": now.get((edition.pk, row.target_wid), ""),
            "text": _excerpt(texts.get(row.contribution_id, "")),
        }
        for row in rows
    ]


def _places(editions: Iterable[Edition]) -> dict[tuple[int, str], str]:
    return {
        (edition.pk, wid): part.place
        for edition in editions
        for wid, part in parts_of(section_data(edition)).items()
    }


def _public_url(row: CarryOver) -> str:
    if row.contribution.status != Visibility.PUBLISHED:
        return ""
    return reverse("contribution", args=[row.contribution.ref])


def _excerpt(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rsplit(" ", 1)[0] + " …"


def _tabs(state: str, counts: Counter[str]) -> list[dict[str, Any]]:
    rows = [("", _("Alle"), sum(counts.values()))]
    rows += [
        (CarryState.EXACT, _("Unverändert"), counts[CarryState.EXACT]),
        (CarryState.TEXT_CHANGED, _("Wortlaut geändert"), counts[CarryState.TEXT_CHANGED]),
        (CarryState.MOVED, _("Verschoben"), counts[CarryState.MOVED]),
        (CarryState.GONE, _("Ohne Stelle"), counts[CarryState.GONE]),
    ]
    return [
        {"label": label, "count": number, "url": f"?stand={name}", "current": name == state}
        for name, label, number in rows
    ]


def _crumbs(revision: Revision, label: str) -> list[dict[str, str]]:
    trail = [
        (reverse("wagtailadmin_home"), _("Start")),
        (reverse("revision:desk"), _("Überarbeitung")),
        (
            reverse("revision:carry_over", args=[revision.pk]),
            _("Fassung %(number)s") % {"number": revision.to_edition.number},
        ),
        ("", label),
    ]
    return [{"url": url, "label": text} for url, text in trail]
