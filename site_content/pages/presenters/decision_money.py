"""What the measures cost in money and posts, counted from the text of the edition."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from drafts.concept.states import CostStatus, FundingStatus
from drafts.editions.documents import posts_word
from site_content.pages.presenters.figures import euros

Shown = dict[str, Any]
SUMS = ("count", "one_off", "yearly", "posts", "not_estimated")


def money(sections: list[Shown]) -> Shown:
    """Sums by section and in all, by how the money is found, and what nobody has estimated."""
    rows = [row for row in (_sums(section["name"], _measures(section)) for section in sections)
            if row["count"]]  # fmt: skip
    measures = [measure for section in sections for measure in _measures(section)]
    return {
        "rows": [_in_words(row) for row in rows],
        "total": _in_words({name: sum(row[name] for row in rows) for name in SUMS}),
        "posts_said": _posts_said(measures),
        "funding": _funding(measures),
        "not_estimated": [
            {"number": measure["number"], "title": measure["text"]["title"]}
            for measure in measures
            if measure["cost_status"] == CostStatus.NOT_ESTIMATED
        ],
    }


def _measures(section: Shown) -> list[Shown]:
    return [measure for goal in section["goals"] for measure in goal["measures"]]


def _sums(name: str, measures: list[Shown]) -> Shown:
    statuses = [measure["cost_status"] for measure in measures]
    return {
        "section": name,
        "count": len(measures),
        "one_off": sum(measure["cost_one_off"] or 0 for measure in measures),
        "yearly": sum(measure["cost_yearly"] or 0 for measure in measures),
        "posts": sum((Decimal(measure.get("posts", 0)) for measure in measures), Decimal()),
        "not_estimated": statuses.count(CostStatus.NOT_ESTIMATED),
    }


def _funding(measures: list[Shown]) -> list[Shown]:
    """Sums by whether the money is there; empty where no measure says so."""
    if not any("funding" in measure for measure in measures):
        return []
    names = [*((code, str(label)) for code, label in FundingStatus.choices), ("", _("ohne Angabe"))]
    found = [
        _sums(name, [measure for measure in measures if measure.get("funding", "") == code])
        for code, name in names
    ]
    return [_in_words(row) for row in found if row["count"]]


def _posts_said(measures: list[Shown]) -> str:
    """How many measures name posts: what the others need is missing in the sums."""
    said = sum("posts" in measure for measure in measures)
    return _("Stellen nennen {n} von {total} Maßnahmen.").format(n=said, total=len(measures))


def _in_words(row: Shown) -> Shown:
    return {
        **row,
        "one_off": euros(row["one_off"]),
        "yearly": euros(row["yearly"]),
        "posts": posts_word(Decimal(row["posts"])),
        "not_estimated": _("{n} von {total}").format(n=row["not_estimated"], total=row["count"]),
    }
