"""Compute what is due of the analysis until nothing is left."""

from celery import shared_task
from django.utils import timezone

# A step over a hundred thousand contributions takes longer than what other jobs are given.
LONGEST = 6 * 3600


@shared_task(name="workers.analyse", soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def analyse(**_later) -> None:
    """Claim one step after the other, then the summaries that are due; workers share them.

    Before that, what came in after a round's last run gets a run of its own.
    """
    from consult.evaluation.services.analysis import queue_follow_up_runs, run_next_shard
    from consult.evaluation.services.summaries import (
        renew_overtaken_summaries,
        write_next_summary,
    )

    queue_follow_up_runs(at=timezone.now())
    renew_overtaken_summaries(at=timezone.now())
    while run_next_shard() or write_next_summary():
        pass
