"""A text with changes: which cannot both hold, and what the text is with all of them."""

import copy
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.concept.snapshots import canonical_bytes
from drafts.editions.amending import (
    Amendment,
    UnableToAmend,
    apply_amendments,
    clashes,
    next_number,
    places_of,
)


def block(wid: str, words: str, no: int) -> dict:
    return {"wid": wid, "kind": "paragraph", "html": words, "no": no}


def goal(wid: str, number: str, *measures: str) -> dict:
    return {
        "wid": wid,
        "number": number,
        "level": "goal",
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


TEXT = [
    section(
        "s1",
        "1",
        block("b1", "Die Stadt fördert <b>Kurse</b> für alle.", 1),
        {"wid": "b2", "kind": "list", "items": ["Kurse", "<b>Beratung</b>", "Treffen"], "no": 2},
        {"wid": "b3", "kind": "table", "head": ["a"], "rows": [["b"]], "caption": "", "no": 3},
        goals=(goal("g1", "1.1", "a", "b"), goal("g2", "1.2")),
    ),
    section("s2", "2", block("b4", "Ein anderer Absatz.", 1), goals=(goal("g3", "2.1"),)),
]


def wids(sections) -> list:
    return [
        (
            [found["wid"] for found in part["text"]["blocks"]],
            [found["wid"] for found in part["goals"]],
        )
        for part in sections
    ]


def replace(order: int, wid: str, text: str) -> Amendment:
    return Amendment(order, "replace", wid, text)


def strike(order: int, wid: str) -> Amendment:
    return Amendment(order, "strike", wid)


def insert(order: int, wid: str, text: str = "Neu.", side="after") -> Amendment:
    return Amendment(order, "insert", wid, text, side, new_wid=f"n{order}")


def move(order: int, wid: str, to: str) -> Amendment:
    return Amendment(order, "move", wid, to_wid=to)


B1 = "Die Stadt fördert Kurse für alle."


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (replace(1, "b1", "Die Stadt plant Kurse für alle."), replace(2, "b1", B1[:-6] + "Alte."), None),
        (
            replace(1, "b1", "Die Stadt plant Kurse für alle."),
            replace(2, "b1", "Die Stadt bezahlt Kurse für alle."),
            "same_words",
        ),
        (replace(1, "b1", "Kurz."), replace(2, "b4", "Kurz."), None),
        (strike(1, "b1"), replace(2, "b1", "Kurz."), "struck"),
        (replace(1, "b1", "Kurz."), strike(2, "b1"), "struck"),
        (strike(1, "b1"), strike(2, "b1"), None),
        (strike(1, "b1"), move(2, "b1", "b4"), "struck"),
        (strike(1, "b1"), insert(2, "b1"), "place_gone"),
        (strike(1, "b4"), move(2, "b1", "b4"), "place_gone"),
        (strike(1, "g1"), replace(2, "g1-a", "Anders"), "struck"),
        (strike(1, "g1"), insert(2, "g1-a"), "place_gone"),
        (strike(1, "g1-a"), replace(2, "g1", "Anders."), None),
        (move(1, "b1", "b2"), move(2, "b1", "b4"), "moved"),
        (move(1, "b1", "b2"), move(2, "b1", "b2"), None),
        (move(1, "b1", "b2"), move(2, "b2", "b1"), "place_gone"),
        (move(1, "b1", "b2"), replace(2, "b1", "Kurz."), None),
        (move(1, "b1", "b2"), insert(2, "b1"), "place_gone"),
        (insert(1, "b1"), insert(2, "b1"), None),
        (insert(1, "b1"), replace(2, "b1", "Kurz."), None),
    ],
)  # fmt: skip
def test_what_cannot_both_hold(one, other, clash):
    found = clashes([other, one], TEXT)
    assert [(a.order, b.order, why) for a, b, why in found] == ([(1, 2, clash)] if clash else [])
    if clash:
        with pytest.raises(UnableToAmend) as refused:
            apply_amendments(TEXT, [one, other])
        assert refused.value.code == "conflict"


def test_without_changes_the_text_is_the_same_byte_for_byte():
    before = copy.deepcopy(TEXT)
    assert canonical_bytes(apply_amendments(TEXT, [])) == canonical_bytes(before)


def test_different_words_of_one_paragraph_come_together_and_marks_stay():
    found = apply_amendments(
        TEXT,
        [
            replace(1, "b1", "Die Stadt bezahlt Kurse für alle."),
            replace(2, "b1", "Die Stadt fördert Kurse für Kinder."),
            replace(3, "b2", "Kurse\nBeratung im Stadtteil\nTreffen\nFeste"),
        ],
    )
    blocks = found[0]["text"]["blocks"]
    assert blocks[0]["html"] == "Die Stadt bezahlt <b>Kurse</b> für Kinder."
    assert blocks[1]["items"] == ["Kurse", "<b>Beratung im Stadtteil</b>", "Treffen", "Feste"]
    assert TEXT[0]["text"]["blocks"][0]["html"].startswith("Die Stadt fördert")


def test_parts_are_struck_moved_and_inserted_in_the_order_of_the_changes():
    found = apply_amendments(
        TEXT,
        [
            insert(3, "b1", "Drei."),
            insert(2, "b1", "Zwei & <drei>."),
            insert(4, "b1", "Davor.", side="before"),
            strike(5, "b3"),
            move(6, "b4", "b2"),
            insert(7, "g1", "Ein neues Ziel."),
            insert(8, "g2", "Noch ein neues Ziel."),
            insert(9, "g1-a", "Titel\nWas getan wird."),
            strike(10, "g1-b"),
            replace(11, "s2", "Anderer Titel\nAndere Worte."),
            replace(12, "g3", "Anders."),
        ],
    )
    assert wids(found) == [
        (["n4", "b1", "n2", "n3", "b2", "b4"], ["g1", "n7", "g2", "n8"]),
        ([], ["g3"]),
    ]
    first, second = found
    assert [part["no"] for part in first["text"]["blocks"]] == [1, 2, 3, 4, 5, 6]
    assert first["text"]["blocks"][2]["html"] == "Zwei &amp; &lt;drei&gt;."
    assert [part["number"] for part in first["goals"]] == ["1.1", "1.3", "1.2", "1.4"]
    assert [part["number"] for part in first["goals"][0]["measures"]] == ["1.1.a", "1.1.c"]
    assert first["goals"][0]["measures"][1]["text"]["title"] == "Titel"
    assert second["text"]["title"] == "Anderer Titel"
    assert second["text"]["lede"] == "Andere Worte."
    assert second["goals"][0]["text"]["wording"] == "Anders."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(1, "nirgends", "Kurz."), "gone"),
        (replace(1, "b3", "Kurz."), "by_hand"),
        (strike(1, "s1"), "by_hand"),
        (insert(1, "s1"), "no_such_change"),
        (move(1, "b1", "g1"), "no_such_change"),
        (move(1, "b1", "b1"), "no_such_change"),
    ],
)
def test_what_does_not_fit_is_refused(change, code):
    with pytest.raises(UnableToAmend) as refused:
        apply_amendments(TEXT, [change])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        (["3.1", "3.3"], "3.4"),
        (["1", "37"], "38"),
        (["1.a", "1.b"], "1.c"),
        (["M1"], ""),
        ([], ""),
    ],
)
def test_numbers_go_on(taken, number):
    assert next_number(taken) == number


def test_goals_that_are_counted_through_never_share_a_number():
    text = [
        section("s1", "1", goals=(goal("g1", "1"), goal("g2", "2"))),
        section("s2", "2", goals=(goal("g3", "3"),)),
    ]
    found = apply_amendments(text, [insert(1, "g1"), insert(2, "g2")])
    assert [part["number"] for part in found[0]["goals"]] == ["1", "4", "2", "5"]


# --- whatever is moved ---------------------------------------------------------------------------

PLACES = list(places_of(TEXT))
BLOCKS = ["b1", "b2", "b3", "b4"]
sentences = st.sampled_from(
    [
        "Die Stadt plant Kurse für alle.",
        "Die Stadt fördert Kurse für Kinder.",
        "Die Stadt fördert gute Kurse für alle.",
        "Kurse für alle.",
    ]
)
changes = st.one_of(
    st.builds(replace, st.just(0), st.sampled_from(["b1", "g1", "g2", "s1", "g1-a"]), sentences),
    st.builds(strike, st.just(0), st.sampled_from([*BLOCKS, "g1", "g2", "g1-a"])),
    st.builds(
        insert,
        st.just(0),
        st.sampled_from([*BLOCKS, "g1", "g1-a"]),
        sentences,
        st.sampled_from(["before", "after"]),
    ),
    st.builds(
        move, st.just(0), st.sampled_from(BLOCKS), st.sampled_from(BLOCKS)
    ).filter(lambda change: change.wid != change.to_wid),
)  # fmt: skip


def _numbered(found: list[Amendment]) -> list[Amendment]:
    return [
        Amendment(n, c.op, c.wid, c.text, c.side, f"n{n}" if c.op == "insert" else "", c.to_wid)
        for n, c in enumerate(found, start=1)
    ]


@settings(deadline=None)
@given(st.lists(changes, max_size=4).map(_numbered))
def test_the_order_in_which_changes_come_does_not_matter(found):
    if clashes(found, TEXT):
        for order in itertools.permutations(found):
            with pytest.raises(UnableToAmend):
                apply_amendments(TEXT, order)
        return
    results = {
        canonical_bytes(apply_amendments(TEXT, order)) for order in itertools.permutations(found)
    }
    assert len(results) == 1


@settings(deadline=None)
@given(st.lists(changes, max_size=4).map(_numbered))
def test_changes_that_fit_can_be_applied_one_after_the_other(found):
    """Applying them at once gives what applying each to the result of the former ones gives."""
    apart = [c for c in found if c.op in {"strike", "insert"}]
    if clashes(apart, TEXT) or len({c.wid for c in apart}) < len(apart):
        return
    step_by_step = TEXT
    for change in apart:
        step_by_step = apply_amendments(step_by_step, [change])
    assert wids(apply_amendments(TEXT, apart)) == wids(step_by_step)


@settings(deadline=None)
@given(st.lists(changes, max_size=4).map(_numbered))
def test_nothing_else_changes(found):
    if clashes(found, TEXT):
        return
    before, after = places_of(TEXT), places_of(apply_amendments(TEXT, found))
    touched = {c.wid for c in found if c.op in {"replace", "strike"}}
    struck = {c.wid for c in found if c.op == "strike"}
    inserted = {c.new_wid for c in found if c.op == "insert"}
    gone = {wid for wid, place in before.items() if wid in struck or place.within in struck}
    assert set(after) == set(before) - gone | inserted
    for wid in set(before) - gone - touched:
        assert after[wid].text == before[wid].text
