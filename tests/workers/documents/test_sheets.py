import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest

from workers.documents.sheets import LONGEST, Sheet, csv_of, xlsx_of

DAY = date(2026, 11, 22)


def opened(*sheets: Sheet, language: str = "de"):
    content = xlsx_of(sheets, title="Synopse", language=language, date=DAY)
    return openpyxl.load_workbook(BytesIO(content))


def test_cells_are_read_back_as_they_were_given():
    rows = [["3.1", 2, 1.5, DAY, None], ["Ziel", -3, 0, DAY, "Ende"]]
    page = opened(Sheet("Synopse", ["a", "b", "c", "d", "e"], rows)).worksheets[0]
    found = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert [found[0][0], found[0][1], found[0][2], found[0][4]] == ["3.1", 2, 1.5, None]
    assert found[0][3].date() == DAY
    assert found[1][1] == -3


@pytest.mark.parametrize("text", ["=1+1", "+49", "-Punkt", "@SUM(A1)", "\tx", '=cmd|" /C calc"!A0'])
def test_text_never_becomes_a_formula(text):
    cell = opened(Sheet("S", ["a"], [[text]])).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    line = csv_of(Sheet("S", ["a"], [[text]])).decode("utf-8-sig").split("\r\n")[1]
    assert next(csv.reader(StringIO(line)))[0] == f"'{text}"


def test_header_row_stands_still_and_is_filtered():
    book = opened(Sheet("S", ["a", "b"], [["x", "y"]], widths=[8, 60]))
    page = book.worksheets[0]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B2"
    assert page.column_dimensions["B"].width == 60
    assert page["A1"].font.bold
    assert book.properties.language == "de"


def test_arabic_sheet_starts_on_the_right():
    page = opened(Sheet("S", ["a"], []), language="ar").worksheets[0]
    assert page.sheet_view.rightToLeft


def test_strange_texts_and_names_are_taken():
    page = opened(Sheet("a/b:c*" + "x" * 40, ["a"], [["x\x07y"], ["z" * 40_000]])).worksheets[0]
    assert len(page.title) == 31
    assert page["A2"].value == "xy"
    assert len(page["A3"].value) == LONGEST
    assert page["A3"].value.endswith("[…]")


def test_csv_has_a_mark_for_excel_and_keeps_numbers():
    content = csv_of(Sheet("S", ["Größe", "Zahl"], [['"zitiert"; mit\nZeile', -3], [None, DAY]]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [["Größe", "Zahl"], ['"zitiert"; mit\nZeile', "-3"], ["", "2026-11-22"]]


def test_same_sheets_give_the_same_bytes():
    sheet = Sheet("S", ["a"], [["x"]])
    first = xlsx_of([sheet], title="T", language="de", date=DAY)
    assert first == xlsx_of([sheet], title="T", language="de", date=DAY)
    assert opened(sheet).properties.modified.date() == DAY


def test_a_wide_table_is_printed_on_pages_beside_each_other_and_can_be_read():
    wide = Sheet("Synopse", ["Nr.", *"abcdefghi"], [["1"] * 10], widths=[10, *[60] * 9])
    page = opened(wide).worksheets[0]
    assert page.page_setup.fitToWidth == 3
    assert page.print_title_cols == "$A:$A"


def test_rows_have_room_for_their_longest_text():
    rows = [["kurz", "kurz"], ["kurz", "lang " * 40], ["zwei\nZeilen", ""], ["", "x" * 40_000]]
    page = opened(Sheet("S", ["a", "b"], rows, widths=[10, 50])).worksheets[0]
    assert [page.row_dimensions[number].height for number in range(1, 6)] == [15, 15, 75, 30, 409]
