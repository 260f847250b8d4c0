"""Open and close rounds by the clock."""

import logging

from celery import shared_task
from django.utils import timezone

logger = logging.getLogger(__name__)


@shared_task(name="workers.turn_rounds")
def turn_rounds(**_later) -> None:
    """Open announced rounds whose window has begun, close those whose window has ended.

    A round that cannot be turned is logged and tried again by the next sweep; the others go on.
    """
    from consult.evaluation.services.closing import close_round
    from consult.rounds.selectors import rounds_to_close, rounds_to_open
    from consult.rounds.services import open_round

    now = timezone.now()
    due = [(open_round, round_) for round_ in rounds_to_open(now)]
    due += [(close_round, round_) for round_ in rounds_to_close(now)]
    for turn, round_ in due:
        try:
            turn(round_=round_, actor=None, at=now)
        except Exception:
            logger.exception("round %s: %s failed", round_.ref, turn.__name__)
