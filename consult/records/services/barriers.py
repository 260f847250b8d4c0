"""Barriers that people report: a person answers within six weeks (HVBIT, BITV 2.0 section 7)."""

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from consult.participants.services import queue_notice
from consult.records.models import BarrierReport
from consult.records.predicates import may_answer_barriers
from consult.records.states import BARRIER_TRANSITIONS, BarrierStatus
from consult.rounds.services import NotPermitted

ANSWERED_WITHIN = timedelta(weeks=6)
KEPT_AFTER_ANSWER = timedelta(days=365)
REPORTER = "consult.barrier"


class BarrierStepRefused(Exception):
    """There is an answer already, or none was written."""


@transaction.atomic
def report_barrier(
    *, page: str, text: str, contact: str, language: str, at: datetime
) -> BarrierReport:
    """Take what anybody says about a barrier; whoever leaves an address gets a confirmation."""
    report = BarrierReport.objects.create(
        page=page,
        text=text,
        contact=contact,
        language=language,
        filed_at=at,
        due_on=timezone.localdate(at + ANSWERED_WITHIN),
    )
    _confirm(report, at)
    return report


@transaction.atomic
def answer_barrier(*, report: BarrierReport, answer: str, actor, at: datetime) -> BarrierReport:
    """Answer a report and tell whoever left an address.

    Raises NotPermitted, and BarrierStepRefused for an empty answer and for a second one.
    """
    if not may_answer_barriers(actor):
        raise NotPermitted
    report = BarrierReport.objects.select_for_update().get(pk=report.pk)
    if not answer.strip():
        raise BarrierStepRefused
    report.answer, report.answered_by, report.answered_at = answer.strip(), actor, at
    _set_status(report, BarrierStatus.ANSWERED, actor)
    _tell_answer(report, at)
    return report


def clear_answered_barriers(*, at: datetime) -> int:
    """Delete what was answered a year ago; return how many."""
    return BarrierReport.objects.filter(answered_at__lte=at - KEPT_AFTER_ANSWER).delete()[0]


def barrier_token(report: BarrierReport) -> str:
    """What the link carries that opens the state of a report."""
    return signing.dumps(report.pk, salt=REPORTER)


def barrier_behind(token: str) -> BarrierReport | None:
    """The report that such a link belongs to, or None."""
    try:
        pk = signing.loads(token, salt=REPORTER)
    except signing.BadSignature:
        return None
    return BarrierReport.objects.filter(pk=pk).first()


def _confirm(report: BarrierReport, at: datetime) -> None:
    if report.contact:
        queue_notice(
            key=f"barrier_received:{report.pk}",
            template="barrier_received",
            context={"token": barrier_token(report)},
            at=at,
            email=report.contact,
            language=report.language,
        )


def _tell_answer(report: BarrierReport, at: datetime) -> None:
    if report.contact:
        queue_notice(
            key=f"barrier_answered:{report.pk}",
            template="barrier_answered",
            context={"token": barrier_token(report), "answer": report.answer},
            at=at,
            email=report.contact,
            language=report.language,
        )


def _set_status(report: BarrierReport, status: BarrierStatus, actor) -> None:
    step = (BarrierStatus(report.status), status)
    if step not in BARRIER_TRANSITIONS:
        raise BarrierStepRefused
    log(report, "barrier.status", user=actor, data={"from": step[0], "to": status})
    report.status = status
    report.save()
