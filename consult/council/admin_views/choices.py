"""What the council could do instead: alternatives to the paper, options at single goals."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    REFUSALS,
    carry_out,
    desk_only,
    form_page,
    found_paper,
    preparing_only,
)
from consult.council.contested import heard_rounds, verdicts
from consult.council.finance import difference_words
from consult.council.forms import AlternativeForm, NewOptionForm, OptionForm, OptionMotionForm
from consult.council.models import Alternative, GoalOption, Paper
from consult.council.predicates import works_on_papers
from consult.council.services.choices import (
    add_alternative,
    add_goal_option,
    change_alternative,
    change_goal_option,
    link_goal_option,
    remove_alternative,
    remove_goal_option,
)
from consult.council.states import RECORDABLE, PaperStatus
from drafts.editions.selectors import goal_numbers

ALTERNATIVES, OPTIONS = "h-alternatives", "h-options"
SAVE = gettext_lazy("Speichern")


@preparing_only
def new_alternative(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an alternative."""
    paper = found_paper(pk)
    form = AlternativeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        return carry_out(
            request,
            pk,
            lambda: add_alternative(paper=paper, actor=request.user, **words),
            _("Die Alternative steht bei der Vorlage."),
            at=ALTERNATIVES,
        )
    return _page(request, paper, form, _("Alternative hinzufügen"))


@preparing_only
def alternative(request: HttpRequest, pk: int, alternative: int) -> HttpResponse:
    """Change an alternative."""
    found = _alternative(pk, alternative)
    form = AlternativeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        return carry_out(
            request,
            pk,
            lambda: change_alternative(alternative=found, actor=request.user, **words),
            _("Die Alternative ist geändert."),
            at=ALTERNATIVES,
        )
    return _page(request, found.paper, form, _("Alternative ändern"))


@require_POST
@preparing_only
def drop_alternative(request: HttpRequest, pk: int, alternative: int) -> HttpResponse:
    """Take an alternative out."""
    found = _alternative(pk, alternative)
    return carry_out(
        request,
        pk,
        lambda: remove_alternative(alternative=found, actor=request.user),
        _("Die Alternative ist entfernt."),
        at=ALTERNATIVES,
    )


@preparing_only
def new_option(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an option at a goal."""
    paper = found_paper(pk)
    found = verdicts(heard_rounds(paper.edition))
    contested = {wid for wid, verdict in found.items() if verdict.is_contested}
    form = NewOptionForm(request.POST or None, edition=paper.edition, contested=contested)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        return carry_out(
            request,
            pk,
            lambda: add_goal_option(paper=paper, actor=request.user, **words),
            _("Die Möglichkeit steht bei dem Ziel."),
            at=OPTIONS,
        )
    return _page(request, paper, form, _("Möglichkeit bei einem Ziel hinzufügen"))


@preparing_only
def option(request: HttpRequest, pk: int, option: int) -> HttpResponse:
    """Change an option."""
    found = _option(pk, option)
    form = OptionForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        return carry_out(
            request,
            pk,
            lambda: change_goal_option(option=found, actor=request.user, **words),
            _("Die Möglichkeit ist geändert."),
            at=OPTIONS,
        )
    return _page(request, found.paper, form, _("Möglichkeit ändern"))


@require_POST
@preparing_only
def drop_option(request: HttpRequest, pk: int, option: int) -> HttpResponse:
    """Take an option out."""
    found = _option(pk, option)
    return carry_out(
        request,
        pk,
        lambda: remove_goal_option(option=found, actor=request.user),
        _("Die Möglichkeit ist entfernt, die übrigen rücken auf."),
        at=OPTIONS,
    )


@desk_only
def link_option(request: HttpRequest, pk: int, option: int) -> HttpResponse:
    """Name the motion that asks for the same."""
    found = _option(pk, option)
    form = OptionMotionForm(*([request.POST] if request.method == "POST" else []), option=found)
    if request.method == "POST" and form.is_valid():
        motion = form.cleaned_data["motion"]
        return carry_out(
            request,
            pk,
            lambda: link_goal_option(option=found, motion=motion, actor=request.user),
            _("Der Verweis auf den Änderungsantrag ist gespeichert."),
            at=OPTIONS,
        )
    title = _("Änderungsantrag zu Möglichkeit %(letter)s") % {"letter": found.letter}
    return form_page(request, title, form, paper=found.paper, button=str(SAVE))


def choices_panel(paper: Paper, user) -> dict[str, Any]:
    """Alternatives and options for the page of a paper; a goal that the edition lacks has no number."""
    numbers = goal_numbers(paper.edition)
    places = {wid: place for place, wid in enumerate(numbers)}
    options = sorted(
        paper.goal_options.select_related("motion"),
        key=lambda row: (places.get(row.goal_wid, len(places)), row.position),
    )
    return {
        "alternatives": [
            {"row": row, "costs": difference_words(row)} for row in paper.alternatives.all()
        ],
        "options": [
            {"row": row, "number": numbers.get(row.goal_wid, ""), "costs": difference_words(row)}
            for row in options
        ],
        "may_link": works_on_papers(user) and paper.status in RECORDABLE,
    }


def _page(request: HttpRequest, paper: Paper, form: BaseForm, title: str | Promise) -> HttpResponse:
    if paper.status != PaperStatus.PREPARING:
        messages.error(request, REFUSALS["submitted_already"])
        return redirect("council_desk:paper", paper.pk)
    return form_page(request, str(title), form, paper=paper, button=str(SAVE))


def _alternative(pk: int, alternative: int) -> Alternative:
    return get_object_or_404(Alternative.objects.select_related("paper"), pk=alternative, paper=pk)


def _option(pk: int, option: int) -> GoalOption:
    return get_object_or_404(GoalOption.objects.select_related("paper"), pk=option, paper=pk)
