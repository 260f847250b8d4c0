"""Sentence vectors: computed once for a text, by a worker, soon after it was written.

The row of a contribution is the job: its `vector_key` is empty while the vector is due. What a
lost message or a killed worker leaves behind is found by the sweep, and what is due when a round
closes is computed by its run.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import TextVector
from workers.analysis.shapes import Contribution as Words
from workers.analysis.stored import stored_vectors
from workers.analysis.themes import vectors_of
from workers.analysis.vectors import sentence_vectors, vector_key

# So few that a person who takes back a text waits for less than half a second.
AT_ONCE = 8
KEYS_AT_ONCE = 5000


class StoredVectors:
    """Sentence vectors as rows, so that a text is computed once for all runs."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return what is known of the keys."""
        known: dict[str, bytes] = {}
        for start in range(0, len(keys), KEYS_AT_ONCE):
            rows = TextVector.objects.filter(pk__in=keys[start : start + KEYS_AT_ONCE])
            known.update((key, bytes(value)) for key, value in rows.values_list("key", "value"))
        return known

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors; another worker may have kept the same ones."""
        TextVector.objects.bulk_create(
            [TextVector(key=key, value=value) for key, value in vectors.items()],
            ignore_conflicts=True,
            batch_size=KEYS_AT_ONCE,
        )


@transaction.atomic
def compute_next_vectors() -> bool:
    """Compute the vectors of some texts that have none; return whether there were any.

    The rows are locked meanwhile, so that erasing a text waits and then finds its vector. Where
    the model cannot be loaded nothing is done: the texts stay due for another worker.
    """
    due = (
        Contribution.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(vector_key="", status__in=[Visibility.HELD, Visibility.PUBLISHED])
        .order_by("pk")
    )
    keys = list(due.values_list("pk", flat=True)[:AT_ONCE])
    texts = dict(Comment.objects.filter(pk__in=keys).values_list("pk", "comment"))
    if not texts or sentence_vectors(list(texts.values()), StoredVectors()) is None:
        return False
    Contribution.objects.bulk_update(
        [Contribution(pk=pk, vector_key=vector_key(text)) for pk, text in texts.items()],
        ["vector_key"],
    )
    return True


def vectors_for(words: Sequence[Words]) -> Mapping[str, Any]:
    """The vector of each contribution, by id; what is not stored yet is computed.

    A worker that cannot load the model has those that others have stored.
    """
    store = StoredVectors()
    return vectors_of(words, store) or stored_vectors(words, store)
