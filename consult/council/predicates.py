"""Who may do what with a paper: role and moment and object."""

from consult.council.models import Decision, Paper
from consult.council.states import PaperStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role


def may_prepare_papers(user) -> bool:
    """The coordination office writes papers; it never records decisions (invariant 25)."""
    return has_role(user, Role.COORDINATION)


def may_record_decisions(user) -> bool:
    """Only the council office."""
    return has_role(user, Role.COUNCIL_OFFICE)


def may_route(user) -> bool:
    """Both offices know when which body meets."""
    return may_prepare_papers(user) or may_record_decisions(user)


def may_confirm(user, decision: Decision) -> bool:
    """A second person of the council office."""
    return may_record_decisions(user) and decision.recorded_by_id != user.pk


def may_read(user, paper: Paper) -> bool:
    """Everybody once it is submitted; before that those who prepare it and council members."""
    if paper.status in {PaperStatus.SUBMITTED, PaperStatus.DECIDED}:
        return True
    return has_role(user, Role.COORDINATION, Role.COUNCIL_OFFICE, Role.COUNCIL_MEMBER)
