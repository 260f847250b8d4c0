"""Another wording for one place of the working text, written as a draft.

The draft is a revision of the page that was not reviewed: a second person publishes it in Wagtail
as every other change (`SecondPersonTask`), and only then it can be released.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from itertools import groupby, takewhile, zip_longest
from typing import Any

from django.db import transaction

from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.snapshots import Data, block_text, section_snapshot
from drafts.editions.comparison import compare_words

# Blocks that are more than words: people change them in the editor.
BY_HAND = frozenset({"table", "figure"})

# In the binding language, whoever adopts the suggestion.
DROPPED_BY_SUGGESTION = "Änderungsvorschlag aus der Beteiligung"

Marked = list[tuple[str, tuple[str, ...]]]


class UnableToReword(Exception):
    """The draft cannot be written; `code` is gone, by_hand or being_reviewed."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class WorkingText:
    """The words at a place of the newest draft, and the page that they stand on."""

    page: Any
    kind: str
    text: str


def working_texts(concept: ConceptPage, section_wid: str) -> dict[str, WorkingText]:
    """The newest draft of every block and goal of a section by key, in reading order.

    What was dropped is not there.
    """
    section = _page(SectionPage.objects.child_of(concept), section_wid)
    draft = section.get_latest_revision_as_object() if section else None
    if draft is None or draft.dropped_because:
        return {}
    blocks = section_snapshot(draft, [])["text"]["blocks"]
    found = {
        block["wid"]: WorkingText(section, block["kind"], block_text(block)) for block in blocks
    }
    for goal in GoalPage.objects.child_of(section):
        newest = goal.get_latest_revision_as_object()
        if not newest.dropped_because:
            found[goal.wid] = WorkingText(goal, "goal", newest.wording)
    return found


def working_text(concept: ConceptPage, section_wid: str, wid: str) -> WorkingText | None:
    """The newest draft of one place, or None where the working text does not have it."""
    return working_texts(concept, section_wid).get(wid)


@transaction.atomic
def reword(*, concept: ConceptPage, section_wid: str, wid: str, op: str, text: str, actor) -> str:
    """Write a draft in which `text` stands at the place or behind it, or the place is gone.

    `op` is replace, insert or delete; a goal is dropped, its page stays. Bold, italic and links stay with the words that stay. Return
    the key of what was changed or inserted. Raises UnableToReword while the page is being
    reviewed or locked, for a place that is gone, for a table and a picture.
    """
    found = working_text(concept, section_wid, wid)
    if found is None:
        raise UnableToReword("gone")
    _check_free(found.page)
    if found.kind == "goal":
        return _reword_goal(found.page, op, text, actor)
    if found.kind in BY_HAND and op == "replace":
        raise UnableToReword("by_hand")
    return _reword_block(found.page, wid, op, text, actor)


def reworded_html(html: str, text: str) -> str:
    """The marked text with other words: what stays keeps its marks, what is new takes those around.

    `text` is one line with single spaces. The words of the result are exactly `text`.
    """
    marked = _marked(html)
    old = "".join(character for character, _marks in marked)
    new: Marked = []
    at, replaced = 0, None
    for op, words in compare_words(old, text):
        if op == "equal":
            new += marked[at : at + len(words)]
        if op == "insert":
            marks = _shared(marked[at - 1 : at + 1] if at else []) if replaced is None else replaced
            new += [(character, marks) for character in words]
        replaced = _shared(marked[at : at + len(words)]) if op == "delete" else None
        at += len(words) if op != "insert" else 0
    return "".join(_written(new))


def _reword_goal(page: GoalPage, op: str, text: str, actor) -> str:
    if op == "insert":
        return _new_goal(page, text, actor).wid
    draft = page.get_latest_revision_as_object()
    if op == "delete":
        draft.dropped_because = DROPPED_BY_SUGGESTION
    else:
        draft.wording = text
    draft.save_revision(user=actor, log_action=True)
    return page.wid


def _new_goal(after: GoalPage, text: str, actor) -> GoalPage:
    number = _next_number(after)
    goal = GoalPage(
        title=f"Ziel {number}", number=number, level=after.level, wording=text, live=False
    )
    after.add_sibling(pos="right", instance=goal)
    goal.save_revision(user=actor, log_action=True)
    return goal


def _next_number(goal: GoalPage) -> str:
    """The first number behind those of the section; an editor renumbers where that is better."""
    taken = GoalPage.objects.child_of(goal.get_parent()).values_list("number", flat=True)
    beginning = goal.number.rpartition(".")[0]
    last = max(int("0" + number.rpartition(".")[2]) for number in taken if _is_counted(number))
    return ".".join(filter(None, [beginning, str(last + 1)]))


def _is_counted(number: str) -> bool:
    return bool(re.fullmatch(r"(.*\.)?[0-9]+", number))


def _reword_block(section: SectionPage, wid: str, op: str, text: str, actor) -> str:
    draft = section.get_latest_revision_as_object()
    raw = [dict(block) for block in draft.body.get_prep_value()]
    at = next(place for place, block in enumerate(raw) if block["id"] == wid)
    if op == "insert":
        wid = str(uuid.uuid4())
        raw.insert(at + 1, {"id": wid, "type": "paragraph", "value": f"<p>{escape(text)}</p>"})
    elif op == "delete":
        del raw[at]
    else:
        raw[at]["value"] = NEW_VALUE[raw[at]["type"]](raw[at]["value"], text)
    draft.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    draft.save_revision(user=actor, log_action=True)
    return wid


def _paragraph(html: str, text: str) -> str:
    return f"<p>{reworded_html(html, text)}</p>"


def _list(items: list[Data], text: str) -> list[Data]:
    """The points of a list by their lines: equal ones stay, changed ones keep key and marks."""
    before = ["".join(character for character, _m in _marked(item["value"])) for item in items]
    return [
        items[at] if at is not None and before[at] == line else _point(items, at, line)
        for at, line in matched_points(before, text.split("\n"))
    ]


def matched_points(before: list[str], after: list[str]) -> Iterator[tuple[int | None, str]]:
    """The points of a list with their place in the former one; None for a new one."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _op, start, end, new_start, new_end in matcher.get_opcodes():
        for at, line in zip_longest(range(start, end), after[new_start:new_end]):
            if line is not None:
                yield at, line


def _point(items: list[Data], at: int | None, line: str) -> Data:
    if at is None:
        return {"id": str(uuid.uuid4()), "type": "item", "value": f"<p>{escape(line)}</p>"}
    return {**items[at], "value": _paragraph(items[at]["value"], line)}


NEW_VALUE = {
    "heading": lambda _value, text: text,
    "paragraph": _paragraph,
    "list": _list,
}


def _check_free(page) -> None:
    if page.workflow_in_progress or page.get_lock():
        raise UnableToReword("being_reviewed")


def _page(pages, wid: str):
    try:
        return pages.filter(translation_key=uuid.UUID(wid)).first()
    except ValueError:
        return None


class _Marks(HTMLParser):
    """Reads rich text as characters, each with the start tags that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.characters: Marked = []

    def handle_starttag(self, tag: str, _attrs) -> None:
        if tag in {"p", "br"}:
            self.handle_data(" ")
        else:
            self.open.append((tag, self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.handle_data(" ")
        elif tag in [name for name, _source in self.open]:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        marks = tuple(source for _name, source in self.open)
        self.characters += [(character, marks) for character in data]


def _marked(html: str) -> Marked:
    """The characters of rich text with their marks; white space as in its plain words."""
    parser = _Marks()
    parser.feed(html)
    parser.close()
    kept: Marked = []
    for character, marks in parser.characters:
        if not character.isspace():
            kept.append((character, marks))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", marks))
    return kept[:-1] if kept and kept[-1][0] == " " else kept


def _shared(marked: Marked) -> tuple[str, ...]:
    """The start tags that all the characters stand in, from the outside."""
    levels = zip(*(marks for _character, marks in marked), strict=False)
    same = takewhile(lambda level: len(set(level)) == 1, levels)
    return tuple(level[0] for level in same)


def _written(marked: Marked) -> Iterator[str]:
    """The marked text as HTML; a mark stays open as long as its words stand in it."""
    open_marks: tuple[str, ...] = ()
    for marks, run in groupby(marked, key=lambda pair: pair[1]):
        shared = len(
            list(takewhile(lambda pair: pair[0] == pair[1], zip(open_marks, marks, strict=False)))
        )
        yield from _closed(open_marks[shared:])
        yield "".join(marks[shared:])
        yield escape("".join(character for character, _marks in run), quote=False)
        open_marks = marks
    yield from _closed(open_marks)


def _closed(marks: tuple[str, ...]) -> Iterator[str]:
    for source in reversed(marks):
        yield f"</{re.match(r'<([a-zA-Z0-9]+)', source)[1]}>"
