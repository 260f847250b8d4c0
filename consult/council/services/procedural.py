"""What was moved about dealing with a paper: recorded after the meeting, corrected by a record."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import ProceduralMotion, RouteStep
from consult.council.predicates import may_record_decisions
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import (
    ENDS_WITH,
    RECORDABLE,
    ProceduralKind,
    ProceduralResult,
    StepStatus,
)


@transaction.atomic
def record_procedural_motion(
    *,
    step: RouteStep,
    kind: ProceduralKind,
    moved_by: str,
    result: ProceduralResult,
    actor,
    at: datetime,
    **words,
) -> ProceduralMotion:
    """Record what was moved in a meeting that was held. `words` are text and votes.

    Only the council office may. Refused where an accepted motion contradicts how the meeting ended.
    """
    require(may_record_decisions(actor))
    motion = ProceduralMotion(
        step=_held(step), kind=kind, moved_by=moved_by.strip(), result=result, **words
    )
    return _record(motion, actor, at)


@transaction.atomic
def correct_procedural_motion(
    *,
    motion: ProceduralMotion,
    moved_by: str,
    result: ProceduralResult,
    reason: str,
    actor,
    at: datetime,
    **words,
) -> ProceduralMotion:
    """Add a record that corrects another one; the old one stays readable."""
    require(may_record_decisions(actor))
    step = _held(motion.step)
    motion = ProceduralMotion.objects.get(pk=motion.pk)
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if hasattr(motion, "corrected_by_motion"):
        raise PaperStepRefused("corrected_already")
    correction = ProceduralMotion(
        step=step,
        kind=motion.kind,
        moved_by=moved_by.strip(),
        result=result,
        corrects=motion,
        correction_reason=reason.strip(),
        **words,
    )
    return _record(correction, actor, at)


def _held(step: RouteStep) -> RouteStep:
    lock_paper(step.paper, RECORDABLE, "not_submitted")
    step = RouteStep.objects.get(pk=step.pk)
    if step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    return step


def _record(motion: ProceduralMotion, actor, at: datetime) -> ProceduralMotion:
    ending = ENDS_WITH.get(ProceduralKind(motion.kind), motion.step.outcome)
    if motion.result == ProceduralResult.ACCEPTED and motion.step.outcome != ending:
        raise PaperStepRefused("meeting_ended_otherwise")
    motion.recorded_by, motion.recorded_at = actor, at
    motion.full_clean()
    motion.save()
    log(motion, "procedural.record", user=actor, data={"result": motion.result})
    return motion
