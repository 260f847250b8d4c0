import re

import mistune
from lxml import html

from tests.workers.documents.city import ARABIC, HOSTILE, arabic_document, document
from workers.documents.inline import runs_of_html
from workers.documents.markdown import markdown_of
from workers.documents.parts import Heading, Paragraph, Run, Table, plain
from workers.documents.web import html_of


def page(made):
    return html.fromstring(html_of(made).decode())


def test_page_loads_nothing_and_names_language_and_title():
    found = page(document(identifier="https://stadt.example/de/konzept/fassung-1/"))
    assert (found.get("lang"), found.get("dir")) == ("de", "ltr")
    assert found.findtext(".//title") == "Integrationskonzept"
    assert found.xpath("//link/@rel") == ["canonical"]
    assert found.xpath("//script") == []
    sources = found.xpath("//@src") + re.findall(r"url\(", html_of(document()).decode())
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_page_has_one_title_and_headings_in_order():
    found = page(document())
    levels = [int(one.tag[1]) for one in found.iter("h1", "h2", "h3", "h4")]
    assert levels == [1, 2, 2, 3, 4]
    assert found.xpath('//a[@href="#a3"]/text()') == ["3 Sprache und Bildung"]
    assert found.xpath('//*[@id="a3"]')


def test_page_prints_hostile_words_and_names_languages():
    found = page(document())
    assert HOSTILE in found.text_content()
    quote = found.xpath(f'//p[text()="{ARABIC}"]')[0]
    assert (quote.get("lang"), quote.get("dir")) == ("ar", "rtl")
    assert page(arabic_document()).get("dir") == "rtl"


def test_page_marks_table_heads_and_alternative_texts():
    found = page(document())
    assert found.xpath("//th/@scope") == ["col"] * 3
    assert found.xpath("//img/@alt") == ["Ein Balken steigt"]


def test_tables_have_names_of_their_own():
    found = page(document(body=[Table(["Nr."], [["1"]]), Table(["Nr."], [["2"]])]))
    assert found.xpath('//*[@role="region"]/@aria-label') == ["Nr.", "Nr. (2)"]


def test_dead_links_inside_are_text():
    found = page(document(body=[Paragraph([Run("tot", link="#fehlt")]), Heading("H")]))
    assert found.xpath("//main//a") == []


def test_markdown_says_the_same_when_it_is_read():
    shown = mistune.create_markdown(plugins=["table"])(markdown_of(document()).decode())
    found = html.fromstring(f"<div>{shown}</div>")
    assert HOSTILE in " ".join(found.text_content().split())
    assert [h.text_content() for h in found.iter("h2", "h3", "h4")] == [
        "3 Sprache und Bildung", "Ziel 3.1", "Maßnahmen",
    ]  # fmt: skip
    assert found.xpath("//td/text()") == ["M1", "Abendkurse", "12.000 €"]
    assert found.xpath("//a/@href") == ["https://example.org/"]


def test_markdown_keeps_what_looks_like_markup_as_words():
    lines = ["1. Januar", "- minus", "# Raute", "+ plus", "a | b", "*x*", "1) y", "=== z"]
    body = [Paragraph(line) for line in lines]
    body.append(Table(["a|b", "c"], [["1|2", "x\ny"]]))
    shown = mistune.create_markdown(plugins=["table"])(markdown_of(document(body=body)).decode())
    found = html.fromstring(f"<div>{shown}</div>")
    texts = [p.text_content() for p in found.iter("p")]
    assert texts[-len(lines) :] == lines
    assert found.xpath("//th/text()") == ["a|b", "c"]
    assert found.xpath("//td/text()") == ["1|2", "x y"]


def test_restricted_html_becomes_runs():
    source = 'Ein <b>fetter</b> <i>und <b>beides</b></i> &amp; <a href="wid:ab">Link</a>'
    found = runs_of_html(source, links={"wid:ab": "#z-ab"})
    assert plain(found) == "Ein fetter und beides & Link"
    assert [(run.text, run.bold, run.italic, run.link) for run in found if run.text.strip()] == [
        ("Ein ", False, False, ""),
        ("fetter", True, False, ""),
        ("und ", False, True, ""),
        ("beides", True, True, ""),
        (" & ", False, False, ""),
        ("Link", False, False, "#z-ab"),
    ]
    assert runs_of_html('<a href="javascript:x">y</a>')[0].link == ""
    assert runs_of_html('<a href="https://example.org/">y</a>')[0].link == "https://example.org/"
