"""Numbers in words and as bars. A bar is drawn on the server and always has its numbers as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from consult.contributions.states import Stance


@dataclass(frozen=True)
class Segment:
    """One part of a bar. `x`, `width` and `end` are per cent with a point as decimal mark."""

    fill: str
    is_pattern: bool
    x: str
    width: str
    end: str


@dataclass(frozen=True)
class Bar:
    """A stacked bar and the sentence that says its numbers."""

    label: str
    segments: list[Segment]


PATTERNS = {"hatch", "dots"}
STANCE_FILLS = {
    Stance.SUPPORT: "f-agree",
    Stance.CONCERN: "hatch",
    Stance.QUESTION: "dots",
    Stance.IDEA: "f-brand",
}


def stacked_bar(label: str, parts: Iterable[tuple[int, str]]) -> Bar:
    """Return a bar of (number, fill) parts in their order; without a sum it has no segments."""
    filled = [(number, fill) for number, fill in parts if number]
    total = sum(number for number, _fill in filled)
    segments, done = [], 0
    for number, fill in filled:
        end = done + number
        segments.append(
            Segment(
                fill=fill,
                is_pattern=fill in PATTERNS,
                x=_percent(done, total),
                width=_percent(number, total),
                end=_percent(end, total),
            )
        )
        done = end
    return Bar(label, segments)


def stance_bar(stances: dict[str, int]) -> Bar:
    """Who agrees, has concerns, asks or has an idea, as people chose it themselves."""
    parts = [(stances.get(stance, 0), fill) for stance, fill in STANCE_FILLS.items()]
    return stacked_bar(stance_words(stances), parts)


def stance_words(stances: dict[str, int]) -> str:
    """Say the numbers of all four kinds, also a zero."""
    support, concern, question, idea = (stances.get(stance, 0) for stance in STANCE_FILLS)
    return listed(
        [
            ngettext("{n} Zustimmung", "{n} Zustimmung", support).format(n=support),
            ngettext("{n} Bedenken", "{n} Bedenken", concern).format(n=concern),
            ngettext("{n} Frage", "{n} Fragen", question).format(n=question),
            ngettext("{n} Idee", "{n} Ideen", idea).format(n=idea),
        ]
    )


def voices(size: int, people: int) -> str:
    """Say how many contributions of how many people; a guest's contribution counts as a person."""
    contributions = ngettext("{n} Beitrag", "{n} Beiträge", size).format(n=size)
    persons = ngettext("{n} Person", "{n} Personen", people).format(n=people)
    return _("{contributions} von {persons}").format(contributions=contributions, persons=persons)


def voices_of(size: int, people: int) -> str:
    """The words behind a number that stands by itself: contributions of how many people."""
    persons = ngettext("{n} Person", "{n} Personen", people).format(n=people)
    return ngettext("Beitrag von {persons}", "Beiträge von {persons}", size).format(persons=persons)


def listed(words: Sequence[str]) -> str:
    """Join finished phrases with commas, in a language from right to left with its own.

    There a mark says the direction: a sentence isolates its placeholders, and phrases that are
    isolated themselves say none (Unicode Standard Annex 9, rule P2).
    """
    if not words or not get_language_bidi():
        return ", ".join(words)
    return "\N{RIGHT-TO-LEFT MARK}" + "\N{ARABIC COMMA} ".join(words)


def apart(words: str) -> str:
    """Words that keep their own direction within a line from right to left, such as a number."""
    return (
        f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"
        if get_language_bidi()
        else words
    )


def euros(amount: int | None) -> str:
    """An amount in whole euros, or a dash where there is none."""
    if amount is None:
        return "–"
    return f"{grouped(amount)}\N{NO-BREAK SPACE}€"


def grouped(number: int) -> str:
    """A number with the thousands separator of the reader's language."""
    return number_format(number, force_grouping=True)


def day(moment: date | datetime | None) -> str:
    """A date in words, in the city's time zone; empty without one."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return date_format(moment, "DATE_FORMAT")


def month(moment: date | datetime | None) -> str:
    """Month and year in words; empty without a date."""
    if moment is None:
        return ""
    if isinstance(moment, datetime):
        moment = timezone.localtime(moment)
    return date_format(moment, "F Y")


def _percent(number: int, total: int) -> str:
    return f"{100 * number / total:.2f}%"
