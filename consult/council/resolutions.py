"""What the council did with the text that a consultation round led to."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from consult.council.models import Decision, Paper, RouteStep
from consult.council.selectors import deciding_steps, public_papers
from consult.council.states import ADOPTING, Effect
from consult.rounds.models import ConsultationRound


@dataclass(frozen=True)
class Resolution:
    """A paper on an edition, where it is decided, and what the deciding body decided so far.

    `decisions` are the standing records on the item that adopts the text; where a paper has no
    such item, on all of its items.
    """

    paper: Paper
    step: RouteStep | None
    decisions: tuple[Decision, ...]

    @property
    def adopts(self) -> bool:
        """Whether the text was adopted, provisionally or not."""
        return any(decision.outcome in ADOPTING for decision in self.decisions)


@dataclass(frozen=True)
class Resolutions:
    """The submitted papers on a round's edition and later ones, in the order of the editions."""

    found: tuple[Resolution, ...]

    def on(self, number: int) -> list[Resolution]:
        """What was laid before the council of an edition with this number, or of later ones.

        Up to the first edition that was adopted: what came after it is another matter.
        """
        shown: list[Resolution] = []
        last = None
        for row in self.found:
            edition = row.paper.edition.number
            if edition < number:
                continue
            if last is not None and edition > last:
                break
            shown.append(row)
            last = edition if row.adopts else last
        return shown


def resolutions_after(round_: ConsultationRound) -> Resolutions:
    """Read what the council did with the round's edition and those after it, in three queries."""
    papers = list(
        public_papers()
        .filter(
            edition__concept=round_.edition.concept_id,
            edition__number__gte=round_.edition.number,
        )
        .order_by("edition__number", "pk")
    )
    steps, decisions = deciding_steps(papers), _decisions(papers)
    return Resolutions(
        tuple(Resolution(paper, steps.get(paper.pk), decisions[paper.pk]) for paper in papers)
    )


def _decisions(papers: list[Paper]) -> dict[int, tuple[Decision, ...]]:
    records = (
        Decision.objects.filter(
            item__paper__in=papers, step__authoritative=True, corrected_by_decision__isnull=True
        )
        .select_related("item", "step__body", "step__meeting")
        .order_by("step__position", "item__number")
    )
    every: dict[int, list[Any]] = defaultdict(list)
    for record in records:
        every[record.item.paper_id].append(record)
    adopting = {
        paper: [row for row in rows if row.item.effect == Effect.ADOPT_EDITION]
        for paper, rows in every.items()
    }
    return defaultdict(tuple, {pk: tuple(adopting[pk] or rows) for pk, rows in every.items()})
