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


def resolutions_after(round_: ConsultationRound) -> list[Resolution]:
    """What was laid before the council after the round, on its edition and later ones.

    In the order of the editions, up to the first that was adopted: what came after it is another
    matter. Three queries.
    """
    papers = list(
        public_papers()
        .filter(
            edition__concept=round_.edition.concept_id,
            edition__number__gte=round_.edition.number,
            submitted_at__gte=round_.closes_at,
        )
        .order_by("edition__number", "pk")
    )
    steps, decisions = deciding_steps(papers), _decisions(papers)
    found = [Resolution(paper, steps.get(paper.pk), decisions[paper.pk]) for paper in papers]
    adopted = min((row.paper.edition.number for row in found if row.adopts), default=None)
    return [row for row in found if adopted is None or row.paper.edition.number <= adopted]


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
