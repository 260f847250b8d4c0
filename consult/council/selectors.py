"""Reads of papers. A visitor reaches submitted ones only."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    CharField,
    Count,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce
from wagtail.models import ModelLogEntry

from consult.council.models import (
    CouncilFile,
    CouncilGroup,
    Decision,
    DraftHandover,
    GroupVote,
    Meeting,
    Paper,
    RouteStep,
)
from consult.council.predicates import groups_of, may_read, may_route, works_on_papers
from consult.council.states import (
    PENDING,
    DecisionStatus,
    PaperStatus,
    Position,
    Publicity,
    StepStatus,
)
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition

PUBLIC = frozenset({PaperStatus.SUBMITTED, PaperStatus.DECIDED})
SETTLED_ROUNDS = frozenset({RoundStatus.ANSWERED, RoundStatus.ARCHIVED, RoundStatus.PLANNED})


@dataclass(frozen=True)
class PositionVotes:
    """Who voted one way; `total` is None where a group's heads were not counted."""

    position: Position
    votes: tuple[GroupVote, ...]
    total: int | None


def group_of(user) -> CouncilGroup | None:
    """The council group for which a member speaks, the first by name of several, or None."""
    groups = groups_of(user)
    return CouncilGroup.objects.filter(pk__in=groups).first() if groups else None


def lines(text: str) -> list[str]:
    """The lines of a text that say something, for fields with one entry a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def every_paper() -> QuerySet[Paper]:
    """All papers, newest first: for the desk."""
    return Paper.objects.select_related("edition").order_by("-pk")


def public_papers() -> QuerySet[Paper]:
    """Papers that were submitted, newest first."""
    return (
        Paper.objects.filter(status__in=PUBLIC).select_related("edition").order_by("-submitted_at")
    )


def with_papers(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Mark each edition with `has_papers`: whether a public paper lays it before the council."""
    papers = public_papers().order_by().filter(edition=OuterRef("pk"))
    return editions.annotate(has_papers=Exists(papers))


def readable_papers(user) -> QuerySet[Paper]:
    """What this person may read: public papers, and drafts for both offices and whose group was
    given them."""
    every = Paper.objects.select_related("edition").order_by("-pk")
    if works_on_papers(user):
        return every.exclude(status=PaperStatus.WITHDRAWN)
    if not groups_of(user):
        return public_papers()
    handed = DraftHandover.objects.filter(group__in=groups_of(user)).values("paper")
    return every.filter(Q(status__in=PUBLIC) | Q(status=PaperStatus.PREPARING, pk__in=handed))


def paper_of(pk: int) -> Paper | None:
    """The paper with its edition and concept, whoever may read it: ask `may_read` first."""
    return (
        Paper.objects.select_related("edition__concept", "finance_statement").filter(pk=pk).first()
    )


def deciding_steps(papers) -> dict[int, RouteStep]:
    """Where each paper is decided, by paper; a step that was dropped does not count."""
    steps = (
        RouteStep.objects.filter(paper__in=papers, authoritative=True)
        .exclude(status=StepStatus.DROPPED)
        .select_related("body", "meeting")
        .order_by("position")
    )
    return {step.paper_id: step for step in steps}


def public_agenda() -> QuerySet[RouteStep]:
    """The agenda items on submitted papers that are dealt with in public, dropped ones too."""
    return (
        RouteStep.objects.filter(paper__in=public_papers(), publicity=Publicity.PUBLIC)
        .select_related("paper", "body", "meeting")
        .order_by("pk")
    )


def public_meetings() -> QuerySet[Meeting]:
    """Meetings with a public agenda item, in the order of their days; `items` holds those.

    `changes` counts what was changed in the meeting or in its public agenda since it was planned,
    `changed_at` is when that was last: both only grow.
    """
    entries = (
        ModelLogEntry.objects.filter(
            content_type__app_label="council",
            content_type__model="meeting",
            object_id=Cast(OuterRef("pk"), CharField()),
        )
        .exclude(action="meeting.plan")
        .exclude(data__contains={"publicity": Publicity.NON_PUBLIC})
        .order_by()
    )
    return (
        Meeting.objects.filter(pk__in=public_agenda().values("meeting"))
        .select_related("body", "invitation", "minutes")
        .prefetch_related(Prefetch("agenda", public_agenda(), to_attr="items"))
        .annotate(
            changes=Coalesce(
                Subquery(entries.values("object_id").annotate(n=Count("pk")).values("n")), 0
            ),
            changed_at=Subquery(
                entries.values("object_id").annotate(at=Max("timestamp")).values("at")
            ),
        )
    )


def public_file(pk: int) -> CouncilFile | None:
    """A file that everybody may read, or one that was taken back: its address says so.

    An annex of a draft does not exist for everybody, taken back or not.
    """
    meetings = Meeting.objects.filter(pk__in=public_agenda().values("meeting"))
    shown = (
        Q(pk__in=meetings.values("invitation"))
        | Q(pk__in=meetings.values("minutes"))
        | Q(annex__paper__in=public_papers())
        | Q(taken_back_at__isnull=False, annex__isnull=True)
    )
    return CouncilFile.objects.filter(shown, pk=pk).first()


def private_file(pk: int, user) -> CouncilFile | None:
    """A file that is not public, for those who may read its paper; the offices read every one.

    An annex of a draft is so read by the members of the council groups that were given the draft.
    """
    found = CouncilFile.objects.select_related("annex__paper").filter(pk=pk).first()
    if found is None:
        return None
    annex = getattr(found, "annex", None)
    if may_route(user) or (annex is not None and may_read(user, annex.paper)):
        return found
    return None


def every_meeting() -> QuerySet[Meeting]:
    """All meetings with their whole agenda, the latest first: for the desk."""
    agenda = RouteStep.objects.select_related("paper").order_by("pk")
    return (
        Meeting.objects.select_related("body", "invitation", "minutes")
        .prefetch_related(Prefetch("agenda", agenda, to_attr="items"))
        .order_by("-day", "-pk")
    )


def route_of(paper: Paper) -> QuerySet[RouteStep]:
    """The public steps in order with what was decided at each; others stay with the offices."""
    return (
        paper.route.filter(publicity=Publicity.PUBLIC)
        .order_by("position")
        .select_related("paper", "body", "meeting")
        .prefetch_related(
            Prefetch(
                "decisions",
                with_votes(standing_decisions(paper)).order_by("item__number"),
                to_attr="standing",
            )
        )
    )


def standing_decisions(paper: Paper) -> QuerySet[Decision]:
    """Records that no later record corrects."""
    return Decision.objects.filter(
        item__paper=paper, corrected_by_decision__isnull=True
    ).select_related("item", "step__body", "corrects")


def with_votes(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """The records with the votes of the groups."""
    return decisions.prefetch_related(
        Prefetch("group_votes", GroupVote.objects.select_related("group"))
    )


def prior_resolutions(paper: Paper) -> QuerySet[Decision]:
    """Confirmed resolutions of earlier public papers on the same concept, the latest first."""
    earlier = public_papers().exclude(pk=paper.pk)
    if paper.submitted_at is not None:
        earlier = earlier.filter(submitted_at__lt=paper.submitted_at)
    return (
        Decision.objects.filter(
            item__paper__edition__concept=paper.edition.concept_id,
            item__paper__in=earlier,
            step__authoritative=True,
            status=DecisionStatus.CONFIRMED,
            corrected_by_decision__isnull=True,
        )
        .exclude(outcome__in=PENDING)
        .select_related("item__paper", "step__body", "step__meeting")
        .order_by("-step__meeting__day", "item__number")
    )


def settled_items(paper: Paper) -> set[int]:
    """The items that a deciding body has settled, provisionally or not: no postponement."""
    standing = standing_decisions(paper).filter(step__authoritative=True)
    return set(standing.exclude(outcome__in=PENDING).values_list("item_id", flat=True))


def unsettled_rounds(edition: Edition) -> QuerySet[ConsultationRound]:
    """Rounds on this edition or an earlier one that still owe answers (invariant 16)."""
    return ConsultationRound.objects.filter(
        edition__concept=edition.concept_id, edition__number__lte=edition.number
    ).exclude(status__in=SETTLED_ROUNDS)


def was_confirmed(decision: Decision | None) -> bool:
    """Whether the record or one that it corrects was confirmed, so that it took effect."""
    while decision is not None:
        if decision.status == DecisionStatus.CONFIRMED:
            return True
        decision = decision.corrects
    return False


def readings(steps: Iterable[RouteStep]) -> dict[int, int]:
    """Which reading each step is, by step: how often its body had the paper by then.

    `steps` come in the order of the route. A meeting that was dropped is none.
    """
    times: Counter[int] = Counter()
    found = {}
    for step in steps:
        times[step.body_id] += step.status != StepStatus.DROPPED
        found[step.pk] = times[step.body_id]
    return found


def votes_by_position(votes: Iterable[GroupVote]) -> list[PositionVotes]:
    """The groups' votes in the order of the positions; a sum only where every head was counted."""
    by_position: dict[str, list[GroupVote]] = defaultdict(list)
    for vote in sorted(votes, key=lambda row: row.group.name):
        by_position[vote.position].append(vote)
    return [
        PositionVotes(position=position, votes=tuple(rows), total=_heads(rows))
        for position in Position
        if (rows := by_position[position])
    ]


def _heads(votes: list[GroupVote]) -> int | None:
    counted = [vote.count for vote in votes if vote.count is not None]
    return sum(counted) if len(counted) == len(votes) else None


def public_decisions() -> QuerySet[Decision]:
    """Standing records that everybody may read: of public meetings on submitted papers."""
    return Decision.objects.filter(
        item__paper__in=public_papers(),
        step__publicity=Publicity.PUBLIC,
        corrected_by_decision__isnull=True,
    ).select_related("item__paper", "step__body", "step__meeting")


def decisions_on(edition: Edition) -> QuerySet[Decision]:
    """Standing public records on an edition, in the order of their meetings."""
    return (
        public_decisions()
        .filter(item__paper__edition=edition)
        .order_by("step__position", "item__number")
    )
