"""Who may look at the records of all rounds."""

from consult.participants.predicates import has_role
from consult.participants.states import Role


def may_audit(user) -> bool:
    """Auditors."""
    return has_role(user, Role.AUDITOR)
