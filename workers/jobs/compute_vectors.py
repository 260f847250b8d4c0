"""Compute the sentence vectors of what was written."""

from celery import current_app, shared_task

BATCHES = 60  # about half a minute, so that other jobs get their turn


@shared_task(name="workers.compute_vectors")
def compute_vectors(**_later) -> None:
    """Compute one batch after the other, then give way and ask to be called again."""
    from consult.evaluation.services.vectors import compute_next_vectors

    for _batch in range(BATCHES):
        if not compute_next_vectors():
            return
    current_app.send_task("workers.compute_vectors")
