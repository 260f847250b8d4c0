"""What a body that advises said to single goals: recorded, corrected, confirmed."""

from collections import defaultdict
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
    form_page,
    found_position,
    found_step,
    recording_only,
)
from consult.council.forms import GoalPositionsForm, PositionCorrectionForm
from consult.council.models import GoalPosition, Paper
from consult.council.positions import goals_waiting, standing_positions
from consult.council.predicates import may_confirm_position, may_record_decisions
from consult.council.services.positions import (
    confirm_goal_positions,
    correct_goal_position,
    record_goal_positions,
)
from consult.council.states import BodyPosition, DecisionStatus
from drafts.editions.selectors import goal_numbers

PLACE = "h-route"


@recording_only
def record(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Record what a body said to the goals, many at once or one by one."""
    found = found_step(pk, step)
    form = GoalPositionsForm(request.POST or None, goals=goals_waiting(found.paper, found))
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request,
            pk,
            lambda: record_goal_positions(
                step=found, positions=form.rows(), actor=request.user, at=timezone.now()
            ),
            _("Eingetragen, vorläufig. Nach der Niederschrift bestätigt eine zweite Person."),
            at=PLACE,
        )
    title = _("Positionen zu den Zielen: %(body)s") % {"body": found.body}
    return render(
        request,
        "council_desk/positions.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(found.paper, title),
            "step": found,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@recording_only
def correct(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Correct what was recorded about one goal."""
    found = found_position(pk, position)
    initial = {name: getattr(found, name) for name in ("position", "votes", "note")}
    form = PositionCorrectionForm(request.POST or None, initial=initial)
    number = goal_numbers(found.step.paper.edition).get(found.goal_wid, "")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        return carry_out(
            request,
            pk,
            lambda: correct_goal_position(
                position=found,
                said=BodyPosition(data["position"]),
                votes=data["votes"],
                note=data["note"],
                reason=data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            _(
                "Die Berichtigung ist eingetragen, vorläufig. Eine zweite Person bestätigt sie. "
                "Der frühere Eintrag bleibt lesbar."
            ),
            at=PLACE,
        )
    title = _("Position zu Ziel %(number)s berichtigen: %(body)s") % {
        "number": number,
        "body": found.step.body,
    }
    return form_page(
        request, title, form, paper=found.step.paper, button=_("Berichtigung eintragen")
    )


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Confirm after the minutes what somebody else recorded of a meeting."""
    found = found_step(pk, step)
    return carry_out(
        request,
        pk,
        lambda: confirm_goal_positions(step=found, actor=request.user, at=timezone.now()),
        _("Bestätigt. Die Positionen zu den Zielen sind jetzt endgültig."),
        at=PLACE,
    )


def positions_panel(paper: Paper, user) -> dict[int, dict[str, Any]]:
    """What stands of each step of a paper, by step, and what this person may do with it."""
    numbers = goal_numbers(paper.edition)
    places = {wid: place for place, wid in enumerate(numbers)}
    rows: dict[int, list[GoalPosition]] = defaultdict(list)
    for row in standing_positions().filter(step__paper=paper):
        rows[row.step_id].append(row)
    return {
        step: {
            "rows": [
                {"number": numbers.get(row.goal_wid, ""), "row": row}
                for row in sorted(found, key=lambda row: places.get(row.goal_wid, 0))
            ],
            "waiting": sum(row.status == DecisionStatus.PROVISIONAL for row in found),
            "may_confirm": any(
                row.status == DecisionStatus.PROVISIONAL and may_confirm_position(user, row)
                for row in found
            ),
            "may_correct": may_record_decisions(user),
            "is_whole": len(found) == len(numbers),
        }
        for step, found in rows.items()
    }
