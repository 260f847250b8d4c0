"""Which contributions stand doubtfully where they are: a list for people, never a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from workers.analysis.features import (
    BLOCK,
    Features,
    build_features,
    less_language_mean,
    sample,
)
from workers.analysis.languages import detect_language, has_letters
from workers.analysis.shapes import Contribution
from workers.analysis.standing import LEAST_SPREAD, mean_of_nearest
from workers.analysis.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Robust standard deviations (median and median deviation) below the usual nearness of members.
FAR, LOOSELY = 3.0, 2.0
# By so many another theme must be nearer; a little nearer are one in four of firm members, too.
NEARER = 0.5
FEWEST_TO_JUDGE = 20
MOST_COMPARED = 4000


class Reason(StrEnum):
    """Far from everything, between two themes, or far from what is usual in the own one."""

    OFF_TOPIC = "off_topic"
    BETWEEN = "between"
    WEAK = "weak"


@dataclass(frozen=True)
class Doubt:
    """Why, how much (in robust standard deviations), and the number of the theme nearest by."""

    reason: Reason
    strength: float
    near_to: int | None


def doubtful(
    themes: Sequence[Sequence[str]],
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any],
) -> dict[str, Doubt]:
    """The doubts about contributions, by id; themes are given by their members' ids.

    Nearness is the mean likeness to the nearest five of a theme: by meaning where there are
    vectors, else by words. Who is in no theme can only be far from all. Contributions without
    letters are left out, and below 20 members nothing is said.
    """
    told = sorted((c for c in contributions if has_letters(c.text)), key=lambda c: c.id)
    row_of = {contribution.id: row for row, contribution in enumerate(told)}
    members = [sorted(row_of[name] for name in theme if name in row_of) for theme in themes]
    if not members or sum(map(len, members)) < FEWEST_TO_JUDGE:
        return {}
    with one_thread():
        near = _nearness(_features(told, vectors), members)
        found = _judged(near, members)
    return {told[row].id: doubt for row, doubt in found.items()}


def _features(told: Sequence[Contribution], vectors: Mapping[str, Any]) -> Features:
    """By words only where nothing has a vector: reading them takes much longer than all else."""
    import numpy as np

    languages = [c.language or detect_language(c.text) for c in told]
    known = [c.id for c in told if c.id in vectors]
    if not known:
        return build_features([c.text for c in told], languages, None)
    rows = np.zeros((len(told), len(vectors[known[0]])), dtype=np.float32)
    for row, contribution in enumerate(told):
        if contribution.id in vectors:
            rows[row] = vectors[contribution.id]
    codes = sorted(set(languages))
    language = np.array([codes.index(code) for code in languages], dtype=np.int32)
    nothing = np.zeros((len(told), 1), dtype=np.float32)
    return Features(less_language_mean(rows, language), nothing, language)


def _nearness(features: Features, members: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """How near each row is to each theme, itself left out; shape (rows, themes)."""
    import numpy as np

    share = max(MOST_COMPARED // len(members), 1)
    columns = [np.array(theme, dtype=np.intp)[sample(len(theme), share)] for theme in members]
    ends = np.cumsum([len(rows) for rows in columns])
    compared = np.concatenate(columns)
    near = np.full((len(features.language), len(members)), -1.0)
    for rows, similar in features.blocks(compared):
        inside = np.flatnonzero((compared >= rows.start) & (compared < rows.start + BLOCK))
        similar[compared[inside] - rows.start, inside] = -1
        for number, part in enumerate(np.split(similar, ends[:-1], axis=1)):
            if part.shape[1]:
                near[rows, number] = mean_of_nearest(part)
    return near


def _judged(near: NDArray[np.float64], members: Sequence[Sequence[int]]) -> dict[int, Doubt]:
    import numpy as np

    everywhere = np.arange(len(near))
    own_theme = np.full(len(near), -1)
    for number, rows in enumerate(members):
        own_theme[list(rows)] = number
    inside = own_theme >= 0
    own = np.where(inside, near[everywhere, own_theme], -1.0)
    elsewhere = near.copy()
    elsewhere[everywhere[inside], own_theme[inside]] = -1
    other = elsewhere.argmax(axis=1)
    best = elsewhere[everywhere, other]
    usual = np.median(own[inside])
    spread = max(1.4826 * float(np.median(np.abs(own[inside] - usual))), LEAST_SPREAD)
    firm, far, nearer = (
        np.round(values / spread, 2)
        for values in (usual - own, usual - np.maximum(own, best), best - own)
    )
    found = {}
    for row in everywhere.tolist():
        near_to = int(other[row]) if len(members) > 1 and best[row] > -1 else None
        if far[row] > FAR:
            found[row] = Doubt(Reason.OFF_TOPIC, float(far[row]), None)
        elif inside[row] and nearer[row] > NEARER and near_to is not None:
            found[row] = Doubt(Reason.BETWEEN, float(nearer[row]), near_to)
        elif inside[row] and firm[row] > LOOSELY:
            found[row] = Doubt(Reason.WEAK, float(firm[row]), near_to)
    return found
