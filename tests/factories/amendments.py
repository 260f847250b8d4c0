"""A text as plain data, and changes of it: single ones, and any as strategies of hypothesis."""

import dataclasses

from hypothesis import strategies as st

from drafts.editions.amending import Amendment, apply_amendments, clashes
from drafts.editions.part_wordings import UnableToAmend


def block(wid: str, words: str, no: int) -> dict:
    return {"wid": wid, "kind": "paragraph", "html": words, "no": no}


def goal(wid: str, number: str, *measures: str) -> dict:
    return {
        "wid": wid,
        "number": number,
        "level": "ziel",
        "openness": "open",
        "text": {
            "wording": f"Wortlaut von Ziel {number}.",
            "reason": "",
            "target_groups": "",
            "lead": "",
            "openness_reason": "",
        },
        "measures": [measure(wid, f"{number}.{name}") for name in measures],
    }


def measure(wid: str, number: str) -> dict:
    return {
        "wid": f"{wid}-{number[-1]}",
        "number": number,
        "kind": "new",
        "cost_status": "estimated",
        "cost_one_off": None,
        "cost_yearly": 1000,
        "also_serves": [],
        "text": {
            "title": "Kurse",
            "description": "Es gibt Kurse.",
            "responsible": "",
            "period": "",
        },
    }


def section(wid: str, number: str, *blocks: dict, goals: tuple = ()) -> dict:
    return {
        "wid": wid,
        "number": number,
        "kind": "field",
        "openness": "open",
        "text": {
            "title": f"Abschnitt {number}",
            "lede": "Worum es geht.",
            "lead": "",
            "openness_reason": "",
            "blocks": list(blocks),
        },
        "goals": list(goals),
    }


TABLE = {
    "wid": "t1",
    "kind": "table",
    "head": ["Ort", "Geld"],
    "rows": [["Nord", "10  Euro"], ["Süd", ""]],
    "caption": "Geld der Orte",
    "no": 2,
}
TEXT = [
    section(
        "s1",
        "1",
        block("b1", "Die Stadt fördert <b>Kurse</b> für alle.", 1),
        {"wid": "b2", "kind": "list", "items": ["Kurse", "<b>Beratung</b>", "Treffen"], "no": 2},
        {"wid": "b3", "kind": "table", "head": ["a"], "rows": [["b"]], "caption": "", "no": 3},
        {"wid": "p1", "kind": "figure", "file": "f", "alt": "Ein Bild.", "caption": "", "no": 4},
        goals=(goal("g1", "1.1", "a", "b"), goal("g2", "1.2")),
    ),
    section("s2", "2", block("b4", "Ein anderer Absatz.", 1), goals=(goal("g3", "2.1"),)),
    section("s3", "3", block("b5", "Noch ein Absatz.", 1), TABLE),
]


def replace(order: int, wid: str, text: str, part: str = "") -> Amendment:
    return Amendment(order, "replace", wid, text, part=part)


def strike(order: int, wid: str, part: str = "") -> Amendment:
    return Amendment(order, "strike", wid, part=part)


def insert(order: int, wid: str, text: str = "Neu.", side="after", part: str = "") -> Amendment:
    return Amendment(order, "insert", wid, text, side, new_wid=f"n{order}", part=part)


def move(order: int, wid: str, to: str, side="after") -> Amendment:
    return Amendment(order, "move", wid, side=side, to_wid=to)


# --- whatever is moved ---------------------------------------------------------------------------

BLOCKS = ["b1", "b2", "b3", "p1", "b4", "b5", "t1"]
GOALS = ["g1", "g2", "g3"]
MEASURES = ["g1-a", "g1-b"]
SECTIONS = ["s1", "s2", "s3"]
WORDED = ["b1", "b2", "b4", "g1", "g2", "s1", "s3", "g1-a"]
sides = st.sampled_from(["before", "after"])
sentences = st.sampled_from(
    [
        "Die Stadt plant Kurse für alle.",
        "Die Stadt fördert Kurse für Kinder.",
        "Die Stadt fördert gute Kurse für alle.",
        "Kurse für alle.",
    ]
)
cost_lines = st.sampled_from(
    [
        "noch nicht geschätzt",
        "jährlich 2.000 Euro",
        "einmalig 5.000 Euro\njährlich 1.000 Euro",
        "einmalig 7 Euro",
    ]
)
tables = st.sampled_from(
    [
        "Ort | Geld\nNord | 20 Euro\nSüd |\nGeld der Orte",
        "Ort | Geld\nNord | 10 Euro\nSüd | 5 Euro\nGeld der Orte",
        "Ort | Geld\nSüd |\nGeld der Orte",
        "Ort | Euro\nNord | 10 Euro\nWest | 7 Euro\nSüd |\nGeld",
    ]
)
fields = st.sampled_from(
    [("g1", "reason"), ("g2", "target_groups"), ("g1-a", "period"), ("g1-b", "responsible")]
)


def moves_among(wids: list[str]):
    pairs = st.tuples(st.sampled_from(wids), st.sampled_from(wids)).filter(lambda p: p[0] != p[1])
    return st.builds(lambda pair, side: move(0, *pair, side), pairs, sides)


changes = st.one_of(
    st.builds(replace, st.just(0), st.sampled_from(WORDED), sentences),
    st.builds(lambda at, words: replace(0, at[0], words, at[1]), fields, sentences),
    st.builds(replace, st.just(0), st.sampled_from(MEASURES), cost_lines, st.just("costs")),
    st.builds(replace, st.just(0), st.just("t1"), tables),
    st.builds(strike, st.just(0), st.sampled_from([*BLOCKS, *GOALS, *MEASURES, *SECTIONS])),
    st.builds(
        insert,
        st.just(0),
        st.sampled_from([*BLOCKS, *GOALS, *MEASURES, *SECTIONS]),
        sentences,
        sides,
    ),
    st.builds(
        lambda at, words: insert(0, at[0], words, part=at[1]),
        st.sampled_from(
            [("g2", "measures"), ("g3", "measures"), ("s3", "goals"), ("s2", "blocks")]
        ),
        sentences,
    ),
    *(moves_among(wids) for wids in (BLOCKS, GOALS, MEASURES, SECTIONS)),
)


def numbered(found: list[Amendment]) -> list[Amendment]:
    return [
        dataclasses.replace(c, order=n, new_wid=f"n{n}" if c.op == "insert" else "")
        for n, c in enumerate(found, start=1)
    ]


def fit_together(found: list[Amendment]) -> bool:
    """Whether all hold together. Costs can fit two by two and not all three."""
    if clashes(found, TEXT):
        return False
    try:
        apply_amendments(TEXT, found)
    except UnableToAmend:
        return False
    return True


some_changes = st.lists(changes, max_size=4).map(numbered)
