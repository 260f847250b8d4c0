"""What the measures of an edition add up to, beside what a paper says about its costs."""

from dataclasses import dataclass

from consult.council.models import FinanceStatement, Paper
from drafts.concept.states import CostStatus
from drafts.editions.models import Edition, EditionMeasure


@dataclass(frozen=True)
class Sums:
    """Whole euros; measures that nobody has estimated are missing in them and counted."""

    one_off: int
    yearly: int
    measures: int
    not_estimated: int


def sums_of(edition: Edition) -> Sums:
    """Add up the measures of an edition."""
    rows = list(
        EditionMeasure.objects.filter(edition=edition).values_list(
            "cost_one_off", "cost_yearly", "cost_status"
        )
    )
    return Sums(
        one_off=sum(one_off or 0 for one_off, _yearly, _status in rows),
        yearly=sum(yearly or 0 for _one_off, yearly, _status in rows),
        measures=len(rows),
        not_estimated=sum(status == CostStatus.NOT_ESTIMATED for *_costs, status in rows),
    )


def statement_of(paper: Paper) -> FinanceStatement | None:
    """What the paper says, or None where it says nothing in figures."""
    return FinanceStatement.objects.filter(paper=paper).first()


def differs(statement: FinanceStatement, sums: Sums) -> bool:
    """Whether an amount that the paper names is another one than the measures add up to."""
    named = [(statement.one_off, sums.one_off), (statement.yearly, sums.yearly)]
    return any(written is not None and written != counted for written, counted in named)
