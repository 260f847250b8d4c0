"""Markdown (CommonMark with tables), so that a text can be read and compared without a program."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workers.documents.parts import (
    Document,
    Facts,
    Goal,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    Text,
    named,
    printable,
    runs,
)

_MARKS = re.compile(r"([\\`*_\[\]<>|~&])")
_OPENING = re.compile(r"^([-+#=])")


def markdown_of(document: Document) -> bytes:
    """Return a document as Markdown, UTF-8, one part after the other, signs of Markdown escaped.

    Pictures are named by their alternative texts; a text in another language is not marked.
    """
    document = printable(document)
    parts = [_front(document), *(_PRINTERS[type(part)](part) for part in document.body)]
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _front(document: Document) -> str:
    lines = [
        f"# {_plain(document.title)}",
        f"**{_plain(document.mark)}**" if document.mark else "",
        _plain(document.subtitle),
        _plain(document.publisher),
        _facts(document.facts),
        _plain(" · ".join(filter(None, [document.date_text, document.footer]))),
    ]
    return "\n\n".join(filter(None, lines))


def _heading(part: Heading) -> str:
    number = f"{part.number} " if part.number else ""
    return f"{'#' * min(part.level + 1, 6)} {number}{_text(part.text)}"


def _paragraph(part: Paragraph) -> str:
    return f"({part.number}) {_text(part.text)}" if part.number else _opened(_text(part.text))


def _items(part: Items) -> str:
    lead = f"({part.number})\n\n" if part.number else ""
    marks = (f"{position}." if part.is_numbered else "-" for position in range(1, 10**6))
    lines = (
        f"{mark} {_opened(_text(item))}" for mark, item in zip(marks, part.items, strict=False)
    )
    return lead + "\n".join(lines)


def _table(part: Table) -> str:
    rule = ["--:" if column in part.is_numeric else "---" for column in range(len(part.head))]
    lines = [_row(part.head), f"| {' | '.join(rule)} |", *(_row(row) for row in part.rows)]
    caption = f"{_plain(part.caption)}\n\n" if part.caption else ""
    return caption + "\n".join(lines)


def _row(cells: Sequence[Text]) -> str:
    return f"| {' | '.join(_text(cell) for cell in cells)} |"


def _quote(part: Quote) -> str:
    source = f"\n>\n> {_plain(part.source)}" if part.source else ""
    return f"> {_opened(_plain(part.text))}{source}"


def _note(part: Note) -> str:
    title = f"**{_plain(part.title)}** " if part.title else ""
    return f"> {title}{_text(part.text)}"


def _facts(pairs: Iterable[tuple[str, Text]]) -> str:
    return "\n".join(f"- {_plain(named(name))} {_text(value)}" for name, value in pairs)


def _goal(part: Goal) -> str:
    return f"{'#' * min(part.level + 1, 6)} {_plain(part.label)}\n\n{_opened(_text(part.wording))}"


def _picture(part: Picture) -> str:
    caption = f"\n\n{_plain(part.caption)}" if part.caption else ""
    return f"\\[{_plain(part.alternative)}\\]{caption}"


_PRINTERS: dict[type, Callable[[Any], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Items: _items,
    Table: _table,
    Quote: _quote,
    Note: _note,
    Facts: lambda part: _facts(part.pairs),
    Goal: _goal,
    Picture: _picture,
    PageBreak: lambda _part: "",
}


def _text(text: Text) -> str:
    return " ".join("".join(_run(run) for run in runs(text)).split())


def _run(run: Run) -> str:
    shown = _MARKS.sub(r"\\\1", run.text)
    core = shown.strip()
    if not core:
        return shown
    before, after = shown[: shown.index(core)], shown[shown.index(core) + len(core) :]
    core = f"**{core}**" if run.bold or run.change == "added" else core
    core = f"*{core}*" if run.italic else core
    core = f"~~{core}~~" if run.change == "struck" else core
    if run.link and not run.link.startswith("#"):
        core = f"[{core}](<{run.link.replace('>', '%3E').replace('<', '%3C')}>)"
    return f"{before}{core}{after}"


def _plain(text: str) -> str:
    return _text([Run(text)]) if text else ""


def _opened(line: str) -> str:
    """A line whose first sign would open a list, a heading or a rule."""
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", _OPENING.sub(r"\\\1", line))
