"""What the bodies that advise said to each goal of a paper's text.

Of a body that dealt with the paper twice, what it said last counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from consult.council.models import GoalPosition, Paper, RouteStep
from consult.council.states import BodyPosition
from drafts.editions.selectors import goals_in_order

# By the key of a goal, in the order of the route.
Positions = Mapping[str, list[GoalPosition]]


def standing_positions() -> QuerySet[GoalPosition]:
    """Records that no later record corrects, with their step and body."""
    return GoalPosition.objects.filter(corrected_by_position__isnull=True).select_related(
        "step__body", "corrects", "recorded_by", "confirmed_by"
    )


def positions_at(steps: Iterable[RouteStep]) -> Positions:
    """The positions of these steps by goal, in one query; pass public steps for public readers."""
    found: dict[str, dict[int, GoalPosition]] = defaultdict(dict)
    rows = standing_positions().filter(step__in=[step.pk for step in steps])
    for row in rows.order_by("step__position", "pk"):
        of_goal = found[row.goal_wid]
        # A second reading counts at its own place in the route.
        of_goal.pop(row.step.body_id, None)
        of_goal[row.step.body_id] = row
    return {wid: list(of_bodies.values()) for wid, of_bodies in found.items()}


def not_agreed(positions: Iterable[GoalPosition]) -> list[str]:
    """The bodies that did not agree to a goal: against it, or without a majority."""
    return [row.step.body.name for row in positions if row.position != BodyPosition.FOR]


def agreed_to_all(positions: Positions, wids: Iterable[str]) -> list[str]:
    """The bodies that agreed to each of these goals, in the order of the route."""
    wanted = list(wids)
    agreed: dict[str, int] = defaultdict(int)
    for wid in wanted:
        for row in positions.get(wid, []):
            agreed[row.step.body.name] += row.position == BodyPosition.FOR
    return [name for name, number in agreed.items() if number == len(wanted)]


def provisional_positions(step: RouteStep) -> QuerySet[GoalPosition]:
    """What stands at a step and waits for the minutes."""
    return standing_positions().filter(step=step, confirmed_at__isnull=True)


def goals_waiting(paper: Paper, step: RouteStep) -> list[dict[str, Any]]:
    """The goals to which nothing is recorded at this step, as editions.selectors gives them."""
    recorded = set(GoalPosition.objects.filter(step=step).values_list("goal_wid", flat=True))
    return [goal for goal in goals_in_order(paper.edition) if goal["wid"] not in recorded]
