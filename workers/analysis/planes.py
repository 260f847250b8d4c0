"""Votes as a matrix, and the plane on which people of like votes stand close together.

Votes are centred at what was observed (a missing vote counts as the mean of its statement), the
plane of the two main components is found from sums over participants, and participants are
projected with the correction for few votes (Small et al., Polis: Scaling Deliberation by Mapping
High Dimensional Opinion Spaces, 2021). The sums of several shards of participants add up
exactly, so a large round can be counted on several machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Matrix:
    """Votes as a sparse matrix: ``votes`` holds 1, 0, -1 where ``seen`` holds 1."""

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    votes: Any
    seen: Any


@dataclass(frozen=True)
class VoteSums:
    """What a shard of participants adds to the plane: V'V, V'O, O'O, and column sums.

    V are the votes, O is 1 where a vote was given; each is (statements, statements).
    """

    vv: NDArray[np.float64]
    vo: NDArray[np.float64]
    oo: NDArray[np.float64]

    def __add__(self, other: VoteSums) -> VoteSums:
        return VoteSums(self.vv + other.vv, self.vo + other.vo, self.oo + other.oo)


def read_matrix(votes: Mapping[tuple[str, str], int]) -> Matrix:
    """Participants and statements in natural order of their names ("2" before "10")."""
    import numpy as np
    from scipy.sparse import csr_matrix

    people, subjects = itemgetter(0), itemgetter(1)
    participants = sorted(set(map(people, votes)), key=natural_order)
    statements = sorted(set(map(subjects, votes)), key=natural_order)
    row = {name: index for index, name in enumerate(participants)}
    column = {name: index for index, name in enumerate(statements)}
    place = (
        np.fromiter(map(row.__getitem__, map(people, votes)), np.int64, len(votes)),
        np.fromiter(map(column.__getitem__, map(subjects, votes)), np.int64, len(votes)),
    )
    shape = (len(participants), len(statements))
    cast = csr_matrix((np.fromiter(votes.values(), float, len(votes)), place), shape=shape)
    seen = csr_matrix((np.ones(len(votes)), cast.indices, cast.indptr), shape=shape)
    return Matrix(tuple(participants), tuple(statements), cast, seen)


def natural_order(name: str) -> tuple[bool, int, str]:
    """Sorts whole numbers by size and before all other names."""
    return (False, int(name), name) if name.isascii() and name.isdigit() else (True, 0, name)


def vote_sums(matrix: Matrix) -> VoteSums:
    """The sums over one shard of participants; all shards must have the same statements."""
    import numpy as np

    size = len(matrix.statements)
    sums = VoteSums(*(np.zeros((size, size)) for _ in range(3)))
    for start in range(0, len(matrix.participants), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        # Whole numbers below 2^24 are exact in 32 bits, and twice as fast.
        votes = matrix.votes[rows].astype(np.float32).toarray()
        seen = matrix.seen[rows].astype(np.float32).toarray()
        sums += VoteSums(votes.T @ votes, votes.T @ seen, seen.T @ seen)
    return sums


@dataclass(frozen=True)
class Plane:
    """The mean vote of each statement, and two directions as columns (statements, 2)."""

    means: NDArray[np.float64]
    directions: NDArray[np.float64]


def principal_plane(sums: VoteSums) -> Plane:
    """The two main components of the votes centred at observed values.

    C = V'V - V'O diag(m) - diag(m) O'V + diag(m) O'O diag(m), m the means. The sign of a direction
    is fixed by its largest entry.
    """
    import numpy as np

    counts, totals = np.diag(sums.oo), np.diag(sums.vo)
    means = totals / np.maximum(counts, 1)
    crossed = sums.vo * means[None, :]
    covariance = sums.vv - crossed - crossed.T + sums.oo * np.outer(means, means)
    _, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    directions = vectors[:, ::-1][:, :2]
    directions = np.pad(directions, ((0, 0), (0, 2 - directions.shape[1])))
    if len(directions):
        largest = np.abs(directions).argmax(axis=0)
        signs = np.sign(directions[largest, [0, 1]])
        directions = directions * np.where(signs == 0, 1, signs)
    return Plane(means, directions)


def project(matrix: Matrix, plane: Plane) -> NDArray[np.float64]:
    """Points (participants, 2), stretched by sqrt(statements / votes given) as Polis does."""
    import numpy as np

    centred = matrix.votes @ plane.directions - matrix.seen @ (
        plane.means[:, None] * plane.directions
    )
    given = np.asarray(matrix.seen.sum(axis=1)).ravel()
    return centred * np.sqrt(len(matrix.statements) / np.maximum(given, 1))[:, None]
