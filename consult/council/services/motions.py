"""An amendment motion from its first draft to the vote: drafted, filed, admitted, withdrawn."""

import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.contributions.services.suggestions import LONGEST_WORDING, tidy
from consult.council.amendments import (
    SubmittedText,
    amendment_of,
)
from consult.council.concerns import themes_to_take_up
from consult.council.models import AmendmentMotion, Body, CouncilGroup, Paper, ResolutionItem
from consult.council.motion_places import operations_at, place_name
from consult.council.predicates import (
    groups_of,
    may_draft_motions,
    may_record_decisions,
    may_withdraw_motion,
    may_write_motion,
)
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import (
    MOTION_TRANSITIONS,
    FinanceEffect,
    MotionOp,
    MotionPart,
    MotionSide,
    MotionStatus,
    PaperStatus,
)
from consult.evaluation.models import Theme
from drafts.concept.snapshots import content_hash
from drafts.editions.amending import Amendment, apply_amendments
from drafts.editions.amendment_effects import cost_difference
from drafts.editions.part_wordings import UnableToAmend, costs_from
from drafts.editions.places import NOT_ESTIMATED, Place, costs_text, place_key

# Parts with several lines: everywhere else a line break is only white space.
OF_LINES = frozenset({"list", "table", "measure", "section", "item", "reason", "costs"})


@dataclass(frozen=True)
class Wanted:
    """What a motion wants: on an item (`item`) or at a place of the text (`wid`).

    `base_hash` names the words that the author had before the eyes.
    """

    op: str
    base_hash: str
    item: ResolutionItem | None = None
    wid: str = ""
    part: str = ""
    new_text: str = ""
    side: str = MotionSide.AFTER
    to_wid: str = ""
    reason: str = ""
    finance: str = FinanceEffect.NOT_ESTIMATED
    cost_one_off: int | None = None
    cost_yearly: int | None = None
    finance_note: str = ""
    taken_up: Theme | None = None


@dataclass(frozen=True)
class Mover:
    """Who moves it: a council group, a body or a member by function; exactly one of them."""

    group: CouncilGroup | None = None
    body: Body | None = None
    member: str = ""


@transaction.atomic
def draft_motion(
    *, paper: Paper, group: CouncilGroup, wanted: Wanted, actor, at: datetime
) -> AmendmentMotion:
    """Write a draft that only the own group sees.

    Raises NotPermitted for who is not in the group, and PaperStepRefused for a place that is gone,
    was changed meanwhile or cannot be changed like this, and for words that are missing, the same
    or too long.
    """
    paper = _lock(paper)
    require(may_draft_motions(actor, paper) and group.pk in groups_of(actor))
    motion = AmendmentMotion(paper=paper, group=group, drafted_by=actor, drafted_at=at)
    return _write(motion, wanted, actor, "motion.draft")


@transaction.atomic
def change_motion(*, motion: AmendmentMotion, wanted: Wanted, actor) -> AmendmentMotion:
    """Change a draft of the own group. Raises as draft_motion does."""
    _lock(motion.paper)
    motion = motion_again(motion)
    require(may_write_motion(actor, motion))
    return _write(motion, wanted, actor, "motion.change")


@transaction.atomic
def discard_motion(*, motion: AmendmentMotion, actor) -> None:
    """Throw a draft of the own group away. What was filed is withdrawn instead."""
    motion = motion_again(motion)
    require(may_write_motion(actor, motion))
    log(motion, "motion.discard", user=actor)
    motion.delete()


@transaction.atomic
def file_motion(*, motion: AmendmentMotion, actor, at: datetime) -> AmendmentMotion:
    """Hand a draft in: it gets the next number and is public from now on.

    Refused without a reason, and where the paper does not lie before the council any more.
    """
    paper = _lock(motion.paper)
    motion = motion_again(motion)
    require(may_write_motion(actor, motion))
    return _file(paper, motion, actor, at)


@transaction.atomic
def file_for_mover(
    *, paper: Paper, mover: Mover, wanted: Wanted, actor, at: datetime
) -> AmendmentMotion:
    """Enter a motion that a group, a body or a member has handed in on paper or in the meeting.

    Only the council office may. Raises as draft_motion and file_motion do.
    """
    require(may_record_decisions(actor))
    paper = _lock(paper)
    if [bool(mover.group), bool(mover.body), bool(mover.member.strip())].count(True) != 1:
        raise PaperStepRefused("no_mover")
    motion = AmendmentMotion(
        paper=paper,
        group=mover.group,
        body=mover.body,
        member=mover.member.strip(),
        drafted_by=actor,
        drafted_at=at,
        status=MotionStatus.FILED,
        filed_at=at,
        number=_next_number(paper),
    )
    return _file(paper, _write(motion, wanted, actor, "motion.enter"), actor, at)


@transaction.atomic
def judge_motion(
    *, motion: AmendmentMotion, status: MotionStatus, actor, at: datetime, reason: str = ""
) -> AmendmentMotion:
    """Admit a filed motion to the vote, or not, with a public reason. Only the council office."""
    require(may_record_decisions(actor))
    _lock(motion.paper)
    if status not in {MotionStatus.ADMISSIBLE, MotionStatus.INADMISSIBLE}:
        raise PaperStepRefused("step_not_allowed")
    if status == MotionStatus.INADMISSIBLE and not reason.strip():
        raise PaperStepRefused("no_reason_to_refuse")
    motion = motion_again(motion)
    if status == MotionStatus.ADMISSIBLE:
        motion.admitted_at = at
    return set_motion_status(motion, status, actor, reason=reason.strip())


@transaction.atomic
def withdraw_motion(*, motion: AmendmentMotion, actor) -> AmendmentMotion:
    """Withdraw a filed motion before its vote; it stays readable as withdrawn."""
    _lock(motion.paper)
    motion = motion_again(motion)
    require(may_withdraw_motion(actor, motion))
    return set_motion_status(motion, MotionStatus.WITHDRAWN, actor)


def set_motion_status(
    motion: AmendmentMotion, status: MotionStatus, actor, *, reason: str = ""
) -> AmendmentMotion:
    """The one gate of a motion, for the deeds of this app: check, log, set."""
    step = (MotionStatus(motion.status), status)
    if step not in MOTION_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    log(
        motion.paper,
        "motion.status",
        user=actor,
        data={"number": motion.number, "from": step[0], "to": status},
    )
    motion.status, motion.status_reason = status, reason
    motion.save()
    return motion


def target_text(paper: Paper, wanted: Wanted) -> tuple[Place, str]:
    """The place that a motion is on, with what it is called. Raises PaperStepRefused("gone")."""
    if wanted.item is not None:
        item = paper.items.filter(pk=wanted.item.pk).first()
        if item is None:
            raise PaperStepRefused("gone")
        return Place("item", item.text, "", "", str(item.number)), f"Beschlusspunkt {item.number}"
    places, key = SubmittedText(paper).places, place_key(wanted.wid, wanted.part)
    if key not in places:
        raise PaperStepRefused("gone")
    return places[key], place_name(places, key)


def tidied_wording(place: Place, op: str, text: str) -> str:
    """The words as they are stored: lines only where the place has some, costs in one spelling."""
    if op == MotionOp.INSERT:
        has_lines = place.family not in {"block", "blocks"}
    else:
        has_lines = place.kind in OF_LINES
    words = tidy(text, "list" if has_lines else "paragraph")
    if place.kind == MotionPart.COSTS and words:
        with suppress(UnableToAmend):
            return costs_text(costs_from(words))
    return words


def refusal_of(paper: Paper, amendment: Amendment) -> str:
    """Why the submitted text cannot be changed like this by itself; "" where it can."""
    try:
        apply_amendments(SubmittedText(paper).sections, [amendment])
    except UnableToAmend as refused:
        return refused.code
    return ""


def _lock(paper: Paper) -> Paper:
    return lock_paper(paper, {PaperStatus.SUBMITTED}, "not_submitted")


def motion_again(motion: AmendmentMotion) -> AmendmentMotion:
    """The motion as it is stored now, with what its deeds need."""
    return AmendmentMotion.objects.select_related("group", "body", "item", "paper__edition").get(
        pk=motion.pk
    )


def _write(motion: AmendmentMotion, wanted: Wanted, actor, action: str) -> AmendmentMotion:
    for name, value in _settled(motion.paper, wanted).items():
        setattr(motion, name, value)
    if motion.op == MotionOp.INSERT:
        motion.new_wid = motion.new_wid or uuid.uuid4().hex
    motion.full_clean(validate_constraints=False)
    motion.save()
    # Not in the history of the paper, which others read: a draft is for its group alone.
    log(
        motion if motion.status == MotionStatus.DRAFT else motion.paper,
        action,
        user=actor,
        data={"number": motion.number},
    )
    return motion


def _settled(paper: Paper, wanted: Wanted) -> dict[str, Any]:
    """The fields of the motion as they are stored. Raises PaperStepRefused."""
    place, name = target_text(paper, wanted)
    if place.kind == "section" and wanted.op == MotionOp.REPLACE:
        name = f"{name}, Überschrift"
    if wanted.base_hash != content_hash(place.text):
        raise PaperStepRefused("text_moved_on")
    wanted = replace(wanted, new_text=_tidied(wanted, place))
    refusal = _refusal(paper, wanted, place)
    if refusal:
        raise PaperStepRefused(refusal)
    offered = themes_to_take_up(paper, place.section_wid)
    if wanted.taken_up and not offered.filter(pk=wanted.taken_up.pk).exists():
        raise PaperStepRefused("no_such_theme")
    wanted = _with_costs_of_text(wanted, place)
    estimated = wanted.finance == FinanceEffect.ESTIMATED
    moves = wanted.op == MotionOp.MOVE
    return {
        "item": wanted.item,
        "section_wid": place.section_wid,
        "wid": wanted.wid,
        "part": wanted.part,
        "place": name[:200],
        "old_text": place.text,
        "base_hash": wanted.base_hash,
        "op": wanted.op,
        "side": wanted.side,
        "new_text": wanted.new_text,
        "to_wid": wanted.to_wid if moves else "",
        "to_place": place_name(SubmittedText(paper).places, wanted.to_wid) if moves else "",
        "reason": wanted.reason.strip(),
        "taken_up": wanted.taken_up,
        "finance": wanted.finance,
        "cost_one_off": wanted.cost_one_off if estimated else None,
        "cost_yearly": wanted.cost_yearly if estimated else None,
        "finance_note": " ".join(wanted.finance_note.split()),
    }


def _with_costs_of_text(wanted: Wanted, place: Place) -> Wanted:
    """Other costs of a measure say what the motion costs, where nobody has said it."""
    said = wanted.finance != FinanceEffect.NOT_ESTIMATED or wanted.new_text == NOT_ESTIMATED
    if said or place.kind != MotionPart.COSTS:
        return wanted
    change = Amendment(1, "replace", wanted.wid, wanted.new_text, part=wanted.part)
    one_off, yearly = (max(more, 0) or None for more in cost_difference(change, {place.key: place}))
    finance = FinanceEffect.ESTIMATED if one_off or yearly else FinanceEffect.NONE
    return replace(wanted, finance=finance, cost_one_off=one_off, cost_yearly=yearly)


def _tidied(wanted: Wanted, place: Place) -> str:
    if wanted.op not in {MotionOp.REPLACE, MotionOp.INSERT}:
        return ""
    return tidied_wording(place, wanted.op, wanted.new_text)


def _refusal(paper: Paper, wanted: Wanted, place: Place) -> str:
    if "\x00" in f"{wanted.new_text}{wanted.reason}{wanted.finance_note}":
        return "unreadable"
    if len(wanted.new_text) > LONGEST_WORDING:
        return "wording_too_long"
    costs = {wanted.cost_one_off, wanted.cost_yearly}
    if wanted.finance == FinanceEffect.ESTIMATED and costs == {None}:
        return "no_costs"
    if wanted.op not in operations_at(place):
        no_move = wanted.op == MotionOp.MOVE
        return "no_such_move" if no_move else _no_such_change(wanted, place)
    return _refused_words(wanted, place) or _refused_text(paper, wanted)


def _no_such_change(wanted: Wanted, place: Place) -> str:
    by_hand = wanted.op == MotionOp.REPLACE and place.family == "block"
    return "by_hand" if by_hand else "no_such_change"


def _refused_words(wanted: Wanted, place: Place) -> str:
    if wanted.op not in {MotionOp.REPLACE, MotionOp.INSERT}:
        return ""
    if not wanted.new_text:
        return "no_new_text"
    same = wanted.new_text == tidied_wording(place, MotionOp.REPLACE, place.text)
    return "nothing_new" if same else ""


def _refused_text(paper: Paper, wanted: Wanted) -> str:
    if wanted.item is not None:
        return ""
    moves = wanted.op == MotionOp.MOVE
    if moves and wanted.to_wid not in SubmittedText(paper).places:
        return "no_such_move"
    motion = AmendmentMotion(
        op=wanted.op,
        wid=wanted.wid,
        part=wanted.part,
        new_text=wanted.new_text,
        side=wanted.side,
        new_wid="neu",
        to_wid=wanted.to_wid,
    )
    code = refusal_of(paper, amendment_of(motion))
    return "no_such_move" if moves and code else code


def _file(paper: Paper, motion: AmendmentMotion, actor, at: datetime) -> AmendmentMotion:
    if not motion.reason:
        raise PaperStepRefused("no_reason_to_move")
    if motion.status == MotionStatus.FILED:
        return motion
    motion.paper = paper
    motion.number, motion.filed_at = _next_number(paper), at
    return set_motion_status(motion, MotionStatus.FILED, actor)


def _next_number(paper: Paper) -> int:
    return (paper.motions.aggregate(highest=Max("number"))["highest"] or 0) + 1
