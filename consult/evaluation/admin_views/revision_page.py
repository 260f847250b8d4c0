"""The page of one revision: its changes with their causes, filters, and the next edition."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.contributions.models import SuggestionBundle
from consult.evaluation.admin_views.revision_forms import CauseForm, NextEditionForm
from consult.evaluation.models import Change, ChangeCause, Response, Revision
from consult.evaluation.selectors import revision_changes, themes_without_change
from consult.evaluation.services.suggested_changes import adopted_at
from consult.evaluation.states import Cause, ResponseStatus, RevisionStatus
from drafts.editions.comparison import compare_words

PAGE = 20
BARE, EVERY, UNCHANGED = "ohne-grund", "alle", "themen"
OPERATIONS = {
    "replace": gettext_lazy("Geändert"),
    "insert": gettext_lazy("Eingefügt"),
    "delete": gettext_lazy("Gestrichen"),
    "move": gettext_lazy("Verschoben"),
}


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the desk: (url, label) pairs after its start."""
    trail = [
        (reverse("wagtailadmin_home"), _("Start")),
        (reverse("revision:desk"), _("Überarbeitung")),
        *more,
    ]
    return [{"url": url, "label": label} for url, label in trail]


def changes_without_cause(revision: Revision) -> QuerySet[Change]:
    """Changes that nobody has given a cause yet; a release needs none of them."""
    return revision.changes.filter(causes=None)


def published_answers(revision: Revision) -> list[Response]:
    """The published answers of the round that the revision follows."""
    if revision.round_id is None:
        return []
    return list(
        Response.objects.filter(theme__round=revision.round_id, status=ResponseStatus.PUBLISHED)
        .select_related("theme")
        .order_by("theme__number")
    )


def cause_form(
    change: Change, responses: list[Response], suggestions: list[SuggestionBundle], data=None
) -> CauseForm:
    """The form for a cause of this change, with field ids of its own."""
    return CauseForm(
        data, responses=responses, suggestions=suggestions, auto_id=f"id_{change.pk}_%s"
    )


def revision_page(
    request: HttpRequest,
    revision: Revision,
    *,
    bound: dict[int, CauseForm] | None = None,
    release_form: NextEditionForm | None = None,
    refusals: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """One revision; forms that were refused come back in it, with status 422."""
    bare, total = changes_without_cause(revision).count(), revision.changes.count()
    unchanged = themes_without_change(revision)
    asked = request.GET.get("liste")
    chosen = asked if asked in {BARE, EVERY, UNCHANGED} else (BARE if bare else EVERY)
    is_open = revision.status == RevisionStatus.OPEN
    values = {
        "header_title": _("Überarbeitung von Fassung %(number)s")
        % {"number": revision.from_edition.number},
        "breadcrumbs_items": crumbs(
            ("", _("Fassung %(number)s") % {"number": revision.from_edition.number})
        ),
        "revision": revision,
        "query": request.GET.urlencode(),
        "strip": _strip(total, bare, len(unchanged)),
        "tabs": _tabs(chosen, {BARE: bare, EVERY: total, UNCHANGED: len(unchanged)}),
        "unchanged": unchanged if chosen == UNCHANGED else None,
        "is_open": is_open,
        "bare": bare,
        "next_number": revision.from_edition.number + 1,
        "release_form": release_form or _release_form(revision),
        "refusals": refusals,
    }
    if chosen != UNCHANGED:
        values |= _changes(request, revision, chosen, bound or {})
    failed = bool(bound or refusals or (release_form and release_form.errors))
    template = "revision/open.html" if is_open else "revision/released.html"
    return render(request, template, values, status=422 if failed else 200)


def _changes(
    request: HttpRequest, revision: Revision, chosen: str, bound: dict[int, CauseForm]
) -> dict[str, Any]:
    changes = revision_changes(revision)
    if chosen == BARE:
        # A change whose form is shown again stays although somebody has just given it a cause.
        changes = changes.filter(Q(pk__in=changes_without_cause(revision)) | Q(pk__in=bound))
    page = Paginator(changes, PAGE).get_page(request.GET.get("page"))
    responses, suggested = published_answers(revision), adopted_at(list(page))
    return {
        "page": page,
        "rows": [
            _row(change, responses, suggested[change.pk], bound.get(change.pk)) for change in page
        ],
        "has_answers": bool(responses),
    }


def _row(
    change: Change,
    responses: list[Response],
    suggested: list[SuggestionBundle],
    form: CauseForm | None,
) -> dict[str, Any]:
    causes = list(change.causes.all())
    cited = {cause.response_id for cause in causes}
    left = [response for response in responses if response.pk not in cited]
    old, new = wordings(change)
    return {
        "change": change,
        "operation": OPERATIONS[change.op],
        "old": old,
        "new": new,
        "causes": [_cause(cause) for cause in causes],
        "form": form or cause_form(change, left, suggested),
    }


def _cause(cause: ChangeCause) -> dict[str, Any]:
    label = cause.reference or cause.get_kind_display()
    if cause.suggestion is not None:
        words = cause.suggestion.new_text or cause.suggestion.old_text
        label = _("Änderungsvorschlag: %(words)s") % {"words": words}
    if cause.kind == Cause.RESPONSE:
        theme = cause.response.theme
        label = _("Antwort auf Thema %(number)s „%(title)s“: %(outcome)s") % {
            "number": theme.number,
            "title": theme.title,
            "outcome": cause.response.get_outcome_display(),
        }
    return {"pk": cause.pk, "label": label, "note": cause.note}


def wordings(change: Change) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The old wording with what was struck and the new one with what was inserted, word by word."""
    if change.op == "move":
        return [("equal", change.old)], [("equal", change.new)]
    parts = compare_words(change.old, change.new)
    return (
        [part for part in parts if part[0] != "insert"],
        [part for part in parts if part[0] != "delete"],
    )


def _strip(total: int, bare: int, unchanged: int) -> list[dict[str, Any]]:
    return [
        {"label": _("Änderungen"), "value": total},
        {
            "label": _("ohne Grund"),
            "value": bare,
            "due": bare > 0,
            "note": _("muss 0 sein") if bare else "",
        },
        {"label": _("Themen ohne Änderung"), "value": unchanged, "due": unchanged > 0},
    ]


def _tabs(chosen: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        BARE: _("Ohne Grund"),
        EVERY: _("Alle Änderungen"),
        UNCHANGED: _("Themen ohne Änderung"),
    }
    return [
        {
            "label": labels[name],
            "count": number,
            "url": f"?liste={name}",
            "current": name == chosen,
        }
        for name, number in counts.items()
    ]


def _release_form(revision: Revision) -> NextEditionForm:
    edition = revision.from_edition
    return NextEditionForm(initial={"title": edition.title, "origin": edition.origin})
