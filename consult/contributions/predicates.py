"""Who may do what with a contribution now: role and moment and object."""

from datetime import date, datetime

from consult.contributions.models import (
    Complaint,
    Contribution,
    ModerationDecision,
    Report,
    SuggestionBundle,
)
from consult.contributions.states import Kind, Measure, SuggestionStatus, Visibility
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_take_part
from consult.rounds.states import RoundStatus
from drafts.concept.states import Openness
from drafts.editions.models import EditionGoal


def may_vote_on(goal: EditionGoal, round_, at: datetime) -> bool:
    """A goal that is open, while the round on its edition is."""
    return (
        may_take_part(round_, at)
        and goal.edition_id == round_.edition_id
        and goal.openness == Openness.OPEN
    )


def may_support(user, bundle: SuggestionBundle, at: datetime) -> bool:
    """An account, while the bundle is open and people take part in its concept.

    A bundle that a later edition has taken over is supported in that edition's round.
    """
    if user is None or not user.is_authenticated or bundle.status != SuggestionStatus.OPEN:
        return False
    running = ConsultationRound.objects.filter(
        edition__concept=bundle.edition.concept_id,
        edition__number__gte=bundle.edition.number,
        status=RoundStatus.OPEN,
    )
    return any(may_take_part(round_, at) for round_ in running)


def may_name_author(contribution: Contribution) -> bool:
    """Its author decides about being named as long as the words are there."""
    return contribution.status not in {Visibility.WITHDRAWN, Visibility.ERASED}


def may_withdraw(user, contribution: Contribution, at: datetime) -> bool:
    """The author, while the round is open."""
    return (
        user is not None and is_author(user, contribution) and _can_be_withdrawn(contribution, at)
    )


def may_withdraw_by_receipt(contribution: Contribution, at: datetime) -> bool:
    """Whoever holds the receipt of a contribution without an account, while the round is open."""
    return contribution.participant_id is None and _can_be_withdrawn(contribution, at)


def is_author(user, contribution: Contribution) -> bool:
    """Whether the contribution was handed in with this account."""
    return contribution.participant_id is not None and contribution.participant_id == user.pk


def may_moderate(user) -> bool:
    """Read reports and held texts."""
    return has_role(user, Role.MODERATION)


def may_decide(user, contribution: Contribution) -> bool:
    """A moderator, but never on what they wrote themselves."""
    return may_moderate(user) and not is_author(user, contribution)


def may_publish_held(contribution: Contribution) -> bool:
    """Not a statement: it appears once the office has confirmed that the organisation exists."""
    return contribution.kind != Kind.STATEMENT


def may_complain(decision: ModerationDecision, on: date) -> bool:
    """Once, within the time that the decision names."""
    return on <= decision.complaint_until and not hasattr(decision, "complaint")


def may_complain_about_report(report: Report, on: date) -> bool:
    """Whoever reported, unless the text was hidden: then it is the author's turn to complain."""
    decision = report.decision
    return decision is not None and decision.measure != Measure.HIDE and may_complain(decision, on)


def may_decide_complaint(user, complaint: Complaint) -> bool:
    """A moderator who neither took the decision complained of (invariant 21) nor wrote the text."""
    decision = complaint.decision
    return may_decide(user, decision.contribution) and decision.decided_by_id != user.pk


def may_export_ballots(user) -> bool:
    """Auditors, after closing."""
    return has_role(user, Role.AUDITOR)


def _can_be_withdrawn(contribution: Contribution, at: datetime) -> bool:
    return contribution.round.is_open(at) and contribution.status in {
        Visibility.PUBLISHED,
        Visibility.HELD,
    }
