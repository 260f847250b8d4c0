"""What the offices have yet to enter, to judge, to confirm or to put in force, over all papers."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from consult.council.models import (
    AmendmentMotion,
    Decision,
    MotionVote,
    Paper,
    ResolutionItem,
    RouteStep,
)
from consult.council.positions import standing_positions
from consult.council.states import (
    PENDING,
    REROUTABLE,
    DecisionStatus,
    Effect,
    ItemOutcome,
    MeetingStatus,
    MotionStatus,
    PaperStatus,
    StepOutcome,
    StepStatus,
)
from drafts.editions.states import EditionStatus


@dataclass(frozen=True)
class Missing:
    """A meeting that voted on something without a record of how."""

    step: RouteStep
    item: ResolutionItem | None = None
    motion: AmendmentMotion | None = None


def meetings_to_enter(on: date) -> list[RouteStep]:
    """Steps of submitted papers whose day has come and of which nothing is recorded."""
    steps = RouteStep.objects.filter(
        paper__status=PaperStatus.SUBMITTED, status__in=REROUTABLE, meeting__day__lte=on
    ).exclude(meeting__status=MeetingStatus.CANCELLED)
    return list(_told(steps).order_by("meeting__day", "pk"))


def results_to_enter() -> list[Missing]:
    """Items without a record at a meeting that voted; what a deciding body has settled is done."""
    steps = list(_voted())
    papers = {step.paper_id for step in steps}
    items = list(ResolutionItem.objects.filter(paper__in=papers).order_by("number"))
    standing = Decision.objects.filter(item__paper__in=papers, corrected_by_decision=None)
    rows = list(standing.select_related("step"))
    recorded = {(row.step_id, row.item_id) for row in rows}
    settled = {row.item_id for row in rows if row.step.authoritative and row.outcome not in PENDING}
    return [
        Missing(step, item=item)
        for step in steps
        for item in items
        if item.paper_id == step.paper_id
        and (step.pk, item.pk) not in recorded
        and not (step.authoritative and item.pk in settled)
    ]


def votes_to_enter() -> list[Missing]:
    """Admitted motions on which a deciding body that has voted is not recorded."""
    motions = list(_motions(MotionStatus.ADMISSIBLE).prefetch_related("votes"))
    return [
        Missing(step, motion=motion)
        for step in _voted().filter(authoritative=True)
        for motion in motions
        if motion.paper_id == step.paper_id
        and could_vote(step, motion)
        and step.pk not in {vote.step_id for vote in motion.votes.all()}
    ]


def could_vote(step: RouteStep, motion: AmendmentMotion) -> bool:
    """Whether the meeting was not over before the motion was filed."""
    return step.meeting_on is None or step.meeting_on >= timezone.localdate(motion.filed_at)


def motions_to_judge() -> list[AmendmentMotion]:
    """Filed motions that nobody has admitted or refused."""
    return list(_motions(MotionStatus.FILED))


def texts_to_adopt() -> list[Paper]:
    """Papers that were adopted as amended and whose decided wording is not in force yet."""
    amended = Decision.objects.filter(
        item__effect=Effect.ADOPT_EDITION,
        outcome=ItemOutcome.ADOPTED_AS_AMENDED,
        step__authoritative=True,
        status=DecisionStatus.CONFIRMED,
        corrected_by_decision=None,
    )
    papers = Paper.objects.filter(
        pk__in=amended.values("item__paper"), edition__status=EditionStatus.SUBMITTED
    )
    return list(papers.order_by("pk"))


def decisions_to_confirm(user) -> list[Decision]:
    """Provisional records on items that this person did not make."""
    rows = Decision.objects.filter(
        status=DecisionStatus.PROVISIONAL, corrected_by_decision__isnull=True
    ).exclude(recorded_by=user)
    return list(rows.select_related("item__paper", "step__body").order_by("pk"))


def votes_to_confirm(user) -> list[MotionVote]:
    """Provisional records on motions that this person did not make."""
    rows = MotionVote.objects.filter(
        status=DecisionStatus.PROVISIONAL, corrected_by_vote__isnull=True
    ).exclude(recorded_by=user)
    return list(rows.select_related("motion__paper", "step__body").order_by("pk"))


def positions_to_confirm(user) -> list[RouteStep]:
    """Steps with provisional positions on goals that this person did not record."""
    rows = standing_positions().filter(status=DecisionStatus.PROVISIONAL).exclude(recorded_by=user)
    steps = RouteStep.objects.filter(pk__in=rows.values("step"))
    return list(_told(steps).order_by("paper", "position"))


def _voted() -> QuerySet[RouteStep]:
    steps = RouteStep.objects.filter(
        paper__status=PaperStatus.SUBMITTED, status=StepStatus.HELD, outcome=StepOutcome.VOTED
    )
    return _told(steps).order_by("paper", "position")


def _told(steps: QuerySet[RouteStep]) -> QuerySet[RouteStep]:
    return steps.select_related("paper", "body", "meeting")


def _motions(status: MotionStatus) -> QuerySet[AmendmentMotion]:
    rows = AmendmentMotion.objects.filter(paper__status=PaperStatus.SUBMITTED, status=status)
    return rows.select_related("paper", "group", "body").order_by("paper", "number")
