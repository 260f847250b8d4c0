"""Print the public way of a contribution: theme, answer, change, motion, resolution, measure."""

from collections.abc import Iterator
from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consult.contributions.states import Visibility
from consult.council.amendments import deciding_vote
from consult.records.selectors import Trace, public_contribution, trace_contribution


class Command(BaseCommand):
    """Exit status 1 where no public contribution has the number. Nobody's words are printed."""

    help = __doc__

    def add_arguments(self, parser):
        """The number of the contribution."""
        parser.add_argument("number", help="for example 2027-R1-0147")

    def handle(self, *_arguments, number, **_options):
        """One line for each fact, with what it is, its day and its state."""
        found = public_contribution(number)
        if found is None:
            raise CommandError(f"No public contribution has the number {number}.")
        self.stdout.write(f"contribution {found.ref}: {found.status}")
        if found.status == Visibility.PUBLISHED:
            for line in lines_of(trace_contribution(found)):
                self.stdout.write(line)


def lines_of(trace: Trace) -> Iterator[str]:
    """The facts in the order in which one leads to the next."""
    if trace.response:
        answer = trace.response
        yield f"theme {trace.theme.round.ref}-T{trace.theme.number}: {trace.theme.title}"
        yield f"answer {_day(answer.published_at)}: {answer.outcome}, {answer.lead_department}"
    for change in trace.changes:
        yield f"change in edition {change.revision.to_edition.number}: {change.op}, {change.place}"
    yield from _motions(trace)
    for row in trace.resolutions:
        yield (
            f"resolution {row.item.paper.reference}, item {row.item.number}, {row.step.body}: "
            f"{row.outcome}, {row.status}"
        )
    for measure in trace.measures:
        yield f"measure {measure.adopted_as.number}: {measure.status}"


def _motions(trace: Trace) -> Iterator[str]:
    for motion in trace.motions:
        vote = deciding_vote(motion)
        voted = f", {vote.status}" if vote else ""
        name = f"{motion.paper.reference}, {motion.name}"
        yield f"motion {name} ({motion.mover}) on {motion.place}: {motion.status}{voted}"
        for cause in motion.in_text:
            change = cause.cause.change
            number = change.revision.to_edition.number
            yield f"change in edition {number}: {change.op}, {change.place}, by {motion.name}"


def _day(at: date | datetime | None) -> str:
    if isinstance(at, datetime):
        at = timezone.localdate(at)
    return at.isoformat() if at else ""
