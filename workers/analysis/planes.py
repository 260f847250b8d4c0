"""Votes as a matrix, and the plane on which people of like votes stand close together.

Votes are centred at what was observed (a missing vote counts as the mean of its statement), the
plane of the two main components is found from sums over participants, and participants are
projected with the correction for few votes (Small et al., Polis: Scaling Deliberation by Mapping
High Dimensional Opinion Spaces, 2021). The sums of several shards of participants add up
exactly, so a large round can be counted on several machines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ROWS_AT_ONCE = 4096  # of people, so that the numbers of a step stay in a processor's cache
# Counting pair by pair costs this many times as much as a step of dense multiplication.
PAIR_COSTS = 40
DIGIT = 16  # bits of one sum where four are counted in one whole number; up to 2^15 - 1 rows


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
    from scipy.sparse import csc_matrix, csr_matrix

    met: defaultdict[str, int] = defaultdict(count().__next__)
    names = map(met.__getitem__, chain.from_iterable(votes))
    pairs = np.fromiter(names, np.int64, 2 * len(votes)).reshape(-1, 2)
    known = list(met)
    rows, participants = _in_order(pairs[:, 0], known)
    columns, statements = _in_order(pairs[:, 1], known)
    cast = np.fromiter(votes.values(), float, len(votes))
    shape = (len(participants), len(statements))
    by_row = csc_matrix((cast, (rows, columns)), shape=shape).tocsr()
    seen = csr_matrix((np.ones(len(votes)), by_row.indices, by_row.indptr), shape=shape)
    return Matrix(participants, statements, by_row, seen)


def _in_order(
    numbers: NDArray[np.int64], names: Sequence[str]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """For numbers of names, the place of each among those that occur; and these in their order."""
    import numpy as np

    occurring = np.flatnonzero(np.bincount(numbers, minlength=len(names))).tolist()
    ordered = sorted(occurring, key=lambda number: natural_order(names[number]))
    place = np.empty(len(names), dtype=np.int32)
    place[ordered] = np.arange(len(ordered))
    return place[numbers], tuple(names[number] for number in ordered)


def natural_order(name: str) -> tuple[bool, int, str]:
    """Sorts whole numbers by size and before all other names."""
    return (False, int(name), name) if name.isascii() and name.isdigit() else (True, 0, name)


def vote_sums(matrix: Matrix) -> VoteSums:
    """The sums over one shard of participants; all shards must have the same statements.

    Whole numbers, counted in whichever of two ways is faster for so many votes a participant.
    """
    import numpy as np

    size = len(matrix.statements)
    given = np.diff(matrix.votes.indptr).astype(np.int64)
    few = PAIR_COSTS * (given @ given) < len(given) * size**2
    count_rows, rows = (_sums_by_pairs, 2 ** (DIGIT - 1) - 1) if few else (_sums, ROWS_AT_ONCE)
    sums = VoteSums(*(np.zeros((size, size)) for _ in range(3)))
    for start in range(0, len(given), rows):
        block = slice(start, start + rows)
        sums += count_rows(matrix.votes[block])
    return sums


def _sums(votes: Any) -> VoteSums:
    import numpy as np
    from scipy.sparse import csr_matrix

    # Whole numbers below 2^24 are exact in 32 bits, and twice as fast.
    cast, where = votes.data.astype(np.float32), (votes.indices, votes.indptr)
    v, o = (
        csr_matrix((values, *where), shape=votes.shape).toarray()
        for values in (cast, np.ones_like(cast))
    )
    return VoteSums(v.T @ v, v.T @ o, o.T @ o)


def _sums_by_pairs(votes: Any) -> VoteSums:
    """One sparse product counts all: (V + bO)'(V + b^2 O) = V'V + b O'V + b^2 V'O + b^3 O'O."""
    import numpy as np
    from scipy.sparse import csr_matrix

    cast, where = votes.data.astype(np.int64), (votes.indices, votes.indptr)
    left, right = (
        csr_matrix((cast + (1 << bits), *where), shape=votes.shape) for bits in (DIGIT, 2 * DIGIT)
    )
    rest = np.zeros((votes.shape[1], votes.shape[1]), dtype=np.int64)
    for start in range(0, votes.shape[0], ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        rest += (left[rows].T.tocsr() @ right[rows]).toarray()
    digits = []
    for _ in range(3):
        low = (rest + (1 << DIGIT - 1)) % (1 << DIGIT) - (1 << DIGIT - 1)
        digits.append(low.astype(float))
        rest = (rest - low) >> DIGIT
    return VoteSums(digits[0], digits[2], rest.astype(float))


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
    from scipy.linalg import eigh

    counts, totals = np.diag(sums.oo), np.diag(sums.vo)
    means = totals / np.maximum(counts, 1)
    crossed = sums.vo * means[None, :]
    covariance = sums.vv - crossed - crossed.T + sums.oo * np.outer(means, means)
    size = len(means)
    if not size:
        return Plane(means, np.zeros((0, 2)))
    largest_two = (max(size - 2, 0), size - 1)
    _, vectors = eigh((covariance + covariance.T) / 2, subset_by_index=largest_two)
    directions = np.pad(vectors[:, ::-1], ((0, 0), (0, 2 - vectors.shape[1])))
    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, [0, 1]])
    return Plane(means, directions * np.where(signs == 0, 1, signs))


def project(matrix: Matrix, plane: Plane) -> NDArray[np.float64]:
    """Points (participants, 2), stretched by sqrt(statements / votes given) as Polis does."""
    import numpy as np

    centred = matrix.votes @ plane.directions - matrix.seen @ (
        plane.means[:, None] * plane.directions
    )
    given = np.asarray(matrix.seen.sum(axis=1)).ravel()
    return centred * np.sqrt(len(matrix.statements) / np.maximum(given, 1))[:, None]
