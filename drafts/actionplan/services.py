"""Deeds after adoption."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from drafts.actionplan.models import Measure, MeasureStep
from drafts.actionplan.states import TRANSITIONS, MeasureStatus
from drafts.concept.states import MeasureKind
from drafts.editions.models import Edition


class MeasureStepRefused(Exception):
    """The measure cannot go from its status to the wanted one."""


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
