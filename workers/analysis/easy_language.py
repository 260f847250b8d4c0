"""What in a German text is against the rules of easy language, place by place.

Rules: BITV 2.0, Annex 2, Part 2 (no abbreviations, negation, subjunctive, passive or genitive;
short and common words; compounds divided; short sentences; no special characters or brackets).
What it leaves open follows DIN SPEC 33429:2025-03, "Empfehlungen für Deutsche Leichte Sprache":
digits for numbers, no high numbers, one statement a sentence, hyphen or middle dot in compounds.
The limits given as constants are ours.

These are hints for the person who writes. A text is only "Leichte Sprache" after people with
learning difficulties have read it (DIN SPEC 33429).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from workers.analysis.readability import commonness
from workers.analysis.texts import sentence_spans, words

MOST_WORDS = 12  # in a sentence of easy language
MOST_WORDS_PLAIN = 20  # in a sentence of a text for everybody
LONG_WORD = 10  # letters; shorter words are not taken apart and not called hard
KNOWN_PART = 3.0  # Zipf: both parts of a compound are words that stand in newspapers
HARD_WORD = 3.3  # Zipf: rarer long words are hard
HIGH_NUMBER = 1000


class Rule(StrEnum):
    """A rule of easy language."""

    LONG_SENTENCE = "long_sentence"
    SEVERAL_STATEMENTS = "several_statements"
    PASSIVE = "passive"
    GENITIVE = "genitive"
    SUBJUNCTIVE = "subjunctive"
    NEGATION = "negation"
    COMPOUND = "compound"
    HARD_WORD = "hard_word"
    NUMBER_WORD = "number_word"
    HIGH_NUMBER = "high_number"
    ABBREVIATION = "abbreviation"
    SIGN = "sign"


@dataclass(frozen=True, order=True)
class Finding:
    """Characters ``start`` to ``end`` of a text are against ``rule``.

    ``better`` is a spelling to put there, where one can be computed.
    """

    start: int
    end: int
    rule: Rule
    better: str = ""


Look = Callable[[str], Iterable[Finding]]


def check(text: str) -> list[Finding]:
    """Every place that is against a rule of easy language, in the order of the text."""
    return sorted(_findings(text, _LOOKS, MOST_WORDS))


def check_plain(text: str) -> list[Finding]:
    """The places that make a text for everybody hard: fewer rules, longer sentences."""
    found = _findings(text, (_passive, _abbreviation, _long_words), MOST_WORDS_PLAIN)
    return sorted(finding for finding in found if finding.rule is not Rule.COMPOUND)


def _findings(text: str, looks: Iterable[Look], most_words: int) -> Iterator[Finding]:
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if len(words(sentence)) > most_words:
            yield Finding(start, end, Rule.LONG_SENTENCE)
        for look in looks:
            for found in look(sentence):
                yield replace(found, start=start + found.start, end=start + found.end)


# Participles are written small; "weiter-ent-wickelt" has a prefix before the prefix.
_DONE = (
    r"(?:[a-zäöüß]*ge[a-zäöüß]{2,}(?:t|en)"
    r"|(?:weiter|aus|auf|an|ein|vor|zu|nach|ab|mit|um|bei|fort|fest)?"
    r"(?:be|ver|er|ent|zer|miss|über|unter|durch|wieder)[a-zäöüß]{2,}(?:t|en)"
    r"|[a-zäöüß]{3,}iert)"
)
_BE = r"(?i:wird|werden|wirst|werdet|wurde|wurden|worden)"
_BE_DONE = re.compile(
    rf"\b{_BE}\b[^,;:.!?]*?\b{_DONE}\b(?!\s+(?:wird|können|müssen|wollen|sollen|dürfen)\b)"
)
_DONE_BE = re.compile(rf"\b{_DONE}\s+{_BE}\b")


def _passive(sentence: str) -> Iterator[Finding]:
    for pattern in (_DONE_BE, _BE_DONE):
        match = pattern.search(sentence)
        if match and not _is_future(match.group()):
            yield Finding(match.start(), match.end(), Rule.PASSIVE)
            return


def _is_future(found: str) -> bool:
    """Infinitives in -en with these prefixes look like participles: "wird beraten" is both.

    "wurde" is never future, and who does it "von" somebody is not either.
    """
    first, *_, last = found.casefold().split()
    if first not in {"wird", "werden", "wirst", "werdet"} or " von " in found:
        return False
    return last.endswith("en") and not re.match(r"\w*ge\w+en$", last)


_GENITIVE = re.compile(
    r"\b(?i:wegen|trotz|während|aufgrund|mithilfe|hinsichtlich|bezüglich|anlässlich|innerhalb"
    r"|außerhalb)\s+(?:des|der|eines|einer)\b"
    r"|\b(?:des|eines|meines|deines|seines|ihres|unseres|eures|Ihres|dieses|jedes)\s+"
    r"(?:\w+(?:en|n)\s+)?[A-ZÄÖÜ]\w*(?:s|n)\b"
    r"|\b[A-ZÄÖÜ]\w+\s+(?:der|einer|dieser|unserer|ihrer|seiner)\s+(?:\w+(?:en|n|er)\s+)?[A-ZÄÖÜ]\w+"
)


def _genitive(sentence: str) -> Iterator[Finding]:
    yield from _each(_GENITIVE, sentence, Rule.GENITIVE)


_SUBJUNCTIVE = re.compile(
    r"\b(?:würde|könnte|müsste|dürfte|sollte|möge|hätte|wäre|gäbe|käme|ginge|bräuchte|wüsste)"
    r"(?:n|st|t|st)?\b",
    re.IGNORECASE,
)


def _subjunctive(sentence: str) -> Iterator[Finding]:
    yield from _each(_SUBJUNCTIVE, sentence, Rule.SUBJUNCTIVE)


_NEGATION = re.compile(
    r"\b(?:nicht|nichts|kein\w{0,2}|nie|niemals|niemand\w{0,2}|nirgends|nirgendwo|weder|ohne"
    r"|keinesfalls|keineswegs)\b",
    re.IGNORECASE,
)


def _negation(sentence: str) -> Iterator[Finding]:
    yield from _each(_NEGATION, sentence, Rule.NEGATION)


_CLAUSE = re.compile(
    r",\s+(?:dass|weil|obwohl|damit|sodass|wenn|falls|nachdem|bevor|während|indem|wobei|wodurch"
    r"|ob|(?:in|an|auf|mit|für|zu|von|bei|aus)?\s*(?:der|die|das|den|dem|denen|dessen|deren)"
    r"|welche\w?|um|anstatt|ohne)\b"
    r"|^(?:Wenn|Weil|Obwohl|Nachdem|Bevor|Damit|Falls|Während|Um)\b(?=[^.]*,)"
)


def _several_statements(sentence: str) -> Iterator[Finding]:
    match = _CLAUSE.search(sentence)
    if match:
        yield Finding(match.start(), match.end(), Rule.SEVERAL_STATEMENTS)


_NUMBER_WORDS = re.compile(
    r"\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb"
    r"|acht|neun)zehn|(?:\w+und)?(?:zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig"
    r"|neunzig)|\w*hundert|\w*tausend)\b",
    re.IGNORECASE,
)


def _number_word(sentence: str) -> Iterator[Finding]:
    yield from _each(_NUMBER_WORDS, sentence, Rule.NUMBER_WORD)


_NUMBER = re.compile(r"\d{1,3}(?:[.\u202f ]\d{3})+(?!\d)|\d+(?:,\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_PERCENT = re.compile(
    r"\d[\d.,]*\s*(?:%|Prozent\b)|\b(?:Prozent|Promille|Millionen?|Milliarden?)\b"
)
_ROMAN = re.compile(r"\b(?=[IVX]{2,})(?:X{0,3})(?:IX|IV|V?I{0,3})\b")


def _high_number(sentence: str) -> Iterator[Finding]:
    yield from _each(_PERCENT, sentence, Rule.HIGH_NUMBER)
    yield from _each(_ROMAN, sentence, Rule.HIGH_NUMBER)
    for match in _NUMBER.finditer(sentence):
        digits = re.sub(r"\D", "", match.group().split(",")[0])
        if int(digits) >= HIGH_NUMBER and not _YEAR.match(match.group()):
            yield Finding(match.start(), match.end(), Rule.HIGH_NUMBER)


_ABBREVIATION = re.compile(
    r"\b(?:z\.\s?B\.|d\.\s?h\.|u\.\s?a\.|o\.\s?ä\.|u\.\s?v\.\s?m\.|i\.\s?d\.\s?R\.|s\.\s?o\.|s\.\s?u\."
    r"|(?:usw|bzw|etc|ca|ggf|evtl|inkl|vgl|max|mind|sog|zzgl|Nr|Str|Tel|Abs|Dr|Prof|St)\."
    r"|[A-ZÄÖÜ]{2,}[a-z]?\b)"
)


def _abbreviation(sentence: str) -> Iterator[Finding]:
    for match in _ABBREVIATION.finditer(sentence):
        if not _ROMAN.fullmatch(match.group()):
            yield Finding(match.start(), match.end(), Rule.ABBREVIATION)


_SIGN = re.compile(r"[()\[\];/&§%*_<>=+#@\\|~–—…„“”‚‘»«]|(?<=\w):(?=\w)")
# Quotation marks are known to everybody who reads; what stands between them is not checked apart.
_QUOTES = frozenset("„“”‚‘»«")


def _sign(sentence: str) -> Iterator[Finding]:
    for match in _SIGN.finditer(sentence):
        if match.group() not in _QUOTES:
            yield Finding(match.start(), match.end(), Rule.SIGN)


def _long_words(sentence: str) -> Iterator[Finding]:
    for match in re.finditer(r"[^\W\d_]+", sentence):
        word = match.group()
        if len(word) < LONG_WORD:
            continue
        parts = divided(word)
        if parts:
            yield Finding(match.start(), match.end(), Rule.COMPOUND, "·".join(parts))
        elif commonness(word) < HARD_WORD:
            yield Finding(match.start(), match.end(), Rule.HARD_WORD)


_LINKED = re.compile(r"(?:ung|heit|keit|schaft|ion|tät)$")
_LINKS = ("", "s", "es", "n", "en", "er")
_ENDINGS = ("", "s", "es", "n", "en", "e", "er", "ern")
SHORTEST_FIRST, SHORTEST_LAST = 4, 3
# Of the parts with three letters, only these end compounds; many more are endings of words.
_SHORT_LIST = "amt rat weg ort tag hof bau uhr art bad see tor tal typ"
SHORT_PARTS = frozenset(_SHORT_LIST.split())


@lru_cache(maxsize=20_000)
def divided(word: str) -> tuple[str, ...]:
    """The parts of a compound noun, ("Wohnungs", "amt"), or nothing where it is no compound.

    Both parts are words of their own; the first may carry a link such as -s-. Of several ways the
    one with the most common parts is taken; each part is divided again.
    """
    if not word[:1].isupper() or len(word) < LONG_WORD:
        return ()
    best: tuple[float, int] | None = None
    for cut in range(SHORTEST_FIRST, len(word) - SHORTEST_LAST + 1):
        if _LINKED.search(word[:cut]) and word[cut] == "s":
            continue  # "Wohnungs·amt", not "Wohnung·samt"
        weight = min(_first_part(word[:cut]), _last_part(word[cut:]))
        if weight >= KNOWN_PART and (best is None or weight > best[0]):
            best = (weight, cut)
    if best is None:
        return ()
    first, last = word[: best[1]], word[best[1] :]
    inner = divided(last.capitalize())
    tail = (inner[0].lower(), *inner[1:]) if inner else (last,)
    return (*(divided(first) or (first,)), *tail)


def _first_part(part: str) -> float:
    return max(_noun(part[: len(part) - len(link)]) for link in _LINKS if part.endswith(link))


def _last_part(part: str) -> float:
    endings = [ending for ending in _ENDINGS if part.endswith(ending)]
    return max(_noun(part[: len(part) - len(ending)]) for ending in endings)


# What looks like a word inside another one and is a prefix or a suffix there.
_NO_LIST = """
heit keit schaft ungen lich isch igkeit tion ation ierung ischen lichen enden ende innen inne
rinnen rinne sende amtlich über unter gegen nach zusammen wieder selbst weiter voll
"""
_NO_PARTS = frozenset(_NO_LIST.split())


def _noun(part: str) -> float:
    lower = part.lower()
    if lower in _NO_PARTS or (len(part) < SHORTEST_FIRST and lower not in SHORT_PARTS):
        return 0.0
    return commonness(part)


def _each(pattern: re.Pattern[str], sentence: str, rule: Rule) -> Iterator[Finding]:
    return (Finding(match.start(), match.end(), rule) for match in pattern.finditer(sentence))


_LOOKS: tuple[Look, ...] = (
    _several_statements, _passive, _genitive, _subjunctive, _negation,
    _number_word, _high_number, _abbreviation, _sign, _long_words,
)  # fmt: skip
