"""Public reads of what became of the adopted measures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from drafts.actionplan.models import (
    DeliveredReport,
    Measure,
    MeasureStep,
    ReportingObligation,
)
from drafts.actionplan.states import DutyState
from drafts.editions.models import Edition


def measure_states(edition: Edition) -> Counter[str]:
    """How many measures of an adopted edition are in which state."""
    return Counter(
        Measure.objects.filter(adopted_as__edition=edition).values_list("status", flat=True)
    )


def work_has_begun(edition: Edition) -> bool:
    """Whether a department has reported on any measure of the edition."""
    return MeasureStep.objects.filter(measure__adopted_as__edition=edition).exists()


@dataclass(frozen=True)
class Owed:
    """A reporting obligation as it stands on a day; `due_on` is None where nothing is owed."""

    obligation: ReportingObligation
    reports: tuple[DeliveredReport, ...]
    due_on: date | None
    state: DutyState


def obligations(today: date, **conditions) -> list[Owed]:
    """The reporting obligations, what is due first at the top; fulfilled and ended ones last."""
    rows = ReportingObligation.objects.filter(**conditions).prefetch_related("reports")
    found = [_owed(row, today) for row in rows.order_by("begins_on", "pk")]
    return sorted(found, key=lambda owed: owed.due_on or date.max)


def _owed(row: ReportingObligation, today: date) -> Owed:
    reports = tuple(row.reports.all())
    return Owed(row, reports, row.due_on(len(reports)), row.state(len(reports), today))
