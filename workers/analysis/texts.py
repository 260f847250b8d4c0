"""A text as the analysis sees it: one normal form, its words, their stems, its sentences."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-\u200c][^\W\d_]+)*")
# A sentence ends at . ! ? … (also Arabic) before white space, or at a line break. "z. B." and
# "1. Mai" do not end one: a single letter or a number stands before the stop.
_SENTENCE_END = re.compile(r"(?<![\s.]\w)(?<!\d)[.!?…؟۔]+[\"”“»«')\]]*(?=\s|$)|\n+|[!?؟]+(?=\s|$)")
_STEMMERS = {
    "ar": "arabic", "de": "german", "en": "english", "es": "spanish", "fr": "french",
    "it": "italian", "ro": "romanian", "ru": "russian", "tr": "turkish",
}  # fmt: skip


def normal_form(text: str) -> str:
    """NFC with runs of white space as one space; two texts that look alike compare equal."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def words(text: str) -> list[str]:
    """The words of a text in their order, as written; digits and punctuation are left out."""
    return _WORD.findall(text)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text starts and ends; spans hold no white space at their ends."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    spans, start = [], 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if right > left:
            spans.append((left, right))
        start = end
    return spans


@cache
def _stemmer(algorithm: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(algorithm)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The snowball stem of a word, case folded; the folded word where no stemmer exists."""
    word = unicodedata.normalize("NFC", word.casefold())
    algorithm = _STEMMERS.get(language[:2])
    return str(_stemmer(algorithm).stemWord(word)) if algorithm else word
