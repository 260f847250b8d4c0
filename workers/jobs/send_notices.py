"""Send mails whose rows are due."""

import time

from celery import current_app, shared_task
from django.utils import timezone

SECONDS = 120  # then other jobs get their turn


@shared_task(name="workers.send_notices")
def send_notices(**_later) -> None:
    """Send what is queued; a row that another worker sends is skipped.

    After two minutes it gives way and asks to be called again.
    """
    from consult.participants.services import send_due_notices

    end = time.monotonic() + SECONDS
    while send_due_notices(at=timezone.now()):
        if time.monotonic() > end:
            current_app.send_task("workers.send_notices")
            return
