"""Reading a table from CSV or XLSX: every row of the file is in the result, also a broken one."""

import codecs
import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import zip_longest
from typing import Any

from consult.intake.services.files import LARGEST, FileRefused, parts_of_package

MOST_ROWS = 20_000
MOST_COLUMNS = 60
DELIMITERS = (";", ",", "\t")
# A cell with more line breaks than this is no text but a quotation mark that nobody has closed.
MOST_LINES_A_ROW = 60
SAMPLE = 50  # rows from which the delimiter is told
UNREADABLE = "\N{REPLACEMENT CHARACTER}"


class TableRefused(Exception):
    """The file cannot be read as a table; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Row:
    """One row as the file shows it: `number` counts from 1 with the header, `faults` are codes."""

    number: int
    cells: list[str]
    faults: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.faults and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """A header and its rows; `read_as` says how the file was understood."""

    header: list[str]
    rows: list[Row]
    read_as: dict[str, str] = field(default_factory=dict)


def read_table(content: bytes) -> Table:
    """Read CSV (UTF-8, UTF-16 or Windows-1252; semicolon, comma or tab) or the first XLSX sheet.

    Empty rows at the end are left out, others are kept. Raises TableRefused: empty, too_large,
    too_many_rows, no_header, broken, wrong_kind.
    """
    if not content.strip():
        raise TableRefused("empty")
    if len(content) > LARGEST:
        raise TableRefused("too_large")
    rows, read_as = _xlsx(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    while rows and rows[-1].is_empty:
        rows.pop()
    if not rows or rows[0].is_empty or rows[0].faults:
        raise TableRefused("no_header")
    if len(rows) > MOST_ROWS + 1:
        raise TableRefused("too_many_rows")
    header = [cell.strip() for cell in rows[0].cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise TableRefused("wrong_kind")
    return Table(header, [_fitted(row, len(header)) for row in rows[1:]], read_as)


def _fitted(row: Row, width: int) -> Row:
    beyond = [cell for cell in row.cells[width:] if cell.strip()]
    cells = [*row.cells[:width], *[""] * (width - len(row.cells))]
    return Row(row.number, cells, (*row.faults, "columns") if beyond else row.faults)


def _csv(content: bytes) -> tuple[list[Row], dict[str, str]]:
    text, encoding = _decoded(content)
    if "\x00" in text[:4096]:
        raise TableRefused("wrong_kind")
    lines = list(StringIO(text, newline=""))
    delimiter = max(DELIMITERS, key=lambda sign: _fits(lines, sign))
    return list(_records(lines, delimiter)), {"encoding": encoding, "delimiter": delimiter}


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig", errors="replace"), "UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    text = content.decode("utf-8", errors="replace")
    broken = text.count(UNREADABLE)
    whole = sum(not sign.isascii() for sign in text) - broken
    # A few broken places in a UTF-8 file are reported row by row; many mean another encoding.
    if broken <= whole:
        return text, "UTF-8"
    return content.decode("cp1252", errors="replace"), "Windows-1252"


def _fits(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = [len(row.cells) for row in _records(lines[:SAMPLE], delimiter) if not row.is_empty]
    same = sum(width == widths[0] for width in widths) if widths and widths[0] > 1 else 0
    return same, widths[0] if widths else 0


def _records(lines: list[str], delimiter: str) -> Iterator[Row]:
    at, number = 0, 1
    while at < len(lines):
        reader = csv.reader(lines[at : at + MOST_LINES_A_ROW], delimiter=delimiter, strict=True)
        try:
            yield Row(number, next(reader))
            at += max(reader.line_num, 1)
        except csv.Error:
            # Only this line is lost; the next ones are read on their own.
            yield Row(number, lines[at].rstrip("\r\n").split(delimiter), ("quotes",))
            at += 1
        number += 1


def _xlsx(content: bytes) -> tuple[list[Row], dict[str, str]]:
    from openpyxl import load_workbook

    try:
        if "xl/workbook.xml" not in parts_of_package(content):
            raise TableRefused("wrong_kind")
        values, formulas = (
            load_workbook(BytesIO(content), read_only=True, data_only=only)
            for only in (True, False)
        )
        sheets = values.worksheets[0], formulas.worksheets[0]
        rows = [
            _xlsx_row(number, cells, typed)
            for number, (cells, typed) in enumerate(
                zip_longest(*(_sheet_rows(sheet) for sheet in sheets), fillvalue=()), start=1
            )
        ]
    except FileRefused as refused:
        raise TableRefused(refused.code) from refused
    except (KeyError, ValueError, IndexError, TypeError, zipfile.BadZipFile, OSError) as problem:
        raise TableRefused("broken") from problem
    return rows, {"sheet": values.sheetnames[0]}


def _sheet_rows(sheet) -> Iterator[tuple[Any, ...]]:
    # What a file says of its own size need not be true.
    sheet.reset_dimensions()
    yield from sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)


def _xlsx_row(number: int, values: tuple[Any, ...], typed: tuple[Any, ...]) -> Row:
    cells, faults = [], set()
    for value, formula in zip_longest(values, typed):
        is_formula = isinstance(formula, str) and formula.startswith("=")
        if is_formula and value is None:
            faults.add("formula")
        if isinstance(value, str) and is_formula and value.startswith("#"):
            faults.add("formula")
        cells.append(_in_words(value))
    return Row(number, cells, tuple(sorted(faults)))


def _in_words(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
