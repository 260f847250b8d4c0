"""Who votes alike: a map without persons, and what all groups carry.

Shown are groups of ten people or more; a field of the map stands for ten people or more
(workers.analysis.opinion_map), and shares follow the rule of evaluation.disclosure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.evaluation.disclosure import SMALLEST_CELL
from consult.evaluation.models import GoalResult
from drafts.editions.services import goal_slug
from site_content.pages.presenters.figures import listed
from site_content.pages.presenters.goal_results import Carried, carried_by_groups
from workers.analysis.own_place import own_place

Shown = dict[str, Any]
Stored = Mapping[str, Any]

WIDEST, HIGHEST = 640, 440
ROOM = 1.1  # in radii, for a hexagon at the edge
FILLS = {"A": "f-a", "B": "f-b", "C": "f-c", "D": "f-d", "E": "f-e"}
OPACITY = {1: "0.5", 2: "0.72", 3: "0.94"}


@dataclass(frozen=True)
class Frame:
    """From coordinates of the analysis to those of the drawing, whose vertical axis points down."""

    left: float
    top: float
    scale: float
    width: float
    height: float

    @classmethod
    def around(cls, points: Sequence[Sequence[Any]], radius: float) -> "Frame":
        """The frame that holds hexagons around all points; each begins with its coordinates."""
        xs, ys = ([point[axis] for point in points] for axis in (0, 1))
        room = ROOM * radius
        left, top = min(xs) - room, max(ys) + room
        wide, high = max(xs) + room - left, top - min(ys) + room
        scale = min(WIDEST / wide, HIGHEST / high)
        return cls(left, top, scale, wide * scale, high * scale)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the analysis is drawn."""
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def hexagon(self, x: float, y: float, radius: float) -> str:
        """The corners of a hexagon, as a polygon's points."""
        middle_x, middle_y = self.at(x, y)
        size = radius * self.scale * 0.97
        corners = (math.radians(60 * corner + 30) for corner in range(6))
        return " ".join(
            f"{middle_x + size * math.cos(angle):.1f},{middle_y + size * math.sin(angle):.1f}"
            for angle in corners
        )


def group_map(
    stored: Stored, goals: Mapping[int, Shown], own: tuple[float, float] | None = None
) -> Shown | None:
    """The map as polygons with its words and table; None where no group has ten people.

    `stored` is what a run keeps of the opinions, `goals` maps a key to number and address. `own`
    is the place of the person who looks, and of nobody else; the frame is widened to hold it.
    """
    drawn = stored.get("map", {})
    fields, radius, groups = (drawn.get(name) for name in ("fields", "radius", "groups"))
    if not fields or not groups:
        return None
    frame = Frame.around([*fields, own] if own else fields, radius)
    return {
        "width": f"{frame.width:.0f}",
        "height": f"{frame.height:.0f}",
        "fields": [
            {
                "points": frame.hexagon(x, y, radius),
                "fill": FILLS[name],
                "opacity": OPACITY[strength],
            }
            for x, y, name, strength in fields
        ],
        "letters": [_letter(name, frame.at(x, y)) for name, (x, y, _people) in groups.items()],
        "own": _letter("", frame.at(*own)) if own else None,
        "words": _in_words(groups),
        "rows": [_row(name, row[2], stored, goals) for name, row in groups.items()],
        "without": _without(stored, groups),
    }


def place_on_map(
    stored: Stored, plane: Mapping[str, Sequence[float]], votes: Mapping[int, int]
) -> tuple[float, float] | None:
    """Where somebody who voted like this stands; None where there is no map or too few votes."""
    if not stored.get("map", {}).get("fields") or not plane:
        return None
    return own_place(
        {str(goal): vote for goal, vote in votes.items()}, plane, stored["fewest_votes"]
    )


def nearest_group(stored: Stored, own: tuple[float, float]) -> str:
    """The name of the shown group whose middle is nearest."""
    groups = stored["map"]["groups"]
    return min(sorted(groups), key=lambda name: math.dist(groups[name][:2], own))


def _letter(name: str, point: tuple[float, float]) -> Shown:
    return {"name": name, "x": f"{point[0]:.1f}", "y": f"{point[1]:.1f}"}


def _in_words(groups: Mapping[str, Sequence[float]]) -> str:
    """Sizes and, for two groups and more, which of them lie closest."""
    sizes = [
        _("Gruppe {name} mit mindestens {n} Personen").format(name=name, n=_tens(row[2]))
        for name, row in groups.items()
    ]
    counted = ngettext("{n} Gruppe", "{n} Gruppen", len(groups)).format(n=len(groups))
    words = _("{counted}: {sizes}.").format(counted=counted, sizes=listed(sizes))
    if len(groups) < 3:
        return words
    pairs = [(a, b) for a in groups for b in groups if a < b]
    nearest = min(pairs, key=lambda pair: math.dist(groups[pair[0]][:2], groups[pair[1]][:2]))
    closest = _("Am nächsten beieinander liegen {a} und {b}.").format(a=nearest[0], b=nearest[1])
    return f"{words} {closest}"


def _row(name: str, people: float, stored: Stored, goals: Mapping[int, Shown]) -> Shown:
    typical = [goals[pk] for pk in stored.get("typical", {}).get(name, []) if pk in goals]
    return {
        "name": name,
        "people": _("mindestens {n}").format(n=_tens(people)),
        "typical": typical,
    }


def _tens(people: float) -> int:
    # Exact sizes beside the totals of goals would show by subtraction how few are in no group.
    return int(people) // SMALLEST_CELL * SMALLEST_CELL


def _without(stored: Stored, groups: Mapping[str, Sequence[float]]) -> str:
    """How many voted on too few goals to be placed; no number under ten."""
    rest = stored["participants"] - sum(int(row[2]) for row in groups.values())
    if rest < SMALLEST_CELL:
        return ""
    return _(
        "{n} Personen gehören zu keiner gezeigten Gruppe, zum Beispiel weil sie über weniger als "
        "{least} Ziele abgestimmt haben."
    ).format(n=rest, least=stored["fewest_votes"])


def carried_goals(
    results: Mapping[int, Mapping[str, GoalResult]], goals: Mapping[int, Shown]
) -> list[Shown]:
    """Goals by how far every group agrees, the most agreed first; only what may be shown."""
    found = [
        (goals[pk], carried)
        for pk, scopes in results.items()
        if pk in goals and (carried := carried_by_groups(scopes)) is not None
    ]
    found.sort(key=lambda pair: (-pair[1].value, pair[0]["place"]))
    return [{**goal, **_carried(carried)} for goal, carried in found]


def _carried(carried: Carried) -> Shown:
    shares = [
        _("Gruppe {name} {percent} Prozent").format(name=name, percent=percent)
        for name, percent in carried.shares.items()
    ]
    return {
        "value": carried.value,
        "label": _("Von allen Gruppen getragen: {value} von 100. Zustimmung: {shares}.").format(
            value=carried.value, shares=listed(shares)
        ),
        "marks": [
            {"name": name, "x": f"{percent}%", "percent": percent}
            for name, percent in carried.shares.items()
        ],
    }


def goal_names(rows: Sequence[Shown], number: int) -> dict[int, Shown]:
    """Number, wording and address of each goal of an edition, by key; `place` is its order."""
    return {
        row["pk"]: {
            "number": row["number"],
            "wording": row["wording"],
            "url": reverse("goal", args=[number, goal_slug(row["number"])]),
            "place": place,
        }
        for place, row in enumerate(rows)
    }
