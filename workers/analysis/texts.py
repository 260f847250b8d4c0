"""A text as the analysis sees it: one normal form, its words, their stems, its sentences."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:[’'\-\u200c][^\W\d_]+)*")
# A sentence ends at . ! ? … (also Arabic) before white space, or at a line break.
_SENTENCE_END = re.compile(r"[.!?…؟۔]+[\"”“»«')\]]*(?=\s|$)|\n+")
# A stop after these, after a single letter or after a number ends no sentence: "z. B.", "1. Mai".
_ABBREVIATIONS_LIST = """
abs bzw ca d.h dr etc evtl ggf inkl insbes max mind min nr o.ä prof s.o sog st str tel u.a
usw vgl z.b zzgl vs e.g i.e mr mrs
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_LIST.split())
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
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match)]
    spans, start = [], 0
    for end in [*ends, len(text)]:
        piece = text[start:end]
        left = start + len(piece) - len(piece.lstrip())
        right = left + len(piece.strip())
        if right > left:
            spans.append((left, right))
        start = end
    return spans


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group() != ".":
        return True
    before = text[max(0, match.start() - 12) : match.start()].split()
    last = before[-1].casefold().lstrip('(„"') if before else ""
    return not (last in _ABBREVIATIONS or last.isdigit() or (len(last) == 1 and last.isalpha()))


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
