"""What changed between two wordings: smallest runs of words, exact offsets, exact application."""

import json
import random
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drafts.editions import word_matching
from drafts.editions.comparison import (
    BadInput,
    KeyedChange,
    apply_changes,
    compare_files,
    compare_keyed,
    compare_lines,
    compare_markdown,
    compare_words,
)

CONCEPT = """# Konzept

## 1 Sprache

Die Stadt wirkt darauf hin, dass genügend Deutschkurse angeboten werden.

Wer einen Kurs sucht, findet ihn bei der Volkshochschule.

- Kurse am Abend
- Kurse am Samstag

## 2 Wohnen

Die Stadt berät alle Haushalte, denen der Verlust der Wohnung droht.

| Ort | Zeit |
|-----|------|
| Rathaus | Montag |
| Bücherei | Dienstag |
"""


def changed(old: str, new: str) -> list[tuple[str, str, str]]:
    return [(c.op, c.old, c.new) for c in compare_markdown(old, new).changes]


# --- what is a change ----------------------------------------------------------------------------


def test_equal_texts_have_no_change():
    comparison = compare_markdown(CONCEPT, CONCEPT)
    assert comparison.changes == []
    assert comparison.as_dict()["stats"] == {
        "words_old": len(CONCEPT.split()),
        "words_new": len(CONCEPT.split()),
        "words_changed": 0,
    }


def test_a_replaced_word_is_one_change_of_one_word():
    new = CONCEPT.replace("genügend Deutschkurse", "genügend Sprachkurse")
    (change,) = compare_markdown(CONCEPT, new).changes
    start = CONCEPT.index("Deutschkurse")
    assert change.op == "replace"
    assert (change.old, change.new) == ("Deutschkurse", "Sprachkurse")
    assert (change.old_start, change.old_end) == (start, start + len("Deutschkurse"))
    assert change.heading == "1 Sprache"


def test_punctuation_does_not_drag_the_word_before_it_along():
    assert changed("Kurse am Tag.", "Kurse am Tag, auch abends.") == [
        ("insert", "", ", auch abends")
    ]


def test_two_far_words_are_two_changes():
    new = CONCEPT.replace("genügend", "viele").replace("Verlust", "Entzug")
    assert changed(CONCEPT, new) == [
        ("replace", "genügend", "viele"),
        ("replace", "Verlust", "Entzug"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- Kurse am Samstag\n", "- Kurse am Sonntag\n"),
        ("| Rathaus | Montag |\n", "| Rathaus | Freitag |\n"),
        ("## 2 Wohnen\n", "## 2 Arbeit\n"),
    ],
)
def test_list_items_table_rows_and_headings_are_blocks(old, new):
    (change,) = compare_markdown(CONCEPT, CONCEPT.replace(old, new)).changes
    assert change.op == "replace"
    assert len(change.old.split()) == 1


def test_an_inserted_paragraph_is_one_insertion_at_its_place():
    text = "Kinder übersetzen nicht für Erwachsene.\n\n"
    place = CONCEPT.index("- Kurse am Abend")
    (change,) = compare_markdown(CONCEPT, CONCEPT[:place] + text + CONCEPT[place:]).changes
    assert (change.op, change.new) == ("insert", text)
    assert change.old_start == change.old_end == place


def test_deleted_paragraphs_are_one_deletion_each():
    start, end = CONCEPT.index("Die Stadt wirkt"), CONCEPT.index("- Kurse am Abend")
    changes = compare_markdown(CONCEPT, CONCEPT[:start] + CONCEPT[end:]).changes
    assert [change.op for change in changes] == ["delete", "delete"]
    assert "".join(change.old for change in changes) == CONCEPT[start:end]


def test_an_inserted_sentence_begins_where_the_sentence_begins():
    old = "Die Stadt hilft. Die Stadt berät."
    new = "Die Stadt hilft. Die Stadt zahlt. Die Stadt berät."
    assert changed(old, new) == [("insert", "", "Die Stadt zahlt. ")]


def test_unrelated_paragraphs_do_not_share_chance_words():
    old = "A.\n\nDie Stadt vergibt jedes Jahr einen Preis für die besten Betriebe der Region.\n\nB."
    new = "A.\n\nWer in der Nacht arbeitet, findet für die Kinder einen Platz im Hort.\n\nB."
    assert [op for op, *_ in changed(old, new)] == ["replace"]


def test_a_moved_paragraph_is_a_move_and_costs_no_words():
    first, second, third = (f"Absatz {n} hat seinen eigenen Text.\n\n" for n in ("A", "B", "C"))
    comparison = compare_markdown(first + second + third, third + first + second)
    (move,) = comparison.changes
    assert (move.op, move.old, move.new) == ("move", third, third)
    assert (move.old_start, move.new_start) == (len(first + second), 0)
    assert comparison.words_changed == 0


def test_a_moved_list_item_keeps_its_wording_though_numbers_change():
    old = "1. Wir hören zu.\n2. Wir reden klar.\n3. Wir handeln schnell.\n"
    new = "1. Wir handeln schnell.\n2. Wir hören zu.\n3. Wir reden klar.\n"
    moves = [c for c in compare_markdown(old, new).changes if c.op == "move"]
    assert [move.new.strip() for move in moves] == ["Wir handeln schnell."]


def test_a_split_paragraph_changes_white_space_only():
    old = "Die Stadt hilft allen Menschen. Sie zahlt die Kurse für alle Menschen."
    new = old.replace(". Sie", ".\n\nSie")
    assert changed(old, new) == [("replace", " ", "\n\n")]
    assert compare_markdown(old, new).words_changed == 0


def test_the_heading_is_the_one_above_the_change():
    new = CONCEPT.replace(
        "Die Stadt berät alle Haushalte, denen der Verlust der Wohnung droht.\n", ""
    )
    assert {c.heading for c in compare_markdown(CONCEPT, new).changes} == {"2 Wohnen"}
    underlined = "Wohnen\n======\n\nEin Haus.\n"
    (change,) = compare_markdown(underlined, underlined.replace("Haus", "Hof")).changes
    assert change.heading == "Wohnen"


def test_scripts_with_combining_marks_stay_whole_words():
    old, new = "Die Stra\u0308nde sind مُهِمّ heute", "Die Stra\u0308nde sind مُهِمّة heute"
    assert changed(old, new) == [("replace", "مُهِمّ", "مُهِمّة")]


# --- exactness -----------------------------------------------------------------------------------


def check_exact(old: str, new: str) -> None:
    comparison = compare_markdown(old, new)
    for change in comparison.changes:
        assert old[change.old_start : change.old_end] == change.old
        assert new[change.new_start : change.new_end] == change.new
        assert change.op != "move" or change.old == change.new
        assert change.old != change.new or change.op == "move"
    assert apply_changes(old, comparison.changes) == new


@given(st.text(), st.text())
def test_any_two_strings_compare_exactly(old, new):
    check_exact(old, new)


LINES = st.sampled_from(
    [
        "# Titel", "## 1 Sprache", "Titel\n=====", "- Punkt eins", "1. Wir hören zu gern", "| a | b |",
        "Die Stadt hilft allen.", "Die Stadt hilft niemandem. Die Stadt hilft.", "(1) Die Stadt", " ",
        "", "", "\t", "> Zitat der Stadt", "```", "– lose –", "Trailing  ", "\ufeff", "x\r",
    ]
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, end, last: end.join(lines) + last,
    st.lists(LINES, max_size=14),
    st.sampled_from(["\n", "\r\n", "\n\n", "\r"]),
    st.sampled_from(["", "\n", "\r\n", "  "]),
)


@given(TEXTS, TEXTS)
@example(  # a moved block beside a sentence that could slide into it
    "Die Stadt hilft.\n# Titel\n> Zitat der Stadt\n- Wir hören zu gern\n1. Wir hören zu gern\n"
    "Die Stadt hilft.\n- Wir hören zu gern\nEins zwei drei",
    "Die Stadt hilft.\nEins zwei drei\n- Wir hören zu gern\nDie Stadt hilft.\n# Titel\n"
    "1. Wir hören zu gern\n- Wir hören zu gern\n> Zitat der Stadt",
)
@settings(max_examples=300)
def test_any_two_markdown_texts_compare_exactly(old, new):
    check_exact(old, new)


@given(TEXTS, TEXTS)
def test_no_change_covers_two_blocks(old, new):
    for change in compare_markdown(old, new).changes:
        for text in (change.old.strip(), change.new.strip()):
            assert "\n\n" not in text
            assert "\r\n\r\n" not in text


def test_changes_that_do_not_fit_are_refused():
    changes = compare_markdown("Die Stadt hilft.", "Die Stadt zahlt.").changes
    with pytest.raises(ValueError, match="does not fit"):
        apply_changes("Das Land hilft..", changes)


def test_eighty_thousand_words_take_less_than_three_seconds():
    choose = random.Random(7)
    words = [f"wort{n}" for n in range(4000)]
    blocks = [choose.choices(words, k=40) for _ in range(2000)]
    old = "\n\n".join(" ".join(block) for block in blocks)
    for block in choose.sample(blocks, 700):
        block[choose.randrange(40)] = "anders"
    choose.shuffle(blocks[:50])
    started = time.process_time()
    comparison = compare_markdown(old, "\n\n".join(" ".join(block) for block in blocks))
    assert time.process_time() - started < 3
    assert comparison.words_old == 80_000
    assert comparison.words_changed == 1400


@given(st.lists(st.integers(0, 4), max_size=30), st.lists(st.integers(0, 4), max_size=30))
def test_halving_a_large_task_finds_a_subsequence_as_long(x, y):
    whole = word_matching.common(x, y)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_matching, "FULL_TABLE", 30)
        halved = word_matching.common(x, y)
    assert len(halved) == len(whole)
    assert all(x[i] == y[j] for i, j in halved)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(halved))


# --- word by word, and by key --------------------------------------------------------------------


def test_words_show_what_was_struck_and_inserted():
    assert compare_words("Die Stadt berät Haushalte.", "Die Stadt berät alle Haushalte.") == [
        ("equal", "Die Stadt berät "),
        ("insert", "alle "),
        ("equal", "Haushalte."),
    ]
    assert compare_words("alt", "neu") == [("delete", "alt"), ("insert", "neu")]
    assert compare_words("", "") == []


@given(TEXTS, TEXTS)
def test_words_give_both_wordings_back(old, new):
    parts = compare_words(old, new)
    assert "".join(text for op, text in parts if op != "insert") == old
    assert "".join(text for op, text in parts if op != "delete") == new
    assert all(text for _, text in parts)
    assert all(op != next_op for (op, _), (next_op, _) in pairwise(parts))


def test_items_are_followed_by_key():
    old = {"a": "eins", "b": "zwei", "c": "drei", "d": "vier"}
    new = {"n": "neu", "a": "eins", "c": "DREI", "d": "vier"}
    assert compare_keyed(old, new, list(old), list(new)) == [
        KeyedChange("insert", "n", None, "neu"),
        KeyedChange("delete", "b", "zwei", None),
        KeyedChange("replace", "c", "drei", "DREI"),
    ]


def test_only_the_item_that_left_its_place_is_moved():
    items = dict.fromkeys("abcdef", "text")
    with_more = {**items, "x": "text", "y": "text"}
    changes = compare_keyed(items, with_more, "abcdef", "xfyabcde")
    assert [(c.op, c.wid) for c in changes] == [("insert", "x"), ("move", "f"), ("insert", "y")]


def test_a_moved_and_reworded_item_gives_two_changes():
    changes = compare_keyed(
        {"a": "1", "b": "2", "c": "3"}, {"a": "9", "b": "2", "c": "3"}, "abc", "bca"
    )
    assert [(c.op, c.wid, c.new) for c in changes] == [("move", "a", "9"), ("replace", "a", "9")]


@pytest.mark.parametrize("order", ["a", "aab", "abc"])
def test_an_order_that_is_not_the_editions_is_refused(order):
    with pytest.raises(ValueError, match="exactly once"):
        compare_keyed({"a": "1", "b": "2"}, {}, order, "")


# --- files ---------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_bytes(b"Die Stadt hilft.\r\n")
    new.write_bytes("\ufeffDie Stadt zahlt. \n".encode())
    return old, new, tmp_path / "out.json"


def test_files_are_compared_byte_for_byte(files):
    old, new, out = files
    assert compare_files(old, new, out, apply=True) is True
    document = json.loads(out.read_text(encoding="utf-8"))
    assert set(document) == {"changes", "stats"}
    assert set(document["changes"][0]) == {
        "op", "heading", "old_start", "old_end", "new_start", "new_end", "old", "new",
    }  # fmt: skip
    assert document["stats"] == {"words_old": 3, "words_new": 3, "words_changed": 3}


@pytest.mark.parametrize(
    ("data", "fragment"),
    [
        (b"eins\nzwei \xff\n", "line 2: not UTF-8; save"),
        (b"eins\n\nzw\0ei\n", "line 3: a NUL byte; save"),
        (None, "No such file or directory; name a Markdown file"),
    ],
)
def test_bad_files_are_refused_in_one_sentence_and_nothing_is_written(files, data, fragment):
    old, new, out = files
    new.unlink()
    if data is not None:
        new.write_bytes(data)
    with pytest.raises(BadInput) as refusal:
        compare_files(old, new, out)
    sentence = str(refusal.value)
    assert str(new) in sentence
    assert fragment in sentence
    assert "\n" not in sentence
    assert not out.exists()


def test_an_output_that_cannot_be_written_is_refused(files):
    old, new, out = files
    with pytest.raises(BadInput, match="name a file that can be written"):
        compare_files(old, new, out / "none" / "out.json")


MEASURE = """Kurse am Samstag
Die Volkshochschule prüft, ob sich Kurse am Samstag lohnen.
Art: neu
Kosten: noch nicht geschätzt
Zuständig: Volkshochschule
Zeitraum: 2028–2030"""
NEW_MEASURE = """Samstagskurse mit Kinderbetreuung
Ab Februar 2028 laufen vier Kurse.
Art: neu
Kosten: einmalig 18.000 Euro, jährlich 112.000 Euro
Zuständig: Volkshochschule, Jugendamt
Zeitraum: 2028–2030"""


def test_lines_with_one_name_are_compared_with_each_other():
    parts = compare_lines(MEASURE, NEW_MEASURE)
    kept = "".join(text for op, text in parts if op == "equal")
    assert kept == ".\nArt: neu\nKosten: \nZuständig: Volkshochschule\nZeitraum: 2028–2030"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (MEASURE, NEW_MEASURE),
        (NEW_MEASURE, MEASURE),
        (MEASURE, ""),
        ("", MEASURE),
        ("Kosten: 1\nKosten: 2", "Kosten: 2\nArt: neu\nKosten: 3"),
        ("Art: neu\nKosten: 1", "Kosten: 1\nArt: alt"),
        ("Ein Satz.", "Ein anderer Satz.\n"),
    ],
)
def test_compared_lines_give_both_wordings(old, new):
    parts = compare_lines(old, new)
    assert "".join(text for op, text in parts if op != "insert") == old
    assert "".join(text for op, text in parts if op != "delete") == new
