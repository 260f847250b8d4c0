"""A Markdown file as source lines; inline marks are read by mistune, blocks keep their line."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from mistune.inline_parser import InlineParser

from drafts.concept.importing.inline import (
    Piece,
    allowed_link,
    bold_lead,
    is_italic,
    to_html,
    to_text,
    trimmed,
)
from drafts.concept.importing.parsed import ImportReport, SourceLine
from drafts.concept.importing.word import table_line

LINE_END = re.compile(r"\r\n?|\n")
HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})$")
ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
QUOTE = re.compile(r" {0,3}> ?")
TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?\s*)?$")
CELL_BORDER = re.compile(r"(?<!\\)\|")
INDENT = 2
WIDEST_WRAP = 120


class _Raw(NamedTuple):
    """Consecutive lines of one kind, still with their inline marks."""

    kind: str
    number: int
    lines: list[str]
    level: int = 0


def markdown_lines(text: str, report: ImportReport) -> list[SourceLine]:
    """Return what a Markdown text says, block by block, numbered by its first line."""
    inline = _Inline(report)
    blocks = (part for raw in _raw_blocks(text) for part in _paragraphs(raw))
    return [line for raw in blocks if (line := inline.line(raw)).text]


def _raw_blocks(text: str) -> Iterator[_Raw]:
    block: _Raw | None = None
    for number, line in enumerate(LINE_END.split(text), start=1):
        line = QUOTE.sub("", line)
        found = _kind(line, block, number)
        if block and found is block:
            block.lines.append(line)
            continue
        if block:
            yield block
        block = found
    if block:
        yield block


def _paragraphs(raw: _Raw) -> Iterator[_Raw]:
    """Plain text without empty lines has one paragraph a line: nobody wraps at such a width."""
    narrow = max(map(len, raw.lines)) <= WIDEST_WRAP
    if raw.kind == "table" or narrow or UNDERLINE.match(raw.lines[-1]):
        yield raw
        return
    yield raw._replace(lines=raw.lines[:1])
    for offset, line in enumerate(raw.lines[1:], start=1):
        yield _Raw("paragraph", raw.number + offset, [line])


def _kind(line: str, block: _Raw | None, number: int) -> _Raw | None:
    """The block that this line opens or, if it is the one before, continues."""
    if not line.strip():
        return None
    if heading := HEADING.match(line):
        return _Raw("heading", number, [heading[2] or ""], len(heading[1]))
    underline = UNDERLINE.match(line)
    if underline and block and block.kind == "paragraph":
        return block
    if RULE.match(line):
        return None
    if item := ITEM.match(line):
        depth = len(item[1].expandtabs(4)) // INDENT
        return _Raw("item", number, [line[item.end() :]], depth)
    if TABLE_ROW.match(line):
        return block if block and block.kind == "table" else _Raw("table", number, [line])
    if block and block.kind in ("paragraph", "item"):
        return block
    return _Raw("paragraph", number, [line])


class _Inline:
    """Turns raw blocks into source lines."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        self.parser = InlineParser()

    def line(self, raw: _Raw) -> SourceLine:
        if raw.kind == "table":
            return self._table(raw)
        kind, level, lines = raw.kind, raw.level, raw.lines
        underline = UNDERLINE.match(lines[-1]) if len(lines) > 1 else None
        if kind == "paragraph" and underline:
            kind, level, lines = "heading", 1 if "=" in underline[1] else 2, lines[:-1]
        pieces = self._pieces(raw.number, " ".join(line.strip() for line in lines))
        return SourceLine(
            raw.number,
            kind,
            to_text(pieces),
            to_html(pieces),
            level=level,
            lead=bold_lead(pieces),
            italic=is_italic(pieces),
        )

    def _table(self, raw: _Raw) -> SourceLine:
        has_head = len(raw.lines) > 1 and bool(TABLE_RULE.match(raw.lines[1]))
        lines = [raw.lines[0], *raw.lines[2:]] if has_head else raw.lines
        rows = [self._cells(raw.number, line) for line in lines if not TABLE_RULE.match(line)]
        if has_head and rows and not any(rows[0]):
            has_head, rows = False, rows[1:]
        return table_line(raw.number, rows, has_head=has_head)

    def _cells(self, number: int, line: str) -> list[str]:
        cells = CELL_BORDER.split(line.strip().removeprefix("|").removesuffix("|"))
        return [to_text(self._pieces(number, cell.replace("\\|", "|"))) for cell in cells]

    def _pieces(self, number: int, text: str) -> list[Piece]:
        return trimmed(self._walk(number, self.parser(text, {}), Piece("")))

    def _walk(self, number: int, tokens: list[dict[str, Any]], look: Piece) -> Iterator[Piece]:
        for token in tokens:
            kind = token["type"]
            if kind in ("linebreak", "softbreak"):
                yield look._replace(text=" ")
            elif "children" in token:
                yield from self._walk(number, token["children"], self._look(number, token, look))
            else:
                raw = token.get("raw", "")
                yield look._replace(text=raw if kind == "codespan" else unescape(raw))

    def _look(self, number: int, token: dict[str, Any], look: Piece) -> Piece:
        match token["type"]:
            case "strong":
                return look._replace(bold=True)
            case "emphasis":
                return look._replace(italic=True)
            case "link":
                return look._replace(href=self._target(number, token["attrs"]["url"]))
            case "image":
                sentence = "Ein Bild wurde nicht übernommen. Fügen Sie es im Abschnitt neu ein."
                self.report.flag("picture", number, token["attrs"]["url"], sentence)
        return look

    def _target(self, number: int, href: str) -> str:
        if not allowed_link(href):
            sentence = "Dieser Verweis wurde entfernt, der Text ist geblieben."
            self.report.flag("link_dropped", number, href, sentence)
        return allowed_link(href)
