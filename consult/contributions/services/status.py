"""The one gate of a contribution's visibility."""

from datetime import datetime

from wagtail.log_actions import log

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import TRANSITIONS, Visibility
from consult.participants.services import wake_worker

VECTOR_JOB = "workers.compute_vectors"


class StatusStepRefused(Exception):
    """The contribution cannot go from its status to the wanted one."""


def set_status(
    *, contribution: Contribution, status: Visibility, actor, at: datetime
) -> Contribution:
    """Set the visibility of a locked contribution and mirror it on its comment row.

    The caller holds the transaction. What an erased contribution's author said when taking it
    back goes with it. Raises StatusStepRefused for a step not allowed, also for
    the status that it has already.
    """
    locked = Contribution.objects.select_for_update().get(pk=contribution.pk)
    step = (Visibility(locked.status), status)
    if step not in TRANSITIONS:
        raise StatusStepRefused(f"{contribution.ref}: {step[0]} -> {step[1]}")
    log(locked, "contribution.status", user=actor, data={"from": step[0], "to": status})
    locked.status, locked.status_since = status, at
    if status == Visibility.ERASED:
        locked.withdrawal_reason = ""
    locked.save(update_fields=["status", "status_since", "withdrawal_reason"])
    Comment.objects.filter(contribution=locked).update(
        is_public=status == Visibility.PUBLISHED,
        is_removed=status in {Visibility.HIDDEN, Visibility.ERASED},
    )
    if status == Visibility.PUBLISHED and not locked.vector_key:
        wake_worker(VECTOR_JOB)
    return locked
