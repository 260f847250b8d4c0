"""Objections of authors who miss their point in a theme."""

from collections import Counter

from django.db.models import QuerySet

from consult.contributions.models import Contribution
from consult.evaluation.models import ThemeObjection
from consult.evaluation.states import ObjectionOutcome, ObjectionStatus
from consult.rounds.models import ConsultationRound


def objections_of(round_: ConsultationRound) -> QuerySet[ThemeObjection]:
    """All objections of a round, open ones first, with what the desk shows of them."""
    return (
        ThemeObjection.objects.filter(assignment__theme__round=round_)
        .exclude(status=ObjectionStatus.WITHDRAWN)
        .select_related(
            "assignment__theme__round",
            "assignment__by",
            "assignment__contribution__comment_row",
            "assignment__contribution__round",
            "assignment__contribution__edition",
            "settled_by",
        )
        .order_by("status", "filed_at", "pk")
    )


def open_objections(round_: ConsultationRound) -> QuerySet[ThemeObjection]:
    """Objections that nobody has settled: the round is not answered while there is one."""
    return objections_of(round_).filter(status=ObjectionStatus.OPEN)


def objections_to(contribution: Contribution) -> list[ThemeObjection]:
    """What the author of a contribution objected, oldest first, those taken back left out."""
    found = ThemeObjection.objects.filter(assignment__contribution=contribution)
    return list(
        found.exclude(status=ObjectionStatus.WITHDRAWN)
        .select_related("assignment__theme")
        .order_by("pk")
    )


def objection_sums(round_: ConsultationRound) -> dict[str, int]:
    """How many authors objected: {filed, open, moved, own_voice, reworded, explained}."""
    rows = objections_of(round_).order_by().values_list("status", "outcome")
    counts = Counter(outcome or status for status, outcome in rows)
    outcomes = {outcome.value: counts[outcome] for outcome in ObjectionOutcome}
    return {"filed": counts.total(), "open": counts[ObjectionStatus.OPEN], **outcomes}
