"""All contributions of one search, with what is computed of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workers.analysis.duplicates import find_bundles
from workers.analysis.features import Features, build_features
from workers.analysis.labels import Vocabulary, read_vocabulary
from workers.analysis.languages import detect_language, has_letters
from workers.analysis.shapes import Contribution

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Corpus:
    """Contributions in the order of their ids; ``heads`` stand for their bundles in the search."""

    def __init__(self, contributions: Sequence[Contribution], vectors: Mapping[str, Any]) -> None:
        self.all = sorted(contributions, key=lambda contribution: contribution.id)
        self.by_id = {contribution.id: contribution for contribution in self.all}
        if len(self.by_id) != len(self.all):
            raise ValueError("an id occurs twice among the contributions")
        self.vectors = vectors
        self.languages = {c.id: c.language or detect_language(c.text) for c in self.all}
        self.bundles = find_bundles({c.id: c.text for c in self.all})
        bundle_of = {member: b for b in self.bundles for member in b.members}
        self.heads = [
            c
            for c in self.all
            if has_letters(c.text)
            and (c.id not in bundle_of or bundle_of[c.id].representative == c.id)
        ]
        self.members_of_head = [
            bundle_of[c.id].members if c.id in bundle_of else (c.id,) for c in self.heads
        ]
        self.head_languages = [self.languages[head.id] for head in self.heads]
        self.texts = [head.text for head in self.heads]

    @cached_property
    def features(self) -> Features:
        return build_features(self.texts, self.head_languages, self._vector_rows())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.texts, self.head_languages)

    def members(self, heads: Sequence[int]) -> list[Contribution]:
        """All contributions behind some heads, in the order of ids."""
        return [self.by_id[i] for i in sorted(i for h in heads for i in self.members_of_head[h])]

    def is_bundle(self, head: int) -> bool:
        """True if a head stands for several contributions of nearly the same words."""
        return len(self.members_of_head[head]) > 1

    def _vector_rows(self) -> NDArray[np.float32] | None:
        import numpy as np

        known = [head.id for head in self.heads if head.id in self.vectors]
        if not known:
            return None
        rows = np.zeros((len(self.heads), len(self.vectors[known[0]])), dtype=np.float32)
        for index, head in enumerate(self.heads):
            if head.id in self.vectors:
                rows[index] = self.vectors[head.id]
        return rows
