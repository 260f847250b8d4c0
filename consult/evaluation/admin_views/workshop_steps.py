"""The theme workshop: looking for contributions, and taking back what was done."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.contributions.models import Contribution
from consult.evaluation.admin_views.bench_contribution import contribution_detail, search_detail
from consult.evaluation.admin_views.page import SENTENCES, WorkshopPage, crumbs
from consult.evaluation.admin_views.workshop import coordination_only
from consult.evaluation.admin_views.workshop_deeds import LOOSE_DEEDS
from consult.evaluation.models import ThemeDeed
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import deeds_of, undo_plan
from consult.evaluation.services.assignments import ThemeStepRefused
from consult.evaluation.services.undoing import undo_deed
from consult.evaluation.states import ThemeStatus, ThemeStep
from consult.rounds.services import NotPermitted

STEPS_PAGE = 30


@coordination_only
def contribution(request: HttpRequest, ref: str, contribution: str) -> HttpResponse:
    """Why a contribution is where it is, and those most like it; POST moves some of them."""
    page = WorkshopPage(request, ref)
    found = get_object_or_404(
        Contribution.objects.published().select_related("comment_row"),
        round=page.round_,
        ref=contribution,
    )
    detail = contribution_detail(page.bench, found)
    if request.method == "POST":
        return page.act(LOOSE_DEEDS, detail)
    return page.render(detail)


@coordination_only
def search(request: HttpRequest, ref: str) -> HttpResponse:
    """Contributions of the round with certain words; POST moves some of them."""
    page = WorkshopPage(request, ref)
    detail = search_detail(page.bench, request.GET.get("q", "").strip())
    if request.method == "POST":
        return page.act(LOOSE_DEEDS, detail)
    return page.render(detail)


@require_GET
@coordination_only
def steps(request: HttpRequest, ref: str) -> HttpResponse:
    """Who decided what in a round, newest first."""
    page = WorkshopPage(request, ref)
    shown = Paginator(deeds_of(page.round_), STEPS_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "workshop/steps.html",
        {
            "header_title": _("Schritte in der Werkstatt"),
            "breadcrumbs_items": crumbs(page.round_, _("Schritte")),
            "round": page.round_,
            "may_act": may_evaluate(request.user, page.round_),
            "page": shown,
        },
    )


@coordination_only
def undo(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Say what undoing a step will do; POST does it."""
    page = WorkshopPage(request, ref)
    deed = get_object_or_404(deeds_of(page.round_), pk=pk)
    if request.method == "POST":
        return _undo(page, deed)
    plan = undo_plan(deed)
    return render(
        request,
        "workshop/undo.html",
        {
            "header_title": _("Schritt rückgängig machen"),
            "breadcrumbs_items": crumbs(page.round_, _("Rückgängig machen")),
            "round": page.round_,
            "may_act": may_evaluate(request.user, page.round_),
            "deed": deed,
            "plan": plan,
            "obstacle": SENTENCES.get(plan.obstacle, ""),
            "is_renaming": deed.step == ThemeStep.RENAME,
            "is_dismissal": deed.step == ThemeStep.DISMISS,
        },
    )


def _undo(page: WorkshopPage, deed: ThemeDeed) -> HttpResponse:
    page.require_open()
    try:
        undo_deed(deed=deed, actor=page.request.user, at=page.now)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except ThemeStepRefused as refused:
        messages.error(page.request, SENTENCES[refused.code])
        return redirect("workshop:undo", page.round_.ref, deed.pk)
    messages.success(
        page.request, _("Rückgängig gemacht: %(step)s.") % {"step": deed.get_step_display()}
    )
    theme = deed.theme
    if theme is not None:
        theme.refresh_from_db()
    if theme is None or theme.status != ThemeStatus.CONFIRMED:
        return redirect("workshop:steps", page.round_.ref)
    return redirect("workshop:theme", page.round_.ref, theme.number)
