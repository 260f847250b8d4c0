"""A frozen text with changes: which of them cannot both hold, and what the text is with all.

Everything here is a pure function of the sections of an edition in the shape of
drafts.concept.snapshots. Nothing changes what it is given.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from drafts.concept.snapshots import Data
from drafts.concept.states import GoalLevel
from drafts.editions.numbering import next_of
from drafts.editions.part_wordings import (
    UnableToAmend,
    fits,
    measure_costs,
    new_part,
    reworded,
)
from drafts.editions.places import INSIDE, Place, place_key, places_of
from drafts.editions.word_merging import merge_wordings

Op = Literal["replace", "strike", "insert", "move"]
Side = Literal["before", "after"]
Clash = Literal["same_words", "struck", "moved", "place_gone"]
FAMILY_INSIDE = {"blocks": "block", "goals": "goal", "measures": "measure"}


@dataclass(frozen=True)
class Amendment:
    """One change of a text. `order` decides what stands first where two insert at one place.

    `part` is "" for the wording of the place, the name of another field of it, or what something
    new is put into (drafts.editions.places). `text` are the new words of a replacement or an
    insertion, `new_wid` the key that an inserted part gets, `to_wid` the place that a moved part
    stands beside afterwards, on the given `side`. Costs in euros are those of an inserted measure.
    """

    order: int
    op: Op
    wid: str
    text: str = ""
    side: Side = "after"
    new_wid: str = ""
    to_wid: str = ""
    part: str = ""
    cost_one_off: int | None = None
    cost_yearly: int | None = None

    @property
    def key(self) -> str:
        """The place that it changes, as `places_of` names it."""
        return place_key(self.wid, self.part)


def clashes(
    amendments: Iterable[Amendment], sections: Sequence[Data]
) -> list[tuple[Amendment, Amendment, Clash]]:
    """Every pair of changes that cannot both hold, with the reason, in the order of the changes.

    Replacing the same words, striking what another changes or leans on, moving one part to two
    places, and leaning on a part that moves. Two insertions at one place can both hold.
    """
    places = places_of(sections)
    ordered = sorted(amendments, key=lambda change: change.order)
    return [
        (first, second, clash)
        for first, second in combinations(ordered, 2)
        if (clash := _clash(first, second, places) or _clash(second, first, places))
    ]


def does_all_of(taken: Amendment, other: Amendment, sections: Sequence[Data]) -> bool:
    """Whether nothing is left of `other` to do once `taken` holds: the same, or a part of it."""
    if taken.op == other.op == "strike" and not taken.part:
        return other.wid in _inside(taken.wid, places_of(sections))
    same = (taken.op, taken.key, taken.text, taken.to_wid) == (
        other.op,
        other.key,
        other.text,
        other.to_wid,
    )
    return same and taken.side == other.side


def apply_amendments(sections: Sequence[Data], amendments: Iterable[Amendment]) -> list[Data]:
    """Return the sections with all changes; without any they are equal to what was given.

    The result does not depend on the order in which the changes come. Raises UnableToAmend for a
    place that is not there, words that do not fit it, a picture that would get other words, and
    for changes that cannot both hold.
    """
    ordered = sorted(amendments, key=lambda change: change.order)
    if found := clashes(ordered, sections):
        raise UnableToAmend("conflict", found[0][1].wid)
    text = _Text(sections)
    _replace(text, [change for change in ordered if change.op == "replace"])
    for change in _in_turn(change for change in ordered if change.op == "move"):
        text.move(change)
    inserted = [change for change in ordered if change.op == "insert"]
    numbers = {change.new_wid: text.number_for(change) for change in inserted}
    for change in _in_turn(inserted):
        text.insert(change, numbers[change.new_wid])
    for change in ordered:
        if change.op == "strike":
            text.strike(change)
    return text.numbered()


def _in_turn(changes: Iterable[Amendment]) -> list[Amendment]:
    """Who is put behind a place last stands next to it: so the first one comes last."""
    found = list(changes)
    before = [change for change in found if change.side == "before" or change.part in INSIDE]
    return before + [change for change in reversed(found) if change not in before]


# --- what cannot both hold -----------------------------------------------------------------------


def _clash(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    if one.op == "strike":
        return _clash_with_strike(one, other, places)
    if one.op == "move":
        return _clash_with_move(one, other)
    if one.op == other.op == "replace" and one.key == other.key:
        return _clash_of_words(one, other, places)
    return None


def _clash_with_strike(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    if other.op == "strike":
        return None
    if one.part:
        return "struck" if other.key == one.key else None
    gone = _inside(one.wid, places)
    if other.op == "insert" and other.wid in gone:
        return "place_gone"
    if other.wid in gone:
        return "struck"
    return "place_gone" if other.to_wid in gone else None


def _inside(wid: str, places: dict[str, Place]) -> set[str]:
    """The keys of a part and of all that stands in it."""
    return {
        place.wid
        for place in places.values()
        if wid in {place.wid, place.within, place.section_wid}
    }


def _clash_with_move(one: Amendment, other: Amendment) -> Clash | None:
    if other.op == "move" and one.wid == other.wid:
        return None if (one.to_wid, one.side) == (other.to_wid, other.side) else "moved"
    if other.op == "insert" and other.part in INSIDE:
        return None
    leans_on = {"move": other.to_wid, "insert": other.wid}.get(other.op)
    return "place_gone" if leans_on == one.wid else None


def _clash_of_words(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    place = places.get(one.key)
    if place is None:
        return "same_words"
    merged = merge_wordings(place.text, [one.text, other.text])
    if merged is None:
        return "same_words"
    # Each wording fits by itself, and both together make no costs or no table any more.
    apart = fits(place, one.text) and fits(place, other.text)
    return "same_words" if apart and not fits(place, merged) else None


# --- the text with all changes -------------------------------------------------------------------


def _replace(text: "_Text", changes: list[Amendment]) -> None:
    by_place: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        by_place[change.key].append(change.text)
    for key, wordings in by_place.items():
        place = text.place(key)
        merged = merge_wordings(place.text, wordings)
        if merged is None:
            raise UnableToAmend("conflict", place.wid)
        text.reword(place, merged)


class _Text:
    """A copy of the sections with its lists of sections, blocks, goals and measures by key."""

    def __init__(self, sections: Sequence[Data]):
        self.sections = copy.deepcopy(list(sections))
        self.places = places_of(sections)
        self.lists: dict[str, list[Data]] = {}
        self.given: dict[str, set[str]] = defaultdict(set)
        self._index(self.sections)
        for section in self.sections:
            self._index(section["text"]["blocks"])
            self._index(section["goals"])
            for goal in section["goals"]:
                self._index(goal["measures"])

    def place(self, key: str) -> Place:
        """The place as it was before all changes."""
        if key not in self.places:
            raise UnableToAmend("gone", key)
        return self.places[key]

    def reword(self, place: Place, text: str) -> None:
        """Put other words at a place; marks stay with the words that stay."""
        part = self._part(place.wid)
        part |= reworded(place.kind, part, text)

    def strike(self, change: Amendment) -> None:
        """Take a part with all that is in it out, or the words of a field; two strikes agree."""
        place = self.place(change.key)
        if change.part:
            if not place.text or change.part in {"costs", *INSIDE}:
                raise UnableToAmend("no_such_change", change.wid)
            self.reword(place, "")
        elif change.wid in self.lists:
            home = self.lists.pop(change.wid)
            home[:] = [part for part in home if part["wid"] != change.wid]

    def move(self, change: Amendment) -> None:
        """Put a part beside another of its kind."""
        family = self.place(change.key).family
        if change.part or self.place(change.to_wid).family != family:
            raise UnableToAmend("no_such_change", change.wid)
        if change.to_wid == change.wid:
            raise UnableToAmend("no_such_change", change.wid)
        part, home = self._part(change.wid), self.lists[change.wid]
        home[:] = [found for found in home if found is not part]
        self._put(part, self.lists[change.to_wid], change.to_wid, change.side)

    def insert(self, change: Amendment, number: str) -> None:
        """Put a new part beside a place of its kind, or as the last one into a section or goal."""
        place = self.place(change.key)
        if change.part and change.part not in INSIDE:
            raise UnableToAmend("no_such_change", change.wid)
        home = self._home_of_new(change)
        part = new_part(
            FAMILY_INSIDE.get(change.part, place.family),
            self._beside(change, home),
            wid=change.new_wid,
            number=number,
            text=change.text,
            costs=measure_costs(change.cost_one_off, change.cost_yearly),
        )
        if change.part:
            home.append(part)
            self.lists[change.new_wid] = home
        else:
            self._put(part, home, change.wid, change.side)

    def number_for(self, change: Amendment) -> str:
        """The number that an inserted part gets: the next free one in its section or goal."""
        beside = self.place(change.key)
        kind = FAMILY_INSIDE.get(change.part, beside.family)
        if kind == "block":
            return ""
        family = [place for place in self.places.values() if place.family == kind]
        within, home = beside.within, self.places.get(beside.within)
        if change.part:
            within, home = beside.wid, beside
        number = next_of(
            [place.number for place in family if place.within == within],
            home.number if home else "",
            [(self.places[place.within].number, place.number) for place in family if place.within],
            taken={*(place.number for place in family), *self.given[kind]},
        )
        self.given[kind].add(number)
        return number

    def numbered(self) -> list[Data]:
        """The sections, with the paragraphs counted anew."""
        for section in self.sections:
            blocks = [b for b in section["text"]["blocks"] if b["kind"] != "heading"]
            for number, block in enumerate(blocks, start=1):
                block["no"] = number
        return self.sections

    def _home_of_new(self, change: Amendment) -> list[Data]:
        if not change.part:
            return self.lists[change.wid]
        home = self._part(change.wid)
        return home["text"]["blocks"] if change.part == "blocks" else home[change.part]

    def _beside(self, change: Amendment, home: list[Data]) -> Data:
        """The part whose level or kind the new one takes."""
        if not change.part:
            return self._part(change.wid)
        return home[-1] if home else {"level": GoalLevel.GOAL.value}

    def _index(self, parts: list[Data]) -> None:
        for part in parts:
            self.lists[part["wid"]] = parts

    def _part(self, wid: str) -> Data:
        return next(part for part in self.lists[wid] if part["wid"] == wid)

    def _put(self, part: Data, home: list[Data], beside: str, side: str) -> None:
        at = next(place for place, found in enumerate(home) if found["wid"] == beside)
        home.insert(at + (side == "after"), part)
        self.lists[part["wid"]] = home
