"""Whether a reworded sentence says only what the contributions say that it cites.

By rule and without a model: quotes word for word, numbers, names, demands and negations of the
passage it renders, and nearly all of its words. Likeness of meaning is no proof and is not used:
"gratis" and "kostenpflichtig" are alike. What fails is replaced by the template sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workers.analysis.languages import detect_language
from workers.analysis.polarity import demand_signs, word_mark
from workers.analysis.stopwords import is_stopword
from workers.analysis.texts import normal_form, sentence_spans, stem, words

COVERED = 0.8  # of the words that carry a theme
COVERED_OF_CLAUSE = 0.5  # of each part between commas and the like
RENDERED = 0.6  # of a passage's words: from here on its negations must all be there
LIKE = 84  # of 100: a word that is written nearly so (inflection, compound, slip)
_QUOTE = re.compile(r"„([^“]+)“|“([^”]+)”|«([^»]+)»|\"([^\"]+)\"")
_CLAUSE = re.compile(r"[,;:–—()]|\s(?:und|oder|sowie|weil|damit|and|or|because|ve|та|і|و)\s")
_NEGATION_LIST = """
    nicht nichts nein nie niemals niemand nirgends kein keine keinem keinen keiner keines
    keinerlei ohne weder kaum not no nor never none nobody nothing neither without hardly dont
    doesnt didnt cant cannot wont isnt arent shouldnt wouldnt couldnt değil yok hayır asla hiç
    لا ألا الا لم لن ليس ليست بدون غير не ні немає нема без нет nie bez nu fără pas jamais rien
    aucun aucune sans no nunca nada sin non mai niente senza
"""
_NEGATIONS = frozenset(_NEGATION_LIST.split())
_NUMBER_WORDS = {
    word: str(number)
    for number, names in enumerate(
        (
            "null zero", "", "zwei two iki два", "drei three üç три", "vier four dört чотири",
            "fünf five beş", "sechs six altı", "sieben seven yedi", "acht eight sekiz",
            "neun nine dokuz", "zehn ten on", "elf eleven", "zwölf twelve",
        )
    )
    for word in names.split()
}  # fmt: skip
# With which a summary speaks of contributions, whatever they say.
_REPORTING_LIST = """
    person personen mensch menschen stimme stimmen beitrag beiträge beiträgen teil thema äußern
    äußert nennen nennt sagen sagt schreiben schreibt wünschen wünscht finden fordern heißt lautet
    geht beispiel sprechen spricht people contributions write say name
"""
_REPORTING = frozenset(_REPORTING_LIST.split())


@dataclass(frozen=True)
class Passage:
    """What must be kept of a passage: its words, numbers, negations and words of demand."""

    stems: frozenset[str]
    words: frozenset[str]
    numbers: frozenset[str]
    negations: Counter[str]
    marks: frozenset[str]


def unsupported(sentence: str, cited: Sequence[str], template: str = "") -> str:
    """Why a sentence is not borne out by the texts it cites; empty if it is.

    One of "empty", "quote", "number", "name", "negation", "demand", "coverage". ``template`` is the
    computed sentence that was reworded: its numbers and words are true already.
    """
    told = normal_form(sentence)
    if not words(told) or not any(words(text) for text in cited):
        return "empty"
    sources = [normal_form(text) for text in (*cited, template) if text.strip()]
    folded = [source.casefold() for source in sources]
    if any(_bare(told) in source for source in folded):
        return ""
    if not all(_bare(quote) in " ".join(folded) for quote in _quotes(told)):
        return "quote"
    language = detect_language(" ".join(cited)[:400])
    rest = normal_form(_QUOTE.sub(" ", told))
    if not words(rest):
        return ""
    return _first_fault(rest, sources, template, language)


def _first_fault(told: str, sources: Sequence[str], template: str, language: str) -> str:
    said = _passage(told, language)
    passages = [source[start:end] for source in sources for start, end in sentence_spans(source)]
    near = _nearest(told, said, passages, language)
    given = _passage(template, language)
    if said.numbers - near[0].numbers - given.numbers:
        return "number"
    known = _all_stems(sources, language)
    if not all(_is_known(name, known, language) for name in _names(told)):
        return "name"
    if not _negates_alike(said, near[0], given):
        return "negation"
    if said.marks - near[0].marks - given.marks:
        return "demand"
    return "" if _is_covered(told, [*near, given], language) else "coverage"


def _negates_alike(said: Passage, near: Passage, given: Passage) -> bool:
    """No negation is new, and none is gone from a passage that is rendered whole."""
    if said.negations - (near.negations | given.negations):
        return False
    whole = len(said.stems & near.stems) >= RENDERED * len(near.stems)
    return not (whole and near.negations - said.negations)


def _bare(text: str) -> str:
    return normal_form(text).casefold().strip(' .!?…„“"')


def _quotes(text: str) -> list[str]:
    return [next(filter(None, found)) for found in _QUOTE.findall(text)]


def _passage(text: str, language: str) -> Passage:
    folded = [word.casefold() for word in words(text)]
    spelled = {_NUMBER_WORDS[word] for word in folded if word in _NUMBER_WORDS}
    return Passage(
        stems=frozenset(_content(text, language)),
        words=frozenset(folded),
        numbers=frozenset(spelled | {sign for sign in demand_signs(text) if sign != "?"}),
        negations=Counter(word for word in folded if word in _NEGATIONS),
        marks=frozenset(
            word_mark(word)
            for word in folded
            if word_mark(word) and word not in _NEGATIONS and word not in _NUMBER_WORDS
        ),
    )


def _content(text: str, language: str) -> list[str]:
    folded = (word.casefold() for word in words(text))
    return [
        stem(word, language)
        for word in folded
        if not is_stopword(word, language) and word not in _NUMBER_WORDS
    ]


def _all_stems(sources: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(stem for source in sources for stem in _content(source, language))


def _nearest(told: str, said: Passage, passages: Sequence[str], language: str) -> list[Passage]:
    """The two passages whose words the sentence renders; of equal ones the nearer in writing."""
    from rapidfuzz import fuzz

    read = [_passage(passage, language) for passage in passages]
    scores = [
        (len(said.stems & passage.stems), fuzz.token_set_ratio(told, text))
        for passage, text in zip(read, passages, strict=True)
    ]
    return [read[index] for index in sorted(range(len(read)), key=lambda i: scores[i])[:-3:-1]]


def _names(text: str) -> list[str]:
    """Words with a capital that open no sentence."""
    return [
        word
        for start, end in sentence_spans(text)
        for word in words(text[start:end])[1:]
        if word[0].isupper() and word.casefold() not in _REPORTING
    ]


def _is_known(word: str, known: frozenset[str], language: str) -> bool:
    folded = word.casefold()
    return is_stopword(folded, language) or _is_like(stem(folded, language), known)


def _is_like(found: str, known: frozenset[str]) -> bool:
    from rapidfuzz import fuzz

    if found in known:
        return True
    return len(found) > 4 and any(
        abs(len(other) - len(found)) < 4
        and other[:2] == found[:2]
        and fuzz.ratio(found, other) >= LIKE
        for other in known
    )


def _is_covered(told: str, near: Sequence[Passage], language: str) -> bool:
    """Nearly all words that carry a theme are known, and no part is made of other words."""
    stems = frozenset().union(*(passage.stems for passage in near))
    written = frozenset().union(*(passage.words for passage in near)) | _REPORTING
    hits, total = 0, 0
    for clause in _CLAUSE.split(told):
        found = [word for word in _content(clause, language) if word not in _REPORTING]
        known = sum(_is_like(word, stems) for word in found)
        hits, total = hits + known, total + len(found)
        folded = [word.casefold() for word in words(clause)]
        same = sum(word in written for word in folded)
        if len(found) > 1 and known < COVERED_OF_CLAUSE * len(found):
            return False
        if len(folded) > 3 and same < COVERED_OF_CLAUSE * len(folded) - 0.5:
            return False
    return hits >= COVERED * total
