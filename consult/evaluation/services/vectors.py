"""Sentence vectors: computed once for a text, by a worker, soon after it was written.

The row of a contribution is the job: its `vector_key` is empty while the vector is due. What a
lost message or a killed worker leaves behind is found by the sweep, and what is due when a round
closes is computed before its run.

An attempt is counted before it is made, so that a text that kills the worker is known. What was
begun before is tried alone, after all others; after a few attempts it is set aside, and themes
are found for it by words.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import TextVector
from consult.rounds.models import ConsultationRound
from workers.analysis.shapes import Contribution as Words
from workers.analysis.stored import stored_vectors
from workers.analysis.themes import vectors_of
from workers.analysis.vectors import can_embed, sentence_vectors, vector_key

logger = logging.getLogger(__name__)

# So few that a person who takes back a text waits for less than half a second.
AT_ONCE = 8
KEYS_AT_ONCE = 5000
ATTEMPTS = 3


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


def compute_next_vectors() -> bool:
    """Compute the vectors of some texts that have none; return whether there were any.

    Where the model cannot be loaded nothing is done: the texts stay due for another worker. What
    the model fails on is logged by number and tried again by a later call, up to three times.
    """
    if not can_embed():
        return False
    claimed = _claim()
    try:
        _compute(claimed)
    except Exception:
        logger.exception("no sentence vectors for the contributions %s", claimed)
    return bool(claimed)


def set_aside(round_: ConsultationRound | None = None) -> QuerySet[Contribution]:
    """What is published and the model has failed on too often; that of one round, if given."""
    failed = Contribution.objects.published().filter(vector_key="", vector_attempts__gte=ATTEMPTS)
    return failed if round_ is None else failed.filter(round=round_)


def _due() -> QuerySet[Contribution]:
    return Contribution.objects.select_for_update(
        skip_locked=True, no_key=True, of=("self",)
    ).filter(
        vector_key="",
        status__in=[Visibility.HELD, Visibility.PUBLISHED],
        comment_row__isnull=False,
    )


@transaction.atomic
def _claim() -> list[int]:
    """Count an attempt for some texts that are due: new ones together, others one by one."""
    due = _due().filter(vector_attempts__lt=ATTEMPTS).order_by("vector_attempts", "pk")
    rows = list(due.values_list("pk", "vector_attempts")[:AT_ONCE])
    claimed = [pk for pk, attempts in rows if not attempts] or [pk for pk, _attempts in rows[:1]]
    Contribution.objects.filter(pk__in=claimed).update(vector_attempts=F("vector_attempts") + 1)
    return claimed


@transaction.atomic
def _compute(claimed: list[int]) -> None:
    # The rows are locked meanwhile, so that erasing a text waits and then finds its vector.
    keys = list(_due().filter(pk__in=claimed).order_by("pk").values_list("pk", flat=True))
    texts = dict(Comment.objects.filter(pk__in=keys).values_list("pk", "comment"))
    if not texts:
        return
    sentence_vectors(list(texts.values()), StoredVectors())
    Contribution.objects.bulk_update(
        [
            Contribution(pk=pk, vector_key=vector_key(text), vector_attempts=0)
            for pk, text in texts.items()
        ],
        ["vector_key", "vector_attempts"],
    )


def vectors_for(words: Sequence[Words]) -> Mapping[str, Any]:
    """The vector of each contribution, by id; what is not stored yet is computed.

    Absent are those that were set aside. A worker that cannot load the model has those that others
    have stored.
    """
    store = StoredVectors()
    failed = set(set_aside().values_list("ref", flat=True))
    told = [row for row in words if row.id not in failed]
    return vectors_of(told, store) or stored_vectors(told, store)
