"""Moderation: reasoned decisions, told to the author, and complaints decided by somebody else.

Nobody edits or wipes the words: a hidden text stays where it is and is not shown.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

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
    may_publish_held,
)
from consult.contributions.services.notices import tell_author, tell_reporter
from consult.contributions.services.status import set_status
from consult.contributions.states import EFFECT, ComplaintOutcome, Measure, Rule, Visibility

COMPLAINT_PERIOD = timedelta(days=183)


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

    Raises NotAModerator (also for the author, and for publishing a held statement), DecisionIncomplete, and StatusStepRefused where the
    measure has no effect on the present status.
    """
    if not may_decide(actor, contribution):
        raise NotAModerator
    if measure == Measure.PUBLISH and not may_publish_held(contribution):
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
    # Two at once: the second one waits here and then finds the complaint of the first.
    decision = ModerationDecision.objects.select_for_update().get(pk=decision.pk)
    if report:
        report.decision = decision
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
        tell_author(
            contribution, f"decision:{decision.pk}", f"moderation_{measure}", reason, at, rule
        )
    _settle_reports(decision, at)
    return decision


def _settle_reports(decision: ModerationDecision, at: datetime) -> None:
    unsettled = list(decision.contribution.reports.filter(decision=None))
    decision.contribution.reports.filter(decision=None).update(decision=decision)
    for report_ in unsettled:
        tell_reporter(report_, "report_decided", decision.reason, at)


def _tell_complainant(complaint: Complaint, at: datetime) -> None:
    decision, upheld = complaint.decision, complaint.outcome == ComplaintOutcome.UPHELD
    if complaint.report:
        tell_reporter(complaint.report, "report_complaint_decided", complaint.reason, at)
    elif upheld:
        # A reversal is told by the mail on the new decision.
        tell_author(
            decision.contribution,
            f"complaint:{complaint.pk}",
            "complaint_decided",
            complaint.reason,
            at,
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
