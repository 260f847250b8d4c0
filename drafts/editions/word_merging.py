"""Several other wordings of one text, brought together word by word.

Words are what stands between white space; a line break is a word of its own. Each wording is read
as steps on the words of the text it changes. Steps that touch different words are all taken.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from drafts.editions.word_matching import common

_WORD = re.compile(r"\n|[^\s]+")


class Step(NamedTuple):
    """The words from `start` to `end` become `words`; an insertion has `start == end`."""

    start: int
    end: int
    words: tuple[str, ...]


def merge_wordings(base: str, wordings: Iterable[str]) -> str | None:
    """Return the text with all these changes of `base`, or None where two touch the same words.

    The order of the wordings does not matter, and equal ones count once. Without any the text is
    returned as it is; where there is only one, it is that one.
    """
    different = sorted({wording for wording in wordings if wording != base})
    if not different:
        return base
    if len(different) == 1:
        return different[0]
    steps = sorted({step for wording in different for step in steps_of(base, wording)})
    if any(_clash(left, right) for left, right in pairwise(steps)):
        return None
    return _join(_taken(_WORD.findall(base), steps))


def steps_of(base: str, wording: str) -> list[Step]:
    """The steps that lead from the words of `base` to those of `wording`, in order."""
    old, new = _WORD.findall(base), _WORD.findall(wording)
    found, i, j = [], 0, 0
    for next_i, next_j in [*common(old, new), (len(old), len(new))]:
        if next_i > i or next_j > j:
            found.append(Step(i, next_i, tuple(new[j:next_j])))
        i, j = next_i + 1, next_j + 1
    return found


def _clash(left: Step, right: Step) -> bool:
    """Whether two steps, the first ones in order, touch the same words or the same gap."""
    if left.start == right.start:
        # An insertion before words that another step changes leaves both their place.
        return left.end > left.start or right.end == right.start
    return right.start < left.end


def _taken(words: Sequence[str], steps: Iterable[Step]) -> list[str]:
    kept: list[str] = []
    at = 0
    for step in steps:
        kept += [*words[at : step.start], *step.words]
        at = step.end
    return [*kept, *words[at:]]


def _join(words: Sequence[str]) -> str:
    text = " ".join(words)
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
