"""Who may do what with a contribution now: role and moment and object."""

from datetime import date, datetime

from consult.contributions.models import Complaint, Contribution, ModerationDecision
from consult.contributions.states import Visibility
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.predicates import may_take_part
from drafts.concept.states import Openness
from drafts.editions.models import EditionGoal


def may_vote_on(goal: EditionGoal, round_, at: datetime) -> bool:
    """A goal that is open, while the round on its edition is."""
    return (
        may_take_part(round_, at)
        and goal.edition_id == round_.edition_id
        and goal.openness == Openness.OPEN
    )


def may_withdraw(user, contribution: Contribution, at: datetime) -> bool:
    """The author, while the round is open."""
    return (
        user is not None
        and contribution.participant_id is not None
        and contribution.participant_id == user.pk
        and contribution.round.is_open(at)
        and contribution.status in {Visibility.PUBLISHED, Visibility.HELD}
    )


def may_moderate(user) -> bool:
    """Decide on reports and held texts."""
    return has_role(user, Role.MODERATION)


def may_complain(decision: ModerationDecision, on: date) -> bool:
    """Once, within the time that the decision names."""
    return on <= decision.complaint_until and not hasattr(decision, "complaint")


def may_decide_complaint(user, complaint: Complaint) -> bool:
    """A moderator who did not take the decision that is complained of (invariant 21)."""
    return may_moderate(user) and complaint.decision.decided_by_id != user.pk


def may_export_ballots(user) -> bool:
    """Auditors, after closing."""
    return has_role(user, Role.AUDITOR)
