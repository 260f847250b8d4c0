"""An amendment motion from its first draft to the vote: drafted, filed, admitted, withdrawn."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.contributions.services.suggestions import LONGEST_WORDING, tidy
from consult.council.amendments import SubmittedText, conflicts_among, themes_to_take_up
from consult.council.models import AmendmentMotion, Body, CouncilGroup, Paper, ResolutionItem
from consult.council.predicates import (
    groups_of,
    may_draft_motions,
    may_record_decisions,
    may_withdraw_motion,
    may_write_motion,
)
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import (
    MOTION_ACCEPTED,
    MOTION_TRANSITIONS,
    RECORDABLE,
    FinanceEffect,
    MotionOp,
    MotionSide,
    MotionStatus,
    PaperStatus,
)
from consult.evaluation.models import Theme
from drafts.concept.snapshots import content_hash
from drafts.editions.amending import Place
from drafts.editions.rewording import BY_HAND

# Parts with several lines: everywhere else a line break is only white space.
OF_LINES = frozenset({"list", "measure", "section", "item"})
PART_NAMES = {"goal": "Ziel", "measure": "Maßnahme"}


@dataclass(frozen=True)
class Wanted:
    """What a motion wants: on an item (`item`) or at a place of the text (`wid`).

    `base_hash` names the words that the author had before the eyes.
    """

    op: str
    base_hash: str
    item: ResolutionItem | None = None
    wid: str = ""
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
    motion = _again(motion)
    require(may_write_motion(actor, motion))
    return _write(motion, wanted, actor, "motion.change")


@transaction.atomic
def discard_motion(*, motion: AmendmentMotion, actor) -> None:
    """Throw a draft of the own group away. What was filed is withdrawn instead."""
    motion = _again(motion)
    require(may_write_motion(actor, motion))
    log(motion, "motion.discard", user=actor)
    motion.delete()


@transaction.atomic
def file_motion(*, motion: AmendmentMotion, actor, at: datetime) -> AmendmentMotion:
    """Hand a draft in: it gets the next number and is public from now on.

    Refused without a reason, and where the paper does not lie before the council any more.
    """
    paper = _lock(motion.paper)
    motion = _again(motion)
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
    motion = _again(motion)
    if status == MotionStatus.ADMISSIBLE:
        motion.admitted_at = at
    return set_motion_status(motion, status, actor, reason=reason.strip())


@transaction.atomic
def withdraw_motion(*, motion: AmendmentMotion, actor) -> AmendmentMotion:
    """Withdraw a filed motion before its vote; it stays readable as withdrawn."""
    _lock(motion.paper)
    motion = _again(motion)
    require(may_withdraw_motion(actor, motion))
    return set_motion_status(motion, MotionStatus.WITHDRAWN, actor)


@transaction.atomic
def settle_motion(*, motion: AmendmentMotion, by: AmendmentMotion, actor) -> AmendmentMotion:
    """Say that a motion is settled because another one was accepted with which it cannot hold."""
    require(may_record_decisions(actor))
    paper = lock_paper(motion.paper, RECORDABLE, "not_submitted")
    motion, by = _again(motion), _again(by)
    sections = SubmittedText(paper).sections
    if by.status not in MOTION_ACCEPTED or not conflicts_among([motion, by], sections):
        raise PaperStepRefused("settles_nothing")
    motion.settled_by = by
    return set_motion_status(motion, MotionStatus.SETTLED, actor)


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
    places = SubmittedText(paper).places
    if wanted.wid not in places:
        raise PaperStepRefused("gone")
    return places[wanted.wid], place_name(places, wanted.wid)


def place_name(places: dict[str, Place], wid: str) -> str:
    """What a place of the text is called in the binding language, with its section."""
    place = places[wid]
    if place.kind in PART_NAMES:
        return f"{PART_NAMES[place.kind]} {place.number}".strip()
    home = places[place.section_wid]
    section = f"{home.number} {home.text.split(chr(10), 1)[0]}".strip()
    if place.kind == "section":
        return f"{section}, Überschrift"[:200]
    part = f"Absatz {place.number}" if place.number else "Zwischenüberschrift"
    return f"{section}, {part}"[:200]


def _lock(paper: Paper) -> Paper:
    return lock_paper(paper, {PaperStatus.SUBMITTED}, "not_submitted")


def _again(motion: AmendmentMotion) -> AmendmentMotion:
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
    if wanted.base_hash != content_hash(place.text):
        raise PaperStepRefused("text_moved_on")
    wanted = replace(wanted, new_text=_tidied(wanted, place))
    refusal = _refusal(paper, wanted, place)
    if refusal:
        raise PaperStepRefused(refusal)
    offered = themes_to_take_up(paper, place.section_wid)
    if wanted.taken_up and not offered.filter(pk=wanted.taken_up.pk).exists():
        raise PaperStepRefused("no_such_theme")
    estimated = wanted.finance == FinanceEffect.ESTIMATED
    moves = wanted.op == MotionOp.MOVE
    return {
        "item": wanted.item,
        "section_wid": place.section_wid,
        "wid": wanted.wid,
        "place": name,
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


def _tidied(wanted: Wanted, place: Place) -> str:
    if wanted.op not in {MotionOp.REPLACE, MotionOp.INSERT}:
        return ""
    inserts_paragraph = wanted.op == MotionOp.INSERT and place.family == "block"
    has_lines = place.kind in OF_LINES and not inserts_paragraph
    return tidy(wanted.new_text, "list" if has_lines else "paragraph")


def _refusal(paper: Paper, wanted: Wanted, place: Place) -> str:
    if "\x00" in f"{wanted.new_text}{wanted.reason}{wanted.finance_note}":
        return "unreadable"
    if len(wanted.new_text) > LONGEST_WORDING:
        return "wording_too_long"
    costs = {wanted.cost_one_off, wanted.cost_yearly}
    if wanted.finance == FinanceEffect.ESTIMATED and costs == {None}:
        return "no_costs"
    checks = {
        MotionOp.REPLACE: _refused_replacement,
        MotionOp.INSERT: _refused_insertion,
        MotionOp.STRIKE: _refused_striking,
        MotionOp.MOVE: _refused_move,
    }
    if wanted.op not in checks:
        return "no_such_change"
    return checks[MotionOp(wanted.op)](paper, wanted, place)


def _refused_replacement(_paper: Paper, wanted: Wanted, place: Place) -> str:
    if place.kind in BY_HAND:
        return "by_hand"
    if not wanted.new_text:
        return "no_new_text"
    same = tidy(place.text, "list" if place.kind in OF_LINES else "paragraph")
    return "nothing_new" if wanted.new_text == same else ""


def _refused_insertion(_paper: Paper, wanted: Wanted, place: Place) -> str:
    if place.kind == "section":
        return "no_such_change"
    return "" if wanted.new_text else "no_new_text"


def _refused_striking(_paper: Paper, _wanted: Wanted, place: Place) -> str:
    return "no_such_change" if place.kind == "section" else ""


def _refused_move(paper: Paper, wanted: Wanted, place: Place) -> str:
    target = SubmittedText(paper).places.get(wanted.to_wid)
    if place.kind in {"section", "item"} or target is None or wanted.to_wid == wanted.wid:
        return "no_such_move"
    return "" if target.family == place.family else "no_such_move"


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
