"""Write down what changed in a round after it was closed."""

from celery import shared_task


@shared_task(name="workers.correct_ledgers")
def correct_ledgers(**_later) -> None:
    """Store a dated correction for each closed round whose sums have changed."""
    from consult.evaluation.services.closing import correct_ledgers as correct

    correct()
