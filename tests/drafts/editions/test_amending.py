"""A text with changes: which cannot both hold, and what the text is with all of them."""

import copy
import itertools

import pytest
from hypothesis import given, settings

from drafts.concept.snapshots import canonical_bytes
from drafts.editions.amending import (
    Amendment,
    apply_amendments,
    clashes,
    does_all_of,
)
from drafts.editions.numbering import next_number
from drafts.editions.part_wordings import UnableToAmend, costs_from
from drafts.editions.places import costs_text, places_of
from tests.factories.amendments import (
    TEXT,
    fit_together,
    goal,
    insert,
    move,
    replace,
    section,
    some_changes,
    strike,
)


def wids(sections) -> list:
    return [
        (
            [found["wid"] for found in part["text"]["blocks"]],
            [found["wid"] for found in part["goals"]],
        )
        for part in sections
    ]


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
        (strike(1, "s1"), replace(2, "g1-a", "jährlich 5 Euro", "costs"), "struck"),
        (strike(1, "s1"), insert(2, "g1", part="measures"), "place_gone"),
        (strike(1, "s1"), strike(2, "g1"), None),
        (strike(1, "s2"), move(2, "g1", "g3"), "place_gone"),
        (strike(1, "s1"), move(2, "g1", "g3"), "struck"),
        (move(1, "s1", "s2"), move(2, "s2", "s3"), "place_gone"),
        (move(1, "g1", "g3"), move(2, "g1", "g3", "before"), "moved"),
        (move(1, "g1", "g3"), insert(2, "g1", part="measures"), None),
        (strike(1, "g1"), replace(2, "g1", "Weil.", "reason"), "struck"),
        (strike(1, "g1", "reason"), replace(2, "g1", "Anders."), None),
        (strike(1, "g1", "reason"), replace(2, "g1", "Weil.", "reason"), "struck"),
        (replace(1, "g1", "Anders."), replace(2, "g1", "Weil.", "reason"), None),
        (
            replace(1, "t1", "Ort | Geld\nNord | 20 Euro\nSüd |\nGeld der Orte"),
            replace(2, "t1", "Ort | Geld\nNord | 10 Euro\nWest |\nGeld der Orte"),
            None,
        ),
        (
            replace(1, "g1-a", "jährlich 2.000 Euro", "costs"),
            replace(2, "g1-a", "jährlich 1.000 Euro\neinmalig 5 Euro", "costs"),
            None,
        ),
        (
            replace(1, "g1-a", "noch nicht geschätzt", "costs"),
            replace(2, "g1-a", "jährlich 1.000 Euro\neinmalig 5 Euro", "costs"),
            "same_words",
        ),
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
        (["n4", "b1", "n2", "n3", "b2", "b4", "p1"], ["g1", "n7", "g2", "n8"]),
        ([], ["g3"]),
        (["b5", "t1"], []),
    ]
    first, second, _third = found
    assert [part["no"] for part in first["text"]["blocks"]] == [1, 2, 3, 4, 5, 6, 7]
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
        (replace(1, "b3", "a | b\nc"), "table_shape"),
        (replace(1, "p1", "Ein anderes Bild."), "by_hand"),
        (replace(1, "g1-a", "Viel Geld", "costs"), "costs_unreadable"),
        (replace(1, "g1-a", "jährlich 5 Euro\njährlich 6 Euro", "costs"), "costs_unreadable"),
        (replace(1, "g1-a", "a" * 61, "period"), "field_too_long"),
        (replace(1, "s1", "a" * 201), "field_too_long"),
        (strike(1, "g1-a", "costs"), "no_such_change"),
        (strike(1, "g1", "target_groups"), "no_such_change"),
        (strike(1, "g1", "measures"), "no_such_change"),
        (insert(1, "g1", part="reason"), "no_such_change"),
        (insert(1, "g1", part="goals"), "gone"),
        (move(1, "s1", "b1"), "no_such_change"),
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


def test_whole_sections_are_struck_moved_and_added_and_numbers_stay():
    found = apply_amendments(
        TEXT,
        [
            strike(1, "s1"),
            move(2, "s3", "s2", "before"),
            insert(3, "s2", "Gesundheit\nErster Absatz.\nZweiter & letzter."),
            insert(4, "s3", "Ein Ziel, wo noch keines stand.", part="goals"),
            insert(5, "s3", "Ein zweites.", part="goals"),
        ],
    )
    assert [part["number"] for part in found] == ["3", "2", "4"]
    third, _second, new = found
    assert [part["number"] for part in third["goals"]] == ["3.1", "3.2"]
    assert (new["wid"], new["kind"], new["text"]["title"]) == ("n3", "field", "Gesundheit")
    assert [part["html"] for part in new["text"]["blocks"]] == [
        "Erster Absatz.",
        "Zweiter &amp; letzter.",
    ]
    again = apply_amendments(TEXT, [insert(3, "s2", "Gesundheit\nErster Absatz.")])
    assert again[2]["text"]["blocks"][0]["wid"] == new["text"]["blocks"][0]["wid"]


def test_reason_target_group_costs_and_cells_get_other_words():
    found = apply_amendments(
        TEXT,
        [
            replace(1, "g1", "Weil es nötig ist.\nUnd richtig.", "reason"),
            replace(2, "g1", "Kinder", "target_groups"),
            replace(3, "g1-a", "einmalig 5.000 Euro\njährlich 1.000 Euro", "costs"),
            replace(4, "g1-b", "noch nicht geschätzt", "costs"),
            replace(5, "g1-a", "2027 bis 2029", "period"),
            replace(6, "t1", "Ort | Geld\nNord | 10 Euro\nSüd | 20 Euro\nWest | 5 Euro\nGeld"),
        ],
    )
    goal_ = found[0]["goals"][0]
    assert goal_["text"]["reason"] == "Weil es nötig ist.\nUnd richtig."
    assert goal_["text"]["target_groups"] == "Kinder"
    one, two = goal_["measures"]
    assert (one["cost_status"], one["cost_one_off"], one["cost_yearly"]) == (
        "estimated",
        5000,
        1000,
    )
    assert (two["cost_status"], two["cost_one_off"], two["cost_yearly"]) == (
        "not_estimated",
        None,
        None,
    )
    assert one["text"]["period"] == "2027 bis 2029"
    table = found[2]["text"]["blocks"][1]
    # A cell whose words stay keeps its white space.
    assert table["rows"] == [["Nord", "10  Euro"], ["Süd", "20 Euro"], ["West", "5 Euro"]]
    assert (table["head"], table["caption"]) == (["Ort", "Geld"], "Geld")


def test_new_goals_and_measures_take_reason_target_group_and_costs_with_them():
    priced = Amendment(
        2,
        "insert",
        "g2",
        "Titel\nWas getan wird.\nZuständig: Sozialamt\nZeitraum: 2028",
        new_wid="n2",
        part="measures",
        cost_yearly=3000,
    )
    found = apply_amendments(
        TEXT, [insert(1, "g1", "Ein Ziel.\nWeil es fehlt.\nFür wen: Eltern"), priced]
    )
    new, goal2 = found[0]["goals"][1:]
    assert new["text"]["wording"] == "Ein Ziel."
    assert (new["text"]["reason"], new["text"]["target_groups"]) == ("Weil es fehlt.", "Eltern")
    [measure_] = goal2["measures"]
    assert (measure_["number"], measure_["cost_yearly"]) == ("1.2.a", 3000)
    assert measure_["text"] == {
        "title": "Titel",
        "description": "Was getan wird.",
        "responsible": "Sozialamt",
        "period": "2028",
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jährlich 12.000 Euro", (None, 12_000)),
        ("Einmalig: 5000 €; jährlich 7 Euro.", (5000, 7)),
        ("einmalig 1.000,- Euro, jährlich 0 Euro", (1000, 0)),
        ("Noch nicht geschätzt", (None, None)),
    ],
)
def test_costs_are_read_as_people_write_them(text, found):
    costs = costs_from(text)
    assert (costs["cost_one_off"], costs["cost_yearly"]) == found
    assert costs_from(costs_text(costs)) == costs


@pytest.mark.parametrize(
    ("taken", "other", "done"),
    [
        (strike(1, "g1"), strike(2, "g1"), True),
        (strike(1, "s1"), strike(2, "g1-a"), True),
        (strike(1, "g1-a"), strike(2, "g1"), False),
        (strike(1, "g1"), strike(2, "g1", "reason"), True),
        (replace(1, "g1", "Anders."), replace(2, "g1", "Anders."), True),
        (replace(1, "g1", "Anders."), replace(2, "g1", "Anders.", "reason"), False),
        (insert(1, "b1"), insert(2, "b1"), True),
        (insert(1, "b1"), insert(2, "b1", side="before"), False),
        (move(1, "g1", "g2"), move(2, "g1", "g2"), True),
    ],
)
def test_what_is_left_to_do_once_another_change_holds(taken, other, done):
    assert does_all_of(taken, other, TEXT) == done


# --- whatever is moved ---------------------------------------------------------------------------


@settings(deadline=None)
@given(some_changes)
def test_the_order_in_which_changes_come_does_not_matter(found):
    orders = list(itertools.permutations(found))
    if not fit_together(found):
        for order in orders:
            with pytest.raises(UnableToAmend):
                apply_amendments(TEXT, order)
        return
    results = {canonical_bytes(apply_amendments(TEXT, order)) for order in orders}
    assert len(results) == 1


@settings(deadline=None)
@given(some_changes)
def test_changes_that_fit_can_be_applied_one_after_the_other(found):
    """Applying them at once gives what applying each to the result of the former ones gives."""
    apart = [c for c in found if c.op in {"strike", "insert", "replace"}]
    if not fit_together(apart) or len({c.key for c in apart}) < len(apart):
        return
    # Where all that stood beside a place is gone, its number cannot go on from it.
    step_by_step = TEXT
    for change in sorted(apart, key=lambda c: c.op == "strike"):
        # What lies in a struck part may be gone with it already.
        if change.op != "strike" or change.wid in places_of(step_by_step):
            step_by_step = apply_amendments(step_by_step, [change])
    assert wids(apply_amendments(TEXT, apart)) == wids(step_by_step)


@settings(deadline=None)
@given(some_changes)
def test_nothing_else_changes(found):
    if not fit_together(found):
        return
    after_all = apply_amendments(TEXT, found)
    before, after = places_of(TEXT), places_of(after_all)
    touched = {c.key for c in found if c.op == "replace"}
    struck = {c.wid for c in found if c.op == "strike"}
    inserted = {c.new_wid for c in found if c.op == "insert"}
    gone = {
        key
        for key, place in before.items()
        if struck & {place.wid, place.within, place.section_wid}
    }
    new = {key for key, place in after.items() if inserted & {place.wid, place.section_wid}}
    assert set(after) == set(before) - gone | new
    assert inserted <= {place.wid for place in after.values()}
    for key in set(before) - gone - touched:
        assert after[key].text == before[key].text
        if before[key].family != "block":
            assert after[key].number == before[key].number
    numbers = [goal["number"] for part in after_all for goal in part["goals"]]
    assert len(set(numbers)) == len(numbers)
