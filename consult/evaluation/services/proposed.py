"""A proposal before it is written, and how it is written."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from consult.evaluation.models import AnalysisRun, ProposalMember, Theme, ThemeProposal
from consult.evaluation.services.words import without_theme, written
from consult.evaluation.states import ThemeKind
from workers.analysis.duplicates import Bundle

ROWS_AT_ONCE = 2000
FIRST_WORDS = 8


@dataclass(frozen=True)
class Proposed:
    """What is to be proposed. `members` are numbers of contributions.

    `bundles` maps those with near-identical texts to the number of their representative.
    """

    key: str
    kind: ThemeKind
    label: str
    members: Sequence[str]
    keywords: Sequence[str] = ()
    quotes: Sequence[Mapping[str, str]] = ()
    summary: Sequence[Mapping[str, Any]] = ()
    bundles: Mapping[str, str] = field(default_factory=dict)
    fits: Theme | None = None


def theme_of(found: Mapping[str, Any], bundles: Mapping[str, str]) -> Proposed:
    """A theme as the analysis writes it (workers.analysis.shapes.Theme.as_json)."""
    return Proposed(
        key=found["key"],
        kind=ThemeKind.THEME,
        label=found["label"],
        members=found["members"],
        keywords=found["keywords"],
        quotes=[{"ref": quote["id"], "text": quote["text"]} for quote in found["quotes"]],
        summary=found["summary"],
        bundles=bundles,
    )


def single_voice(ref: str, text: str) -> Proposed:
    """A contribution that stands alone, under its first words."""
    return Proposed(
        key=f"single:{ref}",
        kind=ThemeKind.SINGLE_VOICE,
        label=" ".join(text.split()[:FIRST_WORDS]),
        members=[ref],
        quotes=[{"ref": ref, "text": text}],
    )


def representatives(bundles: Iterable[Bundle]) -> dict[str, str]:
    """The representative of each member of a bundle."""
    return {member: bundle.representative for bundle in bundles for member in bundle.members}


def write(run: AnalysisRun, proposals: Iterable[Proposed]) -> None:
    """Store the proposals of a run in this order; what it proposed before is gone.

    A contribution that has got a theme or was hidden meanwhile is left out.
    """
    run.proposals.all().delete()
    places = {row.ref: (row.pk, row.section_wid) for row in written(without_theme(run.round))}
    standing = [
        (proposed, members)
        for proposed in proposals
        if (members := [ref for ref in proposed.members if ref in places])
    ]
    rows = ThemeProposal.objects.bulk_create(
        [
            _row(run, proposed, position, [places[ref][1] for ref in members])
            for position, (proposed, members) in enumerate(standing)
        ],
        batch_size=ROWS_AT_ONCE,
    )
    ProposalMember.objects.bulk_create(
        (
            ProposalMember(
                run=run,
                proposal=row,
                contribution_id=places[ref][0],
                bundle=proposed.bundles.get(ref, ""),
            )
            for row, (proposed, members) in zip(rows, standing, strict=True)
            for ref in members
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _row(
    run: AnalysisRun, proposed: Proposed, position: int, sections: Sequence[str]
) -> ThemeProposal:
    often = sorted(Counter(sections).items(), key=lambda pair: (-pair[1], pair[0]))
    return ThemeProposal(
        run=run,
        key=proposed.key,
        kind=proposed.kind,
        label=proposed.label[:200],
        keywords=list(proposed.keywords),
        sections=[wid for wid, _number in often],
        quotes=list(proposed.quotes),
        summary=list(proposed.summary),
        position=position,
        fits=proposed.fits,
    )
