"""Send mails whose rows are due."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.send_notices")
def send_notices(**_later) -> None:
    """Send what is queued; a row that another worker sends is skipped."""
    from consult.participants.services import send_due_notices

    send_due_notices(at=timezone.now())
