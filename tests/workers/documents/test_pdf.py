import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from tests.workers.documents.city import (
    ARABIC,
    HOSTILE,
    TURKISH,
    UKRAINIAN,
    arabic_document,
    document,
)
from tests.workers.documents.reading import elements, findings, pieces_of, text_of
from workers.documents.parts import (
    Facts,
    Goal,
    Heading,
    Items,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
)
from workers.documents.pdf import UnableToRender, pdf_of, render_pdf


@pytest.fixture(scope="module")
def city_pdf() -> bytes:
    return pdf_of(document())


def test_checker_finds_nothing_to_mend(city_pdf, tmp_path):
    assert findings(city_pdf, tmp_path) == []
    assert findings(pdf_of(arabic_document()), tmp_path) == []


def test_title_language_and_standard_are_written_into_the_file(city_pdf):
    with pikepdf.open(BytesIO(city_pdf)) as pdf:
        assert str(pdf.docinfo.Title) == "Integrationskonzept"
        assert str(pdf.Root.Lang) == "de"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata()["pdfuaid:part"] == "1"


def test_structure_has_title_headings_and_contents(city_pdf):
    tree = elements(city_pdf)
    kinds = [one["kind"] for one in tree]
    assert {"Title", "TOC", "TOCI", "L", "LI", "Table", "BlockQuote", "Figure"} <= set(kinds)
    headings = [(one["kind"], one["title"]) for one in tree if re.fullmatch(r"H\d", one["kind"])]
    assert headings == [
        ("H1", "Inhalt"),
        ("H1", "3Sprache und Bildung"),
        ("H2", "Ziel 3.1"),
        ("H3", "Maßnahmen"),
    ]


def test_column_heads_say_what_they_head(city_pdf):
    heads = [one for one in elements(city_pdf) if one["kind"] == "TH"]
    assert [one["scope"] for one in heads] == ["Column"] * 3


def test_pictures_carry_their_alternative_text(city_pdf):
    figures = [one for one in elements(city_pdf) if one["kind"] == "Figure"]
    assert [one["alternative"] for one in figures] == ["Ein Balken steigt"]


def test_quotes_name_their_language(city_pdf):
    languages = {one["language"] for one in elements(city_pdf)} - {""}
    assert languages == {"ar", "uk", "tr"}


@pytest.mark.parametrize("words", [ARABIC, UKRAINIAN, TURKISH])
def test_words_of_other_languages_can_be_read_back(city_pdf, words):
    assert words in text_of(city_pdf)


def test_arabic_document_reads_from_right_to_left():
    content = pdf_of(arabic_document())
    with pikepdf.open(BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.Root.ViewerPreferences.Direction) == "/R2L"
    assert "تنشئ المدينة مكتب استقبال" in text_of(content)
    assert "Dieser Satz steht auf Deutsch." in text_of(content)


def test_vowel_marks_of_arabic_are_kept():
    vowelled = "كِتَابٌ"
    content = pdf_of(document(body=[Paragraph(vowelled, language="ar")]))
    assert sorted(vowelled) == sorted(text_of(content).splitlines()[-2])


def test_markup_of_typst_is_printed_literally(city_pdf):
    assert HOSTILE in text_of(city_pdf)


def test_characters_that_no_font_has_do_not_keep_the_document_back():
    body = [Paragraph("Danke für\x07 alles 你好 \ud800!")]
    assert "Danke für alles □□ !" in text_of(pdf_of(document(body=body)))


def test_emojis_are_named_as_such_and_never_as_empty_boxes():
    body = [Quote("Danke 😀👍🏽 für alles ❤️! 👨‍👩‍👧", source="Nr. 1"), Paragraph("Gut 😀.")]
    text = text_of(pdf_of(document(body=body)))
    assert "Danke [Emoji] für alles" in text
    assert "Gut [Emoji]." in text
    assert "□" not in text


@pytest.mark.parametrize("length", [90, 120, 160])
def test_links_hold_in_paragraphs_of_two_directions(length):
    words = ("Wer hier Deutsch lernen will, findet bald einen passenden Kurs. " * 3)[:length]
    mixed = [Run("ثابت", link="https://stadt.example/"), Run(" "), Run(words, language="de")]
    with pikepdf.open(BytesIO(pdf_of(replace(arabic_document(), body=[Items([mixed])])))) as pdf:
        links = [a for page in pdf.pages for a in page.get("/Annots", [])]
    assert [str(one.A.URI) for one in links] == ["https://stadt.example/"]


def test_a_short_table_and_a_list_of_facts_stay_on_one_page():
    rows = [[f"Zeile {number}", "1"] for number in range(8)]
    pairs = [(f"Name {number}", "gilt") for number in range(4)]
    for lines in range(24, 40, 3):
        before = [Paragraph(f"Absatz {number}") for number in range(lines)]
        long = [[f"Maßnahme {number}", "Wort " * 60] for number in range(2)]
        tables = [Table(["Was", "Zahl"], rows), Table(["Was", "Text"], long)]
        body = [*before, *tables, Facts(pairs)]
        content = pdf_of(document(body=body, has_cover=False, has_contents=False))
        for first, last in (
            ("Zeile 0", "Zeile 7"),
            ("Maßnahme 0", "Maßnahme 1"),
            ("Name 0", "Name 3"),
        ):
            assert _page_with(content, first) == _page_with(content, last)


@pytest.mark.parametrize("share", [4, 5, 6, 7, 8, 9])
def test_a_word_is_parted_in_a_table_only_where_it_is_too_long_for_its_column(share):
    rows = [["jährlich 14.000 Euro", "Stadtverordnetenversammlung"]]
    narrow = Table(["Kosten", "Wer"], rows, widths=[1, share])
    assert "Eu-" not in text_of(pdf_of(document(body=[narrow])))
    turned = Table(["Wer", "Kosten"], [rows[0][::-1]], widths=[1, share])
    text = text_of(pdf_of(document(body=[turned])))
    assert "\xad" in text


def _page_with(content: bytes, words: str) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return next(
            number
            for number, page in enumerate(pdf.pages)
            if words in "".join(text for _x, _y, text in pieces_of(page))
        )


def test_every_page_names_date_number_and_draft(city_pdf):
    text = text_of(city_pdf)
    assert "22. November 2026" in text
    assert "Seite 2 von 4" in text
    assert text.count("Entwurf") == 4


def test_running_heads_are_no_part_of_the_text(city_pdf):
    with pikepdf.open(BytesIO(city_pdf)) as pdf:
        assert b"/Subtype/Footer" in pdf.pages[1].Contents.read_bytes().replace(b" ", b"")


def test_only_fonts_of_the_packages_are_used(city_pdf):
    with pikepdf.open(BytesIO(city_pdf)) as pdf:
        fonts = {str(f.BaseFont) for page in pdf.pages for f in page.Resources.Font.values()}
    assert all("NotoSans" in name for name in fonts)


def test_same_data_give_the_same_bytes(city_pdf):
    assert pdf_of(document()) == city_pdf
    assert pdf_of(arabic_document()) == pdf_of(arabic_document())


def test_links_inside_lead_to_their_place_and_dead_ones_are_text():
    body = [
        Heading("Kapitel", anchor="k"),
        Paragraph([Run("gut", link="#k"), Run(" tot", link="#fehlt")]),
    ]
    content = pdf_of(document(body=body, has_contents=False))
    with pikepdf.open(BytesIO(content)) as pdf:
        links = [a for page in pdf.pages for a in page.get("/Annots", [])]
    assert len(links) == 1
    assert "gut tot" in text_of(content)


def test_skipped_level_is_refused_with_the_reason():
    body = [Heading("Eins"), Heading("Drei", level=3)]
    with pytest.raises(UnableToRender, match="heading level"):
        pdf_of(document(body=body))


def test_picture_that_cannot_be_read_is_refused_with_the_reason():
    broken = Picture(b"nichts", "image/png", "Bild")
    with pytest.raises(UnableToRender, match="image"):
        pdf_of(document(body=[broken]))


def test_long_rows_are_printed_whole():
    words = " ".join(f"Wort{number}" for number in range(1500))
    table = Table(["Alt", "Neu"], [["kurz", words]])
    text = text_of(pdf_of(document(body=[table], has_cover=False, has_contents=False)))
    assert "Wort0 " in text
    assert "Wort1499" in text


def test_a_narrow_cell_does_not_leave_its_page():
    words = "Die Stadt soll mehr Abendkurse anbieten, weil viele tagsüber arbeiten. "
    table = Table(["Nr.", "Abwägung", "Rat"], [["1", words * 15, ""]] * 3, widths=[3, 1, 4])
    content = pdf_of(document(body=[table], is_landscape=True, has_contents=False))
    with pikepdf.open(BytesIO(content)) as pdf:
        lowest = min(y for page in pdf.pages for _x, y, _text in pieces_of(page))
    assert lowest > 15


def test_words_too_long_for_a_line_stay_on_the_page():
    hash_, endless = "a3f1" * 16, "unendlich" * 60
    body = [Facts([("Summe", hash_)]), Paragraph(endless), Table(["a"], [[endless]])]
    content = pdf_of(document(body=body, has_cover=False, has_contents=False))
    words = "".join(text_of(content).split()).replace("\u200b", "").replace("\xad", "")
    assert hash_ in words
    assert words.count(endless) == 2
    assert max(len(line) for line in text_of(content).splitlines()) < 110


def test_easy_german_is_set_larger_and_never_hyphenated():
    body = [Paragraph("Zusammenlebensverständigung " * 40)]
    shown = {"has_cover": False, "has_contents": False, "body": body}
    easy = text_of(pdf_of(document(language="de-x-ls", **shown)))
    usual = text_of(pdf_of(document(**shown)))
    assert "\xad" in usual or "-\n" in usual
    assert "\xad" not in easy
    assert len(easy.splitlines()) > len(usual.splitlines())


def test_long_goal_goes_on_on_the_next_page():
    words = " ".join(f"Wort{number}" for number in range(1500))
    goal = Goal("Ziel 1", words, level=1)
    text = text_of(pdf_of(document(body=[goal], has_cover=False, has_contents=False)))
    assert "Wort0 " in text
    assert "Wort1499" in text


def test_short_document_begins_on_its_first_page():
    short = document(has_cover=False, has_contents=False, body=[Goal("Ziel 1", "Text", level=1)])
    with pikepdf.open(BytesIO(pdf_of(short))) as pdf:
        assert len(pdf.pages) == 1
    wide = replace(short, is_landscape=True)
    with pikepdf.open(BytesIO(pdf_of(wide))) as pdf:
        left, bottom, right, top = (float(value) for value in pdf.pages[0].MediaBox)
    assert right - left > top - bottom


def test_unknown_template_is_refused():
    with pytest.raises(UnableToRender):
        render_pdf("missing", {}, language="de", title="T", date=date(2026, 1, 1))
