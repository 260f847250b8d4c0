"""Where one person stands on the plane of a finished run; without any library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Stored = Mapping[str, Sequence[float]]


def own_place(
    votes: Mapping[str, int], plane: Stored, fewest_votes: int
) -> tuple[float, float] | None:
    """The point of somebody's votes, as ``planes.project`` finds it; None for too few votes.

    ``plane`` has mean and both directions of each statement (``tallies.plane_as_json``). Votes on
    other statements are left out.
    """
    counted = {name: vote for name, vote in votes.items() if name in plane}
    if not counted or len(counted) < fewest_votes:
        return None
    stretch = math.sqrt(len(plane) / len(counted))
    x, y = (
        stretch * math.fsum((vote - plane[name][0]) * plane[name][axis]
                            for name, vote in counted.items())
        for axis in (1, 2)
    )  # fmt: skip
    return x, y
