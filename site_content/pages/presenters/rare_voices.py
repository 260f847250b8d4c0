"""Points that few raised, or only people of one language: their fixed place on the themes page."""

from collections import Counter
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.selectors import objection_sums
from consult.evaluation.states import ObjectionOutcome, ThemeKind
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from drafts.concept.languages import language_of
from site_content.pages.presenters.figures import listed, voices
from site_content.pages.presenters.theme_report import FEW_VOICES, Report, theme_url

Shown = dict[str, Any]

UNKNOWN = "und"


def rare_voices(report: Report) -> Shown:
    """Small themes, and themes and single voices that were raised in one language only.

    The language that most contributions of the round are written in is not meant: nobody overlooks
    it. Neither filter nor page of the list changes what stands here.
    """
    small = [entry for entry in report.of_kind(ThemeKind.THEME) if 0 < entry["size"] <= FEW_VOICES]
    return {
        "small": [_link(report, entry) for entry in small],
        "languages": _by_language(report),
    }


def _by_language(report: Report) -> list[Shown]:
    total: Counter[str] = sum((entry["languages"] for entry in report.entries), Counter())
    [(main, _number)] = total.most_common(1) or [("", 0)]
    found = sorted(
        (
            (code, entry)
            for entry in report.entries
            for code in entry["languages"]
            if len(entry["languages"]) == 1 and code not in {main, UNKNOWN}
        ),
        key=lambda pair: (pair[0], pair[1]["theme"].number),
    )
    return [
        {**language_of(code), "entries": [_link(report, entry) for _code, entry in pairs]}
        for code, pairs in groupby(found, key=lambda pair: pair[0])
    ]


def _link(report: Report, entry: Shown) -> Shown:
    theme = entry["theme"]
    return {
        "title": theme.title,
        "url": theme_url(report.round, theme.number),
        "voices": voices(entry["size"], entry["people"]),
        "is_single": theme.kind == ThemeKind.SINGLE_VOICE,
    }


def objections(round_: ConsultationRound) -> Shown:
    """How many authors said that their point is missing and what became of it, in numbers alone."""
    sums = objection_sums(round_)
    return {
        "is_possible": round_.status == RoundStatus.CLOSED,
        "sentence": _sentence(sums) if sums["filed"] else _("Bisher hat das niemand gesagt."),
    }


def _sentence(sums: dict[str, int]) -> str:
    changed = sum(
        sums[outcome]
        for outcome in (
            ObjectionOutcome.MOVED,
            ObjectionOutcome.OWN_VOICE,
            ObjectionOutcome.REWORDED,
        )
    )
    filed = ngettext(
        "{n} Einwand ist eingegangen", "{n} Einwände sind eingegangen", sums["filed"]
    ).format(n=sums["filed"])
    parts = [
        ngettext("{n} hat etwas geändert", "{n} haben etwas geändert", changed).format(n=changed),
        ngettext(
            "{n} ist mit Begründung geklärt",
            "{n} sind mit Begründung geklärt",
            sums[ObjectionOutcome.EXPLAINED],
        ).format(n=sums[ObjectionOutcome.EXPLAINED]),
        ngettext("{n} ist offen", "{n} sind offen", sums["open"]).format(n=sums["open"]),
    ]
    return _("{filed}: {parts}.").format(filed=filed, parts=listed(parts))
