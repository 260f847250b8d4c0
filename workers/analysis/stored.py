"""Vectors that somebody has computed before; nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workers.analysis.shapes import Contribution
from workers.analysis.vectors import VectorStore, vector_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def stored_vectors(
    contributions: Sequence[Contribution], store: VectorStore
) -> dict[str, NDArray[np.float32]]:
    """The vectors that the store holds, by id of the contribution; the others are absent."""
    import numpy as np

    keys = {contribution.id: vector_key(contribution.text) for contribution in contributions}
    known = store.get_many(sorted(set(keys.values())))
    return {
        name: np.frombuffer(known[key], dtype="<f4") for name, key in keys.items() if key in known
    }
