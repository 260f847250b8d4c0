"""What the council could do instead, in words: alternatives to the paper, options at a goal."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from consult.council.finance import difference_words
from consult.council.models import GoalOption, Paper

Shown = dict[str, Any]


def alternatives(paper: Paper, of_a_no: str) -> list[Shown]:
    """All alternatives with what happens then; to reject is always the last one.

    `of_a_no` says what follows of a no where the paper says nothing, as long as that is open.
    """
    written = [
        {
            "text": row.text,
            "follows": row.follows,
            "costs": difference_words(row),
            "note": row.cost_note,
        }
        for row in paper.alternatives.all()
    ]
    rejected = {
        "text": _("Ablehnen"),
        "follows": paper.if_rejected or of_a_no,
        "costs": "",
        "note": "",
    }
    return [*written, rejected]


def options_by_goal(paper: Paper) -> dict[str, list[Shown]]:
    """The options of each goal that has some, by its key; A is the goal as it was submitted."""
    rows: dict[str, list[GoalOption]] = defaultdict(list)
    for row in paper.goal_options.select_related("motion"):
        rows[row.goal_wid].append(row)
    return {wid: [_as_submitted(), *map(_option, found)] for wid, found in rows.items()}


def _as_submitted() -> Shown:
    return {"letter": "A", "text": _("wie vorgelegt"), "costs": "", "note": "", "motion": None}


def _option(row: GoalOption) -> Shown:
    motion = row.motion
    return {
        "letter": row.letter,
        "text": row.text,
        "costs": difference_words(row),
        "note": row.cost_note,
        "motion": {"name": motion.name, "anchor": f"ae-{motion.number}"} if motion else None,
    }
