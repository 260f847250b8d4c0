"""What differs between two editions: moves as moves, numbers without noise."""

from copy import deepcopy

from site_content.pages.presenters.part_changes import part_changes


def block(wid, html, no):
    return {"wid": wid, "kind": "paragraph", "html": html, "no": no}


def measure(wid, number, also=()):
    return {
        "wid": wid, "number": number, "kind": "new", "cost_status": "estimated", "cost_one_off": 1,
        "cost_yearly": None, "also_serves": list(also),
        "text": {"title": f"Maßnahme {wid}", "description": "", "responsible": "", "period": ""},
    }  # fmt: skip


def goal(wid, number, *measures):
    text = dict.fromkeys(("reason", "target_groups", "lead", "openness_reason"), "")
    return {
        "wid": wid, "number": number, "level": "ziel", "openness": "open",
        "text": {"wording": f"Wortlaut {wid}.", **text}, "measures": list(measures),
    }  # fmt: skip


def section(wid, number, blocks, goals=()):
    text = {"title": f"Abschnitt {wid}", "lede": "", "lead": "", "openness_reason": ""}
    return {
        "wid": wid, "number": number, "kind": "field", "openness": "open",
        "text": {**text, "blocks": blocks}, "goals": list(goals),
    }  # fmt: skip


OLD = [
    section(
        "s1", "1", [block("b1", "Eins.", 1), block("b2", "Zwei.", 2), block("b3", "Drei.", 3)],
        [goal("g1", "1.1", measure("m1", "1.1.a", ["1.3"])), goal("g2", "1.2"), goal("g3", "1.3")],
    ),
    section("s2", "2", [block("b4", "Vier.", 1)], [goal("g4", "2.1")]),
]  # fmt: skip


def found(change) -> list[tuple[str, str]]:
    new = deepcopy(OLD)
    change(new)
    return [(row.kind, row.part.wid) for row in part_changes(OLD, new)]


def test_the_same_edition_does_not_differ():
    assert found(lambda new: None) == []


def test_reworded_inserted_and_dropped_parts():
    def change(new):
        blocks = new[0]["text"]["blocks"]
        blocks[0]["html"] = "EINS."
        blocks[1] = block("b9", "Neu.", 2)

    assert found(change) == [("replace", "b1"), ("delete", "b2"), ("insert", "b9")]


def test_numbers_that_follow_a_dropped_goal_are_numbers_alone_also_where_measures_name_them():
    def change(new):
        del new[0]["goals"][1]
        new[0]["goals"][1]["number"] = "1.2"
        new[0]["goals"][0]["measures"][0]["also_serves"] = ["1.2"]

    assert found(change) == [("delete", "g2"), ("number", "g3")]


def test_a_reference_to_another_goal_is_a_change_of_words():
    def change(new):
        new[0]["goals"][0]["measures"][0]["also_serves"] = ["2.1"]

    assert found(change) == [("replace", "m1")]


def test_a_moved_section_says_nothing_of_what_is_in_it():
    def change(new):
        new.reverse()
        new[0]["number"], new[1]["number"] = "1", "2"

    rows = found(change)
    assert len(rows) == 2
    assert {kind for kind, _wid in rows} == {"move", "number"}
    assert {wid for _kind, wid in rows} == {"s1", "s2"}


def test_a_block_in_another_section_has_moved_though_its_number_changed_too():
    def change(new):
        moved = new[0]["text"]["blocks"].pop(0)
        new[1]["text"]["blocks"].append({**moved, "no": 2})

    assert found(change) == [("move", "b1")]


def test_a_reworded_part_that_moved_is_one_change():
    new = deepcopy(OLD)
    goals = new[0]["goals"]
    goals.append(goals.pop(0))
    goals[-1]["text"]["wording"] = "Neuer Wortlaut."
    [change] = part_changes(OLD, new)
    assert (change.kind, change.part.wid, change.has_moved) == ("replace", "g1", True)


def test_other_facts_with_the_same_words():
    def change(new):
        new[1]["goals"][0]["level"] = "leitziel"
        new[1]["text"]["blocks"][0]["html"] = "<b>Vier.</b>"
        new[1]["number"] = ""

    assert found(change) == [("number", "s2"), ("facts", "b4"), ("facts", "g4")]
