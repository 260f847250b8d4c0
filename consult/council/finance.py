"""What the measures of an edition add up to, beside what a paper says about its costs."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consult.council.models import Alternative, FinanceStatement, GoalOption, Paper
from drafts.concept.states import CostStatus
from drafts.editions.models import Edition, EditionMeasure


@dataclass(frozen=True)
class Sums:
    """Whole euros; measures that nobody has estimated are missing in them and counted.

    `posts` are full-time equivalents, None where no measure names any.
    """

    one_off: int
    yearly: int
    posts: Decimal | None
    measures: int
    not_estimated: int


def sums_of(edition: Edition) -> Sums:
    """Add up the measures of an edition."""
    rows = list(
        EditionMeasure.objects.filter(edition=edition).values_list(
            "cost_one_off", "cost_yearly", "posts", "cost_status"
        )
    )
    posts = [row[2] for row in rows if row[2] is not None]
    return Sums(
        one_off=sum(one_off or 0 for one_off, *_others in rows),
        yearly=sum(yearly or 0 for _one_off, yearly, *_others in rows),
        posts=sum(posts) if posts else None,
        measures=len(rows),
        not_estimated=sum(status == CostStatus.NOT_ESTIMATED for *_costs, status in rows),
    )


def statement_of(paper: Paper) -> FinanceStatement | None:
    """What the paper says, or None where it says nothing in figures."""
    return FinanceStatement.objects.filter(paper=paper).first()


def differs(statement: FinanceStatement, sums: Sums) -> bool:
    """Whether the paper names another amount or other posts than the measures add up to."""
    named = [
        (statement.one_off, sums.one_off),
        (statement.yearly, sums.yearly),
        (statement.posts, sums.posts),
    ]
    return any(
        written is not None and counted is not None and written != counted
        for written, counted in named
    )


def difference_words(choice: Alternative | GoalOption) -> str:
    """What a choice costs more or less than the paper proposes, and what nobody has estimated.

    Without the note on it, which is German.
    """
    amounts = [(_("einmalig"), choice.one_off), (_("jährlich"), choice.yearly)]
    if choice.one_off is None and choice.yearly is None:
        return _("Kosten noch nicht geschätzt")
    if not choice.one_off and not choice.yearly and None not in dict(amounts).values():
        return _("kostet nicht mehr und nicht weniger")
    return ", ".join(_difference(when, amount) for when, amount in amounts if amount != 0)


def _difference(when: str, amount: int | None) -> str:
    if amount is None:
        return _("{when} nicht geschätzt").format(when=when)
    euros = f"{number_format(abs(amount), force_grouping=True)}\N{NO-BREAK SPACE}€"
    if amount < 0:
        return _("spart {when} etwa {euros}").format(when=when, euros=euros)
    return _("kostet {when} etwa {euros} mehr").format(when=when, euros=euros)
