"""Forget guests' texts that were never confirmed, and drafts that were never sent."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.clear_expired")
def clear_expired(**_later) -> None:
    """Delete unconfirmed texts whose link has expired, and drafts whose day is over."""
    from consult.contributions.services.commenting import clear_expired_submissions
    from consult.contributions.services.drafts import clear_expired_drafts

    clear_expired_submissions(at=timezone.now())
    clear_expired_drafts(at=timezone.now())
