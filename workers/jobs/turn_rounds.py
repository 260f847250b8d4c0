"""Open and close rounds by the clock."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="workers.turn_rounds")
def turn_rounds(**_later) -> None:
    """Open announced rounds whose window has begun, close those whose window has ended."""
    from consult.evaluation.services.closing import close_round
    from consult.rounds.selectors import rounds_to_close, rounds_to_open
    from consult.rounds.services import open_round

    now = timezone.now()
    for round_ in rounds_to_open(now):
        open_round(round_=round_, actor=None, at=now)
    for round_ in rounds_to_close(now):
        close_round(round_=round_, actor=None, at=now)
