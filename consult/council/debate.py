"""What members of the council want to speak about, and what they ask, by place of a pack.

Others see a member's group and never the person.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from consult.council.models import DebateMark, PackQuestion, Paper, ResolutionItem, RouteStep
from consult.council.predicates import works_on_papers
from consult.council.states import REROUTABLE, Effect, PackBlock, QuestionStatus
from drafts.editions.models import EditionGoal
from drafts.editions.selectors import goal_of, wording_at

_ITEM = re.compile(r"punkt-(\d{1,9})")
_GOAL = re.compile(r"ziel-([0-9a-z-]{1,36})")


@dataclass(frozen=True)
class Place:
    """A block of a pack, or within it one item or one goal."""

    block: PackBlock
    item: int | None = None
    goal: str = ""

    @property
    def key(self) -> str:
        """The name of the place in addresses and anchors."""
        if self.item is not None:
            return f"punkt-{self.item}"
        return f"ziel-{self.goal}" if self.goal else self.block.value

    @property
    def is_debated(self) -> bool:
        """Whether members can mark it: blocks are read, items and goals are voted on."""
        return self.item is not None or bool(self.goal)


@dataclass(frozen=True)
class Wish:
    """Who wants to speak at a place: how many, of which groups, how many without a group."""

    members: int
    groups: tuple[str, ...]
    without_group: int


def item_place(item: int) -> Place:
    """The place of an item of the resolution."""
    return Place(PackBlock.DECISION, item=item)


def goal_place(wid: str) -> Place:
    """The place of a goal of the edition."""
    return Place(PackBlock.GOALS, goal=wid)


def place_behind(paper: Paper, key: str) -> Place | None:
    """The place of this pack that a key names, or None; a pack without a text has no goals."""
    if found := _ITEM.fullmatch(key):
        item = int(found[1])
        return item_place(item) if paper.items.filter(pk=item).exists() else None
    if found := _GOAL.fullmatch(key):
        adopts = paper.items.filter(effect=Effect.ADOPT_EDITION).exists()
        known = adopts and paper.edition.goals.filter(wid=found[1]).exists()
        return goal_place(found[1]) if known else None
    return Place(PackBlock(key)) if key in PackBlock.values else None


def place_of(row: DebateMark | PackQuestion) -> Place:
    """Where a mark or a question stands; a question about a removed item stays in its block."""
    if row.item_id is not None:
        return item_place(row.item_id)
    if row.goal_wid:
        return goal_place(row.goal_wid)
    return Place(PackBlock(row.block)) if isinstance(row, PackQuestion) else Place(PackBlock.GOALS)


def is_ahead(route: Iterable[RouteStep]) -> bool:
    """Whether a body that decides has not met yet: until then marks are set and taken back."""
    return any(step.authoritative and step.status in REROUTABLE for step in route)


def marks_of(paper: Paper) -> list[DebateMark]:
    """All marks of a paper with their groups, in the order in which they were set."""
    return list(paper.debate_marks.select_related("group").order_by("marked_at", "pk"))


def wishes(marks: Iterable[DebateMark]) -> dict[str, Wish]:
    """Who wants to speak, by the key of the place."""
    by_place: dict[str, list[DebateMark]] = defaultdict(list)
    for mark in marks:
        by_place[place_of(mark).key].append(mark)
    return {key: _wish(found) for key, found in by_place.items()}


def questions_of(paper: Paper, user) -> QuerySet[PackQuestion]:
    """The questions that this person may see: answered ones, and open ones of one's own.

    Both offices see all that are open. What was taken back nobody sees.
    """
    seen = Q(status=QuestionStatus.ANSWERED)
    if works_on_papers(user):
        seen |= Q(status=QuestionStatus.OPEN)
    elif user is not None and user.pk:
        seen |= Q(status=QuestionStatus.OPEN, asker=user)
    return paper.questions.filter(seen).select_related("group")


def open_questions() -> QuerySet[PackQuestion]:
    """What waits for an answer of the office, the oldest first."""
    return (
        PackQuestion.objects.filter(status=QuestionStatus.OPEN)
        .select_related("paper", "item", "group")
        .order_by("asked_at", "pk")
    )


def days_open(question: PackQuestion, at: datetime) -> int:
    """How many whole days a question has waited."""
    return (at - question.asked_at).days


def place_names(places: Iterable[tuple[Paper, Place]]) -> list[str]:
    """What each place is called, in two queries for all of them."""
    pairs = list(places)
    items = {place.item for _paper, place in pairs if place.item is not None}
    wids = {place.goal for _paper, place in pairs if place.goal}
    numbers = dict(ResolutionItem.objects.filter(pk__in=items).values_list("pk", "number"))
    goals = {
        (edition, wid): number
        for edition, wid, number in EditionGoal.objects.filter(wid__in=wids).values_list(
            "edition", "wid", "number"
        )
    }
    return [_name(paper, place, numbers, goals) for paper, place in pairs]


def words_at(paper: Paper, place: Place) -> str:
    """The German words of the item or the goal; empty for a block."""
    if place.item is not None:
        return paper.items.get(pk=place.item).text
    goal = goal_of(paper.edition, place.goal) if place.goal else None
    found = wording_at(paper.edition, goal.section.wid, goal.wid) if goal else None
    return found.text if found else ""


def _name(
    paper: Paper, place: Place, items: dict[int, int], goals: dict[tuple[int, str], str]
) -> str:
    if place.item is not None:
        return _("Nummer {n}").format(n=items[place.item])
    if place.goal:
        number = goals.get((paper.edition_id, place.goal), "")
        return _("Ziel {number}").format(number=number)
    return str(place.block.label)


def _wish(marks: list[DebateMark]) -> Wish:
    names = sorted({mark.group.name for mark in marks if mark.group is not None})
    return Wish(
        members=len(marks),
        groups=tuple(names),
        without_group=sum(mark.group is None for mark in marks),
    )
