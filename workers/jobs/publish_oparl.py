"""Note what has changed for readers of OParl, also where no reader asks."""

from celery import shared_task


@shared_task(name="workers.publish_oparl")
def publish_oparl(**_later) -> None:
    """Have packs made that say something else now, and compare all objects with what was said."""
    from django.utils import timezone

    from consult.oparl.services.packs import ask_for_packs
    from consult.oparl.services.publishing import publish

    ask_for_packs(at=timezone.now())
    publish(at=timezone.now())
