"""Note what has changed for readers of OParl, also where no reader asks."""

from celery import shared_task


@shared_task(name="workers.publish_oparl")
def publish_oparl(**_later) -> None:
    """Compare all public objects of the council with what was published last."""
    from django.utils import timezone

    from consult.oparl.services.publishing import publish

    publish(at=timezone.now())
