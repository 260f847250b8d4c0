"""Passages that speak for a theme, word for word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from workers.analysis.texts import sentence_spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 280  # characters
MOST_QUOTES = 3
FEWEST_WORDS = 5  # that carry a theme; a shorter text says too little to stand for others


def pick_representatives(
    similarities: NDArray[np.float32], wordiness: Sequence[int], count: int
) -> list[int]:
    """The numbers of up to ``count`` texts that together stand for all: first the medoid, then
    greedily whoever adds most (facility location, Nemhauser et al. 1978), for the root of what it
    stands for alone: who is like everybody says less that is new.

    ``similarities`` is square; ``wordiness`` is each text's number of theme-bearing words, and
    texts with few of them are taken last.
    """
    import numpy as np

    similar = np.clip(similarities.astype(np.float64), 0, None)
    np.fill_diagonal(similar, 1.0)
    worth = np.minimum(1.0, np.array(wordiness) / FEWEST_WORDS) / np.sqrt(similar.sum(axis=1))
    covered = np.zeros(len(similar))
    picked: list[int] = []
    for _ in range(min(count, len(similar))):
        gains = np.maximum(similar - covered, 0).sum(axis=1) * worth
        gains[picked] = -1
        best = int(np.argmax(np.round(gains, 6)))
        picked.append(best)
        covered = np.maximum(covered, similar[best])
    return picked


def excerpt(text: str, telling: Callable[[str], int], longest: int = LONGEST) -> str:
    """A verbatim part of one line: the whole text, or the neighbouring sentences that say most.

    ``telling`` counts what speaks for the theme in a passage; the earlier passage wins a tie. A
    sentence longer than ``longest`` is cut before a word. Empty only if the text is blank.
    """
    spans = sentence_spans(text)
    if not spans:
        return ""
    best, best_value = text[spans[0][0] : spans[0][1]], -1
    for first in range(len(spans)):
        passage = _passage(text, spans, first, longest)
        value = telling(passage)
        if value > best_value:
            best, best_value = passage, value
    return best if len(best) <= longest else best[: longest + 1].rsplit(None, 1)[0][:longest]


def _passage(text: str, spans: Sequence[tuple[int, int]], first: int, longest: int) -> str:
    """Sentences from the first on, as long as they stay short and on one line."""
    start, end = spans[first]
    for left, right in spans[first + 1 :]:
        if right - start > longest or "\n" in text[end:left]:
            break
        end = right
    return text[start:end]
