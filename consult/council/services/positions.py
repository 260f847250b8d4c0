"""What bodies said to single goals: recorded, corrected by another record, confirmed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import GoalPosition, Paper, RouteStep
from consult.council.positions import provisional_positions
from consult.council.predicates import may_confirm_position, may_record_decisions
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import (
    RECORDABLE,
    BodyPosition,
    DecisionStatus,
    Effect,
    StepOutcome,
    StepStatus,
)


@transaction.atomic
def record_goal_positions(
    *, step: RouteStep, positions: Sequence[GoalPosition], actor, at: datetime
) -> list[GoalPosition]:
    """Record what a body that advises said to goals; provisional until the minutes confirm it.

    Only the council office may, for a step that was held and voted and a paper that adopts a text.
    `positions` are unsaved rows without a step. Refused where nothing is said, for a goal that the
    edition lacks, and for one that has a record at this step.
    """
    require(may_record_decisions(actor))
    paper = _lock(step.paper)
    step = RouteStep.objects.select_related("body").get(pk=step.pk)
    _require_advice(step)
    if not positions:
        raise PaperStepRefused("no_position")
    wids = [row.goal_wid for row in positions]
    if not _adopts(paper) or paper.edition.goals.filter(wid__in=wids).count() != len(wids):
        raise PaperStepRefused("no_such_goal")
    if step.goal_positions.filter(goal_wid__in=wids).exists():
        raise PaperStepRefused("goal_recorded_already")
    for row in positions:
        row.step = step
        _record(row, actor, at)
    data = {"body": step.body.name, "n": len(positions), "publicity": step.publicity}
    log(paper, "paper.record_positions", user=actor, data=data)
    return list(positions)


@transaction.atomic
def correct_goal_position(
    *,
    position: GoalPosition,
    said: BodyPosition,
    reason: str,
    actor,
    at: datetime,
    votes: str = "",
    note: str = "",
) -> GoalPosition:
    """Add a record that corrects another one; the old one stays readable.

    The new one is provisional again, and a second person confirms it.
    """
    require(may_record_decisions(actor))
    paper = _lock(position.step.paper)
    position = GoalPosition.objects.select_related("step__body").get(pk=position.pk)
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if hasattr(position, "corrected_by_position"):
        raise PaperStepRefused("corrected_already")
    correction = GoalPosition(
        step=position.step,
        goal_wid=position.goal_wid,
        position=said,
        votes=votes.strip(),
        note=note.strip(),
        corrects=position,
        correction_reason=reason.strip(),
    )
    _record(correction, actor, at)
    data = {"body": position.step.body.name, "publicity": position.step.publicity}
    log(paper, "paper.correct_position", user=actor, data=data)
    return correction


@transaction.atomic
def confirm_goal_positions(*, step: RouteStep, actor, at: datetime) -> int:
    """Confirm after the minutes what others recorded of a meeting, and return how many that is.

    Raises NotPermitted where everything was recorded by this person, and PaperStepRefused where
    nothing waits.
    """
    require(may_record_decisions(actor))
    paper = _lock(step.paper)
    waiting = list(provisional_positions(step))
    if not waiting:
        raise PaperStepRefused("step_not_allowed")
    confirmed = [row for row in waiting if may_confirm_position(actor, row)]
    require(bool(confirmed))
    for row in confirmed:
        row.status = DecisionStatus.CONFIRMED
        row.confirmed_by, row.confirmed_at = actor, at
        row.save()
    step = confirmed[0].step
    data = {"body": step.body.name, "n": len(confirmed), "publicity": step.publicity}
    log(paper, "paper.confirm_positions", user=actor, data=data)
    return len(confirmed)


def _record(row: GoalPosition, actor, at: datetime) -> None:
    row.recorded_by, row.recorded_at = actor, at
    row.full_clean()
    row.save()


def _require_advice(step: RouteStep) -> None:
    if step.authoritative:
        raise PaperStepRefused("decides_on_items")
    if step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    if step.outcome != StepOutcome.VOTED:
        raise PaperStepRefused("step_without_vote")


def _adopts(paper: Paper) -> bool:
    return paper.items.filter(effect=Effect.ADOPT_EDITION).exists()


def _lock(paper: Paper) -> Paper:
    return lock_paper(paper, RECORDABLE, "not_submitted")
