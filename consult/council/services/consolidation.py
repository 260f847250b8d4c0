"""The adopted text: computed from the submitted one and the accepted motions, written, checked.

It takes the chain of every other change: drafts on the working pages, reviewed by a second person,
compared as a revision in which each change names its motion, released as the next edition. What is
released is compared with what the machine computed before it is put in force (invariant 5).
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from wagtail.log_actions import log

from consult.council.amendments import (
    accepted_on_text,
    adopted_text,
    deciding_vote,
    last_consolidation,
    motions_of,
    unsettled_motions,
)
from consult.council.models import AmendmentMotion, Consolidation, MotionCause, Paper
from consult.council.predicates import may_prepare_papers
from consult.council.selectors import standing_decisions
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import (
    MOTION_ACCEPTED,
    PENDING,
    RECORDABLE,
    DecisionStatus,
    Effect,
    ItemOutcome,
    MotionOp,
    MotionStatus,
)
from consult.evaluation.models import Change, Revision
from consult.evaluation.services.revision import add_cause, prepare_revision
from consult.evaluation.states import Cause
from drafts.concept.snapshots import Data, content_hash
from drafts.editions.amended_pages import AmendedPage, amended_pages, write_amended
from drafts.editions.models import Edition
from drafts.editions.part_wordings import UnableToAmend
from drafts.editions.places import Place, places_of
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus


@transaction.atomic
def consolidate(*, paper: Paper, actor, at: datetime) -> Consolidation:
    """Compute the adopted text and write it as drafts onto the pages that nobody has edited.

    Only the coordination office, after a confirmed "adopted as amended", and once every motion is
    voted, settled or withdrawn and its vote confirmed. Asking again after the minutes corrected an
    outcome computes anew; pages that were edited by hand stay as they are and are listed.
    """
    require(may_prepare_papers(actor))
    paper = lock_paper(paper, RECORDABLE, "not_submitted")
    require_adopted_as_amended(paper)
    target = computed_text(paper)
    formers = former_texts(paper)
    write_amended(
        edition=paper.edition, target=target, formers=formers, actor=actor, reasons=_reasons(paper)
    )
    found = Consolidation.objects.create(
        paper=paper,
        sections=target,
        text_hash=content_hash(target),
        written_by=actor,
        written_at=at,
    )
    found.motions.set(accepted_on_text(paper))
    log(paper, "paper.consolidate", user=actor, data={"hash": found.text_hash})
    return found


@transaction.atomic
def prepare_amended_revision(*, paper: Paper, actor, at: datetime) -> Revision:
    """Compare the reviewed working text with the newest edition and name each change's motion."""
    require(may_prepare_papers(actor))
    paper = lock_paper(paper, RECORDABLE, "not_submitted")
    require_adopted_as_amended(paper)
    if last_consolidation(paper) is None:
        raise PaperStepRefused("not_consolidated")
    revision = prepare_revision(
        from_edition=_newest(paper.edition), round_=None, actor=actor, at=at
    )
    _name_motions(revision, paper, actor, at)
    return revision


def computed_text(paper: Paper) -> list[Data]:
    """The adopted text. Raises PaperStepRefused while motions are open or cannot both hold."""
    if unsettled_motions(paper):
        raise PaperStepRefused("motions_open")
    try:
        return adopted_text(paper)
    except UnableToAmend as refused:
        raise PaperStepRefused("conflicts_with_accepted") from refused


def require_adopted_as_amended(paper: Paper) -> None:
    """Raise PaperStepRefused unless the deciding body's confirmed record says so."""
    outcomes = {
        decision.outcome
        for decision in standing_decisions(paper)
        if decision.item.effect == Effect.ADOPT_EDITION
        and decision.step.authoritative
        and decision.status == DecisionStatus.CONFIRMED
        and decision.outcome not in PENDING
    }
    if outcomes != {ItemOutcome.ADOPTED_AS_AMENDED}:
        raise PaperStepRefused("not_adopted_as_amended")


def former_texts(paper: Paper) -> list[list[Data]]:
    """The texts that may be overwritten on the pages: the submitted one, and those written since."""
    written = paper.consolidations.values_list("sections", flat=True)
    return [section_data(paper.edition), *written]


def pages_to_amend(paper: Paper, target: list[Data]) -> list[AmendedPage]:
    """How the working pages stand to the computed text."""
    return amended_pages(paper.edition.concept.specific, target, former_texts(paper))


def differences(written: list[Data], computed: list[Data]) -> list[str]:
    """The keys of the places at which two computed texts differ, in reading order."""
    before, after = places_of(written), places_of(computed)
    keys = [*after, *(wid for wid in before if wid not in after)]
    return [wid for wid in keys if before.get(wid) != after.get(wid)]


def reference_of(motion: AmendmentMotion) -> str:
    """How a change names the motion: "Änderungsantrag Ä 3, Die Mitte, beschlossen am …"."""
    vote = deciding_vote(motion)
    words = {
        MotionStatus.ACCEPTED: "beschlossen",
        MotionStatus.ACCEPTED_MODIFIED: "mit geändertem Wortlaut beschlossen",
    }
    said = words.get(MotionStatus(motion.status), "nach der Niederschrift nicht beschlossen")
    text = f"Änderungsantrag {motion.name}, {motion.mover}, {said}"
    return f"{text} am {_day(_voted_on(vote))}" if vote else text


def _voted_on(vote) -> date:
    return vote.step.meeting_on or timezone.localdate(vote.recorded_at)


def _day(on: date) -> str:
    # The language of the document, whoever compares.
    with translation.override("de"):
        return date_format(on, "j. F Y")


def _newest(edition: Edition) -> Edition:
    """The edition that the next one follows: the submitted one, or one that was released since."""
    closed = {EditionStatus.OPEN, EditionStatus.WITHDRAWN}
    found = edition.concept.editions.exclude(status__in=closed).order_by("-number").first()
    return found or edition


def _name_motions(revision: Revision, paper: Paper, actor, at: datetime) -> None:
    by_place = _motions_by_place(paper, revision)
    for change in revision.changes.prefetch_related("causes"):
        _name_causes(change, by_place.get(change.wid, []), actor, at)


def _name_causes(change: Change, motions: list[AmendmentMotion], actor, at: datetime) -> None:
    named = {cause.reference for cause in change.causes.all()}
    for motion in motions:
        reference = reference_of(motion)
        if reference not in named:
            cause = add_cause(
                change=change,
                kind=Cause.MOTION,
                reference=reference,
                note=motion.reason,
                actor=actor,
                at=at,
            )
            MotionCause.objects.create(cause=cause, motion=motion)


def _reasons(paper: Paper) -> dict[str, str]:
    """Why a section or goal is dropped, by key: the motion that struck it, or that did not add it
    after all."""
    return {
        (motion.new_wid if motion.op == MotionOp.INSERT else motion.wid): reference_of(motion)
        for motion in motions_of(paper).filter(item__isnull=True)
        if deciding_vote(motion)
    }


def _motions_by_place(paper: Paper, revision: Revision) -> dict[str, list[AmendmentMotion]]:
    """The motions that changed a place, or that had changed it before the minutes were corrected."""
    corrected = revision.from_edition_id != paper.edition_id
    found = [
        motion
        for motion in motions_of(paper).filter(item__isnull=True)
        if motion.status in MOTION_ACCEPTED or (corrected and deciding_vote(motion))
    ]
    submitted = section_data(paper.edition)
    return motions_by_place(
        found, submitted, section_data(revision.from_edition), computed_text(paper)
    )


def motions_by_place(
    motions: Iterable[AmendmentMotion],
    submitted: list[Data],
    former: list[Data],
    after: list[Data],
) -> dict[str, list[AmendmentMotion]]:
    """By key, the motions that a change between the former text and the one after goes back to.

    Striking and inserting touch all that stands in a part. Moving touches the part, and what it
    has passed: which of two neighbours changed places is a matter of words.
    """
    texts = [list(places_of(text).values()) for text in (submitted, former, after)]
    inside = _inside([place for text in texts for place in text])
    order = _whole(texts[1]), _whole(texts[2])
    found: dict[str, list[AmendmentMotion]] = {}
    for motion in motions:
        for wid in _touched(motion, inside, order):
            found.setdefault(wid, []).append(motion)
    return found


def _whole(places: list[Place]) -> list[str]:
    """The keys of sections, blocks, goals and measures, in reading order."""
    return [place.wid for place in places if not place.part]


def _touched(
    motion: AmendmentMotion, inside: dict[str, set[str]], order: tuple[list[str], list[str]]
) -> set[str]:
    if motion.op == MotionOp.INSERT:
        return {motion.new_wid, *inside.get(motion.new_wid, ())}
    if motion.op == MotionOp.REPLACE or motion.part:
        return {motion.wid}
    moved = {motion.wid, *inside.get(motion.wid, ())}
    return moved if motion.op == MotionOp.STRIKE else moved | _passed(moved, *order)


def _inside(places: list[Place]) -> dict[str, set[str]]:
    """By the key of a section or goal, the keys of all that stands in it."""
    found: dict[str, set[str]] = {}
    for place in places:
        for home in {place.within, place.section_wid} - {"", place.wid}:
            found.setdefault(home, set()).add(place.wid)
    return found


def _passed(moved: set[str], before: list[str], after: list[str]) -> set[str]:
    """The keys that stood on one side of what was moved, and stand on the other now."""
    old = {wid: at for at, wid in enumerate(before)}
    new = {wid: at for at, wid in enumerate(after)}
    both = old.keys() & new.keys()
    return {
        wid
        for wid in both - moved
        if any((old[wid] < old[one]) != (new[wid] < new[one]) for one in moved & both)
    }
