"""Words that become a part of the text: other words for one that stands there, and new parts.

Pure functions: what they are given stays as it is. A person types lines; how lines become the
fields of a goal, a measure or a table is said at each function.
"""

import re
import uuid
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from drafts.concept.snapshots import Data, inline_html, plain
from drafts.concept.states import CostStatus, MeasureKind, Openness, SectionKind
from drafts.editions.places import NOT_ESTIMATED, Place
from drafts.editions.rewording import matched_points, reworded_html

CELL = "|"
# What the pages of the working text can hold, in characters.
LONGEST = {"title": 200, "target_groups": 300, "period": 60, "responsible": 255}
LONGEST_HEADING = 160
MOST_EUROS = 2_000_000_000
_AMOUNT = re.compile(
    r"(einmalig|jährlich)\s*:?\s*(\d{1,3}(?:\.\d{3})+|\d+)(?:,(?:00|-+))?\s*(?:€|Euro)?\.?", re.I
)


class UnableToAmend(Exception):
    """The change does not fit the text.

    `code` is gone, by_hand, conflict, no_such_change, costs_unreadable, table_shape or
    field_too_long.
    """

    def __init__(self, code: str, wid: str = ""):
        super().__init__(code, wid)
        self.code = code
        self.wid = wid


def reworded(kind: str, part: Data, text: str) -> Data:
    """The section, goal, measure or block `part` with other words at the place of this `kind`.

    Bold, italic and links stay with the words that stay. Raises UnableToAmend for a picture and
    for words that do not make such a part.
    """
    if kind in _FIELDS:
        return _checked({**part, "text": {**part["text"], kind: text}})
    return _checked(_WORDED.get(kind, _by_hand)(part, text))


def fits(place: Place, text: str) -> bool:
    """Whether these words can stand at the place."""
    try:
        reworded(place.kind, place.data, text)
    except UnableToAmend:
        return False
    return True


def costs_from(text: str) -> Data:
    """The costs that lines such as "jährlich 12.000 Euro" name; the inverse of `costs_text`.

    Raises UnableToAmend("costs_unreadable") for anything else.
    """
    lines = [line.strip() for line in re.split(r"[\n;]|,\s", text) if line.strip()]
    if [line.casefold() for line in lines] == [NOT_ESTIMATED.casefold()]:
        return _cost_fields(CostStatus.NOT_ESTIMATED, {})
    found: dict[str, int] = {}
    for line in lines:
        amount = _AMOUNT.fullmatch(line)
        if amount is None or amount[1].lower() in found:
            raise UnableToAmend("costs_unreadable")
        found[amount[1].lower()] = int(amount[2].replace(".", ""))
    if not found or max(found.values()) > MOST_EUROS:
        raise UnableToAmend("costs_unreadable")
    return _cost_fields(CostStatus.ESTIMATED, found)


def new_part(family: str, beside: Data, *, wid: str, number: str, text: str, costs: Data) -> Data:
    """A new section, goal, measure or paragraph of these words, of the level or kind of `beside`.

    The first line is the title or wording. Of a section each further line is a paragraph, of a
    goal the reason, of a measure its description; lines that begin with "Für wen:", "Zuständig:"
    or "Zeitraum:" name these. `costs` are those of a measure.
    """
    return _checked({"wid": wid, **_NEW[family](beside, number, text, costs, wid)})


def measure_costs(one_off: int | None, yearly: int | None) -> Data:
    """The fields of a measure for two amounts in euros; without one it is not estimated."""
    known = {"einmalig": one_off, "jährlich": yearly}
    amounts = {word: amount for word, amount in known.items() if amount is not None}
    return _cost_fields(CostStatus.ESTIMATED if amounts else CostStatus.NOT_ESTIMATED, amounts)


def reworded_items(items: Sequence[str], text: str) -> list[str]:
    """The points of a list by the lines of its words: equal ones stay, others keep their marks."""
    return [
        inline_html(escape(line) if at is None else reworded_html(items[at], line))
        for at, line in matched_points([plain(item) for item in items], text.split("\n"))
    ]


def reworded_cells(table: Data, text: str) -> Data:
    """Head, rows and caption of a table by its lines, cells apart by |; the caption comes last.

    Raises UnableToAmend("table_shape") where a line has not one cell for each column, and
    "by_hand" for a table whose own words cannot be told apart like this.
    """
    if not _tells_cells(table):
        raise UnableToAmend("by_hand", table["wid"])
    lines = text.split("\n")
    caption = lines.pop() if table.get("caption") and len(lines) > 1 else ""
    former = [[_single_spaced(cell) for cell in row] for row in _rows(table)]
    points = matched_points([CELL.join(row) for row in former], [_row_line(line) for line in lines])
    rows = []
    for at, line in points:
        cells = line.split(CELL)
        if len(cells) != len(table["head"]):
            raise UnableToAmend("table_shape", table["wid"])
        rows.append(cells if at is None else _kept_cells(_rows(table)[at], former[at], cells))
    if CELL in caption:
        raise UnableToAmend("table_shape", table["wid"])
    return {**table, "head": rows[0], "rows": rows[1:], "caption": caption}


def _tells_cells(table: Data) -> bool:
    """Whether lines with | between the cells say all that stands in the table."""
    words = [cell for row in _rows(table) for cell in row]
    empty = len(table["head"]) < 2 and "" in {word.strip() for word in words}
    return not empty and not any(CELL in word or "\n" in word for word in words)


def _row_line(line: str) -> str:
    return CELL.join(_single_spaced(cell) for cell in line.split(CELL))


def _kept_cells(cells: list[str], known: list[str], wanted: list[str]) -> list[str]:
    """The wanted cells; one whose words stay keeps its white space."""
    return [
        old if same == new else new for old, same, new in zip(cells, known, wanted, strict=True)
    ]


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _rows(table: Data) -> list[list[str]]:
    return [table["head"], *table["rows"]]


def _section(part: Data, text: str) -> Data:
    title, _break, lede = text.partition("\n")
    return {**part, "text": {**part["text"], "title": title, "lede": lede}}


def _goal(part: Data, text: str) -> Data:
    return {**part, "text": {**part["text"], "wording": text}}


def _measure(part: Data, text: str) -> Data:
    title, _break, rest = text.partition("\n")
    return {**part, "text": {**part["text"], "title": title, "description": rest}}


def _marked(part: Data, text: str) -> Data:
    return {**part, "html": inline_html(reworded_html(part["html"], text))}


def _list(part: Data, text: str) -> Data:
    return {**part, "items": reworded_items(part["items"], text)}


def _measure_costs(part: Data, text: str) -> Data:
    return {**part, **costs_from(text)}


def _by_hand(part: Data, _text: str) -> Data:
    raise UnableToAmend("by_hand", part["wid"])


_FIELDS = frozenset({"reason", "target_groups", "responsible", "period"})
_WORDED: dict[str, Callable[[Data, str], Data]] = {
    "section": _section,
    "goal": _goal,
    "measure": _measure,
    "paragraph": _marked,
    "heading": _marked,
    "list": _list,
    "table": reworded_cells,
    "costs": _measure_costs,
}


def _checked(part: Data) -> Data:
    words = part.get("text", {})
    if any(len(words.get(name, "")) > most for name, most in LONGEST.items()):
        raise UnableToAmend("field_too_long", part["wid"])
    if part.get("kind") == "heading" and len(plain(part["html"])) > LONGEST_HEADING:
        raise UnableToAmend("field_too_long", part["wid"])
    return part


def _cost_fields(status: CostStatus, amounts: dict[str, int]) -> Data:
    return {
        "cost_status": status.value,
        "cost_one_off": amounts.get("einmalig"),
        "cost_yearly": amounts.get("jährlich"),
    }


def _new_section(beside: Data, number: str, text: str, _costs: Data, wid: str) -> Data:
    title, *lines = text.split("\n")
    blocks = [
        {
            "wid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{wid}:{place}")),
            **_new_block({}, "", line, {}, ""),
        }
        for place, line in enumerate(lines)
    ]
    return {
        "number": number,
        "kind": _kind_beside(beside),
        "openness": Openness.OPEN.value,
        "text": {"title": title, "lede": "", "lead": "", "openness_reason": "", "blocks": blocks},
        "goals": [],
    }


def _kind_beside(section: Data) -> str:
    """A new section is no second preface or annex."""
    ends = {SectionKind.PREFACE.value, SectionKind.ANNEX.value}
    return SectionKind.FIELD.value if section["kind"] in ends else section["kind"]


def _new_block(_beside: Data, _number: str, text: str, _costs: Data, _wid: str) -> Data:
    return {"kind": "paragraph", "html": inline_html(escape(text))}


def _new_goal(beside: Data, number: str, text: str, _costs: Data, _wid: str) -> Data:
    wording, reason, named = _lines(text, {"Für wen": "target_groups"})
    words = {"wording": wording, "reason": reason, "target_groups": "", "lead": ""}
    return {
        "number": number,
        "level": beside["level"],
        "openness": Openness.OPEN.value,
        "text": {**words, "openness_reason": "", **named},
        "measures": [],
    }


def _new_measure(_beside: Data, number: str, text: str, costs: Data, _wid: str) -> Data:
    labels = {"Zuständig": "responsible", "Zeitraum": "period"}
    title, description, named = _lines(text, labels)
    words = {"title": title, "description": description, "responsible": "", "period": ""}
    return {
        "number": number,
        "kind": MeasureKind.NEW.value,
        **costs,
        "also_serves": [],
        "text": {**words, **named},
    }


def _lines(text: str, labels: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    """The first line, the others, and those that a label names."""
    first, *rest = text.split("\n")
    named, others = {}, []
    for line in rest:
        label, colon, words = line.partition(":")
        if colon and label in labels:
            named[labels[label]] = words.strip()
        else:
            others.append(line)
    return first, "\n".join(others), named


_NEW: dict[str, Any] = {
    "section": _new_section,
    "block": _new_block,
    "goal": _new_goal,
    "measure": _new_measure,
}
