"""Opinion groups from votes, and what all groups can agree on: the method of Polis.

People are placed on a plane by their votes (``planes``) and gathered into groups (``clusters``);
for each statement it is counted what the groups said, and computed what they share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workers.analysis.clusters import cluster_points
from workers.analysis.planes import (
    Matrix,
    natural_order,
    principal_plane,
    project,
    read_matrix,
    vote_sums,
)
from workers.analysis.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
AGREE, PASS, DISAGREE = 1, 0, -1
FEWEST_VOTES = 7  # to be placed; fewer where there are fewer statements
REPRESENTATIVE = 5  # statements named for a group
SIGNIFICANT = 1.2816  # one-sided 90 per cent


@dataclass(frozen=True)
class StatementResult:
    """Counts of one statement. ``by_group`` has agree, disagree and seen for each group."""

    statement: str
    agree: int
    disagree: int
    passed: int
    by_group: Mapping[str, Mapping[str, int]]
    group_aware_consensus: float | None
    representative_for: tuple[str, ...]


@dataclass(frozen=True)
class Opinions:
    """Result of a run. ``groups`` names the group of each participant that could be placed."""

    groups: Mapping[str, str]
    k: int
    statements: tuple[StatementResult, ...]
    coordinates: Mapping[str, tuple[float, float]]
    method: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The complete shape that ``consult analyse opinions`` writes, for an auditor."""
        return {
            "groups": dict(self.groups),
            "k": self.k,
            "statements": [
                {
                    "statement": s.statement,
                    "agree": s.agree,
                    "disagree": s.disagree,
                    "pass": s.passed,
                    "by_group": {name: dict(counts) for name, counts in s.by_group.items()},
                    "group_aware_consensus": s.group_aware_consensus,
                    "representative_for": list(s.representative_for),
                }
                for s in self.statements
            ],
            "coordinates": {name: list(point) for name, point in self.coordinates.items()},
            "method": dict(self.method),
        }


def analyse_votes(
    votes: Mapping[tuple[str, str], int],
    groups: int | None = None,
    given_groups: Mapping[str, str] | None = None,
) -> Opinions:
    """Groups, consensus and representative statements of ``(participant, statement) -> vote``.

    A vote is 1 (agree), -1 (disagree) or 0 (pass). ``groups`` fixes their number, otherwise 2 to 5
    by silhouette; ``given_groups`` (participant -> name) replaces the search. The order of the
    votes changes nothing.
    """
    with one_thread():
        matrix = read_matrix(votes)
        placed = placed_rows(matrix)
        plane = principal_plane(vote_sums(matrix))
        points = project(matrix, plane)
        if given_groups is None:
            named = found_groups(matrix, placed, points, groups)
        else:
            named = {p: given_groups[p] for p in matrix.participants if p in given_groups}
        return opinions_of(matrix, placed, points, named, groups, given_groups)


def placed_rows(matrix: Matrix) -> list[int]:
    """The numbers of the participants with enough votes to be placed."""
    import numpy as np

    given = np.asarray(matrix.seen.sum(axis=1)).ravel()
    enough = min(FEWEST_VOTES, len(matrix.statements))
    return [int(index) for index in np.flatnonzero(given >= max(enough, 1))]


def found_groups(
    matrix: Matrix, placed: Sequence[int], points: NDArray[np.float64], wanted: int | None
) -> dict[str, str]:
    """Names A, B, ... by size, in a tie by the first participant."""
    labels = cluster_points(points[list(placed)], wanted)
    members: dict[int, list[int]] = {}
    for index, label in zip(placed, labels, strict=True):
        members.setdefault(label, []).append(index)
    ordered = sorted(members.values(), key=lambda rows: (-len(rows), rows[0]))
    named: dict[int, str] = {}
    for number, rows in enumerate(ordered):
        named.update(dict.fromkeys(rows, _letters(number)))
    return {matrix.participants[row]: named[row] for row in placed}


def _letters(number: int) -> str:
    """A to Z, then AA, AB, ..."""
    head, tail = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("A") + tail)


def group_aware_consensus(by_group: Iterable[Mapping[str, int]]) -> float | None:
    """Polis: the product over groups of (agree + 1) / (seen + 2); None without any group."""
    shares = [(counts["agree"] + 1) / (counts["seen"] + 2) for counts in by_group]
    return math.prod(shares) if shares else None


def opinions_of(
    matrix: Matrix,
    placed: Sequence[int],
    points: NDArray[np.float64],
    named: Mapping[str, str],
    wanted: int | None,
    given: Mapping[str, str] | None,
) -> Opinions:
    """Counts, consensus and representative statements of groups (participant -> name).

    `points` has shape (participants, 2); only the `placed` rows are kept as coordinates.
    """
    import numpy as np

    names = sorted(set(named.values()), key=natural_order)
    counts = _counts_by_group(matrix, named, names)
    typical = _representative(counts)
    agree, disagree, seen = _column_counts(matrix.votes).values()
    statements = []
    for column, statement in enumerate(matrix.statements):
        by_group = {
            name: {kind: int(counts[name][kind][column]) for kind in ("agree", "disagree", "seen")}
            for name in names
        }
        statements.append(
            StatementResult(
                statement,
                int(agree[column]),
                int(disagree[column]),
                int(seen[column] - agree[column] - disagree[column]),
                by_group,
                group_aware_consensus(by_group.values()),
                tuple(name for name in names if column in typical[name]),
            )
        )
    xs, ys = np.round(points[list(placed)], 6).T.tolist()
    who = [matrix.participants[index] for index in placed]
    coordinates = dict(zip(who, zip(xs, ys, strict=True), strict=True))
    method = _method(matrix, placed, wanted, given)
    return Opinions(dict(named), len(names), tuple(statements), coordinates, method)


def _method(
    matrix: Matrix, placed: Sequence[int], wanted: int | None, given: Mapping[str, str] | None
) -> dict[str, Any]:
    chosen = "given" if given is not None else "fixed" if wanted else "silhouette, 2 to 5"
    return {
        "version": VERSION,
        "projection": "two main components, centred at observed votes, scaled as Polis",
        "groups": chosen,
        "consensus": "product over groups of (agree + 1) / (seen + 2)",
        "participants": len(matrix.participants),
        "placed": len(placed),
        "fewest_votes": min(FEWEST_VOTES, len(matrix.statements)),
        "votes": int(matrix.seen.nnz),
    }


def _column_counts(votes: Any) -> dict[str, NDArray[np.float64]]:
    import numpy as np

    size = votes.shape[1]
    kinds = votes.indices * 3 + (votes.data.astype(votes.indices.dtype) + 1)
    counted = np.bincount(kinds, minlength=3 * size).reshape(size, 3).astype(float)
    return {"agree": counted[:, 2], "disagree": counted[:, 0], "seen": counted.sum(axis=1)}


def _counts_by_group(
    matrix: Matrix, named: Mapping[str, str], names: Sequence[str]
) -> dict[str, dict[str, NDArray[np.float64]]]:
    import numpy as np

    number = {name: index for index, name in enumerate(names)}
    group = np.array([number.get(named.get(p, ""), -1) for p in matrix.participants])
    return {
        name: _column_counts(matrix.votes[np.flatnonzero(group == index)])
        for name, index in number.items()
    }


def _representative(
    counts: Mapping[str, Mapping[str, NDArray[np.float64]]],
) -> dict[str, set[int]]:
    """For each group the up to five statements that set it apart, by Polis's measures.

    A statement counts if the group agrees (or disagrees) with it, and does so more than the
    others, each at 90 per cent; if none does, the single most telling one is named.
    """
    import numpy as np

    chosen: dict[str, set[int]] = {}
    for name, own in counts.items():
        others = [other for key, other in counts.items() if key != name]
        scores = []
        for kind in ("agree", "disagree"):
            rest = sum((o[kind] for o in others), np.zeros(len(own[kind])))
            rest_seen = sum((o["seen"] for o in others), np.zeros(len(own[kind])))
            scores.append(_telling(own[kind], own["seen"], rest, rest_seen))
        metric = np.maximum(*(np.where(passed, value, -np.inf) for value, passed in scores))
        order = np.argsort(-metric, kind="stable")[:REPRESENTATIVE]
        chosen[name] = {int(column) for column in order if np.isfinite(metric[column])}
        if not chosen[name] and others and len(metric):
            chosen[name] = {int(np.argmax(np.maximum(scores[0][0], scores[1][0])))}
    return chosen if len(counts) > 1 else {name: set() for name in counts}


def _telling(
    success: Any, seen: Any, rest: Any, rest_seen: Any
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Polis's repness metric of each statement, and whether both of its tests are passed."""
    import numpy as np

    share, rest_share = (success + 1) / (seen + 2), (rest + 1) / (rest_seen + 2)
    test = 2 * np.sqrt(seen + 1) * ((success + 1) / (seen + 1) - 0.5)
    first, second = (success + 1) / (seen + 1), (rest + 1) / (rest_seen + 1)
    pooled = (success + rest + 2) / (seen + rest_seen + 2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / (seen + 1) + 1 / (rest_seen + 1)))
    apart = np.divide(first - second, spread, out=np.zeros_like(spread), where=spread > 0)
    passed = (test > SIGNIFICANT) & (apart > SIGNIFICANT)
    return (share / rest_share) * apart * share * test, passed
