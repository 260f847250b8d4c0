"""What differs between two editions, part by part, without the noise of numbers. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from consult.evaluation.services.revision import Part, parts_of
from drafts.concept.snapshots import Data
from drafts.editions.comparison import compare_keyed

NUMBER = "Nummer: "

Kind = Literal["replace", "insert", "delete", "move", "facts", "number"]


@dataclass(frozen=True)
class PartChange:
    """A part that differs: `old` or `new` is None where an edition lacks it.

    `facts` is another setting or attribute with the same words, `number` another number alone.
    A reworded part may have moved as well.
    """

    kind: Kind
    old: Part | None
    new: Part | None
    has_moved: bool = False

    @property
    def part(self) -> Part:
        """The part as the new edition has it, or the old one where it was dropped."""
        found = self.new or self.old
        assert found is not None  # noqa: S101
        return found


def part_changes(before: list[Data], after: list[Data]) -> list[PartChange]:
    """Compare the sections of two editions, in the reading order of the new one.

    A part has moved if it has another parent or left its place among the parts beside it, so
    that a moved section says nothing of what is in it. A part that was dropped stands behind the
    one that it followed.
    """
    old, new = parts_of(before), parts_of(after)
    with_new_numbers = parts_of(_with_numbers(before, after))
    moved = _moved(before, after)
    changes = []
    for wid in _in_order(list(old), list(new)):
        if wid not in old or wid not in new:
            kind: Kind = "insert" if wid in new else "delete"
            changes.append(PartChange(kind, old.get(wid), new.get(wid)))
        elif found := _kind(with_new_numbers[wid], new[wid], has_moved=wid in moved):
            changes.append(PartChange(found, old[wid], new[wid], wid in moved))
    return changes


def number_of(part: Part) -> str:
    """The number that a section, goal or measure has as a fact; "" for a block."""
    first = part.facts.partition("\n")[0]
    is_numbered = part.kind != "block" and first.startswith(NUMBER)
    return first.removeprefix(NUMBER) if is_numbered else ""


def _kind(old: Part, new: Part, *, has_moved: bool) -> Kind | None:
    if old.text != new.text:
        return "replace"
    if _other_facts(old) != _other_facts(new):
        return "facts"
    if has_moved:
        return "move"
    return "number" if old.facts != new.facts else None


def _other_facts(part: Part) -> str:
    return part.facts.removeprefix(NUMBER + number_of(part)).lstrip("\n")


def _with_numbers(before: list[Data], after: list[Data]) -> list[Data]:
    """The old sections with the new numbers of goals where measures refer to them."""
    now = {goal["wid"]: goal["number"] for section in after for goal in section["goals"]}
    numbers = {
        goal["number"]: now.get(goal["wid"], goal["number"])
        for section in before
        for goal in section["goals"]
    }
    return [
        {**section, "goals": [_renumbered(goal, numbers) for goal in section["goals"]]}
        for section in before
    ]


def _renumbered(goal: Data, numbers: dict[str, str]) -> Data:
    measures = [
        {**measure, "also_serves": sorted(numbers.get(no, no) for no in measure["also_serves"])}
        for measure in goal["measures"]
    ]
    return {**goal, "measures": measures}


def _moved(before: list[Data], after: list[Data]) -> set[str]:
    """The keys of parts in both editions that stand elsewhere."""
    old, new = dict(_families(before)), dict(_families(after))
    parent_of = {wid: parent for parent, wids in old.items() for wid in wids}
    moved = set()
    for parent, wids in new.items():
        known = [wid for wid in wids if wid in parent_of]
        stayed = [wid for wid in known if parent_of[wid] == parent]
        moved |= set(known) - set(stayed)
        there = [wid for wid in old.get(parent, []) if wid in stayed]
        same = dict.fromkeys(stayed, "")
        moved |= {change.wid for change in compare_keyed(same, same, there, stayed)}
    return moved


def _families(sections: list[Data]) -> Iterator[tuple[str, list[str]]]:
    """Each parent with its parts in order; blocks and goals of a section are two families."""
    yield "sections", [section["wid"] for section in sections]
    for section in sections:
        yield f"blocks of {section['wid']}", [block["wid"] for block in section["text"]["blocks"]]
        yield f"goals of {section['wid']}", [goal["wid"] for goal in section["goals"]]
        for goal in section["goals"]:
            yield goal["wid"], [measure["wid"] for measure in goal["measures"]]


def _in_order(old: list[str], new: list[str]) -> list[str]:
    gone = defaultdict(list)
    last, in_new = "", set(new)
    for wid in old:
        if wid in in_new:
            last = wid
        else:
            gone[last].append(wid)
    return [*gone[""], *(found for wid in new for found in (wid, *gone[wid]))]
