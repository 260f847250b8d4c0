"""Votes in shards of participants: each adds its sums, and all together give one opinion map.

The sums are whole numbers, so the plane is the same to the last digit as that of one count
(``planes``). What needs every participant, their points and groups, is small: the votes of a
million ballots take 25 MB as a sparse matrix.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from workers.analysis.opinions import Opinions, found_groups, opinions_of, placed_rows
from workers.analysis.planes import Matrix, Plane, VoteSums, natural_order, project
from workers.analysis.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def read_ballots(ballots: Iterable[tuple[str, str, int]], statements: Sequence[str]) -> Matrix:
    """The matrix of ``(participant, statement, vote)``, one a pair, with the given columns.

    Takes 20 bytes a ballot while it reads. Raises KeyError for another statement.
    """
    import numpy as np
    from scipy.sparse import csr_matrix

    column = {name: index for index, name in enumerate(statements)}
    met: dict[str, int] = {}
    people, columns, cast = array("l"), array("l"), array("b")
    for participant, statement, vote in ballots:
        people.append(met.setdefault(participant, len(met)))
        columns.append(column[statement])
        cast.append(vote)
    participants = sorted(met, key=natural_order)
    row_of = np.empty(len(met), dtype=np.int64)
    row_of[np.array([met[name] for name in participants], dtype=np.int64)] = np.arange(len(met))
    place = (row_of[np.asarray(people)], np.asarray(columns))
    shape = (len(participants), len(statements))
    votes = csr_matrix((np.asarray(cast, dtype=float), place), shape=shape)
    seen = csr_matrix((np.ones(len(cast)), place), shape=shape)
    return Matrix(tuple(participants), tuple(statements), votes, seen)


def join(shards: Sequence[Matrix]) -> Matrix:
    """One matrix of shards without a common participant, in natural order of their names.

    Raises ValueError where the statements are not the same.
    """
    from scipy.sparse import vstack

    if len({shard.statements for shard in shards}) != 1:
        raise ValueError("the shards have other statements")
    names = [name for shard in shards for name in shard.participants]
    order = sorted(range(len(names)), key=lambda index: natural_order(names[index]))
    votes, seen = (
        vstack([getattr(shard, part) for shard in shards]).tocsr()[order]
        for part in ("votes", "seen")
    )
    return Matrix(tuple(names[index] for index in order), shards[0].statements, votes, seen)


def input_hash(matrix: Matrix) -> str:
    """SHA-256 over participants, statements and votes: the same ballots give the same."""
    digest = hashlib.sha256("\n".join((*matrix.participants, "", *matrix.statements)).encode())
    for part, kind in (
        (matrix.votes.indptr, "<i8"), (matrix.votes.indices, "<i8"), (matrix.votes.data, "<f8"),
    ):  # fmt: skip
        digest.update(part.astype(kind).tobytes())
    return digest.hexdigest()


def pack(sums: VoteSums) -> bytes:
    """The sums as compressed 32-bit whole numbers: V'V, V'O, O'O, row by row."""
    import numpy as np

    return zlib.compress(np.stack([sums.vv, sums.vo, sums.oo]).astype("<i4").tobytes())


def unpack(packed: bytes, statements: int) -> VoteSums:
    """What ``pack`` made of the sums over so many statements."""
    import numpy as np

    flat = np.frombuffer(zlib.decompress(packed), dtype="<i4").astype(float)
    return VoteSums(*flat.reshape(3, statements, statements))


def opinions_on(matrix: Matrix, plane: Plane) -> Opinions:
    """Groups, consensus and typical statements on a plane that was found before."""
    with one_thread():
        placed = placed_rows(matrix)
        points: NDArray[np.float64] = project(matrix, plane)
        named = found_groups(matrix, placed, points, None)
        return opinions_of(matrix, placed, points, named, None, None)


def plane_as_json(plane: Plane, statements: Sequence[str]) -> dict[str, list[float]]:
    """Mean vote and both directions of each statement; says nothing of any person."""
    return {
        name: [float(mean), float(x), float(y)]
        for name, mean, (x, y) in zip(statements, plane.means, plane.directions, strict=True)
    }
