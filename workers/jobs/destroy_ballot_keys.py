"""Destroy the keys that could link ballots to accounts."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.destroy_ballot_keys")
def destroy_ballot_keys(**_later) -> None:
    """Delete the keys of rounds whose objection period has passed."""
    from consult.contributions.services.voting import destroy_ballot_keys as destroy

    destroy(at=timezone.now())
