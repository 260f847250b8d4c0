"""A Word document as source lines: styles, lists, tables, boxes and notes in reading order."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from drafts.concept.importing.inline import (
    Piece,
    allowed_link,
    bold_lead,
    is_italic,
    to_html,
    to_text,
    trimmed,
    without_start,
)
from drafts.concept.importing.parsed import ImportReport, SourceLine
from drafts.concept.importing.word_package import UNREADABLE, check_package, refusal
from drafts.concept.importing.wording import names_columns

Element = Any  # lxml publishes no type for its elements

BROKEN = (*UNREADABLE, OpcError, KeyError, ValueError, AttributeError, TypeError, etree.LxmlError)
HEADING_STYLE = re.compile(r"(?:heading|überschrift) ?([1-9])$")
LIST_STYLE = re.compile(r"(?:list|liste|aufzählung|bullet)")
CONTENTS_STYLE = re.compile(r"(?:toc|verzeichnis|inhaltsverzeichnis)")
TYPED_BULLET = re.compile(r"[•·▪‣◦–-]\s+(?=\S)")
EMPHASIS = {"strong": "bold", "fett": "bold", "emphasis": "italic", "hervorhebung": "italic"}
STRUCK = {qn("w:del"), qn("w:moveFrom")}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
OUTSIDE_TEXT = {*STRUCK, FALLBACK, qn("w:txbxContent")}
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
SIGNS = {
    qn("w:tab"): " ",
    qn("w:br"): " ",
    qn("w:cr"): " ",
    qn("w:noBreakHyphen"): "-",
}


def word_lines(data: bytes, report: ImportReport) -> list[SourceLine]:
    """Return what a .docx says, line by line; raise ImportRefused if it cannot be opened."""
    check_package(data)
    try:
        document = docx.Document(BytesIO(data))
        body = document.element.body
        reader = _Reader(document, report)
    except BROKEN as error:
        raise refusal("broken") from error
    if body is None:
        raise refusal("broken")
    try:
        return [*reader.lines(body), *reader.note_lines()]
    except (KeyError, ValueError) as error:  # a number or reference in the XML makes no sense
        raise refusal("broken") from error


class _Reader:
    """Walks the document once; numbers paragraphs and tables as it meets them."""

    def __init__(self, document: Any, report: ImportReport) -> None:
        self.report = report
        self.number = 0
        self.part = document.part
        self.styles = {style.style_id: style for style in document.styles if style.style_id}
        self.notes = {kind: self._note_texts(kind) for kind in ("footnote", "endnote")}
        self.used_notes: list[str] = []
        self._flag_what_stays_behind(document)

    def lines(self, element: Element) -> Iterator[SourceLine]:
        for child in element:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:altChunk"):
                self._flag("embedded", "", "Ein eingebettetes Dokument wurde nicht übernommen.")
            elif child.tag not in (*STRUCK, FALLBACK):
                yield from self.lines(child)

    def note_lines(self) -> Iterator[SourceLine]:
        for place, text in enumerate(self.used_notes, start=1):
            self.number += 1
            words = [Piece(f"[{place}] {text}")]
            yield SourceLine(self.number, "note", to_text(words), to_html(words))

    # paragraphs

    def _paragraph(self, paragraph: Element) -> Iterator[SourceLine]:
        self.number += 1
        pieces = trimmed(self._pieces(paragraph))
        self._flag_pictures(paragraph, to_text(pieces))
        if pieces:
            yield self._line(paragraph, pieces)
        for box in paragraph.iter(qn("w:txbxContent")):
            is_copy = next(box.iterancestors(FALLBACK), None) is not None
            if not is_copy and next(box.iterancestors(qn("w:p"))) is paragraph:
                yield from self.lines(box)

    def _line(self, paragraph: Element, pieces: list[Piece]) -> SourceLine:
        kind, level = self._kind(paragraph)
        bullet = TYPED_BULLET.match(to_text(pieces))
        if bullet and kind in ("paragraph", "item"):
            kind, pieces = "item", without_start(pieces, bullet.end())
        sizes = [int(size.get(qn("w:val"), 0)) for size in paragraph.iter(qn("w:sz"))]
        return SourceLine(
            self.number,
            kind,
            to_text(pieces),
            to_html(pieces),
            level=level,
            lead=bold_lead(pieces),
            italic=is_italic(pieces),
            size=max(sizes, default=0),
        )

    def _kind(self, paragraph: Element) -> tuple[str, int]:
        """What the style says: kind of line, and depth of a heading or list point."""
        names = [name.lower() for name in self._style_names(paragraph)]
        outline = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        heading = next((found for name in names if (found := HEADING_STYLE.match(name))), None)
        if any(CONTENTS_STYLE.match(name) for name in names):
            return "contents", 0
        if {"title", "titel"} & set(names):
            return "title", 0
        if {"subtitle", "untertitel"} & set(names):
            return "motto", 0
        if heading:
            return "heading", int(heading[1])
        if outline is not None and outline.get(qn("w:val"), "9") in "012345678":
            return "heading", int(outline.get(qn("w:val"))) + 1
        return self._list_kind(paragraph, names)

    def _list_kind(self, paragraph: Element, names: list[str]) -> tuple[str, int]:
        numbering = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        number = None if numbering is None else numbering.find(qn("w:numId"))
        listed = number is not None and number.get(qn("w:val")) != "0"
        if not listed and not any(LIST_STYLE.match(name) for name in names):
            return "paragraph", 0
        depth = None if numbering is None else numbering.find(qn("w:ilvl"))
        return "item", int(depth.get(qn("w:val"), 0)) if depth is not None else 0

    def _style_names(self, paragraph: Element) -> Iterator[str]:
        """The paragraph's style and the styles that it is based on."""
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.styles.get(named.get(qn("w:val"))) if named is not None else None
        seen: set[str] = set()
        while style is not None and style.style_id not in seen:
            seen.add(style.style_id)
            yield style.name or ""
            style = getattr(style, "base_style", None)

    # inline text

    def _pieces(self, element: Element, href: str = "") -> Iterator[Piece]:
        for child in element:
            if child.tag == qn("w:r"):
                yield from self._run(child, href)
            elif child.tag == qn("w:hyperlink"):
                yield from self._pieces(child, self._target(child))
            elif child.tag == MATHS:
                yield Piece(child.text or "")
            elif child.tag not in OUTSIDE_TEXT:
                yield from self._pieces(child, href)

    def _run(self, run: Element, href: str) -> Iterator[Piece]:
        bold, italic = self._look(run)
        for child in run:
            text = SIGNS.get(child.tag, "")
            if child.tag == qn("w:t"):
                text = child.text or ""
            elif child.tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                text = self._note(child)
            if text:
                yield Piece(text, bold, italic, href)

    def _look(self, run: Element) -> tuple[bool, bool]:
        style = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
        named = self.styles.get(style.get(qn("w:val"))) if style is not None else None
        looks = {EMPHASIS.get((named.name or "").lower() if named is not None else "")}
        return (
            _is_on(run, "w:b") or "bold" in looks,
            _is_on(run, "w:i") or "italic" in looks,
        )

    def _target(self, hyperlink: Element) -> str:
        relation = self.part.rels.get(hyperlink.get(qn("r:id")))
        href = relation.target_ref if relation is not None and relation.is_external else ""
        if href and not allowed_link(href):
            self._flag(
                "link_dropped", href, "Dieser Verweis wurde entfernt, der Text ist geblieben."
            )
        return allowed_link(href)

    def _note(self, reference: Element) -> str:
        kind = "footnote" if reference.tag == qn("w:footnoteReference") else "endnote"
        text = self.notes[kind].get(reference.get(qn("w:id")))
        if text is None:
            return ""
        self.used_notes.append(text)
        return f" [{len(self.used_notes)}]"

    def _note_texts(self, kind: str) -> dict[str, str]:
        related = [r for r in self.part.rels.values() if r.reltype.endswith(f"/{kind}s")]
        return {
            note.get(qn("w:id")): _words(note)
            for relation in related
            for note in parse_xml(relation.target_part.blob).iter(qn(f"w:{kind}"))
            if note.get(qn("w:type")) is None
        }

    # tables

    def _table(self, table: Element) -> Iterator[SourceLine]:
        rows = [row for row in table.iter(qn("w:tr")) if _nearest(row, "w:tbl") is table]
        cells = [[c for c in row.iter(qn("w:tc")) if _nearest(c, "w:tr") is row] for row in rows]
        if sum(len(row) for row in cells) == 1:
            yield from self.lines(cells[0][0])
            return
        self.number += 1
        texts = [[text for cell in row for text in self._cell(cell)] for row in cells]
        texts = [row for row in texts if any(row)]
        if texts:
            has_head = _has_head(rows[0], cells[0]) and texts[0] == [
                text for cell in cells[0] for text in self._cell(cell)
            ]
            yield table_line(self.number, texts, has_head=has_head)

    def _cell(self, cell: Element) -> list[str]:
        """The text of a cell, followed by an empty one for each further column that it covers."""
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        width = int(span.get(qn("w:val"), 1)) if span is not None else 1
        texts = (
            to_text(self._pieces(paragraph)).strip()
            for paragraph in cell.iter(qn("w:p"))
            if next(paragraph.iterancestors(FALLBACK), None) is None
        )
        return [" ".join(text for text in texts if text), *[""] * (min(width, 64) - 1)]

    # what is not taken over

    def _flag(self, code: str, text: str, sentence: str) -> None:
        self.report.flag(code, self.number, text, sentence)

    def _flag_pictures(self, paragraph: Element, text: str) -> None:
        if any(next(paragraph.iter(tag), None) is not None for tag in PICTURES):
            sentence = "Ein Bild wurde nicht übernommen. Fügen Sie es im Abschnitt neu ein."
            self._flag("picture", text, sentence)

    def _flag_what_stays_behind(self, document: Any) -> None:
        body = document.element.body
        if body is not None and any(next(body.iter(tag), None) is not None for tag in STRUCK):
            sentence = "Das Dokument enthält nachverfolgte Änderungen; sie gelten als angenommen."
            self._flag("tracked_changes", "", sentence)
        if any(relation.reltype.endswith("/comments") for relation in self.part.rels.values()):
            sentence = "Word-Kommentare wurden nicht übernommen."
            self._flag("comments", "", sentence)
        edges = {
            paragraph.text.strip()
            for section in document.sections
            for edge in (section.header, section.footer)
            if not edge.is_linked_to_previous
            for paragraph in edge.paragraphs
        }
        for text in sorted(edges - {""}):
            self._flag("header_footer", text, "Kopf- und Fußzeilen wurden nicht übernommen.")


def table_line(number: int, rows: list[list[str]], *, has_head: bool) -> SourceLine:
    """Return a table whose first row is its head if `has_head`; all rows get the same width.

    Few files mark the head, so a row with the names of columns of measures is one as well.
    """
    width = max(map(len, rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    text = " | ".join(cell for row in rows for cell in row if cell)
    has_head = has_head or names_columns(rows[0])
    head, rows = (rows[0], rows[1:]) if has_head else ([], rows)
    return SourceLine(number, "table", text, head=head, rows=rows)


def _has_head(row: Element, cells: list[Element]) -> bool:
    if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return True
    runs = [run for cell in cells for run in cell.iter(qn("w:r")) if _words(run).strip()]
    return bool(runs) and all(_is_on(run, "w:b") for run in runs)


def _is_on(run: Element, tag: str) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn(tag)}")
    return mark is not None and mark.get(qn("w:val"), "true") not in ("0", "false", "off")


def _nearest(element: Element, tag: str) -> Element:
    return next(element.iterancestors(qn(tag)), None)


def _words(element: Element) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t"))).strip()
