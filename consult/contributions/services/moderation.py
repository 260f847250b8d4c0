"""Moderation: reasoned decisions, told to the author, and complaints decided by somebody else.

Nobody edits or wipes the words: a hidden text stays where it is and is not shown.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils import timezone, translation

from consult.contributions.models import (
    Complaint,
    Contribution,
    ModerationDecision,
    Report,
)
from consult.contributions.predicates import (
    may_complain,
    may_complain_about_report,
    may_decide,
    may_decide_complaint,
)
from consult.contributions.services.status import set_status
from consult.contributions.states import EFFECT, ComplaintOutcome, Measure, Rule, Visibility
from consult.participants.services import queue_notice

COMPLAINT_PERIOD = timedelta(days=183)
REPORTER = "consult.reporter"


class NotAModerator(Exception):
    """The person may not decide this: no moderator, the author, or the first one to decide."""


class DecisionIncomplete(Exception):
    """A decision needs a reason, and hiding needs a rule."""


class ComplaintRefused(Exception):
    """The time to complain has passed, or there is a complaint already."""


@transaction.atomic
def report(
    *,
    contribution: Contribution,
    rule: Rule,
    text: str,
    contact: str,
    at: datetime,
    language: str = "de",
) -> Report:
    """Take a notice from anybody; it never hides anything by itself.

    Whoever leaves an address is told the decision, in this language.
    """
    return Report.objects.create(
        contribution=contribution,
        rule=rule,
        text=text,
        contact=contact,
        language=language,
        filed_at=at,
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
    """Decide on a contribution, settle its open reports, tell author and reporters the reason.

    Raises NotAModerator (also for the author), DecisionIncomplete, and StatusStepRefused where the
    measure has no effect on the present status.
    """
    if not may_decide(actor, contribution):
        raise NotAModerator
    if not reason.strip() or (measure == Measure.HIDE and not rule):
        raise DecisionIncomplete
    return _decide(contribution, measure, rule, reason, actor, at)


@transaction.atomic
def complain(
    *, decision: ModerationDecision, text: str, at: datetime, report: Report | None = None
) -> Complaint:
    """File the author's complaint, or that of the person behind `report`.

    Raises ComplaintRefused when it is empty, too late, or the second one.
    """
    if not text.strip():
        raise ComplaintRefused("empty")
    on = timezone.localdate(at)
    if not (may_complain_about_report(report, on) if report else may_complain(decision, on)):
        raise ComplaintRefused("too_late_or_twice")
    return Complaint.objects.create(
        decision=decision, report=report, text=text.strip(), filed_at=at
    )


@transaction.atomic
def decide_complaint(
    *, complaint: Complaint, outcome: ComplaintOutcome, reason: str, actor, at: datetime
) -> Complaint:
    """Decide a complaint and tell who filed it; a reversal takes back what the decision did.

    Raises NotAModerator for the person who took the first decision and for the author,
    DecisionIncomplete, and ComplaintRefused where it is decided already.
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
    if outcome == ComplaintOutcome.REVERSED:
        measure, rule = _reversal(complaint.decision)
        _decide(complaint.decision.contribution, measure, rule, reason, actor, at)
    _tell_complainant(complaint, at)
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
        set_status(contribution=contribution, status=EFFECT[measure], actor=actor, at=at)
        _tell(contribution, f"decision:{decision.pk}", f"moderation_{measure}", reason, at, rule)
    _settle_reports(decision, at)
    return decision


def _settle_reports(decision: ModerationDecision, at: datetime) -> None:
    unsettled = list(decision.contribution.reports.filter(decision=None))
    decision.contribution.reports.filter(decision=None).update(decision=decision)
    for report_ in unsettled:
        _tell_reporter(report_, "report_decided", decision.reason, at)


def _tell_complainant(complaint: Complaint, at: datetime) -> None:
    decision, upheld = complaint.decision, complaint.outcome == ComplaintOutcome.UPHELD
    if complaint.report:
        _tell_reporter(complaint.report, "report_complaint_decided", complaint.reason, at)
    elif upheld:
        # A reversal is told by the mail on the new decision.
        _tell(
            decision.contribution,
            f"complaint:{complaint.pk}",
            "complaint_decided",
            complaint.reason,
            at,
        )


def _tell_reporter(report_: Report, template: str, reason: str, at: datetime) -> None:
    """Tell the decision and the way to complain to whoever left an address (DSA Art. 16(5))."""
    if not report_.contact:
        return
    contribution = Contribution.objects.get(pk=report_.contribution_id)
    queue_notice(
        key=f"{template}:{report_.pk}",
        template=template,
        context={
            "ref": contribution.ref,
            "reason": reason,
            "is_shown": contribution.status == Visibility.PUBLISHED,
            "token": reporter_token(report_),
        },
        at=at,
        email=report_.contact,
        language=report_.language,
    )


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
    if not recipient:
        return
    # The reader's language, not that of the moderator who decides.
    with translation.override(_language_of(recipient)):
        label = str(Rule(rule).label) if rule else ""
    queue_notice(
        key=key,
        template=template,
        context={"ref": contribution.ref, "reason": reason, "rule": label},
        at=at,
        **recipient,
    )


def _language_of(recipient: dict[str, Any]) -> str:
    return recipient["user"].language if "user" in recipient else recipient["language"]


def author_address(contribution: Contribution) -> dict[str, Any]:
    """Where and in which language the author can be told: account, guest's address, or nowhere."""
    if contribution.participant_id:
        return {"user": contribution.participant}
    contact = getattr(contribution, "guest_contact", None)
    return {"email": contact.email, "language": contact.language} if contact else {}


def reporter_token(report_: Report) -> str:
    """What the link in a reporter's mail carries: it opens the decision on this report."""
    return signing.dumps(report_.pk, salt=REPORTER)


def report_behind(token: str) -> Report | None:
    """The settled report that a reporter's link belongs to, or None."""
    try:
        pk = signing.loads(token, salt=REPORTER)
    except signing.BadSignature:
        return None
    return (
        Report.objects.filter(pk=pk, decision__isnull=False)
        .select_related("contribution", "decision")
        .first()
    )
