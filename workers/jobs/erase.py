"""Erase what people want erased."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.erase")
def erase(**_later) -> None:
    """Carry out one request after the other until none is due; workers share them."""
    from consult.records.services.erasure import run_next_erasure

    while run_next_erasure(at=timezone.now()):
        pass
