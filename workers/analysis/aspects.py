"""What a text says of its subject, told from the subject itself.

"The bus is too expensive" is near "The pool is too expensive": a sentence vector holds the complaint
as well as what it is about. Short texts about many subjects then fall into themes by complaint. So
65 subjects were each given the same 115 complaints, wishes and questions (``aspects.txt``); the
directions in which the vectors of one subject differ are those of what is said. Where a corpus
varies much in them, they are held down: within-class covariance normalisation (Hatch, Kajarekar
and Stolcke 2006). What was tried and measured stands in docs/decisions/0015.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SENTENCES = Path(__file__).with_name("aspects.txt")
LEARNT = Path(__file__).with_name("aspects.npz")
DIRECTIONS = 96  # that are kept of 384; they hold 95 per cent of what is said
MAIN_DIRECTIONS = 20  # two thirds of it
# Share of a corpus's variance in the main directions. Long texts about one field have 0.11 to 0.17
# (a cycling dialogue, the sections of a concept), short ones about many subjects 0.30 to 0.33.
MANY_SUBJECTS = 0.25
FEWEST = 60  # texts; of fewer the share is chance


def less_aspects(meaning: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of which what is said is held down, if it makes up much of how they differ.

    ``meaning`` are sentence vectors about their mean, shape (n, 384). Other shapes and corpora of
    one subject or few texts come back as they are: there, what is said of it makes the themes.
    """
    import numpy as np

    directions, held_down = _learnt()
    if len(meaning) < FEWEST or meaning.shape[1] != len(directions):
        return meaning
    along = meaning @ directions
    variance = float((meaning**2).sum())
    if float((along[:, :MAIN_DIRECTIONS] ** 2).sum()) < MANY_SUBJECTS * variance or not variance:
        return meaning
    return np.asarray(meaning - (along * held_down) @ directions.T, dtype=np.float32)


@cache
def _learnt() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Directions in columns, the one with most variance first, and how much of each is taken."""
    import numpy as np

    with np.load(LEARNT) as stored:
        return stored["directions"].astype(np.float32), stored["held_down"].astype(np.float32)


def learn(vectors: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Directions and how much is taken of each, from vectors (language, subject, aspect, 384).

    A direction with the variance v keeps sqrt(m / (m + v)) of its length, m the mean variance.
    """
    import numpy as np

    centred = vectors - vectors.mean(axis=(1, 2), keepdims=True)
    within = (centred - centred.mean(axis=(0, 2), keepdims=True)).reshape(-1, vectors.shape[-1])
    variances, directions = np.linalg.eigh(within.T @ within / len(within))
    variances = np.clip(variances[::-1][:DIRECTIONS], 0, None)
    usual = (within**2).sum() / len(within) / vectors.shape[-1]
    kept = np.sqrt(usual / (usual + variances))
    return directions[:, ::-1][:, :DIRECTIONS], 1 - kept


def written() -> list[list[list[str]]]:
    """The sentences by language, subject and aspect."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if not line.startswith("#")]
    subjects = [row[1:] for row in rows if row[0] == "subject"]
    aspects = [row[1:] for row in rows if row[0] == "aspect"]
    return [
        [[_sentence(aspect[place], subject[place]) for aspect in aspects] for subject in subjects]
        for place in range(2)
    ]


def _sentence(aspect: str, subject: str) -> str:
    told = aspect.format(subject)
    return told[0].upper() + told[1:]


def main() -> None:
    """Learn from the sentences and store what was learnt."""
    import numpy as np

    from workers.analysis.vectors import DIMENSIONS, sentence_vectors

    told = written()
    rows = sentence_vectors([one for part in told for subject in part for one in subject])
    if rows is None:
        raise SystemExit("the sentence model cannot be loaded")
    directions, held_down = learn(rows.reshape(len(told), len(told[0]), -1, DIMENSIONS))
    np.savez(LEARNT, directions=directions.astype("f2"), held_down=held_down.astype("f4"))


if __name__ == "__main__":
    main()
