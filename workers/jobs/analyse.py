"""Compute steps of the analysis until none is left."""

from celery import shared_task


@shared_task(name="workers.analyse")
def analyse(**_later) -> None:
    """Claim one step after the other; several workers share them."""
    from consult.evaluation.services.analysis import run_next_shard

    while run_next_shard():
        pass
