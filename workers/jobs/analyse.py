"""Compute what is due of the analysis until nothing is left."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.analyse")
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
