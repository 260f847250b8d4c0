"""Summary sentences in plain German. Every number is counted, every quote is verbatim.

A sentence is a template filled from rows, so what it says is true of the contributions that it
cites; nothing is phrased freely.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_KIND_OF_PEOPLE = {
    "support": ("stimmt zu", "stimmen zu"),
    "concern": ("hat Bedenken", "haben Bedenken"),
    "question": ("stellt eine Frage", "stellen Fragen"),
    "idea": ("bringt eine Idee ein", "bringen Ideen ein"),
}
_KIND_OF_TEXTS = {
    "support": ("stimmt zu", "stimmen zu"),
    "concern": ("äußert Bedenken", "äußern Bedenken"),
    "question": ("stellt eine Frage", "stellen Fragen"),
    "idea": ("enthält eine Idee", "enthalten Ideen"),
}
_KIND_EXAMPLE = {
    "support": "Zustimmend heißt es zum Beispiel",
    "concern": "Ein Bedenken lautet",
    "question": "Eine Frage lautet",
    "idea": "Eine Idee lautet",
}
LANGUAGE_NAMES = {
    "ar": "Arabisch", "bg": "Bulgarisch", "de": "Deutsch", "el": "Griechisch", "en": "Englisch",
    "es": "Spanisch", "fa": "Persisch", "fr": "Französisch", "hr": "Kroatisch",
    "it": "Italienisch", "pl": "Polnisch", "ro": "Rumänisch", "ru": "Russisch",
    "tr": "Türkisch", "uk": "Ukrainisch",
}  # fmt: skip
MOST_SECTIONS_NAMED = 4


class Voiced(Protocol):
    """What is counted: a contribution with its author, if one is known."""

    @property
    def id(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def section(self) -> str: ...


@dataclass(frozen=True)
class SummarySentence:
    """One German sentence and the ids of the contributions that bear it out, at least one."""

    sentence: str
    cites: tuple[str, ...]


def voices(contributions: Iterable[Voiced]) -> int:
    """How many people speak: each author once, and each contribution without an author once."""
    listed = list(contributions)
    return len({c.author for c in listed if c.author}) + sum(not c.author for c in listed)


def opening(label: str, members: Sequence[Voiced]) -> SummarySentence:
    """How many speak about the theme, and how many of them in which way."""
    people = any(member.author for member in members)
    subject = f"„{label}“" if label else "einem gemeinsamen Thema"
    if people:
        verb = "äußert" if voices(members) == 1 else "äußern"
        sentence = f"{_counted(members)} {verb} sich zu {subject}"
    else:
        noun = "Beitrag" if len(members) == 1 else "Beiträgen"
        sentence = f"In {len(members)} {noun} geht es um {subject}"
    phrases = _KIND_OF_PEOPLE if people else _KIND_OF_TEXTS
    counts = {kind: voices(m for m in members if m.kind == kind) for kind in phrases}
    parts = [f"{n} {phrases[kind][n != 1]}" for kind, n in counts.items() if n]
    ending = f": {_listed(parts)}." if parts else "."
    return SummarySentence(sentence + ending, _ids(members))


def mention(word: str, members: Sequence[Voiced], quote: str, quoted: str) -> SummarySentence:
    """How many name a word, with one of them quoted; ``quoted`` is the id of the quote."""
    verb = "nennt" if voices(members) == 1 else "nennen"
    example = "" if voices(members) == 1 else ", zum Beispiel"
    sentence = f"{_counted(members)} {verb} „{word}“{example}: {_quoted(quote)}"
    return SummarySentence(sentence, (quoted, *(i for i in _ids(members) if i != quoted)))


def voice(members: Sequence[Voiced], quote: str) -> SummarySentence:
    """What one contribution says, or a bundle of nearly the same words."""
    verb = "schreibt" if voices(members) == 1 else "schreiben nahezu wortgleich"
    if not any(member.author for member in members):
        verb = "sagt" if len(members) == 1 else "sagen nahezu wortgleich"
    return SummarySentence(f"{_counted(members)} {verb}: {_quoted(quote)}", _ids(members))


def kind_example(kind: str, quote: str, quoted: str) -> SummarySentence:
    """An example of a kind (one of support, concern, question, idea) that no sentence showed."""
    return SummarySentence(f"{_KIND_EXAMPLE[kind]}: {_quoted(quote)}", (quoted,))


def tongue_example(language: str, quote: str, quoted: str) -> SummarySentence:
    """An example in a language (one of LANGUAGE_NAMES) that no sentence showed."""
    sentence = f"Auf {LANGUAGE_NAMES[language]} heißt es zum Beispiel: {_quoted(quote)}"
    return SummarySentence(sentence, (quoted,))


def places(members: Sequence[Voiced]) -> SummarySentence | None:
    """In which sections the theme was raised, if in several."""
    by_section = Counter(member.section for member in members if member.section)
    if len(by_section) < 2:
        return None
    sentence = f"Das Thema kommt in {len(by_section)} Abschnitten vor"
    if len(by_section) <= MOST_SECTIONS_NAMED:
        ordered = sorted(by_section, key=lambda section: (-by_section[section], section))
        parts = []
        for section in ordered:
            there = [member for member in members if member.section == section]
            parts.append(f"„{section}“ ({_counted(there)})")
        sentence += f": {_listed(parts)}"
    return SummarySentence(f"{sentence}.", _ids(m for m in members if m.section))


def tongues(members: Sequence[Voiced], languages: Mapping[str, str]) -> SummarySentence | None:
    """In which languages the contributions are written, if in several."""
    known = [member for member in members if languages.get(member.id) in LANGUAGE_NAMES]
    counts = Counter(languages[member.id] for member in known)
    if len(counts) < 2:
        return None
    ordered = sorted(counts, key=lambda code: (-counts[code], code))
    parts = [f"{LANGUAGE_NAMES[code]} ({counts[code]})" for code in ordered]
    sentence = f"Die Beiträge sind in {len(counts)} Sprachen verfasst: {_listed(parts)}."
    return SummarySentence(sentence, _ids(known))


def _counted(members: Sequence[Voiced]) -> str:
    number = voices(members)
    if all(member.author for member in members):
        return f"{number} {'Person' if number == 1 else 'Personen'}"
    if any(member.author for member in members):
        return f"{number} {'Stimme' if number == 1 else 'Stimmen'}"
    return f"{number} {'Beitrag' if number == 1 else 'Beiträge'}"


def _quoted(quote: str) -> str:
    return f"„{quote}“" if quote.endswith((".", "!", "?", "…", "؟")) else f"„{quote}“."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} und {parts[-1]}"


def _ids(members: Iterable[Voiced]) -> tuple[str, ...]:
    return tuple(sorted(member.id for member in members))
