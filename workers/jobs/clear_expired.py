"""Forget guests' texts that were never confirmed."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.clear_expired")
def clear_expired(**_later) -> None:
    """Delete unconfirmed texts whose link has expired."""
    from consult.contributions.services.commenting import clear_expired_submissions

    clear_expired_submissions(at=timezone.now())
