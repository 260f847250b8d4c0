"""Reads of amendment motions: who sees them, which cannot both hold, what the text is with them.

A visitor reaches filed ones of public papers only; a draft is reached by its own group alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import cached_property

from consult.council.models import (
    AmendmentMotion,
    Consolidation,
    CouncilGroup,
    MotionGroupVote,
    MotionVote,
    Paper,
)
from consult.council.predicates import groups_of
from consult.council.selectors import public_papers
from consult.council.states import (
    MOTION_ACCEPTED,
    MOTION_OPEN,
    MOTION_PUBLIC,
    DecisionStatus,
    MotionOp,
    MotionStatus,
)
from drafts.concept.snapshots import Data, content_hash
from drafts.editions.amending import (
    Amendment,
    apply_amendments,
    clashes,
    does_all_of,
)
from drafts.editions.models import Edition
from drafts.editions.part_wordings import UnableToAmend
from drafts.editions.places import Place, places_of
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus

SAME_ITEM = "same_item"
CHANGES_ITEM = frozenset({MotionOp.REPLACE, MotionOp.STRIKE})


@dataclass(frozen=True)
class Conflict:
    """Two motions that cannot both hold; `why` is same_words, struck, moved, place_gone or
    same_item."""

    first: AmendmentMotion
    second: AmendmentMotion
    why: str


class SubmittedText:
    """The text that a paper lays before the council, read when it is first asked for."""

    def __init__(self, paper: Paper):
        self.paper = paper

    @cached_property
    def sections(self) -> list[Data]:
        """The sections in the binding language."""
        return section_data(self.paper.edition)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Every part that a motion can change, by key."""
        return places_of(self.sections)


def motions_of(paper: Paper) -> QuerySet[AmendmentMotion]:
    """The filed motions of a paper by number, with how the bodies voted (`standing`)."""
    return (
        AmendmentMotion.objects.filter(paper=paper, status__in=MOTION_PUBLIC)
        .select_related(
            "group",
            "body",
            "item",
            "settled_by__group",
            "settled_by__body",
            "paper__edition",
            "taken_up__round",
        )
        .prefetch_related(standing_votes())
        .order_by("number")
    )


def public_motions() -> QuerySet[AmendmentMotion]:
    """The filed motions of all public papers."""
    return AmendmentMotion.objects.filter(
        paper__in=public_papers(), status__in=MOTION_PUBLIC
    ).select_related("group", "body", "paper__edition")


def drafts_for(user, paper: Paper | None = None) -> QuerySet[AmendmentMotion]:
    """The drafts of the person's own groups, newest first."""
    found = AmendmentMotion.objects.filter(
        status=MotionStatus.DRAFT, group__in=groups_of(user)
    ).select_related("group", "item", "paper__edition")
    if paper is not None:
        found = found.filter(paper=paper)
    return found.order_by("-pk")


def own_motions(user) -> QuerySet[AmendmentMotion]:
    """What the person's own groups have filed."""
    return AmendmentMotion.objects.filter(
        status__in=MOTION_PUBLIC, group__in=groups_of(user)
    ).select_related("paper")


def motions_on(edition: Edition, section_wid: str = "") -> QuerySet[AmendmentMotion]:
    """Filed motions of public papers on the text of an edition, or of one section, by number."""
    found = AmendmentMotion.objects.filter(
        Q(item__isnull=True), paper__in=public_papers(), paper__edition=edition,
        status__in=MOTION_PUBLIC,
    )  # fmt: skip
    if section_wid:
        found = found.filter(section_wid=section_wid)
    return found.select_related("group", "body", "paper").order_by("paper", "number")


def own_groups(user) -> QuerySet[CouncilGroup]:
    """The council groups in which the person works."""
    return CouncilGroup.objects.filter(pk__in=groups_of(user))


def deciding_vote(motion: AmendmentMotion) -> MotionVote | None:
    """The standing record of the body that decides, of a motion from `motions_of`."""
    votes = [vote for vote in motion.standing if vote.step.authoritative]
    return votes[-1] if votes else None


def amendment_of(motion: AmendmentMotion, wording: str = "") -> Amendment:
    """What a motion on the text does to it; `wording` are words accepted in place of those moved.

    A place that was to be struck and got other words instead is replaced.
    """
    op = MotionOp(motion.op)
    if wording and op == MotionOp.STRIKE:
        op = MotionOp.REPLACE
    return Amendment(
        order=motion.number or 0,
        op=op.value,
        wid=motion.wid,
        text=wording or motion.new_text,
        side="before" if motion.side == "before" else "after",
        new_wid=motion.new_wid,
        to_wid=motion.to_wid,
        part=motion.part,
        cost_one_off=motion.cost_one_off,
        cost_yearly=motion.cost_yearly,
    )


def conflicts_among(motions: Iterable[AmendmentMotion], sections: list[Data]) -> list[Conflict]:
    """Every pair of these motions that cannot both hold, in the order of their numbers.

    Motions on the text are compared word by word; two that change one item always conflict.
    """
    listed = sorted(motions, key=lambda motion: motion.number or 0)
    on_text = {motion.number or 0: motion for motion in listed if motion.item_id is None}
    found = [
        Conflict(on_text[first.order], on_text[second.order], why)
        for first, second, why in clashes(
            [amendment_of(motion, accepted_wording(motion)) for motion in on_text.values()],
            sections,
        )
    ]
    on_items = [
        motion for motion in listed if motion.item_id is not None and motion.op in CHANGES_ITEM
    ]
    found += [
        Conflict(first, second, SAME_ITEM)
        for first, second in combinations(on_items, 2)
        if first.item_id == second.item_id
    ]
    return sorted(found, key=lambda pair: (pair.first.number, pair.second.number))


def open_conflicts(motions: Iterable[AmendmentMotion], sections: list[Data]) -> list[Conflict]:
    """The conflicts that still matter: between two open motions, or an open and an accepted one."""
    live = [motion for motion in motions if motion.status in MOTION_OPEN | MOTION_ACCEPTED]
    return [
        pair
        for pair in conflicts_among(live, sections)
        if MOTION_OPEN & {pair.first.status, pair.second.status}
    ]


def settled_through(
    by: AmendmentMotion, motions: Iterable[AmendmentMotion], sections: list[Data]
) -> list[AmendmentMotion]:
    """The open ones of these motions on which nothing is left to vote once `by` is accepted.

    They cannot hold together with it, or it does all that they want.
    """
    if by.status not in MOTION_ACCEPTED:
        return []
    return [one for one in would_settle(by, motions, sections) if one.status in MOTION_OPEN]


def would_settle(
    by: AmendmentMotion, motions: Iterable[AmendmentMotion], sections: list[Data]
) -> list[AmendmentMotion]:
    """The ones of these motions that accepting `by` settles."""
    others = [one for one in motions if one.pk != by.pk]
    pairs = [{pair.first.pk, pair.second.pk} for pair in conflicts_among([by, *others], sections)]
    return [one for one in others if {by.pk, one.pk} in pairs or _does_all_of(by, one, sections)]


def _does_all_of(by: AmendmentMotion, other: AmendmentMotion, sections: list[Data]) -> bool:
    if by.item_id is not None or other.item_id is not None:
        return False
    taken = amendment_of(by, accepted_wording(by))
    return does_all_of(taken, amendment_of(other), sections)


def accepted_wording(motion: AmendmentMotion) -> str:
    """The words that were accepted in place of those moved; "" where there are none."""
    if motion.status != MotionStatus.ACCEPTED_MODIFIED:
        return ""
    if hasattr(motion, "standing"):
        vote = deciding_vote(motion)
        return vote.wording if vote else ""
    found = (
        MotionVote.objects.filter(
            motion=motion, step__authoritative=True, corrected_by_vote__isnull=True
        )
        .order_by("pk")
        .last()
    )
    return found.wording if found else ""


def accepted_on_text(paper: Paper) -> list[AmendmentMotion]:
    """The accepted motions on the text, by number."""
    return [
        motion
        for motion in motions_of(paper).filter(item__isnull=True)
        if motion.status in MOTION_ACCEPTED
    ]


def adopted_text(paper: Paper) -> list[Data]:
    """The submitted text with the accepted motions, computed now (invariant 5).

    Raises UnableToAmend where accepted motions cannot both hold.
    """
    accepted = [
        amendment_of(motion, accepted_wording(motion)) for motion in accepted_on_text(paper)
    ]
    return apply_amendments(section_data(paper.edition), accepted)


def adopted_hash(paper: Paper) -> str:
    """The hash of the edition that holds the adopted text; the submitted one's without motions."""
    return content_hash(adopted_text(paper))


def editions_as_decided(paper: Paper) -> QuerySet[Edition]:
    """The editions that are, byte for byte, the submitted text with the accepted motions."""
    waiting = Edition.objects.filter(
        Q(status=EditionStatus.SEALED, number__gt=paper.edition.number)
        | Q(status=EditionStatus.SUBMITTED, pk=paper.edition_id),
        concept=paper.edition.concept_id,
    )
    try:
        return waiting.filter(content_hash=adopted_hash(paper)).order_by("-number")
    except UnableToAmend:
        return waiting.none()


def unsettled_motions(paper: Paper) -> list[AmendmentMotion]:
    """Filed motions that stand between the paper and its text: not voted, or not confirmed."""
    return [
        motion
        for motion in motions_of(paper)
        if motion.status in MOTION_OPEN or _awaits_minutes(motion)
    ]


def last_consolidation(paper: Paper) -> Consolidation | None:
    """The text that was written to the working pages last."""
    return paper.consolidations.select_related("written_by").first()


def standing_votes() -> Prefetch:
    """How the bodies voted, to be fetched with motions as `standing`; corrected records are left out."""
    votes = (
        MotionVote.objects.filter(corrected_by_vote__isnull=True)
        .select_related("step__body", "step__meeting", "corrects", "recorded_by", "confirmed_by")
        .prefetch_related(Prefetch("group_votes", MotionGroupVote.objects.select_related("group")))
        .order_by("step__position")
    )
    return Prefetch("votes", votes, to_attr="standing")


def _awaits_minutes(motion: AmendmentMotion) -> bool:
    vote = deciding_vote(motion)
    return vote is not None and vote.status != DecisionStatus.CONFIRMED
