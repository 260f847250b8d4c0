"""Amendment motions as readers meet them: on the paper, and beside the place that they change."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.selectors import difference
from consult.contributions.states import Operation
from consult.council.amendments import (
    Conflict,
    SubmittedText,
    amendment_of,
    deciding_vote,
    drafts_for,
    motions_of,
    motions_on,
    open_conflicts,
)
from consult.council.models import AmendmentMotion, MotionVote, Paper
from consult.council.predicates import groups_of, may_draft_motions, may_withdraw_motion
from consult.council.selectors import votes_by_position
from consult.council.states import (
    MOTION_OPEN,
    MOTION_OUTCOMES,
    DecisionStatus,
    FinanceEffect,
    MotionOp,
    MotionSide,
    MotionStatus,
    PaperStatus,
    Publicity,
)
from consult.council.wording import conflict_sentence
from drafts.concept.snapshots import Data
from drafts.editions.amending import Amendment
from drafts.editions.amendment_effects import cost_difference, left_pointing, parts_in
from drafts.editions.models import Edition
from drafts.editions.places import INSIDE, Place
from site_content.pages.presenters.figures import day, euros, listed
from site_content.pages.presenters.theme_report import theme_url

OPERATIONS = {
    MotionOp.REPLACE: Operation.REPLACE,
    MotionOp.INSERT: Operation.INSERT,
    MotionOp.STRIKE: Operation.DELETE,
}


def motions_on_paper(paper: Paper, user) -> Data:
    """The filed motions of a paper with their conflicts, and the drafts of the own groups."""
    found, text = list(motions_of(paper)), SubmittedText(paper)
    pairs = open_conflicts(found, text.sections) if found else []
    places = text.places if found else {}
    return {
        "entries": [
            {**entry(motion, pairs, places), "withdraw_url": _withdraw_url(motion, user)}
            for motion in found
        ],
        "conflicts": [conflict_sentence(pair) for pair in pairs],
        "drafts": [_draft(motion) for motion in drafts_for(user, paper)],
        "may_draft": may_draft_motions(user, paper),
    }


class Motions:
    """The filed motions on the text of a section, and the way of council members to a new one.

    The edition is one of `with_papers`: without a public paper there is nothing to look for.
    """

    def __init__(self, edition: Edition, section_wid: str, user):
        self.by_place: dict[str, list[AmendmentMotion]] = defaultdict(list)
        self.paper = None
        if not edition.has_papers:
            return
        for motion in motions_on(edition, section_wid):
            self.by_place[motion.wid].append(motion)
        if groups_of(user):
            self.paper = _paper_before_council(edition)

    def beside(self, wid: str, place: str, inside: Iterable[str] = ()) -> Data:
        """What stands beside a place and the parts in it: the motions, and the way to draft one."""
        found = [motion for key in (wid, *inside) for motion in self.by_place.get(key, [])]
        shown = None
        if found:
            shown = {
                "template": "council/_motions_beside.html",
                "place": place,
                "label": _("Änderungsanträge: {names}").format(
                    names=", ".join(motion.name for motion in found)
                ),
                "entries": [
                    {**brief(motion), "finance": finance_sentence(motion)} for motion in found
                ],
            }
        url = draft_url(self.paper, stelle=wid) if self.paper else ""
        return {"motions": shown, "motion_url": url}

    def beside_blocks(self, blocks: list[Data]) -> list[Data]:
        """Add to each numbered block what is moved there."""
        return [
            {**block, **self.beside(block["wid"], _("Absatz {no}").format(no=block["no"]))}
            if "no" in block
            else block
            for block in blocks
        ]

    def beside_goal(self, goal: Data) -> Data:
        """What is moved on a goal and its measures."""
        place = _("Ziel {number}").format(number=goal["number"])
        measures = goal["measures"] if self.paper else []
        return {
            **self.beside(goal["wid"], place, [row["wid"] for row in goal["measures"]]),
            "motion_urls_of_measures": [
                (row["number"], draft_url(self.paper, stelle=row["wid"])) for row in measures
            ],
        }


def draft_url(paper: Paper, **place: Any) -> str:
    """The form for a motion at a place of the paper or its text."""
    return f"{reverse('draft_motion', args=[paper.pk])}?{urlencode(place)}"


def motion_url(motion: AmendmentMotion) -> str:
    """Where a filed motion is read: on the page of its paper."""
    return f"{reverse('paper', args=[motion.paper_id])}#ae-{motion.number}"


def preview(motion: AmendmentMotion, places: dict[str, Place]) -> Data:
    """What a motion wants, what follows from it in the text, and what it costs."""
    return {
        **brief(motion),
        "finance": finance_sentence(motion),
        "effects": effects_of(motion, places),
    }


def entry(motion: AmendmentMotion, pairs: Iterable[Conflict], places: dict[str, Place]) -> Data:
    """A filed motion with all that is public about it."""
    vote = deciding_vote(motion)
    return {
        **preview(motion, places),
        "reason": motion.reason,
        "theme": _theme(motion),
        "settled_by": _settling(motion),
        "filed": day(motion.filed_at),
        "vote": shown_vote(vote) if vote else None,
        "advice": [
            {"body": row.step.body.name, "outcome": row.get_outcome_display().lower()}
            for row in motion.standing
            if not row.step.authoritative and row.step.publicity == Publicity.PUBLIC
        ],
        "conflicts": [
            conflict_sentence(pair)
            for pair in pairs
            if motion.pk in {pair.first.pk, pair.second.pk}
        ],
    }


def brief(motion: AmendmentMotion) -> Data:
    """A motion as it stands beside its place: who wants what, and its state."""
    return {
        "pk": motion.pk,
        "wid": motion.wid,
        "item": motion.item_id,
        "anchor": f"ae-{motion.number}",
        "name": motion.name,
        "mover": motion.mover,
        "place": motion.place,
        "title": operation_words(motion),
        "wording": wording_of_motion(motion),
        "status": status_words(motion),
        "is_open": motion.status in MOTION_OPEN,
        "status_reason": motion.status_reason,
        "url": motion_url(motion) if motion.number else "",
    }


def wording_of_motion(motion: AmendmentMotion) -> Data:
    """The difference word by word, and both wordings apart."""
    if motion.op == MotionOp.MOVE:
        return {"op": "move", "parts": [("equal", motion.old_text)], "old": motion.old_text,
                "new": ""}  # fmt: skip
    op = OPERATIONS[MotionOp(motion.op)]
    return {
        "op": op.value,
        "parts": difference(op, motion.old_text, motion.new_text),
        "old": motion.old_text,
        "new": motion.new_text,
    }


def operation_words(motion: AmendmentMotion) -> str:
    """What is wanted, in words; a difference is never told by colour alone."""
    if motion.op == MotionOp.MOVE:
        before = motion.side == MotionSide.BEFORE
        words = _("Verschieben vor: {place}") if before else _("Verschieben hinter: {place}")
        return words.format(place=motion.to_place)
    if motion.op == MotionOp.INSERT and motion.part in INSIDE:
        return _("Einfügen")
    if motion.op == MotionOp.INSERT:
        return _("Davor einfügen") if motion.side == MotionSide.BEFORE else _("Danach einfügen")
    return _("Streichen") if motion.op == MotionOp.STRIKE else _("Anders fassen")


def status_words(motion: AmendmentMotion) -> str:
    """The state; a settled motion names the one that settled it."""
    if motion.status == MotionStatus.SETTLED and motion.settled_by:
        return _("erledigt, weil {name} angenommen ist").format(name=motion.settled_by.name)
    return motion.get_status_display()


def _settling(motion: AmendmentMotion) -> Data | None:
    """The motion that settled another one, where it is read, and what it has done."""
    by = motion.settled_by
    if by is None:
        return None
    return {
        "url": motion_url(by),
        "text": _("{name} von {mover}: {place}, {what}").format(
            name=by.name, mover=by.mover, place=by.place, what=operation_words(by)
        ),
    }


def effects_of(motion: AmendmentMotion, places: dict[str, Place]) -> list[str]:
    """What else follows in the text: what goes with a struck part, and what costs change."""
    amendment = amendment_of(motion)
    return [
        sentence
        for sentence in (
            _gone(amendment, places),
            _pointing(amendment, places),
            _costs(amendment, places),
        )
        if sentence
    ]


def _gone(amendment: Amendment, places: dict[str, Place]) -> str:
    kinds = Counter(parts_in(amendment, places))
    words = [
        ngettext("{n} Absatz", "{n} Absätze", kinds["block"]).format(n=kinds["block"]),
        ngettext("{n} Ziel", "{n} Ziele", kinds["goal"]).format(n=kinds["goal"]),
        ngettext("{n} Maßnahme", "{n} Maßnahmen", kinds["measure"]).format(n=kinds["measure"]),
    ]
    named = [
        word for word, kind in zip(words, ("block", "goal", "measure"), strict=True) if kinds[kind]
    ]
    return _("Damit entfallen auch: {parts}.").format(parts=listed(named)) if named else ""


def _pointing(amendment: Amendment, places: dict[str, Place]) -> str:
    numbers = left_pointing(amendment, places)
    said = _("Diese Maßnahmen verweisen auf ein Ziel, das dann fehlt: {numbers}.")
    return said.format(numbers=listed(numbers)) if numbers else ""


def _costs(amendment: Amendment, places: dict[str, Place]) -> str:
    """How the costs that the text itself names change."""
    changed = cost_difference(amendment, places)
    rows = [(_("einmalig {amount}"), changed.one_off), (_("jährlich {amount}"), changed.yearly)]
    said = [
        _("{amount} mehr").format(amount=words.format(amount=euros(amount)))
        if amount > 0
        else _("{amount} weniger").format(amount=words.format(amount=euros(-amount)))
        for words, amount in rows
        if amount
    ]
    return _("In der Fassung stehen dann {amounts}.").format(amounts=listed(said)) if said else ""


def standing_words(motion: AmendmentMotion) -> str:
    """The state of a motion with its votes; before the minutes an outcome is provisional."""
    vote = deciding_vote(motion)
    if motion.status in MOTION_OUTCOMES and vote and vote.status == DecisionStatus.PROVISIONAL:
        return _("vorläufig {outcome}").format(outcome=motion.get_status_display())
    return status_words(motion)


def finance_sentence(motion: AmendmentMotion) -> str:
    """What it costs; not estimated is said."""
    words = str(motion.get_finance_display())
    if motion.finance == FinanceEffect.ESTIMATED:
        amounts = [
            (_("einmalig {amount}"), motion.cost_one_off),
            (_("jährlich {amount}"), motion.cost_yearly),
        ]
        words = ", ".join(
            text.format(amount=euros(amount)) for text, amount in amounts if amount is not None
        )
    return f"{words}. {motion.finance_note}".strip() if motion.finance_note else words


def shown_vote(vote: MotionVote) -> Data:
    """How the deciding body voted; before the minutes it says so."""
    provisional = vote.status != DecisionStatus.CONFIRMED
    return {
        "outcome": vote.get_outcome_display(),
        "is_provisional": provisional,
        "status": vote.get_status_display(),
        "wording": vote.wording,
        "note": vote.note,
        "groups": [
            {
                "word": str(row.position.label),
                "total": row.total,
                "groups": "; ".join(
                    f"{one.group} ({one.count})" if one.count else str(one.group)
                    for one in row.votes
                ),
            }
            for row in votes_by_position(vote.group_votes.all())
        ],
        "correction": vote.correction_reason,
        "former": vote.corrects.get_outcome_display() if vote.corrects else "",
    }


def _theme(motion: AmendmentMotion) -> Data | None:
    """The residents' theme that it takes up."""
    found = motion.taken_up
    if found is None:
        return None
    return {"title": found.title, "url": theme_url(found.round, found.number)}


def _withdraw_url(motion: AmendmentMotion, user) -> str:
    """The address for the own group; the council office withdraws for others at its desk."""
    if motion.group_id not in groups_of(user) or not may_withdraw_motion(user, motion):
        return ""
    return reverse("withdraw_motion", args=[motion.paper_id, motion.pk])


def _draft(motion: AmendmentMotion) -> Data:
    return {
        **brief(motion),
        "group": str(motion.group),
        "url": reverse("motion_draft", args=[motion.paper_id, motion.pk]),
    }


def _paper_before_council(edition: Edition) -> Paper | None:
    return edition.papers.filter(status=PaperStatus.SUBMITTED).order_by("-submitted_at").first()
