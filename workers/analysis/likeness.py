"""Which texts share so many letters in a row that a closer look is worth while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 5  # characters
BANDS, ROWS = 42, 3  # a pair with Jaccard similarity 0.5 is found with probability 0.996
LARGE_BUCKET = 40
LEAST_SHARED = 0.3  # of the hashes of two texts; light edits leave far more in common


def likely_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Numbers i < j of texts that share many shingles; all pairs where there are few texts.

    MinHash with banding (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3).
    """
    import numpy as np

    count = len(texts)
    if count <= LARGE_BUCKET:
        return list(combinations(range(count), 2))
    known = signatures(texts)
    bands = (known[:, start : start + ROWS] for start in range(0, BANDS * ROWS, ROWS))
    pairs = np.unique(np.concatenate([_pairs_of_band(band, count) for band in bands]))
    kept = [
        block[(known[block // count] == known[block % count]).mean(axis=1) >= LEAST_SHARED]
        for block in np.array_split(pairs, 1 + len(pairs) // 50_000)
    ]
    found = np.concatenate(kept)
    return list(zip((found // count).tolist(), (found % count).tolist(), strict=True))


def _pairs_of_band(band: NDArray[np.uint32], count: int) -> NDArray[np.int64]:
    """Pairs i < j with equal rows, as i * count + j."""
    import numpy as np

    mixed = np.zeros(count, dtype=np.uint64)
    for column in band.T:
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + column
    order = np.argsort(mixed, kind="stable")
    starts = np.flatnonzero(np.r_[True, mixed[order][1:] != mixed[order][:-1]])
    sizes = np.diff(np.r_[starts, count])
    pairs = [
        one * count + other
        for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True)
        for one, other in _pairs_within(order[start : start + size].tolist())
    ]
    return np.array(pairs, dtype=np.int64)


def _pairs_within(bucket: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs; in a very large bucket each member only with its next neighbours in order."""
    if len(bucket) <= LARGE_BUCKET:
        yield from combinations(bucket, 2)
        return
    for position, index in enumerate(bucket):
        for other in bucket[position + 1 : position + LARGE_BUCKET // 2]:
            yield index, other


def signatures(texts: Sequence[str]) -> NDArray[np.uint32]:
    """MinHash signatures, shape (texts, BANDS * ROWS).

    Each hash is a product with an odd factor, modulo 2^32: a permutation of mixed shingles.
    """
    import numpy as np

    generator = np.random.default_rng(20230)
    factors = generator.integers(0, 1 << 32, size=BANDS * ROWS, dtype=np.uint32) | np.uint32(1)
    found = np.empty((len(texts), BANDS * ROWS), dtype=np.uint32)
    for index, text in enumerate(texts):
        (_shingle_hashes(text)[:, None] * factors).min(axis=0, out=found[index])
    return found


def _shingle_hashes(text: str) -> NDArray[np.uint32]:
    import numpy as np

    codes = np.frombuffer(text.ljust(SHINGLE).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    hashes = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for position in range(SHINGLE):
        hashes *= np.uint64(0x9E3779B97F4A7C15)
        hashes += codes[position : position + len(hashes)]
    hashes ^= hashes >> np.uint64(29)
    return ((hashes * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)).astype(np.uint32)
