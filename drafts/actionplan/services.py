"""Deeds after adoption."""

from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from drafts.actionplan.models import DeliveredReport, Measure, MeasureStep, ReportingObligation
from drafts.actionplan.states import TRANSITIONS, DutyKind, MeasureStatus
from drafts.concept.states import MeasureKind
from drafts.editions.models import Edition


class MeasureStepRefused(Exception):
    """The measure cannot go from its status to the wanted one."""


class ReportNotOwed(Exception):
    """The obligation was ended, or the one report that it asked for was delivered."""


@transaction.atomic
def create_measures(*, edition: Edition, actor) -> list[Measure]:
    """Create or carry on the measures of an edition that came into force, by wid.

    What exists already starts as running; a new or missing measure starts as approved.
    """
    measures = []
    for frozen in edition.measures.order_by(
        "goal__section__position", "goal__position", "position"
    ):
        existing = frozen.kind == MeasureKind.EXISTING
        measure, created = Measure.objects.get_or_create(
            wid=frozen.wid,
            defaults={
                "adopted_as": frozen,
                "status": MeasureStatus.RUNNING if existing else MeasureStatus.APPROVED,
            },
        )
        if not created:
            measure.adopted_as = frozen
            measure.save(update_fields=["adopted_as"])
        measures.append(measure)
    log(edition, "edition.create_measures", user=actor, data={"count": len(measures)})
    return measures


@transaction.atomic
def report_progress(
    *, measure: Measure, status: MeasureStatus, note: str, actor, at: datetime
) -> MeasureStep:
    """Record a step of a measure with a note. Raises MeasureStepRefused for a step not allowed."""
    measure = Measure.objects.select_for_update().get(pk=measure.pk)
    if status != measure.status and (MeasureStatus(measure.status), status) not in TRANSITIONS:
        raise MeasureStepRefused(f"{measure.status} -> {status}")
    step = MeasureStep.objects.create(measure=measure, status=status, note=note, at=at, by=actor)
    measure.status = status
    measure.save(update_fields=["status"])
    log(measure, "measure.progress", user=actor, data={"to": status})
    return step


@transaction.atomic
def take_on_obligation(
    *, edition: Edition, source: str, kind: DutyKind, begins_on: date, actor, **words
) -> ReportingObligation:
    """Begin a reporting obligation that a confirmed decision has asked for; once for a source.

    `words` are resolved_as, subject, recipient and rhythm_months. The caller has asked who may.
    """
    obligation, created = ReportingObligation.objects.get_or_create(
        source=source,
        defaults={"edition": edition, "kind": kind, "begins_on": begins_on, **words},
    )
    if created:
        log(obligation, "obligation.take_on", user=actor, data={"begins_on": f"{begins_on}"})
    return obligation


@transaction.atomic
def end_obligation(
    *, obligation: ReportingObligation, on: date, reason: str, actor
) -> ReportingObligation:
    """End an obligation because a decision says so; it stays readable with the reason."""
    obligation.ended_on, obligation.end_reason = on, reason
    obligation.save(update_fields=["ended_on", "end_reason"])
    log(obligation, "obligation.end", user=actor, data={"reason": reason})
    return obligation


@transaction.atomic
def deliver_report(
    *,
    obligation: ReportingObligation,
    title: str,
    delivered_on: date,
    actor,
    at: datetime,
    url: str = "",
) -> DeliveredReport:
    """Record a report that was handed in; the next one is due a rhythm after this one was due.

    Raises ReportNotOwed where nothing is owed any more.
    """
    obligation = ReportingObligation.objects.select_for_update().get(pk=obligation.pk)
    if obligation.due_on(obligation.reports.count()) is None:
        raise ReportNotOwed
    report = DeliveredReport(
        obligation=obligation,
        title=title.strip(),
        url=url,
        delivered_on=delivered_on,
        recorded_at=at,
        recorded_by=actor,
    )
    report.full_clean()
    report.save()
    log(obligation, "obligation.report", user=actor, data={"title": report.title})
    return report
