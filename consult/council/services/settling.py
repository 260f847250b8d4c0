"""Motions on which nothing is left to vote, because another one was accepted."""

from django.db import transaction

from consult.council.amendments import SubmittedText, motions_of, settled_through
from consult.council.models import AmendmentMotion
from consult.council.predicates import may_record_decisions
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.services.motions import motion_again, set_motion_status
from consult.council.states import RECORDABLE, MotionStatus


@transaction.atomic
def settle_motion(*, motion: AmendmentMotion, by: AmendmentMotion, actor) -> AmendmentMotion:
    """Say that a motion is settled because another one was accepted: they cannot both hold, or
    nothing is left of it to decide."""
    require(may_record_decisions(actor))
    paper = lock_paper(motion.paper, RECORDABLE, "not_submitted")
    motion, by = motion_again(motion), motion_again(by)
    if not settled_through(by, [motion], SubmittedText(paper).sections):
        raise PaperStepRefused("settles_nothing")
    return _settle(motion, by, actor)


@transaction.atomic
def settle_all(*, by: AmendmentMotion, actor) -> list[AmendmentMotion]:
    """Say of every open motion of the paper that an accepted one has settled it; return them.

    Raises PaperStepRefused("settles_nothing") where there is none.
    """
    require(may_record_decisions(actor))
    paper, by = lock_paper(by.paper, RECORDABLE, "not_submitted"), motion_again(by)
    found = settled_through(by, motions_of(paper), SubmittedText(paper).sections)
    if not found:
        raise PaperStepRefused("settles_nothing")
    return [_settle(motion_again(motion), by, actor) for motion in found]


def _settle(motion: AmendmentMotion, by: AmendmentMotion, actor) -> AmendmentMotion:
    motion.settled_by = by
    return set_motion_status(motion, MotionStatus.SETTLED, actor)
