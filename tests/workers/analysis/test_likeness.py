import random

import numpy as np

from workers.analysis.likeness import LARGE_BUCKET, likely_pairs, signatures

SHINGLE_LENGTH = 5
WORDS = [
    "bus",
    "kurs",
    "schule",
    "platz",
    "baum",
    "licht",
    "radweg",
    "treff",
    "amt",
    "garten",
    "heft",
    "laden",
]


def _text(chance: random.Random, length: int = 60) -> str:
    return " ".join(chance.choice(WORDS) + str(chance.randrange(1000)) for _ in range(length))


def _share(one: str, other: str) -> float:
    parts = [{t[n : n + SHINGLE_LENGTH] for n in range(len(t) - 4)} for t in (one, other)]
    return len(parts[0] & parts[1]) / len(parts[0] | parts[1])


def test_equal_places_of_two_signatures_estimate_what_the_texts_share():
    chance = random.Random(4)
    errors = []
    for kept in np.linspace(0.1, 1, 40):
        one = _text(chance)
        other = one[: int(kept * len(one))] + _text(chance)[: len(one) - int(kept * len(one))]
        found = signatures([one, other])
        errors.append((found[0] == found[1]).mean() - _share(one, other))
    # The standard error of one estimate is at most 0.045.
    assert abs(np.mean(errors)) < 0.02
    assert np.max(np.abs(errors)) < 0.16


def test_signatures_of_short_and_strange_texts():
    found = signatures(["", "a", "\u200f", "🙂🙂", "a"])
    assert (found[1] == found[4]).all()
    assert not (found[1] == found[3]).all()


def test_near_copies_among_many_texts_are_likely_pairs_and_others_are_not():
    chance = random.Random(5)
    texts = [_text(chance) for _ in range(2 * LARGE_BUCKET)]
    texts.append(texts[7].replace("bus", "Bus", 1))
    assert likely_pairs(texts) == [(7, 2 * LARGE_BUCKET)]


def test_few_texts_are_all_compared():
    assert likely_pairs(["a", "b", "c"]) == [(0, 1), (0, 2), (1, 2)]
