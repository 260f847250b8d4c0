"""A map of opinion groups on which nobody can be found: hexagons that stand for ten people at least.

People are counted into hexagons of one size (Carr et al., Scatterplot Matrix Techniques for Large
N, 1987). Only a number class of each is kept, never the number, so that nothing can be found by
subtraction from the size of a group.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FEWEST = 10
CLASSES = (10, 20, 40)  # a field of class 1 holds 10 to 19 people, class 2 up to 39, class 3 more
ENOUGH_SHOWN = 0.8  # of all people; finer grids show fewer of them
FINEST, COARSEST = 14, 2  # hexagons across the longer side

Point = tuple[float, float]
Cell = tuple[int, int]


@dataclass(frozen=True)
class Field:
    """A hexagon with ten or more people of its strongest group; `strength` as in CLASSES."""

    x: float
    y: float
    group: str
    strength: int


@dataclass(frozen=True)
class OpinionMap:
    """Fields of one radius, and the middle and size of each group of ten people or more.

    Coordinates are those of the analysis; `groups` maps a name to (x, y, people).
    """

    fields: tuple[Field, ...]
    radius: float
    groups: Mapping[str, tuple[float, float, int]]

    def as_json(self) -> dict[str, Any]:
        """The map as it is stored; it holds no person."""
        return {
            "fields": [[f.x, f.y, f.group, f.strength] for f in self.fields],
            "radius": self.radius,
            "groups": {name: list(row) for name, row in self.groups.items()},
        }


def opinion_map(points: Mapping[str, Point], groups: Mapping[str, str]) -> OpinionMap:
    """Draw the map of people (participant -> point) in groups (participant -> name).

    The finest grid is taken in which four of five people stand in a field that is shown, else the
    one that shows most. Without ten people in one place the map has no fields.
    """
    placed = {person: points[person] for person in sorted(groups) if person in points}
    people = Counter(groups[person] for person in placed)
    large = {name for name, number in people.items() if number >= FEWEST}
    middles = {
        name: (*_middle([placed[p] for p in placed if groups[p] == name]), people[name])
        for name in sorted(large)
    }
    best: tuple[int, dict[tuple[Cell, str], int], float] = (0, {}, 0.0)
    for across in range(FINEST, COARSEST - 1, -1):
        radius = round(_span(placed) / across, 6)
        cells = _fields(placed, groups, radius) if radius else {}
        shown = sum(cells.values())
        if shown > best[0]:
            best = (shown, cells, radius)
        if shown >= ENOUGH_SHOWN * len(placed):
            break
    _, cells, radius = best
    fields = tuple(
        Field(*_centre(cell, radius), name, sum(number >= least for least in CLASSES))
        for (cell, name), number in sorted(cells.items())
    )
    return OpinionMap(fields, radius, middles)


def _middle(points: list[Point]) -> Point:
    x, y = (math.fsum(axis) / len(points) for axis in zip(*points, strict=True))
    return round(x, 6), round(y, 6)


def _span(points: Mapping[str, Point]) -> float:
    if not points:
        return 0.0
    return max(max(axis) - min(axis) for axis in zip(*points.values(), strict=True))


def _fields(
    points: Mapping[str, Point], groups: Mapping[str, str], radius: float
) -> dict[tuple[Cell, str], int]:
    """How many people of the strongest group stand in each hexagon that may be shown."""
    counts: dict[Cell, Counter[str]] = defaultdict(Counter)
    for person, point in points.items():
        counts[_cell(point, radius)][groups[person]] += 1
    strongest = {
        cell: min(people.items(), key=lambda row: (-row[1], row[0]))
        for cell, people in counts.items()
    }
    return {(cell, name): number for cell, (name, number) in strongest.items() if number >= FEWEST}


def _cell(point: Point, radius: float) -> Cell:
    """The axial coordinates of the pointy-topped hexagon that holds a point."""
    q = (math.sqrt(3) / 3 * point[0] - point[1] / 3) / radius
    r = (2 / 3 * point[1]) / radius
    s = -q - r
    rounded = [round(q), round(r), round(s)]
    errors = [abs(a - b) for a, b in zip(rounded, (q, r, s), strict=True)]
    if errors[0] > errors[1] and errors[0] > errors[2]:
        rounded[0] = -rounded[1] - rounded[2]
    elif errors[1] > errors[2]:
        rounded[1] = -rounded[0] - rounded[2]
    return rounded[0], rounded[1]


def _centre(cell: Cell, radius: float) -> Point:
    q, r = cell
    return (
        round(radius * (math.sqrt(3) * q + math.sqrt(3) / 2 * r), 6),
        round(radius * 1.5 * r, 6),
    )
