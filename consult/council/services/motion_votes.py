"""How the bodies voted on amendment motions: recorded, corrected by another record, confirmed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.amendments import (
    SubmittedText,
    adopted_text,
    amendment_of,
    conflicts_among,
)
from consult.council.models import (
    AmendmentMotion,
    MotionGroupVote,
    MotionVote,
    RouteStep,
)
from consult.council.predicates import may_confirm_vote, may_record_decisions
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.services.motions import refusal_of, set_motion_status, tidied_wording
from consult.council.states import (
    DECISION_TRANSITIONS,
    MOTION_ACCEPTED,
    MOTION_OUTCOMES,
    RECORDABLE,
    DecisionStatus,
    MotionOp,
    MotionStatus,
    StepOutcome,
    StepStatus,
)
from drafts.editions.part_wordings import UnableToAmend
from drafts.editions.places import Place
from drafts.editions.states import EditionStatus

# The text of these editions was decided on; what was voted about it has taken effect.
TOOK_EFFECT = frozenset({EditionStatus.IN_FORCE, EditionStatus.SUPERSEDED})
TAKES_OTHER_WORDS = frozenset({MotionOp.REPLACE, MotionOp.INSERT, MotionOp.STRIKE})


@transaction.atomic
def record_motion_vote(
    *,
    motion: AmendmentMotion,
    step: RouteStep,
    outcome: MotionStatus,
    actor,
    at: datetime,
    wording: str = "",
    note: str = "",
    group_votes: Sequence[MotionGroupVote] = (),
) -> MotionVote:
    """Record how a body voted on an admitted motion; provisional until the minutes confirm it.

    Only the council office may, and only for a step that was held and voted. What the deciding
    body did is the motion's outcome; others advise. Refused where an accepted motion cannot hold
    with this one: then it is settled. `group_votes` are unsaved rows without a vote.
    """
    require(may_record_decisions(actor))
    motion = _locked(motion)
    step = RouteStep.objects.get(pk=step.pk)
    if step.paper_id != motion.paper_id or step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    if step.outcome != StepOutcome.VOTED:
        raise PaperStepRefused("step_without_vote")
    if motion.status != MotionStatus.ADMISSIBLE:
        raise PaperStepRefused("motion_not_admitted")
    if motion.votes.filter(step=step).exists():
        raise PaperStepRefused("recorded_already")
    vote = MotionVote(motion=motion, step=step, outcome=outcome, wording=wording, note=note.strip())
    return _record(vote, group_votes, actor, at)


@transaction.atomic
def correct_motion_vote(
    *,
    vote: MotionVote,
    outcome: MotionStatus,
    reason: str,
    actor,
    at: datetime,
    wording: str = "",
    note: str = "",
    group_votes: Sequence[MotionGroupVote] = (),
) -> MotionVote:
    """Add a record that corrects another one after the minutes; the old one stays readable.

    The text is computed anew from then on. Refused once an edition with it is in force. Motions
    that were settled by one which was not accepted after all are open again.
    """
    require(may_record_decisions(actor))
    motion = _locked(vote.motion)
    vote = MotionVote.objects.select_related("step__meeting").get(pk=vote.pk)
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if hasattr(vote, "corrected_by_vote"):
        raise PaperStepRefused("corrected_already")
    changed = (outcome, wording.strip()) != (vote.outcome, vote.wording)
    if changed and vote.step.authoritative and _took_effect(motion):
        raise PaperStepRefused("outcome_took_effect")
    correction = MotionVote(
        motion=motion,
        step=vote.step,
        outcome=outcome,
        wording=wording,
        note=note.strip(),
        corrects=vote,
        correction_reason=reason.strip(),
    )
    return _record(correction, group_votes, actor, at)


@transaction.atomic
def confirm_motion_vote(*, vote: MotionVote, actor, at: datetime) -> MotionVote:
    """Confirm a record after the minutes, by a second person.

    Raises NotPermitted for the person who recorded it.
    """
    motion = _locked(vote.motion)
    vote = MotionVote.objects.get(pk=vote.pk)
    require(may_confirm_vote(actor, vote))
    if hasattr(vote, "corrected_by_vote"):
        raise PaperStepRefused("corrected_already")
    if (DecisionStatus(vote.status), DecisionStatus.CONFIRMED) not in DECISION_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    vote.status = DecisionStatus.CONFIRMED
    vote.confirmed_by, vote.confirmed_at = actor, at
    vote.save()
    log(motion.paper, "motion.confirm", user=actor, data={"number": motion.number})
    return vote


def _locked(motion: AmendmentMotion) -> AmendmentMotion:
    lock_paper(motion.paper, RECORDABLE, "not_submitted")
    return AmendmentMotion.objects.select_related("paper__edition", "item").get(pk=motion.pk)


def _record(
    vote: MotionVote, group_votes: Sequence[MotionGroupVote], actor, at: datetime
) -> MotionVote:
    motion = vote.motion
    if vote.outcome not in MOTION_OUTCOMES:
        raise PaperStepRefused("step_not_allowed")
    new = vote.corrects is None and vote.outcome in MOTION_ACCEPTED
    if new and vote.step.authoritative and _took_effect(motion):
        raise PaperStepRefused("outcome_took_effect")
    vote.wording = _settled_wording(vote)
    vote.recorded_by, vote.recorded_at = actor, at
    vote.full_clean()
    vote.save()
    for row in group_votes:
        row.vote = vote
        row.full_clean()
        row.save()
    data = {"number": motion.number, "outcome": vote.outcome}
    log(motion.paper, "motion.vote", user=actor, data=data)
    if vote.step.authoritative:
        _take_outcome(motion, MotionStatus(vote.outcome), actor)
    return vote


def _settled_wording(vote: MotionVote) -> str:
    motion = vote.motion
    if vote.outcome != MotionStatus.ACCEPTED_MODIFIED:
        return ""
    if motion.op not in TAKES_OTHER_WORDS:
        raise PaperStepRefused("no_such_change")
    place = SubmittedText(motion.paper).places.get(motion.key)
    op = amendment_of(motion, vote.wording).op
    wording = tidied_wording(place or Place("item", "", "", "", ""), op, vote.wording)
    if not wording:
        raise PaperStepRefused("no_accepted_wording")
    if place and (code := refusal_of(motion.paper, amendment_of(motion, wording))):
        raise PaperStepRefused(code)
    return wording


def _take_outcome(motion: AmendmentMotion, outcome: MotionStatus, actor) -> None:
    if motion.status != outcome:
        set_motion_status(motion, outcome, actor)
    if outcome in MOTION_ACCEPTED:
        others = AmendmentMotion.objects.filter(
            paper=motion.paper, status__in=MOTION_ACCEPTED
        ).exclude(pk=motion.pk)
        sections = SubmittedText(motion.paper).sections
        for pair in conflicts_among([motion, *others], sections):
            if motion.pk in {pair.first.pk, pair.second.pk}:
                raise PaperStepRefused("conflicts_with_accepted")
        try:
            adopted_text(motion.paper)
        except UnableToAmend as refused:
            raise PaperStepRefused("conflicts_with_accepted") from refused
    else:
        for settled in AmendmentMotion.objects.filter(settled_by=motion):
            settled.settled_by = None
            set_motion_status(settled, MotionStatus.ADMISSIBLE, actor)


def _took_effect(motion: AmendmentMotion) -> bool:
    return motion.item_id is None and motion.paper.edition.status in TOOK_EFFECT
