"""What a council member should know about who took part before reading the figures."""

from dataclasses import dataclass

from django.db.models import Count

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import ProposalMember
from consult.evaluation.selectors import latest_run
from consult.rounds.models import ConsultationRound


@dataclass(frozen=True)
class Bundles:
    """How many groups of near-identical contributions there are, and how large the largest is."""

    number: int = 0
    largest: int = 0


def bundles(round_: ConsultationRound) -> Bundles:
    """Groups of at least two published contributions that the newest run found near-identical."""
    run = latest_run(round_)
    if run is None:
        return Bundles()
    sizes = list(
        ProposalMember.objects.filter(run=run, contribution__status=Visibility.PUBLISHED)
        .exclude(bundle="")
        .values("bundle")
        .annotate(size=Count("pk"))
        .filter(size__gt=1)
        .values_list("size", flat=True)
    )
    return Bundles(number=len(sizes), largest=max(sizes, default=0))


def silent_sections(round_: ConsultationRound) -> list[str]:
    """The keys of the sections of the round's edition about which nobody wrote, in their order."""
    spoken = Contribution.objects.filter(round=round_).values("section_wid")
    sections = round_.edition.sections.exclude(wid__in=spoken).order_by("position")
    return list(sections.values_list("wid", flat=True))
