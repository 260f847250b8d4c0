"""Who may look at the records of all rounds, and have what erased: role, moment and object."""

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.participants.predicates import has_role
from consult.participants.states import Role


def may_audit(user) -> bool:
    """Auditors."""
    return has_role(user, Role.AUDITOR)


def may_erase(user, contribution: Contribution) -> bool:
    """The author. Without an account behind it, whoever holds the key of the receipt.

    The caller has found the contribution by that key or among the person's own.
    """
    if contribution.status == Visibility.ERASED:
        return False
    if contribution.participant_id is None:
        return True
    return user is not None and contribution.participant_id == user.pk


def may_erase_for_others(user, contribution: Contribution | None = None) -> bool:
    """The coordination office, as long as the words are there."""
    is_left = contribution is None or contribution.status != Visibility.ERASED
    return is_left and has_role(user, Role.COORDINATION)


def may_answer_barriers(user) -> bool:
    """The coordination office."""
    return has_role(user, Role.COORDINATION)
