"""Objections in the theme workshop: authors miss their point, a person settles it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.evaluation.admin_views.page import SENTENCES, WorkshopPage, crumbs
from consult.evaluation.admin_views.workshop import coordination_only
from consult.evaluation.forms import SettlementForm
from consult.evaluation.models import Assignment, Theme, ThemeObjection
from consult.evaluation.predicates import may_evaluate, may_explain
from consult.evaluation.selectors import confirmed_themes, objection_sums, objections_of
from consult.evaluation.services import objections as deeds
from consult.evaluation.services.assignments import ThemeStepRefused
from consult.evaluation.services.understood import tell_authors_now, untold
from consult.evaluation.states import ObjectionOutcome, ObjectionStatus
from consult.rounds.services import NotPermitted
from drafts.concept.languages import language_of

OBJECTIONS_A_PAGE = 30
REFUSALS = {
    "settled_already": gettext_lazy("Über diesen Einwand hat inzwischen jemand entschieden."),
    "same_theme": gettext_lazy("In diesem Thema steht der Beitrag schon. Wählen Sie ein anderes."),
    "unchanged": gettext_lazy("Name und Anliegen sind unverändert. Ändern Sie mindestens eins."),
    "no_reason": gettext_lazy("Begründen Sie, warum der Beitrag bleibt, wo er ist."),
}


@require_GET
@coordination_only
def desk(request: HttpRequest, ref: str) -> HttpResponse:
    """All objections of a round, open ones first, and whether authors have been told."""
    page = WorkshopPage(request, ref)
    found = objections_of(page.round_)
    rows = Paginator(found, OBJECTIONS_A_PAGE).get_page(request.GET.get("page"))
    return _page(
        page,
        "objections",
        {
            "page": rows,
            "rows": [_row(row) for row in rows],
            "sums": objection_sums(page.round_),
            "untold": untold(page.round_).count(),
            "loose": page.bench.loose,
        },
    )


@coordination_only
def one(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One objection beside words and theme; POST settles it."""
    page = WorkshopPage(request, ref)
    found = get_object_or_404(objections_of(page.round_), pk=pk)
    theme = _theme_now(found)
    form = _form(page, found, theme)
    if request.method == "POST":
        page.require_open()
        if form.is_valid() and _is_settled(page, found, form):
            messages.success(request, _("Der Einwand ist geklärt. Die Person bekommt eine E-Mail."))
            return redirect("workshop:objections", ref)
    may_settle = found.status == ObjectionStatus.OPEN and may_evaluate(request.user, page.round_)
    return _page(
        page,
        "objection",
        {
            "row": _row(found),
            "theme": theme,
            "form": form if may_settle else None,
            "may_explain": may_explain(request.user, found),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@coordination_only
def tell(request: HttpRequest, ref: str) -> HttpResponse:
    """Tell the authors at once how they were understood."""
    page = WorkshopPage(request, ref)
    page.require_open()
    try:
        told = tell_authors_now(round_=page.round_, actor=request.user, at=page.now)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    text = ngettext("%(told)s Person bekommt eine E-Mail.", "%(told)s E-Mails gehen hinaus.", told)
    messages.success(request, text % {"told": told})
    return redirect("workshop:objections", ref)


def _form(page: WorkshopPage, found: ThemeObjection, theme: Theme) -> SettlementForm:
    return SettlementForm(
        page.request.POST if page.request.method == "POST" else None,
        themes=confirmed_themes(page.round_).exclude(pk=theme.pk),
        may_explain=may_explain(page.request.user, found),
        initial={"title": theme.title, "concern": theme.concern},
    )


def _is_settled(page: WorkshopPage, found: ThemeObjection, form: SettlementForm) -> bool:
    said = form.cleaned_data
    common = {
        "objection": found,
        "reason": said["reason"],
        "actor": page.request.user,
        "at": page.now,
    }
    try:
        match said["deed"]:
            case ObjectionOutcome.MOVED:
                deeds.settle_by_moving(into=said["target"], **common)
            case ObjectionOutcome.OWN_VOICE:
                deeds.settle_as_own_voice(title=said["title"], **common)
            case ObjectionOutcome.REWORDED:
                deeds.settle_by_rewording(title=said["title"], concern=said["concern"], **common)
            case _:
                deeds.settle_by_explaining(**common)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except deeds.ObjectionRefused as refused:
        form.add_error(None, REFUSALS[refused.code])
    except ThemeStepRefused as refused:
        form.add_error(None, SENTENCES[refused.code])
    return not form.errors


def _theme_now(found: ThemeObjection) -> Theme:
    contribution = found.assignment.contribution_id
    now = Assignment.objects.filter(contribution=contribution, is_current=True)
    current = now.select_related("theme").first()
    return current.theme if current else found.assignment.theme


def _row(found: ThemeObjection) -> dict[str, Any]:
    contribution = found.assignment.contribution
    return {
        "objection": found,
        "contribution": contribution,
        "text": contribution.comment_row.comment,
        "language": language_of(contribution.language),
        "assigned_by": found.assignment.by,
        "is_open": found.status == ObjectionStatus.OPEN,
    }


def _page(page: WorkshopPage, name: str, values: dict[str, Any], status: int = 200) -> HttpResponse:
    title = _("Einwände: Mein Anliegen fehlt")
    context = {
        "header_title": title,
        "breadcrumbs_items": crumbs(page.round_, title),
        "round": page.round_,
        "may_act": may_evaluate(page.request.user, page.round_),
        **values,
    }
    return render(page.request, f"workshop/{name}.html", context, status=status)
