"""Tell authors how their contributions were understood."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.tell_authors")
def tell_authors(**_later) -> None:
    """Write the mails of rounds whose contributions are all sorted."""
    from consult.evaluation.services import understood

    understood.tell_authors(at=timezone.now())
