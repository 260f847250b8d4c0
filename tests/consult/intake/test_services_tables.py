"""Reading tables as they come: encodings, separators, broken lines, workbooks."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from openpyxl import Workbook

from consult.intake.services import tables
from consult.intake.services.tables import TableRefused, read_table

TEXT = "Beitrag;Ort\nMehr Bänke;Süd\nMehr „Grün“;Nord\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_an_encoding_is_told_from_the_bytes(encoding, told):
    table = read_table(TEXT.encode(encoding))
    assert table.header == ["Beitrag", "Ort"]
    assert [row.cells for row in table.rows] == [["Mehr Bänke", "Süd"], ["Mehr „Grün“", "Nord"]]
    assert table.read_as["encoding"] == told


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_a_separator_is_told_from_the_rows(sign):
    text = f'Beitrag{sign}Ort\n"Bänke{sign} viele";Süd\nBusse{sign}Nord\nKurse{sign}Ost\n'
    table = read_table(text.replace(";Süd", f"{sign}Süd").encode())
    assert table.read_as["delimiter"] == sign
    assert table.rows[0].cells == [f"Bänke{sign} viele", "Süd"]


def test_one_broken_byte_makes_one_bad_row_not_another_encoding():
    content = TEXT.encode().replace(b"Nord", b"N\xe4rd")
    table = read_table(content)
    assert table.read_as["encoding"] == "UTF-8"
    assert table.rows[0].cells == ["Mehr Bänke", "Süd"]
    assert "\N{REPLACEMENT CHARACTER}" in table.rows[1].cells[1]


def test_a_quotation_mark_that_nobody_closed_costs_one_row():
    lines = ["Beitrag;Ort", '"Offen;Süd', *(f"Zeile {n};Nord" for n in range(200))]
    table = read_table("\n".join(lines).encode())
    assert len(table.rows) == 201
    assert [row.number for row in table.rows if row.faults] == [2]
    assert table.rows[0].faults == ("quotes",)


def test_a_line_break_inside_quotation_marks_is_one_row():
    table = read_table(b'Beitrag;Ort\n"Erste Zeile\nzweite Zeile";Sued\n')
    assert [row.cells for row in table.rows] == [["Erste Zeile\nzweite Zeile", "Sued"]]


def test_empty_rows_are_kept_inside_and_left_out_at_the_end():
    table = read_table(b"Beitrag;Ort\nEins;a\n;\nZwei;b\n;;\n\n")
    assert [(row.number, row.is_empty) for row in table.rows] == [(2, False), (3, True), (4, False)]


def test_more_cells_than_the_header_is_a_fault_fewer_is_none():
    table = read_table(b"Beitrag;Ort\nEins\nZwei;b;c\n")
    assert [row.faults for row in table.rows] == [(), ("columns",)]
    assert table.rows[0].cells == ["Eins", ""]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b" \n\n", "empty"), (b"\n;;\n", "no_header"),
        (b"PK\x03\x04 nonsense", "broken"), (b"\x00\x01\x02\x03;\x00", "wrong_kind"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(content, code):
    with pytest.raises(TableRefused, match=code):
        read_table(content)


def test_a_table_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read_table(b"A;B\n" + b"1;2\n" * 3).rows) == 3
    with pytest.raises(TableRefused, match="too_many_rows"):
        read_table(b"A;B\n" + b"1;2\n" * 4)


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_gives_days_and_whole_numbers_as_people_write_them():
    table = read_table(
        workbook(["Beitrag", "Tag", "Zahl"], ["Eins", date(2027, 2, 10), 3.0], [None, None, 2.5])
    )
    assert [row.cells for row in table.rows] == [["Eins", "2027-02-10", "3"], ["", "", "2.5"]]


def test_a_formula_without_a_result_is_a_fault():
    [row] = read_table(workbook(["Beitrag", "Ort"], ["=1+1", "Süd"])).rows
    assert row.faults == ("formula",)


def test_a_workbook_that_unpacks_to_too_much_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * (81 * 1024 * 1024))
    assert len(file.getvalue()) < 1024 * 1024
    with pytest.raises(TableRefused, match="too_large"):
        read_table(file.getvalue())


def test_a_package_that_is_no_workbook_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<w/>")
    with pytest.raises(TableRefused, match="wrong_kind"):
        read_table(file.getvalue())
