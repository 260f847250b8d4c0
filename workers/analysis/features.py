"""How alike two contributions are: by meaning across languages, by words within one language.

Meaning: sentence vectors, each less the mean of its language, and of short texts about many
subjects less what is said of a subject (``aspects``). Words: TF-IDF of stems and of
character n-grams, reduced by SVD, for each language by itself. On German contributions coded by
people, the two together found their topics better than either (adjusted Rand index 0.47 against
0.40 and 0.42 with the same clustering).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workers.analysis.aspects import less_aspects
from workers.analysis.stopwords import is_stopword
from workers.analysis.texts import stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORD_DIMENSIONS = 30
WORD_WEIGHT = 0.5  # of the cosine by words, beside 1 for the cosine by meaning
FEWEST_FOR_WORDS = 60  # contributions of one language; below it words add nothing to meaning
FEWEST_ALONE = 8  # the same where there is no meaning to add to
MOST_FITTED = 5000  # contributions from which the dimensions of words are learnt
PRIOR_CONTRIBUTIONS = 10  # how firmly the mean of a rare language is held to the mean of all
MOST_PARTS = 600  # characters of theme-bearing words that are read for n-grams
BLOCK = 2048


@dataclass(frozen=True)
class Features:
    """Unit rows or zero rows, one a contribution: by meaning (n, 384) and by words (n, 30)."""

    meaning: NDArray[np.float32]
    wording: NDArray[np.float32]
    language: NDArray[np.int32]

    def part(self, rows: Any) -> Features:
        """The features of some rows."""
        return Features(self.meaning[rows], self.wording[rows], self.language[rows])

    def by_meaning_alone(self) -> bool:
        """True if most contributions share their language with too few for words to tell."""
        return bool(2 * self.wording.any(axis=1).sum() < len(self.wording))

    def evidence(self) -> NDArray[np.float32]:
        """One row a contribution: its meaning, then its words in the columns of its language."""
        import numpy as np

        blocks = [self.meaning]
        for code in np.unique(self.language):
            own = self.wording * (self.language == code)[:, None]
            if own.any():
                blocks.append(own)
        return np.hstack(blocks)

    def similarities(self, rows: Any, columns: Any = slice(None)) -> NDArray[np.float32]:
        """Similarity of some rows to others (all, unless given), between -1 and 1.

        Across languages only meaning counts; where a contribution has no sentence vector, only
        words do.
        """
        import numpy as np

        meaning = self.meaning[rows] @ self.meaning[columns].T
        wording = self.wording[rows] @ self.wording[columns].T
        has_meaning = np.any(self.meaning, axis=1)
        has_wording = np.any(self.wording, axis=1)
        by_meaning = np.logical_and.outer(has_meaning[rows], has_meaning[columns])
        by_words = np.logical_and.outer(has_wording[rows], has_wording[columns])
        by_words &= self.language[rows][:, None] == self.language[columns][None, :]
        weights = by_meaning + np.float32(WORD_WEIGHT) * by_words
        total = meaning * by_meaning + np.float32(WORD_WEIGHT) * wording * by_words
        return np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)

    def blocks(self, columns: Any = slice(None)) -> Iterator[tuple[slice, NDArray[np.float32]]]:
        """Similarities in blocks of rows, so that memory stays at BLOCK x columns."""
        for start in range(0, len(self.language), BLOCK):
            rows = slice(start, start + BLOCK)
            yield rows, self.similarities(rows, columns)


def build_features(
    texts: Sequence[str], languages: Sequence[str], vectors: NDArray[np.float32] | None
) -> Features:
    """Features of texts; ``vectors`` has one row a text (zero where none is known) or is None."""
    import numpy as np

    codes = sorted(set(languages))
    fewest = FEWEST_ALONE if vectors is None else FEWEST_FOR_WORDS
    language = np.array([codes.index(code) for code in languages], dtype=np.int32)
    if vectors is None:
        vectors = np.zeros((len(texts), 1), dtype=np.float32)
    wording = np.zeros((len(texts), WORD_DIMENSIONS), dtype=np.float32)
    for code in codes:
        rows = [row for row, of in enumerate(languages) if of == code]
        if len(rows) >= fewest:
            reduced = _reduced_words([texts[row] for row in rows], code)
            wording[rows, : reduced.shape[1]] = reduced
    meaning = less_language_mean(vectors, language)
    return Features(_unit_rows(less_aspects(meaning)), wording, language)


def content_words(text: str, language: str) -> list[str]:
    """The case folded words that carry a theme, in their order."""
    folded = (word.casefold() for word in words(text))
    return [word for word in folded if len(word) > 1 and not is_stopword(word, language)]


def content_stems(text: str, language: str) -> list[str]:
    """The stems of the words that carry a theme, in their order."""
    return [stem(word, language) for word in content_words(text, language)]


def word_counts(texts: Sequence[str], languages: Sequence[str]) -> Any:
    """Unit rows of TF-IDF over stems, sparse (n, stems): shared words and nothing else."""
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    stems = [content_stems(text, code) for text, code in zip(texts, languages, strict=True)]
    if not any(stems):
        return csr_matrix((len(texts), 1))
    return TfidfVectorizer(analyzer=list, sublinear_tf=True).fit_transform(stems)


def less_language_mean(vectors: Any, language: Any) -> NDArray[np.float32]:
    """Removes what a language has in common; a zero row stays zero."""
    import numpy as np

    centred = np.zeros(vectors.shape, dtype=np.float32)
    known = vectors.any(axis=1)
    if not known.any():
        return centred
    mean = vectors[known].mean(axis=0)
    for number in np.unique(language):
        rows = np.flatnonzero((language == number) & known)
        own = vectors[rows].sum(axis=0) + PRIOR_CONTRIBUTIONS * mean
        centred[rows] = vectors[rows] - own / (len(rows) + PRIOR_CONTRIBUTIONS)
    return _unit_rows(centred)


def sample(count: int, most: int) -> NDArray[np.intp]:
    """Up to ``most`` of the numbers below ``count``, in order; the same ones each time."""
    import numpy as np

    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:most])


def _reduced_words(texts: Sequence[str], language: str) -> NDArray[np.float32]:
    """TF-IDF of stems and of character 3- to 5-grams, reduced by SVD to at most 30 columns."""
    import numpy as np
    from scipy.sparse import hstack
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    learnt = sample(len(texts), MOST_FITTED)
    fewest = 2 if len(learnt) > 50 else 1
    told = [content_words(text, language) for text in texts]
    stems = [[stem(word, language) for word in found] for found in told]
    none = np.zeros((len(texts), 1), dtype=np.float32)
    if sum(bool(found) for found in stems) < FEWEST_ALONE:
        return none
    by_word = TfidfVectorizer(analyzer=list, min_df=fewest, max_df=0.5, sublinear_tf=True)
    by_part = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), min_df=fewest + 1, max_df=0.5, sublinear_tf=True
    )
    parts = [" ".join(found)[:MOST_PARTS] for found in told]
    fitted = [_fitted(by_word, stems, learnt), _fitted(by_part, parts, learnt)]
    blocks = [block for block in fitted if block is not None]
    if not blocks:
        return none
    counted = hstack(blocks, dtype=np.float32).tocsr()
    dimensions = min(WORD_DIMENSIONS, len(learnt) - 1, counted.shape[1] - 1)
    if dimensions < 1:
        return none
    return _unit_rows(
        TruncatedSVD(dimensions, random_state=0).fit(counted[learnt]).transform(counted)
    )


def _fitted(vectorizer: Any, documents: Sequence[Any], learnt: NDArray[np.intp]) -> Any:
    """The weighted counts, or None if no term is in enough documents and not in too many."""
    try:
        if len(learnt) == len(documents):
            return vectorizer.fit_transform(documents)
        return vectorizer.fit([documents[row] for row in learnt]).transform(documents)
    except ValueError:
        return None


def _unit_rows(rows: Any) -> NDArray[np.float32]:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros(rows.shape), where=lengths > 1e-9).astype("f4")
