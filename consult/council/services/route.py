"""The way through the bodies. It can change until a body has met; the log keeps each change."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from wagtail.log_actions import log

from consult.council.models import Body, Meeting, Paper, RouteStep
from consult.council.predicates import may_prepare_papers, may_record_decisions, may_route
from consult.council.services.access import PaperStepRefused, lock_draft, lock_paper, require
from consult.council.services.meetings import meeting_of, set_meeting_status
from consult.council.states import (
    AHEAD,
    DECIDING_OUTCOMES,
    ENDS_WITH,
    RECORDABLE,
    REROUTABLE,
    ROUTABLE,
    STEP_TRANSITIONS,
    MeetingStatus,
    PaperStatus,
    ProceduralKind,
    ProceduralResult,
    Publicity,
    StepOutcome,
    StepStatus,
)


@transaction.atomic
def add_step(
    *, paper: Paper, body: Body, role: str, actor, meeting_on: date | None = None, **fields
) -> RouteStep:
    """Put a body at the end of the route, also after submission. Refused once it was decided.

    With a day the paper comes on the agenda of the body's meeting on that day, which is planned if
    there is none.
    """
    require(may_route(actor))
    paper = _lock(paper)
    last = paper.route.aggregate(last=Max("position"))["last"] or 0
    step = RouteStep(paper=paper, body=body, role=role, position=last + 1, **fields)
    _refuse_secret_decision(step)
    step.meeting = meeting_of(body, meeting_on, actor)
    step.full_clean(exclude=["paper"])
    step.save()
    log(paper, "paper.add_step", user=actor, data={**_named(step), "to": step.position})
    _note_agenda(step.meeting, step, actor)
    return step


@transaction.atomic
def add_reading(*, step: RouteStep, actor) -> RouteStep:
    """Send the paper to the same body once more, after it has met.

    A body that advises is heard again before the next one that decides; a body that decides
    comes last. Refused before it has met.
    """
    require(may_route(actor))
    step = RouteStep.objects.select_related("paper", "body").get(pk=step.pk)
    if step.status != StepStatus.HELD:
        raise PaperStepRefused("not_held_yet")
    again = add_step(
        paper=step.paper,
        body=step.body,
        role=step.role,
        authoritative=step.authoritative,
        publicity=step.publicity,
        actor=actor,
    )
    ahead = step.paper.route.filter(authoritative=True, status__in=REROUTABLE)
    deciding = ahead.exclude(pk=again.pk).order_by("position").first()
    if deciding is not None and not step.authoritative:
        move_step(step=again, to=deciding.position, actor=actor)
        again.refresh_from_db()
    return again


@transaction.atomic
def move_step(*, step: RouteStep, to: int, actor) -> list[RouteStep]:
    """Move a step that was not held to another position; held steps keep theirs."""
    require(may_route(actor))
    paper = _lock(step.paper)
    steps = list(paper.route.order_by("position").select_related("body"))
    moved = next(found for found in steps if found.pk == step.pk)
    if moved.status not in REROUTABLE:
        raise PaperStepRefused("held_already")
    if not 1 <= to <= len(steps):
        raise PaperStepRefused("no_such_position")
    first, last = sorted((to, moved.position))
    if any(found.status == StepStatus.HELD for found in steps[first - 1 : last]):
        raise PaperStepRefused("before_a_held_step")
    data = {**_named(moved), "from": moved.position, "to": to}
    steps.remove(moved)
    steps.insert(to - 1, moved)
    log(paper, "paper.move_step", user=actor, data=data)
    return _number(steps)


@transaction.atomic
def remove_step(*, step: RouteStep, actor) -> None:
    """Take a body out of the route of a paper that is being prepared; the others move up.

    After submission a step is dropped instead (`set_step_status`), so that it stays readable.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(step.paper)
    log(paper, "paper.remove_step", user=actor, data=_named(step))
    step.delete()
    _number(list(paper.route.order_by("position")))


@transaction.atomic
def schedule_step(
    *,
    step: RouteStep,
    meeting_on: date | None,
    agenda_item: str,
    actor,
    publicity: Publicity | None = None,
) -> RouteStep:
    """Say when a body meets, under which item and whether in public; without `publicity` as before.

    The paper comes on the agenda of the body's meeting on that day, which is planned if there is
    none. Refused once the body has met or was dropped, and for a body that decides in private.
    """
    require(may_route(actor))
    paper = _lock(step.paper)
    step = paper.route.select_related("paper", "body", "meeting").get(pk=step.pk)
    if step.status not in REROUTABLE:
        raise PaperStepRefused("held_already")
    former = step.meeting
    step.publicity = publicity or step.publicity
    _refuse_secret_decision(step)
    step.meeting, step.agenda_item = meeting_of(step.body, meeting_on, actor), agenda_item.strip()
    step.full_clean()
    step.save(update_fields=["meeting", "agenda_item", "publicity"])
    data = {
        **_named(step),
        "from": former and former.day.isoformat(),
        "to": meeting_on and meeting_on.isoformat(),
    }
    log(paper, "paper.schedule_step", user=actor, data=data)
    for meeting in {former, step.meeting}:
        _note_agenda(meeting, step, actor)
    return step


@transaction.atomic
def invite_to_meeting(*, meeting: Meeting, actor) -> Meeting:
    """Say that a body was invited to a meeting, and with it to each submitted paper on its agenda.

    Raises NotPermitted and PaperStepRefused.
    """
    require(may_record_decisions(actor))
    waiting = meeting.agenda.filter(
        status=StepStatus.PLANNED, paper__status=PaperStatus.SUBMITTED
    ).order_by("paper")
    for step in waiting.select_related("paper"):
        set_step_status(step=step, status=StepStatus.INVITED, actor=actor)
    return set_meeting_status(meeting=meeting, status=MeetingStatus.INVITED, actor=actor)


@transaction.atomic
def set_step_status(
    *,
    step: RouteStep,
    status: StepStatus,
    actor,
    result: str = "",
    outcome: StepOutcome = StepOutcome.VOTED,
    referred_to: str = "",
) -> RouteStep:
    """The one gate of a step: invited, held with its outcome and result, or dropped with a reason.

    A body that decides cannot pass the paper on without a vote, and who refers it says where to; a
    step that was held says that its meeting took place. Raises NotPermitted and PaperStepRefused.
    """
    require(may_record_decisions(actor))
    # A body that never met can be dropped also after the council has decided without it.
    allowed = RECORDABLE if status == StepStatus.DROPPED else {PaperStatus.SUBMITTED}
    paper = lock_paper(step.paper, allowed, "not_submitted")
    step = paper.route.select_related("paper", "body", "meeting").get(pk=step.pk)
    if (StepStatus(step.status), status) not in STEP_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    if status == StepStatus.DROPPED and not result.strip():
        raise PaperStepRefused("no_reason_to_drop")
    if status == StepStatus.HELD:
        _set_outcome(step, outcome, referred_to.strip())
        _take_place(step.meeting, actor)
    data = {**_named(step), "from": step.status, "to": status}
    log(paper, "route_step.status", user=actor, data=data)
    step.status = status
    step.result = result.strip() or step.result
    step.save(update_fields=["status", "result", "outcome", "referred_to"])
    if status == StepStatus.DROPPED:
        _note_agenda(step.meeting, step, actor)
    return step


@transaction.atomic
def hold_step(
    *,
    step: RouteStep,
    day: date,
    outcome: StepOutcome,
    result: str,
    actor,
    at: datetime,
    referred_to: str = "",
) -> RouteStep:
    """Record that a body has met on a paper, on which day, and how the meeting ended.

    Another day than the one that was planned puts the paper on the agenda of that day. Refused
    for a day that is still to come; else raises as `set_step_status` does.
    """
    require(may_record_decisions(actor))
    if day > localdate(at):
        raise PaperStepRefused("meeting_ahead")
    if step.meeting_on != day:
        step = schedule_step(step=step, meeting_on=day, agenda_item=step.agenda_item, actor=actor)
    return set_step_status(
        step=step,
        status=StepStatus.HELD,
        actor=actor,
        result=result,
        outcome=outcome,
        referred_to=referred_to,
    )


@transaction.atomic
def correct_step(
    *,
    step: RouteStep,
    outcome: StepOutcome,
    result: str,
    reason: str,
    actor,
    referred_to: str = "",
) -> RouteStep:
    """Say after the minutes that a meeting ended otherwise than was recorded, and why.

    What stood there stays in the history of the route, with the reason. Refused while records on
    items or motions, or an accepted procedural motion, say that it ended as it stands.
    """
    require(may_record_decisions(actor))
    paper = lock_paper(step.paper, RECORDABLE, "not_submitted")
    step = paper.route.select_related("paper", "body").get(pk=step.pk)
    if step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    _refuse_contradiction(step, outcome)
    former = {"from": step.outcome, "result": step.result, "referred_to": step.referred_to}
    _set_outcome(step, outcome, referred_to.strip())
    step.result = result.strip()
    step.save(update_fields=["result", "outcome", "referred_to"])
    data = {**_named(step), **former, "to": outcome, "reason": reason.strip()}
    log(paper, "route_step.correct", user=actor, data=data)
    return step


def _refuse_contradiction(step: RouteStep, outcome: StepOutcome) -> None:
    voted = step.decisions.exists() or step.motion_votes.exists()
    if voted and outcome != StepOutcome.VOTED:
        raise PaperStepRefused("results_recorded")
    accepted = step.procedural_motions.filter(
        result=ProceduralResult.ACCEPTED, corrected_by_motion__isnull=True
    )
    if any(ENDS_WITH.get(ProceduralKind(row.kind), outcome) != outcome for row in accepted):
        raise PaperStepRefused("motion_says_otherwise")


def _refuse_secret_decision(step: RouteStep) -> None:
    if step.authoritative and step.publicity != Publicity.PUBLIC:
        raise PaperStepRefused("decides_in_public")


def _named(step: RouteStep) -> dict[str, Any]:
    """Which step an entry of the log is about; `publicity` keeps it from public histories."""
    return {"step": step.pk, "body": step.body.name, "publicity": step.publicity}


def _note_agenda(meeting: Meeting | None, step: RouteStep, actor) -> None:
    if meeting is not None:
        data = {"paper": step.paper.reference, "publicity": step.publicity}
        log(meeting, "meeting.agenda", user=actor, data=data)


def _take_place(meeting: Meeting | None, actor) -> None:
    if meeting is None:
        return
    if meeting.status == MeetingStatus.CANCELLED:
        raise PaperStepRefused("meeting_cancelled")
    if meeting.status in AHEAD:
        set_meeting_status(meeting=meeting, status=MeetingStatus.HELD, actor=actor)


def _set_outcome(step: RouteStep, outcome: StepOutcome, target: str) -> None:
    if step.authoritative and outcome not in DECIDING_OUTCOMES:
        raise PaperStepRefused("decides_by_vote")
    if outcome == StepOutcome.REFERRED and not target:
        raise PaperStepRefused("no_target")
    step.outcome = outcome
    step.referred_to = target if outcome == StepOutcome.REFERRED else ""


def _lock(paper: Paper) -> Paper:
    return lock_paper(paper, ROUTABLE, "route_closed")


def _number(steps: list[RouteStep]) -> list[RouteStep]:
    for position, step in enumerate(steps, start=1):
        step.position = position
    RouteStep.objects.bulk_update(steps, ["position"])
    return steps
