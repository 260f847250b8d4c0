"""Forget what is not needed any more: what was never confirmed or sent, originals of notes."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.clear_expired")
def clear_expired(**_later) -> None:
    """Delete what guests have not confirmed, drafts after a day, originals after their term."""
    from consult.contributions.services.commenting import clear_expired_submissions
    from consult.contributions.services.drafts import clear_expired_drafts
    from consult.intake.services.occasions import clear_originals
    from consult.intake.services.statements import clear_expired_statements
    from consult.records.services.barriers import clear_answered_barriers

    now = timezone.now()
    clear_expired_submissions(at=now)
    clear_expired_drafts(at=now)
    clear_expired_statements(at=now)
    clear_originals(at=now)
    clear_answered_barriers(at=now)
