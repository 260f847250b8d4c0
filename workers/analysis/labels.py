"""Names for themes, in words that residents used."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workers.analysis.numerals import ALL_NUMERALS, NUMERALS
from workers.analysis.stopwords import BEFORE_PLACES, NO_NAMES, is_insult, is_stopword
from workers.analysis.texts import sentence_spans, stem, words

CITY_LANGUAGE = "de"
KEYWORDS = 8
LABEL_WORDS = 3
NOUN_FIRST = 0.5  # what a word that is no noun counts in a German label
SHARE_OF_BEST = 0.5  # a further label word must be at least this telling
SMOOTHING = 0.5
SHARE_OF_TEXTS = 0.1  # of the theme's texts in its language; and two texts, if there are two
SHARE_OF_THEME = 0.04  # of all its texts
FEWEST_PLACINGS = 3  # from so many on it can be judged whether a word is the name of a place
MOSTLY = 0.6
_LINK = re.compile(r"(?:https?://|www\.)\S+")


@dataclass
class Vocabulary:
    """Which theme-bearing words stand in which text, and how they are written.

    ``terms[i]`` are the terms of text i; a term is (language, stem).
    """

    terms: list[frozenset[tuple[str, str]]] = field(default_factory=list)
    spellings: list[dict[tuple[str, str], Counter[str]]] = field(default_factory=list)
    capital: Counter[tuple[str, str]] = field(default_factory=Counter)
    small: Counter[tuple[str, str]] = field(default_factory=Counter)
    placed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def is_place(self, term: tuple[str, str]) -> bool:
        """For German: a noun that mostly follows "in", "nach" and the like without an article."""
        times = self.capital[term]
        return term[0] == "de" and self.placed[term] >= max(FEWEST_PLACINGS, MOSTLY * times)

    def is_noun(self, term: tuple[str, str]) -> bool:
        """For German: written with a capital inside sentences more often than small."""
        return term[0] != "de" or self.capital[term] > self.small[term]


def read_vocabulary(texts: Sequence[str], languages: Sequence[str]) -> Vocabulary:
    """The vocabulary of texts, each in its language."""
    vocabulary = Vocabulary()
    for text, language in zip(texts, languages, strict=True):
        spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for word, before in _placed_words(text):
            folded = word.casefold()
            if len(word) < 3 or folded in NO_NAMES or is_insult(folded):
                continue
            if _says_nothing(folded, language):
                continue
            term = (language, stem(word, language))
            spellings[term][word] += 1
            if not word[0].isupper():
                vocabulary.small[term] += 1
            elif before:
                vocabulary.capital[term] += 1
                vocabulary.placed[term] += before in BEFORE_PLACES
        vocabulary.terms.append(frozenset(spellings))
        vocabulary.spellings.append(dict(spellings))
    return vocabulary


def _says_nothing(folded: str, language: str) -> bool:
    """A small word or a number. The city's language has words that are small ones elsewhere
    ("Not", "Bad"); other texts are too short for their language to be certain."""
    if language == CITY_LANGUAGE:
        return is_stopword(folded, language) or folded in NUMERALS[language]
    return is_stopword(folded) or folded in ALL_NUMERALS


def _placed_words(text: str) -> list[tuple[str, str]]:
    """Each word with the one before it, case folded; with nothing at the start of a sentence."""
    placed: list[tuple[str, str]] = []
    text = _LINK.sub(" ", text)
    for start, end in sentence_spans(text):
        found = words(text[start:end])
        before = ["", *(word.casefold() for word in found)]
        placed.extend(zip(found, before, strict=False))
    return placed


@dataclass(frozen=True)
class Naming:
    """The words of one theme: its label, and all keywords with their terms, most telling first."""

    label: str
    keywords: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]


def name_themes(vocabulary: Vocabulary, themes: Sequence[Sequence[int]]) -> list[Naming]:
    """One naming for each theme (text numbers); labels differ where the words allow it.

    Words are ranked by what they contribute to telling the theme from all other texts: the share
    of its texts that use the word, times the logarithm of how much larger that share is (the terms
    of the Kullback-Leibler divergence). So a word that few use is no name, however special it is,
    and neither is one that all use. A label is in the city's language, or if that says nothing
    telling, in the one that most of the theme's texts are in. A theme without any telling word has
    an empty label.
    """
    overall: Counter[tuple[str, str]] = Counter(t for terms in vocabulary.terms for t in terms)
    namings: list[Naming] = []
    taken: set[str] = set()
    for theme in themes:
        ranked = _ranked_terms(vocabulary, theme, overall)
        spelled = {term: _spelling(vocabulary, theme, term) for term, _ in ranked}
        label = _label(vocabulary, theme, ranked, spelled, taken)
        taken.add(label)
        best = [term for term, _ in ranked[:KEYWORDS]]
        namings.append(Naming(label, tuple(spelled[term] for term in best), tuple(best)))
    return namings


def _ranked_terms(
    vocabulary: Vocabulary, theme: Sequence[int], overall: Counter[tuple[str, str]]
) -> list[tuple[tuple[str, str], float]]:
    inside = Counter(term for index in theme for term in vocabulary.terms[index])
    texts = _texts_by_language(vocabulary, theme)
    all_texts = _texts_by_language(vocabulary, range(len(vocabulary.terms)))
    telling = {CITY_LANGUAGE, min(texts, key=lambda code: (-texts[code], code), default="")}
    scored = []
    for term, count in inside.items():
        of_language = texts[term[0]]
        # One text in another language says nothing of the theme: all its words would be telling.
        least = min(2, of_language) if term[0] in telling else 2
        fewest = max(least, SHARE_OF_TEXTS * of_language, SHARE_OF_THEME * len(theme))
        if count < fewest or vocabulary.is_place(term):
            continue
        share = count / of_language
        others = all_texts[term[0]] - of_language
        rest = (overall[term] - count + SMOOTHING) / (others + 2 * SMOOTHING)
        score = count / len(theme) * math.log(share / rest)
        scored.append((term, score * (1 if vocabulary.is_noun(term) else NOUN_FIRST)))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[: 3 * KEYWORDS]


def _texts_by_language(vocabulary: Vocabulary, texts: Iterable[int]) -> Counter[str]:
    return Counter(code for i in texts for code in {term[0] for term in vocabulary.terms[i]})


def _spelling(vocabulary: Vocabulary, theme: Sequence[int], term: tuple[str, str]) -> str:
    """How the theme's texts write a term most often; in a tie the shorter, then by alphabet."""
    found: Counter[str] = Counter()
    for index in theme:
        found.update(vocabulary.spellings[index].get(term, {}))
    if term[0] == "de" and vocabulary.is_noun(term):
        found = Counter({w: n for w, n in found.items() if w[0].isupper()}) or found
    return min(found, key=lambda word: (-found[word], len(word), word))


def _label(
    vocabulary: Vocabulary,
    theme: Sequence[int],
    ranked: Sequence[tuple[tuple[str, str], float]],
    spelled: dict[tuple[str, str], str],
    taken: set[str],
) -> str:
    languages = _texts_by_language(vocabulary, theme)
    known = {term[0] for term, _ in ranked}
    if not known:
        return ""
    language = min(known, key=lambda code: (code != CITY_LANGUAGE, -languages[code], code))
    own = [(spelled[term], score) for term, score in ranked if term[0] == language]
    chosen: list[str] = []
    for word, score in own:
        telling = len(chosen) < 1 or score >= SHARE_OF_BEST * own[0][1]
        if (telling or ", ".join(chosen) in taken) and not _overlaps(word, chosen):
            chosen.append(word)
        if len(chosen) >= LABEL_WORDS and ", ".join(chosen) not in taken:
            break
    return ", ".join(chosen)


def _overlaps(word: str, chosen: Sequence[str]) -> bool:
    """ "Radweg" adds nothing to "Radwege" or "Fahrradweg"."""
    folded = word.casefold()
    return any(folded in other.casefold() or other.casefold() in folded for other in chosen)
