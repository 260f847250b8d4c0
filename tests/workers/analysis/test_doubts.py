"""Doubts about places: far from all, between two themes, loose in the own one."""

import numpy as np

from workers.analysis.doubts import FEWEST_TO_JUDGE, Reason, doubtful
from workers.analysis.shapes import Contribution

SIZE = 15
DIRECTIONS = np.eye(8)


def _round(**more):
    """Two themes of fifteen, each around a direction of its own, and more by name and vector."""
    chance = np.random.default_rng(3)
    vectors, themes = {}, []
    for number in range(2):
        names = [f"{'ab'[number]}{place:02}" for place in range(SIZE)]
        themes.append(names)
        for name in names:
            vectors[name] = DIRECTIONS[number] + chance.normal(0, 0.05, 8)
    vectors |= more
    contributions = [Contribution(name, f"Wunsch {name}", language="de") for name in vectors]
    unit = {name: (row / np.linalg.norm(row)).astype("f4") for name, row in vectors.items()}
    return themes, contributions, unit


def test_firm_members_are_in_no_doubt():
    assert doubtful(*_round()) == {}


def test_who_is_nearer_to_another_theme_is_named_with_it():
    themes, contributions, vectors = _round(z=DIRECTIONS[1] + 0.02 * DIRECTIONS[3])
    themes[0].append("z")
    found = doubtful(themes, contributions, vectors)
    assert set(found) == {"z"}
    assert (found["z"].reason, found["z"].near_to) == (Reason.BETWEEN, 1)
    assert found["z"].strength > 0.5


def test_who_is_far_from_all_is_off_topic_inside_a_theme_or_alone():
    themes, contributions, vectors = _round(y=-DIRECTIONS[5], z=DIRECTIONS[6])
    themes[0].append("z")
    found = doubtful(themes, contributions, vectors)
    assert {name: (doubt.reason, doubt.near_to) for name, doubt in found.items()} == {
        "y": (Reason.OFF_TOPIC, None),
        "z": (Reason.OFF_TOPIC, None),
    }


def test_a_single_voice_near_a_theme_is_in_no_doubt():
    themes, contributions, vectors = _round(y=DIRECTIONS[0])
    assert doubtful(themes, contributions, vectors) == {}


def test_few_members_texts_without_letters_and_the_order_of_rows():
    themes, contributions, vectors = _round(z=DIRECTIONS[6])
    few = [theme[: FEWEST_TO_JUDGE // 2 - 1] for theme in themes]
    assert doubtful(few, contributions, vectors) == {}
    assert doubtful([], contributions, vectors) == {}
    themes[0].append("z")
    found = doubtful(themes, contributions, vectors)
    assert doubtful([theme[::-1] for theme in themes], contributions[::-1], vectors) == found
    silent = [Contribution(c.id, "???") if c.id == "z" else c for c in contributions]
    assert doubtful(themes, silent, vectors) == {}


def test_without_vectors_words_decide():
    asked = (
        "Der Nachtbus hält nicht an der Haltestelle am Wald, bitte ein Nachtbus mit Haltestelle",
        "Deutschkurse am Abend mit Betreuung der Kinder fehlen, bitte Deutschkurse mit Betreuung",
        "Bäume und Beete vor der Schule spenden Schatten, pflanzt Bäume und Beete",
    )
    themes = [[f"{theme}{letter}" for letter in "abcdefghi"] for theme in range(3)]
    told = {name: f"{asked[int(name[0])]} {name[1]}" for theme in themes for name in theme}
    told["z"] = asked[0]
    themes[1].append("z")
    contributions = [Contribution(name, text, language="de") for name, text in told.items()]
    found = doubtful(themes, contributions, {})
    assert (found["z"].reason, found["z"].near_to) == (Reason.BETWEEN, 0)
    assert set(found) == {"z"}
