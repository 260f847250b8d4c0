"""Who may do what while a round is evaluated: role and moment and object."""

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.states import Visibility
from consult.evaluation.models import Assignment, Response, Theme, ThemeObjection
from consult.evaluation.states import ObjectionStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE, RoundStatus


def may_evaluate(user, round_: ConsultationRound | None = None) -> bool:
    """Confirm, merge, split, move themes; publish answers; prepare a revision."""
    closed = round_ is None or round_.status == RoundStatus.CLOSED
    return has_role(user, Role.COORDINATION) and closed


def may_read_second(user, theme: Theme) -> bool:
    """Read a theme for a second time: somebody else than the person who confirmed it."""
    return may_evaluate(user, theme.round) and user.pk != theme.confirmed_by_id


def may_draft_response(user, response: Response) -> bool:
    """A member of the lead department, or the coordination office that helps out."""
    if has_role(user, Role.COORDINATION):
        return True
    return may_sign_response(user, response)


def may_sign_response(user, response: Response) -> bool:
    """A member of the lead department; coordination does not sign for others (R-15)."""
    return (
        has_role(user, Role.DEPARTMENT)
        and user.department_memberships.filter(department=response.lead_department_id).exists()
    )


def may_decide_on_suggestions(user, bundle: SuggestionBundle) -> bool:
    """Coordination, once every round in which it was proposed is over.

    Before that others can still propose and support it, and a decision would influence them.
    """
    running = ConsultationRound.objects.filter(contributions__suggestion__bundle=bundle).exclude(
        status__in=TALLIES_READABLE
    )
    return may_evaluate(user) and not running.exists()


def may_object(contribution: Contribution, assignment: Assignment | None) -> bool:
    """Say that the point of a contribution is missing in its theme.

    Once for each assignment, from the moment a person made it until the round is answered. The
    caller has found the contribution by its receipt or among the person's own.
    """
    return (
        assignment is not None
        and contribution.round.status == RoundStatus.CLOSED
        and contribution.status == Visibility.PUBLISHED
        and not ThemeObjection.objects.filter(assignment=assignment)
        .exclude(status=ObjectionStatus.WITHDRAWN)
        .exists()
    )


def may_explain(user, objection: ThemeObjection) -> bool:
    """Leave a contribution where it is: somebody else than the person who put it there."""
    assignment = objection.assignment
    return may_evaluate(user, assignment.theme.round) and user.pk != assignment.by_id
