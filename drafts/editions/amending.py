"""A frozen text with changes: which of them cannot both hold, and what the text is with all.

Everything here is a pure function of the sections of an edition in the shape of
drafts.concept.snapshots. Nothing changes what it is given.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations
from typing import Any, Literal

from drafts.concept.snapshots import Data, block_text, inline_html, plain
from drafts.concept.states import CostStatus, MeasureKind, Openness
from drafts.editions.rewording import BY_HAND, matched_points, reworded_html
from drafts.editions.word_merging import merge_wordings

Op = Literal["replace", "strike", "insert", "move"]
Side = Literal["before", "after"]
Clash = Literal["same_words", "struck", "moved", "place_gone"]


class UnableToAmend(Exception):
    """The change does not fit the text; `code` is gone, by_hand, conflict or no_such_change."""

    def __init__(self, code: str, wid: str = ""):
        super().__init__(code, wid)
        self.code = code
        self.wid = wid


@dataclass(frozen=True)
class Amendment:
    """One change of a text. `order` decides what stands first where two insert at one place.

    `text` are the new words of a replacement or an insertion, `new_wid` the key that an inserted
    part gets, `to_wid` the place that a moved part stands behind afterwards.
    """

    order: int
    op: Op
    wid: str
    text: str = ""
    side: Side = "after"
    new_wid: str = ""
    to_wid: str = ""


@dataclass(frozen=True)
class Place:
    """A part of the text that can be changed: its words, what it belongs to, what it is called.

    `kind` is section, goal, measure or the kind of a block; `within` is the key of the goal or
    section that it stands in.
    """

    kind: str
    text: str
    within: str
    section_wid: str
    number: str

    @property
    def family(self) -> str:
        """What it can stand beside: sections, blocks, goals or measures."""
        return self.kind if self.kind in {"section", "goal", "measure"} else "block"


def places_of(sections: Sequence[Data]) -> dict[str, Place]:
    """Every part of a text that can be changed, by key, in reading order."""
    found: dict[str, Place] = {}
    for section in sections:
        wid, words = section["wid"], section["text"]
        head = two_lines(words["title"], words["lede"])
        found[wid] = Place("section", head, "", wid, section["number"])
        for block in words["blocks"]:
            number = str(block.get("no", ""))
            found[block["wid"]] = Place(block["kind"], block_text(block), wid, wid, number)
        for goal in section["goals"]:
            number = goal["number"]
            found[goal["wid"]] = Place("goal", goal["text"]["wording"], wid, wid, number)
            for measure in goal["measures"]:
                text = two_lines(measure["text"]["title"], measure["text"]["description"])
                found[measure["wid"]] = Place("measure", text, goal["wid"], wid, measure["number"])
    return found


def two_lines(title: str, rest: str) -> str:
    """A title and what is said under it, as the words of one place."""
    return "\n".join(filter(None, [title, rest]))


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


def apply_amendments(sections: Sequence[Data], amendments: Iterable[Amendment]) -> list[Data]:
    """Return the sections with all changes; without any they are equal to what was given.

    The result does not depend on the order in which the changes come. Raises UnableToAmend for a
    place that is not there, a table or picture that would get other words, and for changes that
    cannot both hold.
    """
    ordered = sorted(amendments, key=lambda change: change.order)
    if found := clashes(ordered, sections):
        raise UnableToAmend("conflict", found[0][1].wid)
    text = _Text(sections)
    _replace(text, [change for change in ordered if change.op == "replace"])
    # Who is put behind a place last stands next to it: so the first one comes last.
    for change in reversed([change for change in ordered if change.op == "move"]):
        text.move(change)
    inserted = [change for change in ordered if change.op == "insert"]
    numbers: dict[str, str] = {}
    for change in inserted:
        numbers[change.new_wid] = text.number_for(change, set(numbers.values()))
    for change in [c for c in inserted if c.side == "before"]:
        text.insert(change, numbers[change.new_wid])
    for change in reversed([c for c in inserted if c.side == "after"]):
        text.insert(change, numbers[change.new_wid])
    for change in ordered:
        if change.op == "strike":
            text.strike(change)
    return text.numbered()


# --- what cannot both hold -----------------------------------------------------------------------


def _clash(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    if one.op == "strike":
        return _clash_with_strike(one, other, places)
    if one.op == "move":
        return _clash_with_move(one, other)
    if one.op == other.op == "replace" and one.wid == other.wid:
        return _clash_of_words(one, other, places)
    return None


def _clash_with_strike(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    gone = {wid for wid, place in places.items() if one.wid in {wid, place.within}}
    if other.op == "strike":
        return None
    if other.op == "insert" and other.wid in gone:
        return "place_gone"
    if other.wid in gone:
        return "struck"
    return "place_gone" if other.to_wid in gone else None


def _clash_with_move(one: Amendment, other: Amendment) -> Clash | None:
    if other.op == "move" and one.wid == other.wid:
        return None if one.to_wid == other.to_wid else "moved"
    leans_on = {"move": other.to_wid, "insert": other.wid}.get(other.op)
    return "place_gone" if leans_on == one.wid else None


def _clash_of_words(one: Amendment, other: Amendment, places: dict[str, Place]) -> Clash | None:
    place = places.get(one.wid)
    if place is None or merge_wordings(place.text, [one.text, other.text]) is None:
        return "same_words"
    return None


# --- the text with all changes -------------------------------------------------------------------


def _replace(text: "_Text", changes: list[Amendment]) -> None:
    by_place: dict[str, list[str]] = defaultdict(list)
    for change in changes:
        by_place[change.wid].append(change.text)
    for wid, wordings in by_place.items():
        place = text.place(wid)
        merged = merge_wordings(place.text, wordings)
        if merged is None:
            raise UnableToAmend("conflict", wid)
        text.reword(wid, place, merged)


class _Text:
    """A copy of the sections with its lists of blocks, goals and measures by key."""

    def __init__(self, sections: Sequence[Data]):
        self.sections = copy.deepcopy(list(sections))
        self.places = places_of(sections)
        self.lists: dict[str, list[Data]] = {}
        for section in self.sections:
            self._index(section["text"]["blocks"])
            self._index(section["goals"])
            for goal in section["goals"]:
                self._index(goal["measures"])
        self.heads = {section["wid"]: section for section in self.sections}

    def place(self, wid: str) -> Place:
        """The place as it was before all changes."""
        if wid not in self.places:
            raise UnableToAmend("gone", wid)
        return self.places[wid]

    def reword(self, wid: str, place: Place, text: str) -> None:
        """Put other words at a place; marks stay with the words that stay."""
        title, _break, rest = text.partition("\n")
        match place.kind:
            case "section":
                self.heads[wid]["text"] |= {"title": title, "lede": rest}
            case "goal":
                self._part(wid)["text"]["wording"] = text
            case "measure":
                self._part(wid)["text"] |= {"title": title, "description": rest}
            case kind if kind in BY_HAND:
                raise UnableToAmend("by_hand", wid)
            case "list":
                part = self._part(wid)
                part["items"] = reworded_items(part["items"], text)
            case _:
                part = self._part(wid)
                part["html"] = inline_html(reworded_html(part["html"], text))

    def strike(self, change: Amendment) -> None:
        """Take a part out; two who strike the same one agree."""
        if self.place(change.wid).kind == "section":
            raise UnableToAmend("by_hand", change.wid)
        if change.wid in self.lists:
            home = self.lists.pop(change.wid)
            home[:] = [part for part in home if part["wid"] != change.wid]

    def move(self, change: Amendment) -> None:
        """Put a part behind another of its kind."""
        family = self.place(change.wid).family
        if family == "section" or self.place(change.to_wid).family != family:
            raise UnableToAmend("no_such_change", change.wid)
        if change.to_wid == change.wid:
            raise UnableToAmend("no_such_change", change.wid)
        part, home, target = self._part(change.wid), self.lists[change.wid], change.to_wid
        home[:] = [found for found in home if found is not part]
        self._put(part, self.lists[target], target, "after")

    def insert(self, change: Amendment, number: str) -> None:
        """Put a new part of the same kind beside a place."""
        family = self.place(change.wid).family
        if family == "section":
            raise UnableToAmend("no_such_change", change.wid)
        home = self.lists[change.wid]
        part = _NEW[family](change, number, self._part(change.wid))
        self._put(part, home, change.wid, change.side)

    def number_for(self, change: Amendment, taken: set[str]) -> str:
        """The number that an inserted goal or measure gets: the next free one beside it."""
        beside = self.place(change.wid)
        family = [place for place in self.places.values() if place.family == beside.family]
        near = [place.number for place in family if place.within == beside.within]
        every = [place.number for place in family]
        number = next_number([*near, *(n for n in taken if _begins_alike(n, near))])
        return next_number([*every, *taken]) if number in {*every, *taken} else number

    def numbered(self) -> list[Data]:
        """The sections, with the paragraphs counted anew."""
        for section in self.sections:
            blocks = [b for b in section["text"]["blocks"] if b["kind"] != "heading"]
            for number, block in enumerate(blocks, start=1):
                block["no"] = number
        return self.sections

    def _index(self, parts: list[Data]) -> None:
        for part in parts:
            self.lists[part["wid"]] = parts

    def _part(self, wid: str) -> Data:
        return next(part for part in self.lists[wid] if part["wid"] == wid)

    def _put(self, part: Data, home: list[Data], beside: str, side: str) -> None:
        at = next(place for place, found in enumerate(home) if found["wid"] == beside)
        home.insert(at + (side == "after"), part)
        self.lists[part["wid"]] = home


def reworded_items(items: list[str], text: str) -> list[str]:
    """The points of a list by the lines of its words: equal ones stay, others keep their marks."""
    return [
        inline_html(escape(line) if at is None else reworded_html(items[at], line))
        for at, line in matched_points([plain(item) for item in items], text.split("\n"))
    ]


def next_number(taken: Sequence[str]) -> str:
    """The first number behind the highest of those taken: 3.4 after 3.3, 1.b after 1.a.

    Only what is counted with digits or one small letter at the end is a number here; "" where
    nothing is.
    """
    counted = [number.rpartition(".") for number in taken]
    digits = [row for row in counted if row[2].isascii() and row[2].isdigit()]
    letters = [row for row in counted if len(row[2]) == 1 and "a" <= row[2] < "z"]
    if digits:
        beginning, dot, last = max(digits, key=lambda row: int(row[2]))
        return f"{beginning}{dot}{int(last) + 1}"
    if letters:
        beginning, dot, last = max(letters, key=lambda row: row[2])
        return f"{beginning}{dot}{chr(ord(last) + 1)}"
    return ""


def _begins_alike(number: str, others: Sequence[str]) -> bool:
    return number.rpartition(".")[0] in {other.rpartition(".")[0] for other in others}


def _new_block(change: Amendment, _number: str, _beside: Data) -> Data:
    return {"wid": change.new_wid, "kind": "paragraph", "html": inline_html(escape(change.text))}


def _new_goal(change: Amendment, number: str, beside: Data) -> Data:
    words = {"wording": change.text, "reason": "", "target_groups": "", "lead": ""}
    return {
        "wid": change.new_wid,
        "number": number,
        "level": beside["level"],
        "openness": Openness.OPEN.value,
        "text": {**words, "openness_reason": ""},
        "measures": [],
    }


def _new_measure(change: Amendment, number: str, _beside: Data) -> Data:
    title, _break, rest = change.text.partition("\n")
    return {
        "wid": change.new_wid,
        "number": number,
        "kind": MeasureKind.NEW.value,
        "cost_status": CostStatus.NOT_ESTIMATED.value,
        "cost_one_off": None,
        "cost_yearly": None,
        "also_serves": [],
        "text": {"title": title, "description": rest, "responsible": "", "period": ""},
    }


_NEW: dict[str, Any] = {"block": _new_block, "goal": _new_goal, "measure": _new_measure}
