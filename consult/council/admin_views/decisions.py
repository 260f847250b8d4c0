"""What a body did with an item: recorded, corrected, confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    carry_out,
    crumbs,
    desk_only,
    found_decision,
    found_item,
    found_step,
    recording_only,
)
from consult.council.forms import CorrectionForm, DecisionForm, GroupVotesForm
from consult.council.models import Decision, ResolutionItem, RouteStep
from consult.council.services.decisions import (
    confirm_decision,
    correct_decision,
    record_decision,
)
from consult.council.states import ItemOutcome

PLACE = "h-route"


@recording_only
def record(request: HttpRequest, pk: int, step: int, item: int) -> HttpResponse:
    """Record what a body did with one item."""
    found, subject = found_step(pk, step), found_item(pk, item)
    form = DecisionForm(request.POST or None)
    votes = GroupVotesForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and votes.is_valid():
        return carry_out(
            request,
            pk,
            lambda: record_decision(
                item=subject,
                step=found,
                actor=request.user,
                at=timezone.now(),
                group_votes=votes.rows(),
                **_outcome(form),
            ),
            _("Eingetragen, vorläufig. Nach der Niederschrift bestätigt eine zweite Person."),
            at=PLACE,
        )
    return _page(request, found, subject, form, votes)


@recording_only
def correct(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Correct a record by a new one."""
    found = found_decision(pk, decision)
    initial = {name: getattr(found, name) for name in DecisionForm.Meta.fields}
    form = CorrectionForm(request.POST or None, initial=initial)
    votes = GroupVotesForm(request.POST or None, former=found)
    if request.method == "POST" and form.is_valid() and votes.is_valid():
        return carry_out(
            request,
            pk,
            lambda: correct_decision(
                decision=found,
                actor=request.user,
                at=timezone.now(),
                group_votes=votes.rows(),
                **_outcome(form),
            ),
            _(
                "Die Berichtigung ist eingetragen, vorläufig. Eine zweite Person bestätigt sie. "
                "Der frühere Eintrag bleibt lesbar."
            ),
            at=PLACE,
        )
    return _page(request, found.step, found.item, form, votes, corrects=found)


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Confirm a record after the minutes, as the second person."""
    found = found_decision(pk, decision)
    return carry_out(
        request,
        pk,
        lambda: confirm_decision(decision=found, actor=request.user, at=timezone.now()),
        _("Bestätigt. Das Ergebnis ist jetzt endgültig."),
        at=PLACE,
    )


def _outcome(form: DecisionForm) -> dict[str, Any]:
    return {**form.cleaned_data, "outcome": ItemOutcome(form.cleaned_data["outcome"])}


def _page(
    request: HttpRequest,
    step: RouteStep,
    item: ResolutionItem,
    form: DecisionForm,
    votes: GroupVotesForm,
    corrects: Decision | None = None,
) -> HttpResponse:
    title = _("Ergebnis berichtigen") if corrects else _("Ergebnis eintragen")
    return render(
        request,
        "council_desk/decision.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(step.paper, title),
            "step": step,
            "item": item,
            "corrects": corrects,
            "form": form,
            "votes": votes,
        },
        status=422 if form.errors or votes.errors else 200,
    )
