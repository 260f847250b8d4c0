"""The places of a frozen text that a motion can change: their keys, their words, what they are in.

Everything here is a pure function of the sections of an edition in the shape of
drafts.concept.snapshots.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from drafts.concept.snapshots import Data, block_text
from drafts.concept.states import CostStatus

# Beside its wording: what else of a goal or measure can be worded anew, and into what something
# new can be put although nothing stands there yet.
FIELDS = {
    "goal": ("reason", "target_groups"),
    "measure": ("costs", "responsible", "period"),
}
CONTAINERS = {"section": ("blocks", "goals"), "goal": ("measures",)}
INSIDE = frozenset({"blocks", "goals", "measures"})
FAMILIES = frozenset({"section", "goal", "measure"})
NOT_ESTIMATED = "noch nicht geschätzt"


@dataclass(frozen=True)
class Place:
    """A part of the text that can be changed: its words, what it belongs to, what it is called.

    `kind` is section, goal, measure, the kind of a block or, of a `part` beside the wording, its
    name; `within` is the key of the goal or section that it stands in. `data` is the section,
    goal, measure or block as it is frozen.
    """

    kind: str
    text: str
    within: str
    section_wid: str
    number: str
    wid: str = ""
    part: str = ""
    data: Data = field(default_factory=dict, compare=False, repr=False)

    @property
    def family(self) -> str:
        """What it can stand beside: sections, blocks, goals or measures."""
        return self.kind if self.part or self.kind in FAMILIES else "block"

    @property
    def key(self) -> str:
        """How `places_of` names it."""
        return place_key(self.wid, self.part)


def place_key(wid: str, part: str = "") -> str:
    """The key of a place: that of its section, goal, measure or block, and the part of it."""
    return f"{wid}:{part}" if part else wid


def places_of(sections: Sequence[Data]) -> dict[str, Place]:
    """Every place of a text that can be changed, by key, in reading order."""
    return {place.key: place for section in sections for place in _section_places(section)}


def two_lines(title: str, rest: str) -> str:
    """A title and what is said under it, as the words of one place."""
    return "\n".join(filter(None, [title, rest]))


def costs_text(measure: Data) -> str:
    """What a measure costs, in lines: "einmalig 5.000 Euro", "jährlich 12.000 Euro"."""
    amounts = (("einmalig", measure["cost_one_off"]), ("jährlich", measure["cost_yearly"]))
    lines = [
        f"{word} {amount:,} Euro".replace(",", ".")
        for word, amount in amounts
        if amount is not None
    ]
    is_known = measure["cost_status"] == CostStatus.ESTIMATED and lines
    return "\n".join(lines) if is_known else NOT_ESTIMATED


def _section_places(section: Data) -> Iterator[Place]:
    wid, words = section["wid"], section["text"]
    head = two_lines(words["title"], words["lede"])
    yield Place("section", head, "", wid, section["number"], wid, "", section)
    for block in words["blocks"]:
        number = str(block.get("no", ""))
        yield Place(block["kind"], block_text(block), wid, wid, number, block["wid"], "", block)
    yield from _containers("section", section, wid)
    for goal in section["goals"]:
        text = goal["text"]["wording"]
        yield Place("goal", text, wid, wid, goal["number"], goal["wid"], "", goal)
        yield from _fields("goal", goal, goal["text"], wid, wid)
        yield from _containers("goal", goal, wid)
        for measure in goal["measures"]:
            yield from _measure_places(measure, goal["wid"], wid)


def _measure_places(measure: Data, goal_wid: str, section_wid: str) -> Iterator[Place]:
    words = measure["text"]
    text = two_lines(words["title"], words["description"])
    number, wid = measure["number"], measure["wid"]
    yield Place("measure", text, goal_wid, section_wid, number, wid, "", measure)
    known = {**words, "costs": costs_text(measure)}
    yield from _fields("measure", measure, known, goal_wid, section_wid)


def _fields(kind: str, data: Data, words: Data, within: str, section_wid: str) -> Iterator[Place]:
    for part in FIELDS[kind]:
        yield Place(part, words[part], within, section_wid, data["number"], data["wid"], part, data)


def _containers(kind: str, data: Data, section_wid: str) -> Iterator[Place]:
    for part in CONTAINERS[kind]:
        wid = data["wid"]
        yield Place(part, "", wid, section_wid, data["number"], wid, part, data)
