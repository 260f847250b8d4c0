"""Make documents that somebody asked for."""

import time

from celery import current_app, shared_task
from django.utils import timezone

# A long edition in all formats and languages takes some minutes.
LONGEST = 1800
SECONDS = 60  # then other jobs get their turn


@shared_task(name="workers.make_documents", soft_time_limit=LONGEST, time_limit=LONGEST + 60)
def make_documents(**_later) -> None:
    """Ask for the files of new editions, then make one document after the other; workers share.

    After a minute it gives way and asks to be called again.
    """
    from consult.documents.services.editions import queue_edition_documents
    from consult.documents.services.making import JOB, make_next_document

    queue_edition_documents(at=timezone.now())
    end = time.monotonic() + SECONDS
    while make_next_document():
        if time.monotonic() > end:
            current_app.send_task(JOB)
            return
