"""What the measures cost, counted from the text of the edition."""

from typing import Any

from django.utils.translation import gettext as _

from drafts.concept.states import CostStatus
from site_content.pages.presenters.figures import euros

Shown = dict[str, Any]


def money(sections: list[Shown]) -> Shown:
    """Sums by section and in all, and the measures that nobody has estimated."""
    rows = [row for row in (_money_row(section) for section in sections) if row["count"]]
    return {
        "rows": [_in_words(row) for row in rows],
        "total": _in_words(
            {
                name: sum(row[name] for row in rows)
                for name in ("count", "one_off", "yearly", "not_estimated")
            }
        ),
        "not_estimated": [
            {"number": measure["number"], "title": measure["text"]["title"]}
            for section in sections
            for measure in _measures(section)
            if measure["cost_status"] == CostStatus.NOT_ESTIMATED
        ],
    }


def _measures(section: Shown) -> list[Shown]:
    return [measure for goal in section["goals"] for measure in goal["measures"]]


def _money_row(section: Shown) -> Shown:
    measures = _measures(section)
    statuses = [measure["cost_status"] for measure in measures]
    return {
        "section": section["name"],
        "count": len(measures),
        "one_off": sum(measure["cost_one_off"] or 0 for measure in measures),
        "yearly": sum(measure["cost_yearly"] or 0 for measure in measures),
        "not_estimated": statuses.count(CostStatus.NOT_ESTIMATED),
    }


def _in_words(row: Shown) -> Shown:
    return {
        **row,
        "one_off": euros(row["one_off"]),
        "yearly": euros(row["yearly"]),
        "not_estimated": _("{n} von {total}").format(n=row["not_estimated"], total=row["count"]),
    }
