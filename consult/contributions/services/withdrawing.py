"""Taking back: authors withdraw what they wrote while the round is open."""

from datetime import datetime

from django.db import transaction

from consult.contributions.models import Contribution
from consult.contributions.predicates import may_withdraw, may_withdraw_by_receipt
from consult.contributions.services.commenting import UnableToComment
from consult.contributions.services.proof import secret_hash
from consult.contributions.services.status import StatusStepRefused, set_status
from consult.contributions.states import Visibility


@transaction.atomic
def withdraw(*, contribution: Contribution, actor, at: datetime, reason: str = "") -> Contribution:
    """Take back one's own contribution while the round is open; a stub keeps its place.

    Raises UnableToComment for anybody but the author and outside the window.
    """
    if not may_withdraw(actor, contribution, at):
        raise UnableToComment("not_withdrawable")
    return _take_back(contribution, reason, at)


@transaction.atomic
def withdraw_by_receipt(*, key: str, at: datetime, reason: str = "") -> Contribution:
    """Take back what was handed in without an account: its receipt is the proof.

    Raises UnableToComment for an unknown key, for the contribution of an account, and outside the
    window.
    """
    found = Contribution.objects.filter(receipt_key_hash=secret_hash(key)).first()
    if found is None or not may_withdraw_by_receipt(found, at):
        raise UnableToComment("not_withdrawable")
    return _take_back(found, reason, at)


def _take_back(contribution: Contribution, reason: str, at: datetime) -> Contribution:
    Contribution.objects.filter(pk=contribution.pk).update(withdrawal_reason=reason.strip())
    try:
        # Nobody stands in the log: it would say who wrote what was handed in without a name.
        return set_status(contribution=contribution, status=Visibility.WITHDRAWN, actor=None, at=at)
    except StatusStepRefused as refused:
        # Somebody was faster: a second click, or the moderation.
        raise UnableToComment("not_withdrawable") from refused
