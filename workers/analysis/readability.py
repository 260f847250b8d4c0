"""How hard a German sentence is to read, on the scale on which people rated sentences.

The scale is that of the TextComplexityDE data set (Naderi et al., 2019,
https://arxiv.org/abs/1904.07733): 1 very easy to 7 very hard, the mean of what learners of German
said. Four properties of the words say most of it; how common words are is known from ``wordfreq``
(Speer, 2022, https://doi.org/10.5281/zenodo.7199437).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from workers.analysis.texts import sentence_spans, words

EASIEST, HARDEST = 1.0, 7.0
# Zipf scale: log10 of a word's uses in a billion words. Words from here on are known to everybody.
EVERYDAY = 6.0

# Ridge regression on 511 sentences of 13 articles. With each article left out in turn, Spearman's
# correlation with people's ratings is 0.81; `make bench` fits anew and measures it.
INTERCEPT = -1.58
BY_RARITY = 0.88
BY_LENGTH = 0.47
BY_NOMINAL_STYLE = 0.33
BY_NAMES = -1.84

_NOMINAL = re.compile(r"(?:ung|heit|keit|ion|tät|ismus|schaft)(?:en)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One sentence: where it stands in the text, how many words, how hard (1 to 7)."""

    start: int
    end: int
    words: int
    complexity: float


def properties(sentence: str) -> tuple[float, float, float, float]:
    """Rarity of the words, length, nominal style, share of names and nouns; 0 for no words."""
    written = words(sentence)
    if not written:
        return 0.0, 0.0, 0.0, 0.0
    rarity = sum(max(0.0, EVERYDAY - commonness(word)) for word in written)
    nominal = sum(bool(_NOMINAL.search(word)) for word in written)
    capitals = sum(word[0].isupper() for word in written[1:]) / len(written)
    return math.log1p(rarity), math.log(len(sentence)), math.log1p(nominal), capitals


def complexity(sentence: str) -> float:
    """How hard a sentence is, about 1 (very easy) to 7 (very hard).

    The shortest sentences come out a little below 1, so that they still stand in order.
    """
    rarity, length, nominal, names = properties(sentence)
    return (
        INTERCEPT
        + BY_RARITY * rarity
        + BY_LENGTH * length
        + BY_NOMINAL_STYLE * nominal
        + BY_NAMES * names
    )


def commonness(word: str) -> float:
    """How common a German word is on the Zipf scale, 0 (unknown) to about 8 ("der")."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "de", wordlist="small"))


def read(text: str) -> list[Reading]:
    """Every sentence of a text with its complexity, in the order of the text."""
    readings = []
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        count = len(words(sentence))
        if count:
            readings.append(Reading(start, end, count, complexity(sentence)))
    return readings


def text_complexity(readings: Sequence[Reading]) -> float | None:
    """The mean over sentences, each counted by its words, 1 to 7; None for no words at all."""
    total = sum(reading.words for reading in readings)
    if not total:
        return None
    mean = sum(reading.complexity * reading.words for reading in readings) / total
    return min(max(mean, EASIEST), HARDEST)
