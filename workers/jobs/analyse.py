"""Compute what is due of the analysis until nothing is left."""

from celery import shared_task
from django.utils import timezone

# A step over a hundred thousand contributions takes longer than what other jobs are given.
LONGEST = 6 * 3600


@shared_task(name="workers.analyse", soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def analyse(**_later) -> None:
    """Claim one step after the other, then the summaries that are due; workers share them.

    Before that, what came in after a round's last run gets a run of its own, and sentence vectors
    that are still due are computed, so that a text on which the model fails spoils no step.
    """
    from consult.evaluation.selectors import steps_are_due
    from consult.evaluation.services.analysis import queue_follow_up_runs, run_next_shard
    from consult.evaluation.services.summaries import (
        renew_overtaken_summaries,
        write_next_summary,
    )
    from consult.evaluation.services.vectors import compute_next_vectors

    queue_follow_up_runs(at=timezone.now())
    renew_overtaken_summaries(at=timezone.now())
    while steps_are_due() and compute_next_vectors():
        pass
    while run_next_shard() or write_next_summary():
        pass
