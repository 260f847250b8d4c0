"""Note what happened, say who is told, gather what is due into mails."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.tell_followers")
def tell_followers(**_later) -> None:
    """Go through the three steps until nothing is left; workers share the rows."""
    from consult.following.services.gathering import gather_next
    from consult.following.services.noting import note_occurrences
    from consult.following.services.telling import tell_next
    from consult.participants.services import SEND_JOB, wake_worker

    note_occurrences(at=timezone.now())
    while tell_next(at=timezone.now()):
        pass
    gathered = False
    while gather_next(at=timezone.now()):
        gathered = True
    if gathered:
        wake_worker(SEND_JOB)
