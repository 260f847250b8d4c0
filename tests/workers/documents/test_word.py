from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import docx
from docx.oxml.ns import qn
from lxml import etree

from tests.workers.documents.city import ARABIC, HOSTILE, arabic_document, document
from workers.documents.parts import Heading, Items, PageBreak, Paragraph, Picture, Table
from workers.documents.word import docx_of


def opened(content: bytes):
    return docx.Document(BytesIO(content))


def test_properties_name_title_language_and_date():
    properties = opened(docx_of(document())).core_properties
    assert properties.title == "Integrationskonzept"
    assert properties.language == "de-DE"
    assert properties.created.date().isoformat() == "2026-11-22"


def test_headings_and_goals_have_heading_styles():
    file = opened(docx_of(document()))
    headings = [
        (p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading")
    ]
    assert headings == [
        ("Heading 1", "3  Sprache und Bildung"),
        ("Heading 2", "Ziel 3.1"),
        ("Heading 3", "Maßnahmen"),
    ]


def test_header_rows_are_marked_and_cells_are_read_back():
    table = opened(docx_of(document())).tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Nr.", "Maßnahme", "Kosten"],
        ["M1", "Abendkurse", "12.000 €"],
    ]


def test_words_are_printed_as_they_are_and_control_characters_left_out():
    file = opened(docx_of(document(title="Titel\x07 #1")))
    texts = [paragraph.text for paragraph in file.paragraphs]
    assert HOSTILE in texts
    assert "Titel #1" in texts


def test_quote_in_arabic_names_its_language_and_direction():
    file = opened(docx_of(document()))
    quote = next(p for p in file.paragraphs if p.text == ARABIC)
    assert quote._p.pPr.find(qn("w:bidi")).get(qn("w:val")) == "1"
    language = quote.runs[0]._r.rPr.find(qn("w:lang"))
    assert language.get(qn("w:bidi")) == "ar-SA"


def test_arabic_document_reads_from_right_to_left():
    file = opened(docx_of(arabic_document()))
    assert file.styles["Normal"].element.pPr.find(qn("w:bidi")) is not None
    assert file.core_properties.language == "ar-SA"


def test_numbered_lists_start_again():
    lists = [Items(["a", "b"], is_numbered=True), Items(["c"], is_numbered=True)]
    file = opened(docx_of(document(body=lists)))
    items = [p for p in file.paragraphs if p.style.name == "List Number"]
    numberings = [p._p.pPr.numPr.numId.val for p in items]
    assert numberings[0] == numberings[1] != numberings[2]


def test_pictures_carry_their_alternative_text():
    shown = opened(docx_of(document())).inline_shapes[0]
    assert shown._inline.docPr.get("descr") == "Ein Balken steigt"
    drawing = Picture(b"<svg/>", "image/svg+xml", "Ein Kreis")
    texts = [p.text for p in opened(docx_of(document(body=[drawing]))).paragraphs]
    assert "Ein Kreis" in texts


def test_links_lead_to_the_web_and_to_places():
    content = docx_of(document())
    with ZipFile(BytesIO(content)) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    anchors = {link.get(qn("w:anchor")) for link in tree.iter(qn("w:hyperlink"))}
    marks = {mark.get(qn("w:name")) for mark in tree.iter(qn("w:bookmarkStart"))}
    assert "z31" in anchors & marks


def test_same_document_gives_the_same_bytes():
    assert docx_of(document()) == docx_of(document())


def test_table_of_three_hundred_rows_is_whole():
    rows = [[str(number), "Text"] for number in range(300)]
    table = opened(docx_of(document(body=[Table(["Nr.", "Wort"], rows)]))).tables[0]
    assert len(table.rows) == 301


def test_a_new_page_is_a_mark_of_what_begins_it_so_that_no_page_stays_empty():
    table = Table(["Kopf"], [["x"]])
    body = [PageBreak(), Heading("Erstens"), Paragraph("Text"), PageBreak(), table]
    file = opened(docx_of(document(body=body)))

    assert not file.element.xpath("//w:br[@w:type='page']")
    begun = file.element.xpath("//w:p[w:pPr/w:pageBreakBefore]")
    assert [one.text for one in begun] == ["Erstens", "Kopf"]


def test_numbers_with_a_letter_keep_their_order_from_right_to_left():
    arabic = replace(arabic_document(), body=[Table(["رقم"], [["3.1.a"], ["3.1"]])])
    cells = opened(docx_of(arabic)).tables[0].column_cells(0)
    assert [cell.text for cell in cells] == ["رقم", "\u200e3.1.a", "3.1"]
