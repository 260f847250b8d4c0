"""Moderation: reasoned decisions, told to the author, and complaints decided by somebody else.

Nobody edits or wipes the words: a hidden text stays where it is and is not shown.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from consult.contributions.models import (
    Complaint,
    Contribution,
    ModerationDecision,
    Report,
)
from consult.contributions.predicates import may_complain, may_decide_complaint, may_moderate
from consult.contributions.services.status import set_status
from consult.contributions.states import EFFECT, ComplaintOutcome, Measure, Rule, Visibility
from consult.participants.services import queue_notice

COMPLAINT_PERIOD = timedelta(days=183)


class NotAModerator(Exception):
    """The person may not decide this."""


class DecisionIncomplete(Exception):
    """A decision needs a reason, and hiding needs a rule."""


class ComplaintRefused(Exception):
    """The time to complain has passed, or there is a complaint already."""


@transaction.atomic
def report(
    *, contribution: Contribution, rule: Rule, text: str, contact: str, at: datetime
) -> Report:
    """Take a notice from anybody; it never hides anything by itself."""
    return Report.objects.create(
        contribution=contribution, rule=rule, text=text, contact=contact, filed_at=at
    )


@transaction.atomic
def decide(
    *,
    contribution: Contribution,
    measure: Measure,
    rule: Rule | str,
    reason: str,
    actor,
    at: datetime,
) -> ModerationDecision:
    """Decide on a contribution, settle its open reports and tell the author with the reason.

    Raises NotAModerator, DecisionIncomplete, and StatusStepRefused where the measure has no
    effect on the present status.
    """
    if not may_moderate(actor):
        raise NotAModerator
    if not reason.strip() or (measure == Measure.HIDE and not rule):
        raise DecisionIncomplete
    return _decide(contribution, measure, rule, reason, actor, at)


@transaction.atomic
def complain(*, decision: ModerationDecision, text: str, at: datetime) -> Complaint:
    """File the author's or reporter's complaint. Raises ComplaintRefused."""
    if not text.strip():
        raise ComplaintRefused("empty")
    if not may_complain(decision, timezone.localdate(at)):
        raise ComplaintRefused("too_late_or_twice")
    return Complaint.objects.create(decision=decision, text=text.strip(), filed_at=at)


@transaction.atomic
def decide_complaint(
    *, complaint: Complaint, outcome: ComplaintOutcome, reason: str, actor, at: datetime
) -> Complaint:
    """Decide a complaint; a reversal takes back what the first decision did.

    Raises NotAModerator for the person who took the first decision, DecisionIncomplete, and
    ComplaintRefused where it is decided already.
    """
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if not may_decide_complaint(actor, complaint):
        raise NotAModerator
    if not reason.strip():
        raise DecisionIncomplete
    if complaint.outcome:
        raise ComplaintRefused("decided")
    complaint.outcome, complaint.reason = outcome, reason
    complaint.decided_by, complaint.decided_at = actor, at
    complaint.save()
    contribution = complaint.decision.contribution
    if outcome == ComplaintOutcome.REVERSED:
        measure, rule = _reversal(complaint.decision)
        _decide(contribution, measure, rule, reason, actor, at)
    else:
        _tell(contribution, f"complaint:{complaint.pk}", "complaint_decided", reason, at)
    return complaint


def _decide(contribution, measure, rule, reason, actor, at) -> ModerationDecision:
    decision = ModerationDecision.objects.create(
        contribution=contribution,
        measure=measure,
        rule=rule,
        reason=reason.strip(),
        from_report=contribution.reports.filter(decision=None).exists(),
        decided_by=actor,
        decided_at=at,
        complaint_until=timezone.localdate(at) + COMPLAINT_PERIOD,
    )
    if measure in EFFECT:
        set_status(contribution=contribution, status=EFFECT[measure], actor=actor)
        _tell(contribution, f"decision:{decision.pk}", f"moderation_{measure}", reason, at, rule)
    contribution.reports.filter(decision=None).update(decision=decision)
    return decision


def _reversal(decision: ModerationDecision) -> tuple[Measure, str]:
    # Somebody may have withdrawn, erased or restored the text since: then there is nothing to undo.
    status = decision.contribution.status
    if decision.measure == Measure.HIDE:
        return (Measure.RESTORE if status == Visibility.HIDDEN else Measure.NONE), ""
    report_ = decision.reports.first()
    if status != Visibility.PUBLISHED or report_ is None:
        return Measure.NONE, ""
    return Measure.HIDE, report_.rule


def _tell(contribution, key: str, template: str, reason: str, at, rule="") -> None:
    recipient = author_address(contribution)
    if recipient:
        queue_notice(
            key=key,
            template=template,
            context={
                "ref": contribution.ref,
                "reason": reason,
                "rule": str(Rule(rule).label) if rule else "",
            },
            at=at,
            **recipient,
        )


def author_address(contribution: Contribution) -> dict[str, Any]:
    """Where the author can be told: the account, the guest's address, or nowhere."""
    if contribution.participant_id:
        return {"user": contribution.participant}
    contact = getattr(contribution, "guest_contact", None)
    return {"email": contact.email} if contact else {}
