"""Tables as XLSX and CSV.

    from workers.documents.sheets import Sheet, csv_of, xlsx_of

    sheet = Sheet("Synopse", ["Nr.", "Alter Wortlaut"], [["3.1", "..."]], widths=[8, 60])
    xlsx_of([sheet], title="Synopse", language="de", date=day)
    csv_of(sheet)

No cell is ever a formula. In XLSX a text that begins with `=`, `+`, `-`, `@`, tab or carriage
return is stored as text and marked as such, with its characters unchanged. CSV knows no types: an
apostrophe is put before such a text (OWASP, CSV injection), numbers stay numbers.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from math import ceil
from typing import Any

from workers.documents.archive import settled_zip
from workers.documents.parts import direction

Cell = str | int | float | Decimal | date | datetime | None

RISKY = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 24  # characters of a column that names none
WIDTH_OF_PAGE = 180  # characters beside each other that can still be read on A4
LINE, HIGHEST = 15, 409  # points; Excel has no higher rows
LONGEST = 32_767  # characters that a cell of Excel holds
CUT = " […]"


@dataclass(frozen=True)
class Sheet:
    """A table with one header row; `widths` in characters, one a column."""

    name: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float] = ()


def xlsx_of(sheets: Sequence[Sheet], *, title: str, language: str, date: date) -> bytes:
    """Return sheets as XLSX: header row frozen and filtered, long texts wrapped.

    A text longer than 32,767 characters is cut and ends with "[…]" (a limit of Excel). The same
    sheets give the same bytes.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    at = datetime(date.year, date.month, date.day, 12, tzinfo=UTC).replace(tzinfo=None)
    properties = book.properties
    properties.title, properties.language = title, language
    properties.creator = None
    properties.created = properties.modified = at
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        page.sheet_view.rightToLeft = direction(language) == "rtl"
        _fill(page, sheet)
    stream = BytesIO()
    _save(book, stream, at)
    return settled_zip(stream.getvalue(), date)


def csv_of(sheet: Sheet) -> bytes:
    """Return a sheet as CSV: UTF-8 with byte order mark, semicolons, CRLF, every text quoted.

    So Excel opens it with umlauts and columns in German and most other settings.
    """
    stream = StringIO()
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_csv_cell(name) for name in sheet.head])
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(value: Cell) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(RISKY) else value
    return value


def _fill(page, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, row in enumerate([sheet.head, *sheet.rows], 1):
        for column, value in enumerate(row, 1):
            _write(page.cell(number, column), value)
    for cell in page[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F4F6F2")
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    widths = sheet.widths or [WIDTH] * len(sheet.head)
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate([sheet.head, *sheet.rows], 1):
        page.row_dimensions[number].height = _height(row, widths)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.head))}{len(sheet.rows) + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.print_title_cols = "A:A"
    page.page_setup.fitToWidth = max(1, round(sum(widths) / WIDTH_OF_PAGE))
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _height(row: Sequence[Cell], widths: Sequence[float]) -> float:
    """The height of a row in points: not every program makes room for wrapped texts itself."""
    lines = [
        sum(max(1, ceil(1.1 * len(part) / width)) for part in str(value).split("\n"))
        for value, width in zip(row, widths, strict=True)
        if value is not None
    ]
    return min(LINE * max(lines, default=1), HIGHEST)


def _write(cell, value: Cell) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _fitting(value)
    cell.data_type = "s"  # openpyxl reads a leading "=" as a formula
    cell.quotePrefix = value.startswith(RISKY)


def _fitting(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return clean if len(clean) <= LONGEST else clean[: LONGEST - len(CUT)] + CUT


def _sheet_name(name: str) -> str:
    """A name that Excel takes: 31 characters, without []:*?/\\."""
    return "".join(" " if sign in "[]:*?/\\" else sign for sign in name)[:31] or "1"


def _save(book, stream: BytesIO, at: datetime) -> None:
    from zipfile import ZIP_DEFLATED, ZipFile

    from openpyxl.writer.excel import ExcelWriter

    # Workbook.save() would set the time of the last change to now.
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        writer = ExcelWriter(book, archive)
        book.properties.modified = at
        writer.save()
