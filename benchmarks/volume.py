"""Speed and memory of the analysis: one contribution on write, and a very large round."""

import resource
import time
from collections.abc import Iterator

from benchmarks import material
from benchmarks.tables import Row, missing
from workers.analysis.languages import detect_language
from workers.analysis.likeness import signatures
from workers.analysis.themes import propose_themes
from workers.analysis.vectors import sentence_vectors, vector_key

SIZES = (10_000, 100_000)
WRITTEN = 40


def on_write() -> Iterator[Row]:
    """Language, hash, signature and sentence vector of one contribution, the model being loaded.

    The signature is computed anew by each run: keeping it as a row takes longer (0.06 ms).
    """
    texts = [c.text for c in material.cross_language()[0]]
    long = [" ".join(texts[n : n + 4]) for n in range(0, 4 * WRITTEN, 4)]
    sentence_vectors(["warm up"])
    detect_language("warm up with a text that is long enough for the identifier")
    started = time.process_time()
    for text in long:
        detect_language(text)
        vector_key(text)
        sentence_vectors([text])
    took = (time.process_time() - started) / len(long) * 1000
    started = time.process_time()
    for text in long:
        signatures([text])
    signature = (time.process_time() - started) / len(long) * 1000
    yield Row(
        "one contribution on write (CPU-ms; signature)", "",
        f"{took + signature:.0f}; {signature:.2f}", "<= 60", took + signature <= 60,
    )  # fmt: skip


def a_very_large_round() -> Iterator[Row]:
    """Sentences of real contributions put together anew; vectors near those of their first one."""
    import math

    if not (data := material.outside()):
        yield missing("100,000 contributions")
        return
    took = {}
    for size in SIZES:
        contributions, vectors = material.put_together(data, size)
        started = time.process_time()
        propose_themes(contributions, vectors)
        took[size] = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    growth = math.log10(took[SIZES[1]] / took[SIZES[0]])
    yield Row(
        "100,000 contributions (CPU-s, GB, growth)", f"{took[SIZES[0]]:.0f} s for 10,000",
        f"{took[SIZES[1]]:.0f}, {memory:.1f}, n^{growth:.2f}", "<= 150, 3, n^1.15",
        took[SIZES[1]] <= 150 and memory <= 3 and growth <= 1.15,
    )  # fmt: skip
