"""Which known theme a late contribution belongs to; the themes themselves stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workers.analysis.corpus import Corpus
from workers.analysis.features import sample
from workers.analysis.shapes import Contribution
from workers.analysis.standing import MOST_COMPARED, bound_of, nearness, places
from workers.analysis.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def place_late(
    groups: Sequence[Sequence[str]],
    late: Collection[str],
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any],
) -> dict[str, int]:
    """The number of the group that each late contribution (an id) fits; who fits none is absent.

    A near-duplicate goes where its like is. Others go to the group that they are nearest to, if
    they are as near as members usually are. ``contributions`` are all, known and late. Groups of
    one take only duplicates.
    """
    with one_thread():
        corpus = Corpus(contributions, vectors)
        group_of = {member: number for number, group in enumerate(groups) for member in group}
        found, heads = {}, []
        for head, members in enumerate(corpus.members_of_head):
            new = [member for member in members if member in late]
            known = sorted({group_of[member] for member in members if member in group_of})
            if new and known:
                found.update(dict.fromkeys(new, known[0]))
            elif new:
                heads.append(head)
        for head, number in _nearest(corpus, group_of, heads).items():
            found.update({m: number for m in corpus.members_of_head[head] if m in late})
        return found


def _nearest(corpus: Corpus, group_of: Mapping[str, int], late: Sequence[int]) -> dict[int, int]:
    of_group: dict[int, list[int]] = {}
    for head, members in enumerate(corpus.members_of_head):
        for number in {group_of[member] for member in members if member in group_of}:
            of_group.setdefault(number, []).append(head)
    numbers = [number for number, heads in sorted(of_group.items()) if len(heads) > 1]
    if not numbers or not late:
        return {}
    known = [of_group[number] for number in numbers]
    compared = sample(len(corpus.heads), MOST_COMPARED)
    usual: NDArray[np.float64] = nearness(corpus, known, compared)
    bound = bound_of(usual[sorted({head for heads in known for head in heads})])
    return {
        head: numbers[theme]
        for head, (theme, near) in zip(late, places(corpus, known, late), strict=True)
        if near >= bound
    }
