"""A round in pictures: when people wrote, and how large the themes are. Each has its numbers."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from consult.contributions.states import Stance
from consult.evaluation.states import ThemeKind
from site_content.pages.presenters.figures import Segment, day, stance_bar, stance_words
from site_content.pages.presenters.theme_report import Report, theme_url

Shown = dict[str, Any]

MOST_DAYS = 35  # longer rounds are drawn by week
MOST_THEMES = 15  # in the picture; the table has all
DRAWING = (700, 180)  # width and height of a column chart, without a unit
WEEK = timedelta(days=7)


# --- contributions over time ---------------------------------------------------------------------


def over_time(days: Iterable[date], first: date, last: date) -> Shown | None:
    """Columns a day, or a week in a long round, from its first to its last day.

    `days` holds the day of each contribution that stands in public. None without any.
    """
    counted = Counter(days)
    if not counted:
        return None
    step = timedelta(days=1) if (last - first).days < MOST_DAYS else WEEK
    last = max(last, *counted)
    starts = _starts(min(first, *counted), last, step)
    numbers = [
        sum(counted[start + timedelta(days=n)] for n in range(step.days)) for start in starts
    ]
    by_week = step == WEEK
    rows = [
        {"name": _span(start, min(start + step - timedelta(days=1), last)), "number": number}
        for start, number in zip(starts, numbers, strict=True)
    ]
    return {
        "label": _time_label(numbers, rows, by_week=by_week),
        "columns": _columns(numbers),
        "most": max(numbers),
        "from": day(starts[0]),
        "to": day(last),
        "unit": pgettext("period", "Woche") if by_week else pgettext("period", "Tag"),
        "rows": rows,
        "sum": sum(numbers),
    }


def _starts(first: date, last: date, step: timedelta) -> list[date]:
    return [first + n * step for n in range((last - first) // step + 1)]


def _span(start: date, end: date) -> str:
    if start == end:
        return f"{date_format(start, 'D')}, {date_format(start, 'MONTH_DAY_FORMAT')}"
    return _("{start} bis {end}").format(
        start=date_format(start, "MONTH_DAY_FORMAT"), end=date_format(end, "MONTH_DAY_FORMAT")
    )


def _time_label(numbers: list[int], rows: list[Shown], *, by_week: bool) -> str:
    peak = rows[numbers.index(max(numbers))]
    total = ngettext("{n} Beitrag", "{n} Beiträge", sum(numbers)).format(n=sum(numbers))
    words = (
        _("{total}. Die meisten in der Woche {peak}: {most}.")
        if by_week
        else _("{total}. Die meisten am Tag {peak}: {most}.")
    )
    return words.format(total=total, peak=peak["name"], most=peak["number"])


def _columns(numbers: list[int]) -> list[Shown]:
    width, height = DRAWING
    room = width / len(numbers)
    most = max(numbers)
    return [
        {
            "x": f"{place * room + room * 0.1:.1f}",
            "y": f"{height - height * number / most:.1f}",
            "width": f"{room * 0.8:.1f}",
            "height": f"{height * number / most:.1f}",
        }
        for place, number in enumerate(numbers)
        if number
    ]


# --- themes by size and kind ---------------------------------------------------------------------


def theme_sizes(report: Report) -> Shown | None:
    """Themes from the largest, as bars of common scale that show who agrees or has concerns."""
    themes = sorted(
        report.of_kind(ThemeKind.THEME), key=lambda entry: (-entry["size"], entry["theme"].number)
    )
    if not themes:
        return None
    largest = themes[0]["size"]
    rows = [_theme_row(report, entry, largest) for entry in themes]
    voices = len(report.of_kind(ThemeKind.SINGLE_VOICE))
    return {
        "bars": rows[:MOST_THEMES],
        "rows": rows,
        "stances": [str(stance.label) for stance in Stance],
        "more": _more(themes[MOST_THEMES:]),
        "voices": ngettext(
            "Dazu kommt {n} Einzelstimme mit eigener Antwort.",
            "Dazu kommen {n} Einzelstimmen, jede mit eigener Antwort.",
            voices,
        ).format(n=voices)
        if voices
        else "",
    }


def _theme_row(report: Report, entry: Shown, largest: int) -> Shown:
    theme, size = entry["theme"], entry["size"]
    said = _("{title}: {n}, davon {parts}").format(
        title=theme.title,
        n=ngettext("{n} Beitrag", "{n} Beiträge", size).format(n=size),
        parts=stance_words(entry["stances"]),
    )
    return {
        "title": theme.title,
        "url": theme_url(report.round, theme.number),
        "size": size,
        "label": said,
        "segments": [
            _scaled(part, size / largest) for part in stance_bar(entry["stances"]).segments
        ],
        "cells": [entry["stances"].get(stance, 0) for stance in Stance],
        "words": stance_words(entry["stances"]),
    }


def _scaled(part: Segment, share: float) -> Segment:
    x, width, end = (
        f"{float(value.rstrip('%')) * share:.2f}%" for value in (part.x, part.width, part.end)
    )
    return Segment(fill=part.fill, is_pattern=part.is_pattern, x=x, width=width, end=end)


def _more(themes: list[Shown]) -> str:
    if not themes:
        return ""
    return ngettext(
        "Noch {n} Thema steht in der Tabelle; es hat höchstens {most} Beiträge.",
        "Noch {n} Themen stehen in der Tabelle; keines hat mehr als {most} Beiträge.",
        len(themes),
    ).format(n=len(themes), most=themes[0]["size"])
