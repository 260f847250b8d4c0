"""Public reads of what became of the adopted measures."""

from collections import Counter

from drafts.actionplan.models import Measure, MeasureStep
from drafts.editions.models import Edition


def measure_states(edition: Edition) -> Counter[str]:
    """How many measures of an adopted edition are in which state."""
    return Counter(
        Measure.objects.filter(adopted_as__edition=edition).values_list("status", flat=True)
    )


def work_has_begun(edition: Edition) -> bool:
    """Whether a department has reported on any measure of the edition."""
    return MeasureStep.objects.filter(measure__adopted_as__edition=edition).exists()
