"""DOCX with python-docx: real headings, lists and header rows, in the language of the document."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from workers.documents.archive import settled_zip
from workers.documents.parts import (
    Document,
    Facts,
    Goal,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Quote,
    Run,
    Table,
    Text,
    direction,
    named,
    plain,
    printable,
    runs,
)
from workers.documents.word_xml import (
    FONT,
    bidi,
    break_before,
    child,
    element,
    field,
    field_mark,
    link,
    set_fonts,
    set_values,
    shade,
)

BRAND = (0x0C, 0x54, 0x43)
INK = (0x16, 0x20, 0x1C)
QUIET = (0x44, 0x51, 0x4B)
MARGIN = 22  # millimetres
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
NUMBER = re.compile(r"\d[\d.]*[a-z]")  # "3.1.a" would be shown as "a.3.1" from right to left
# What Word can read; other pictures are named by their alternative text.
READABLE = {"image/png", "image/jpeg", "image/gif"}
REGIONS = {"de": "de-DE", "en": "en-GB", "tr": "tr-TR", "ar": "ar-SA", "uk": "uk-UA"}


def docx_of(document: Document) -> bytes:
    """Return a document as DOCX.

    Title, language and date stand in the properties; headings and goals have heading styles, so
    that Word lists them; each table's header row is marked and repeated; texts in another
    language or direction carry theirs. The same document gives the same bytes.
    """
    return settled_zip(_Writer(document).written(), document.date)


class _Writer:
    def __init__(self, document: Document) -> None:
        import docx

        self.document = document = printable(document)
        self.file = docx.Document()
        self.rtl = direction(document.language) == "rtl"
        self.marks = 0
        self.is_new_page = False
        self.printers: dict[type, Callable[[Any], None]] = {
            Heading: self.heading,
            Paragraph: self.paragraph,
            Items: self.items,
            Table: self.table,
            Quote: self.quote,
            Note: self.note,
            Facts: self.facts,
            Goal: self.goal,
            Picture: self.picture,
            PageBreak: lambda _part: self.new_page(),
        }

    def written(self) -> bytes:
        self.properties()
        self.styles()
        self.page()
        self.front()
        for part in self.document.body:
            self.part(part)
        stream = BytesIO()
        self.file.save(stream)
        return stream.getvalue()

    def part(self, part: Part) -> None:
        written = self.file.element.body
        before = len(written)
        self.printers[type(part)](part)
        if self.is_new_page and len(written) > before:
            break_before(written[before - 1])  # what ends the body describes its pages
            self.is_new_page = False

    def new_page(self) -> None:
        """A break of its own would leave an empty page where the one before is full."""
        self.is_new_page = True

    def properties(self) -> None:
        day = self.document.date
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).replace(tzinfo=None)
        properties = self.file.core_properties
        properties.title = self.document.title
        properties.subject = self.document.subtitle
        properties.author = self.document.publisher
        properties.last_modified_by = self.document.publisher
        properties.comments = self.document.description
        properties.identifier = self.document.identifier
        properties.language = _region(self.document.language)
        properties.created = properties.modified = at
        properties.revision = 1

    def styles(self) -> None:
        from docx.shared import Pt, RGBColor

        sizes = {"Normal": 10.5, "Title": 24, "Subtitle": 13, "Heading 1": 17}
        sizes |= {"Heading 2": 13, "Heading 3": 11, "Heading 4": 10.5}
        for name, size in sizes.items():
            style = self.file.styles[name]
            style.font.name, style.font.size = FONT, Pt(size)
            colour = BRAND if name.startswith("Heading") or name == "Title" else INK
            style.font.color.rgb = RGBColor(*colour)
            set_fonts(style.element.get_or_add_rPr())
        languages = child(self.file.styles["Normal"].element.get_or_add_rPr(), "w:lang")
        code = _region(self.document.language)
        set_values(languages, **{"w:bidi" if self.rtl else "w:val": code})
        set_values(
            languages, **{"w:val" if self.rtl else "w:bidi": "de-DE" if self.rtl else "ar-SA"}
        )
        if self.rtl:
            for name in (*sizes, "List Bullet", "List Number", "Quote"):
                bidi(self.file.styles[name].element.get_or_add_pPr())

    def page(self) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        section = self.file.sections[0]
        sides = (Mm(210), Mm(297))
        if self.document.is_landscape:
            section.orientation, sides = WD_ORIENT.LANDSCAPE, (sides[1], sides[0])
        section.page_width, section.page_height = sides
        section.left_margin = section.right_margin = Mm(MARGIN)
        head = " · ".join(filter(None, [self.document.title, self.document.mark]))
        section.header.paragraphs[0].text = head
        foot = section.footer.paragraphs[0]
        words = self.document.words
        line = " · ".join(filter(None, [self.document.date_text, self.document.footer]))
        foot.add_run(f"{line} · {words.page} ")
        field(foot, "PAGE")
        foot.add_run(f" {words.of} ")
        field(foot, "NUMPAGES")

    def front(self) -> None:
        document = self.document
        if document.publisher:
            self.file.add_paragraph(document.publisher)
        if document.mark:
            self.text(self.file.add_paragraph(), [Run(document.mark, bold=True)])
        self.file.add_paragraph(document.title, style="Title")
        if document.subtitle:
            self.file.add_paragraph(document.subtitle, style="Subtitle")
        self.facts(Facts(document.facts))
        if document.has_contents:
            self.contents()
        if document.has_cover:
            self.new_page()

    def contents(self) -> None:
        """The list of headings, as a field: Word adds page numbers when it is asked to renew it."""
        entries = [_entry(part) for part in self.document.body if isinstance(part, Heading | Goal)]
        self.file.add_paragraph(self.document.words.contents, style="TOC Heading")
        paragraphs = [self.file.add_paragraph() for _line in range(max(len(entries), 1))]
        first, last = paragraphs[0], paragraphs[-1]
        for kind in ("begin", r'TOC \o "1-3" \h \z \u', "separate"):
            first.add_run()._r.append(field_mark(kind))
        for paragraph, entry in zip(paragraphs, entries, strict=False):
            self.text(paragraph, [entry])
        last.add_run()._r.append(field_mark("end"))

    def heading(self, part: Heading) -> None:
        paragraph = self.file.add_heading(level=part.level)
        number = [Run(f"{part.number}  ")] if part.number else []
        self.text(paragraph, [*number, *runs(part.text)], part.language)
        self.bookmark(paragraph, part.anchor)

    def paragraph(self, part: Paragraph) -> None:
        from docx.shared import Pt

        paragraph = self.file.add_paragraph()
        number = [Run(f"({part.number}) ")] if part.number else []
        self.text(paragraph, [*number, *runs(part.text)], part.language)
        if part.kind != "body":
            for run in paragraph.runs:
                run.font.size = Pt(12 if part.kind == "lead" else 9)

    def items(self, part: Items) -> None:
        style = "List Number" if part.is_numbered else "List Bullet"
        lead = f"({part.number}) " if part.number else ""
        restart = self.new_numbering() if part.is_numbered else None
        for position, item in enumerate(part.items):
            paragraph = self.file.add_paragraph(style=style)
            if restart is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = restart
            number = [Run(lead)] if lead and not position else []
            self.text(paragraph, [*number, *runs(item)], part.language)

    def new_numbering(self) -> int:
        """A numbering that starts again with 1, as every list does."""
        numbering = self.file.part.numbering_part.numbering_definitions._numbering
        style = self.file.styles["List Number"].element.pPr.numPr.numId.val
        template = numbering.num_having_numId(style)
        new = numbering.add_num(template.abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(1)
        return new.numId

    def table(self, part: Table) -> None:
        if part.caption:
            self.file.add_paragraph(
                part.caption, style="Caption"
            ).paragraph_format.keep_with_next = True
        table = self.new_table(len(part.rows) + 1, len(part.head), part.widths)
        for row, cells in zip(table.rows, [part.head, *part.rows], strict=True):
            self.row(row, cells, part)
        first = table.rows[0]
        child(first._tr.get_or_add_trPr(), "w:tblHeader")
        for cell in first.cells:
            shade(cell)
            for run in cell.paragraphs[0].runs:
                run.font.bold = True

    def row(self, row, cells: Sequence[Text], part: Table) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        child(row._tr.get_or_add_trPr(), "w:cantSplit")
        for column, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            paragraph = cell.paragraphs[0]
            self.text(paragraph, text, part.language)
            if column in part.is_numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            for run in paragraph.runs:
                run.font.size = Pt(9)

    def bookmark(self, paragraph, name: str) -> None:
        if not name:
            return
        self.marks += 1
        start, end = element("w:bookmarkStart"), element("w:bookmarkEnd")
        set_values(start, **{"w:id": str(self.marks), "w:name": name[:40]})
        set_values(end, **{"w:id": str(self.marks)})
        paragraph._p.insert(1, start)
        paragraph._p.append(end)

    def new_table(self, rows: int, columns: int, widths: Sequence[float]):
        from docx.shared import Mm

        table = self.file.add_table(rows, columns, style="Table Grid")
        if self.rtl:
            table._tbl.tblPr.insert_element_before(element("w:bidiVisual"), "w:tblW", "w:tblLook")
        room = Mm(297 if self.document.is_landscape else 210) - 2 * Mm(MARGIN)
        shares = list(widths) or [1.0] * columns
        for column, share in zip(table.columns, shares, strict=True):
            column.width = int(room * share / sum(shares))
        return table

    def quote(self, part: Quote) -> None:
        paragraph = self.file.add_paragraph(style="Quote")
        self.text(paragraph, part.text, part.language)
        if part.source:
            self.paragraph(Paragraph(part.source, kind="small"))

    def note(self, part: Note) -> None:
        table = self.new_table(1, 1, ())
        cell = table.rows[0].cells[0]
        shade(cell)
        title = [Run(f"{part.title}: ", bold=True)] if part.title else []
        self.text(cell.paragraphs[0], [*title, *runs(part.text)])
        self.file.add_paragraph()

    def facts(self, part: Facts) -> None:
        for name, value in part.pairs:
            self.text(self.file.add_paragraph(), [Run(f"{named(name)} ", bold=True), *runs(value)])

    def goal(self, part: Goal) -> None:
        paragraph = self.file.add_heading(part.label, level=part.level)
        self.bookmark(paragraph, part.anchor)
        wording = self.file.add_paragraph()
        self.text(wording, part.wording, part.language)
        for run in wording.runs:
            run.font.bold = True

    def picture(self, part: Picture) -> None:
        from docx.shared import Mm

        if part.media_type in READABLE:
            shown = self.file.add_picture(BytesIO(part.content), width=Mm(150))
            set_values(shown._inline.docPr, descr=part.alternative)
        else:
            self.paragraph(Paragraph(part.alternative))
        if part.caption:
            self.file.add_paragraph(part.caption, style="Caption")

    def text(self, paragraph, text: Text, language: str = "") -> None:
        for run in runs(text):
            self.run(paragraph, run, run.language or language)
        if language and direction(language) != direction(self.document.language):
            mark = bidi(paragraph._p.get_or_add_pPr())
            set_values(mark, **{"w:val": "1" if direction(language) == "rtl" else "0"})

    def run(self, paragraph, run: Run, language: str) -> None:
        is_web = run.link.startswith(("https://", "http://", "mailto:"))
        is_number = self.rtl and NUMBER.fullmatch(run.text)
        shown = paragraph.add_run(f"{LEFT_TO_RIGHT}{run.text}" if is_number else run.text)
        shown.bold, shown.italic = run.bold or None, run.italic or None
        shown.font.strike = run.change == "struck" or None
        shown.font.underline = (run.change == "added" or bool(run.link)) or None
        code = language or self.document.language
        if direction(code) == "rtl":
            child(shown._r.get_or_add_rPr(), "w:rtl")
        if language:
            name = "w:bidi" if direction(code) == "rtl" else "w:val"
            set_values(child(shown._r.get_or_add_rPr(), "w:lang"), **{name: _region(code)})
        if is_web or run.link.startswith("#"):
            link(paragraph, shown, run.link)


def _region(language: str) -> str:
    code = language.split("-")[0]
    return REGIONS.get(code, code)


def _entry(part: Heading | Goal) -> Run:
    if isinstance(part, Goal):
        return Run(part.label, link=f"#{part.anchor}" if part.anchor else "")
    title = " ".join(filter(None, [part.number, plain(part.text)]))
    return Run(title, link=f"#{part.anchor}" if part.anchor else "", bold=part.level == 1)
