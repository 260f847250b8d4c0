"""Who may do what with a round now: role and moment and object."""

from datetime import datetime

from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound


def may_run_rounds(user) -> bool:
    """Plan, announce, open, prolong, close."""
    return has_role(user, Role.COORDINATION)


def may_take_part(round_: ConsultationRound | None, at: datetime) -> bool:
    """Everybody may, while the window is open."""
    return round_ is not None and round_.is_open(at)
