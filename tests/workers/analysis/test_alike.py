"""Which texts are most like one: by meaning, by words, never itself."""

import numpy as np

from workers.analysis.alike import alike_by_meaning, alike_by_words, shared_words
from workers.analysis.vectors import DIMENSIONS


def _vectors(rows) -> list[bytes]:
    return [np.asarray(row, dtype="<f4").tobytes() for row in rows]


def test_the_nearest_in_meaning_comes_first_and_says_how_near():
    random = np.random.default_rng(0)
    rows = random.normal(size=(200, DIMENSIONS))
    rows[7] = rows[0] + 0.1 * random.normal(size=DIMENSIONS)
    found = alike_by_meaning(_vectors(rows), ["de"] * 200, own=0, limit=3)
    assert (found[0].place, found[0].closeness) == (7, "high")
    assert {row.closeness for row in found[1:]} <= {"medium", "low"}
    assert 0 not in {row.place for row in found}


def test_what_a_language_has_in_common_makes_nothing_alike():
    random = np.random.default_rng(1)
    rows = random.normal(size=(60, DIMENSIONS))
    rows[:30] += 5.0  # the first thirty share the direction of their language
    rows[40] = random.normal(size=DIMENSIONS)
    own_meaning = 3 * random.normal(size=DIMENSIONS)
    rows[0] += own_meaning
    rows[40] += own_meaning
    found = alike_by_meaning(_vectors(rows), ["ar"] * 30 + ["de"] * 30, own=0, limit=1)
    assert [row.place for row in found] == [40]


def test_there_are_no_more_neighbours_than_texts():
    rows = np.eye(3, DIMENSIONS)
    assert len(alike_by_meaning(_vectors(rows), ["de"] * 3, own=1, limit=12)) == 2


def test_a_rare_word_counts_more_than_a_common_one():
    texts = ["Aufzug am Bahnhof", "Kiosk am Bahnhof", "Aufzug im Rathaus", "Taxi am Bahnhof"]
    found = alike_by_words(texts, ["de"] * 4, own=0, limit=9)
    assert [row.place for row in found] == [2, 1, 3]
    assert {row.closeness for row in found} == {""}


def test_words_of_another_language_are_not_shared():
    assert alike_by_words(["Die Bahn kommt", "Die Bahn kommt"], ["de", "tr"], 0, 5) == []


def test_shared_words_are_stems_without_stop_words():
    assert shared_words("Die Aufzüge am Abend", "Ein Aufzug am Abend", "de") == ["abend", "aufzug"]
