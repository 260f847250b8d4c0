"""What bodies that advise said to a goal, in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consult.council.models import GoalPosition
from consult.council.positions import Positions, agreed_to_all, not_agreed
from consult.council.states import DecisionStatus
from site_content.pages.presenters.figures import day, listed

Shown = dict[str, Any]


def shown_positions(rows: Iterable[GoalPosition]) -> list[Shown]:
    """Each body with what it said, and whether the minutes confirm it."""
    return [
        {
            "body": row.step.body.name,
            "said": ", ".join(filter(None, [str(row.get_position_display()), row.votes])),
            "note": row.note,
            "is_provisional": row.status == DecisionStatus.PROVISIONAL,
            "correction": row.correction_reason,
            "corrected": _correction(row),
        }
        for row in rows
    ]


def disagreement(rows: Iterable[GoalPosition]) -> str:
    """Which bodies did not agree to a goal; empty where none spoke against it."""
    bodies = not_agreed(rows)
    return _("Nicht zugestimmt: {bodies}.").format(bodies=listed(bodies)) if bodies else ""


def agreement(positions: Positions, wids: list[str]) -> str:
    """Which bodies agreed to all of these goals; empty where none did."""
    bodies = agreed_to_all(positions, wids) if wids else []
    if not bodies:
        return ""
    return _("Allen diesen Zielen haben zugestimmt: {bodies}.").format(bodies=listed(bodies))


def _correction(row: GoalPosition) -> str:
    if row.corrects is None:
        return ""
    return _("Berichtigt am {day}. Vorher stand hier: {former}.").format(
        day=day(row.recorded_at), former=row.corrects.get_position_display()
    )
