"""An edition in parts: every kind of block, links between places, what stands in German."""

from decimal import Decimal
from hashlib import sha256

import pytest
from django.core.files.base import ContentFile

from drafts.editions.documents import (
    cost_words,
    edition_parts,
    goals_sheet,
    means_words,
    measures_sheet,
    text_parts,
)
from drafts.editions.models import FrozenFile
from drafts.editions.selectors import section_data
from tests.factories.document import make_concept, make_edition
from tests.workers.documents.city import PIXEL
from workers.documents.parts import Goal, Heading, Items, Paragraph, Picture, Table, plain

pytestmark = pytest.mark.django_db
DIGEST = sha256(PIXEL).hexdigest()


@pytest.fixture
def edition(now):
    return make_edition(make_concept(sections=1, goals=1), at=now)


@pytest.fixture
def sections(edition, settings, tmp_path):
    """The text of an edition, with a block of every kind."""
    settings.MEDIA_ROOT = tmp_path
    FrozenFile(sha256=DIGEST).file.save("bild.png", ContentFile(PIXEL))
    data = section_data(edition)
    goal = data[0]["goals"][0]["wid"]
    data[0]["text"]["blocks"] = [
        {"wid": "h", "kind": "heading", "html": "Wo wir stehen"},
        {"wid": "p", "kind": "paragraph", "no": 1, "html":
         f'<b>Siehe</b> <a href="wid:{goal}">Ziel</a> und <a href="https://example.org/x">Quelle</a>'},
        {"wid": "l", "kind": "list", "no": 2, "items": ["eins", "<i>zwei</i>"]},
        {"wid": "t", "kind": "table", "no": 3, "head": ["a", "b"], "rows": [["1"], ["2", "3"]],
         "caption": "Zahlen"},
        {"wid": "f", "kind": "figure", "no": 4, "file": DIGEST, "alt": "Ein Baum", "caption": "B"},
        {"wid": "g", "kind": "figure", "no": 5, "file": "0" * 64, "alt": "Weg", "caption": ""},
    ]  # fmt: skip
    return data


def test_blocks_of_every_kind_keep_number_and_order(sections):
    parts = text_parts(sections, "de")
    kinds = [type(part).__name__ for part in parts]
    assert kinds[:9] == [
        "PageBreak", "Heading", "Paragraph", "Heading", "Paragraph", "Items", "Table", "Picture",
        "Paragraph",
    ]  # fmt: skip
    paragraph, items, table = parts[4:7]
    assert isinstance(paragraph, Paragraph)
    assert (paragraph.number, plain(paragraph.text)) == ("1", "Siehe Ziel und Quelle")
    assert isinstance(items, Items)
    assert [plain(item) for item in items.items] == ["eins", "zwei"]
    assert isinstance(table, Table)
    assert table.rows == [["1", ""], ["2", "3"]]
    assert parts[7] == Picture(PIXEL, "image/png", "Ein Baum", "B")
    assert plain(parts[8].text) == "Weg"


def test_links_lead_to_places_and_sources_are_printed(sections):
    parts = text_parts(sections, "de")
    links = [run.link for run in parts[4].text if run.link]
    goal = next(part for part in parts if isinstance(part, Goal))
    assert links == [f"#{goal.anchor}", "https://example.org/x"]
    heading, sources = parts[-2:]
    assert isinstance(heading, Heading)
    assert plain(heading.text) == "Quellen und Verweise"
    assert [plain(item) for item in sources.items] == ["Quelle: https://example.org/x"]


def test_language_version_names_what_stands_in_german(sections):
    sections[0]["text"] |= {"german": ["lede"]}
    sections[0]["text"]["blocks"][2] |= {"language": "de"}
    sections[0]["goals"][0]["text"]["german"] = ["wording"]
    parts = text_parts(sections, "en")
    lede = next(part for part in parts if isinstance(part, Paragraph) and part.kind == "lead")
    items = next(part for part in parts if isinstance(part, Items))
    goal = next(part for part in parts if isinstance(part, Goal))
    title = next(part for part in parts if isinstance(part, Heading))
    assert [lede.language, items.language, goal.language, title.language] == ["de", "de", "de", ""]


def test_text_without_links_has_no_chapter_of_sources(edition):
    headings = [part for part in edition_parts(edition, "de") if isinstance(part, Heading)]
    assert [plain(heading.text) for heading in headings] == ["Abschnitt 1"]


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ({"cost_status": "not_estimated"}, "noch nicht geschätzt"),
        ({"cost_one_off": 1_200_000}, "einmalig 1.200.000 Euro"),
        ({"cost_one_off": 500, "cost_yearly": 0}, "einmalig 500 Euro, jährlich 0 Euro"),
        ({}, "keine zusätzlichen Kosten"),
    ],
)
def test_cost_is_said_or_said_to_be_unknown(measure, words):
    usual = {"cost_status": "estimated", "cost_one_off": None, "cost_yearly": None}
    assert cost_words(usual | measure) == words


def test_tables_hold_every_goal_and_measure(edition):
    data = section_data(edition)
    assert [row[0] for row in goals_sheet(data).rows] == ["1.1"]
    [measure] = measures_sheet(data).rows
    assert measure[:2] == ["1.1.a", "Maßnahme zu 1.1"]
    assert measure[8:10] == [None, 12_000]
    assert measure[10:12] == [None, ""]
    assert len(measure) == len(measures_sheet(data).head)


def test_posts_and_funding_are_said_where_the_text_says_them(edition):
    edition.measures.update(posts=Decimal("1.50"), funding="secured")
    [section] = section_data(edition)
    [measure] = section["goals"][0]["measures"]
    assert (measure["posts"], measure["funding"]) == ("1.5", "secured")
    assert means_words(measure) == "Stellen: 1,5, Finanzierung: gesichert"
    assert measures_sheet([section]).rows[0][10:12] == [1.5, "gesichert"]
    [table] = [part for part in edition_parts(edition, "de") if isinstance(part, Table)]
    assert table.rows[0][-1] == "jährlich 12.000 Euro. Stellen: 1,5, Finanzierung: gesichert"
    assert means_words({}) == ""
