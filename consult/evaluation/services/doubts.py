"""What a run doubts of its own proposals is noted with them, for people to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from consult.evaluation.models import AnalysisRun, Assignment, ProposalMember
from consult.evaluation.selectors import confirmed_themes
from consult.evaluation.states import ThemeKind
from workers.analysis.doubts import doubtful
from workers.analysis.shapes import Contribution as Words

ROWS_AT_ONCE = 2000


def note_doubts(run: AnalysisRun, words: Sequence[Words], vectors: Mapping[str, Any]) -> None:
    """Note on the members of a run's proposals which of them stand there doubtfully.

    They are compared with all proposed themes and with those that people have confirmed; `words`
    are all contributions of these.
    """
    groups = _members(run)
    found = doubtful(list(groups.values()), words, vectors)
    proposals = list(groups)
    members = list(
        ProposalMember.objects.filter(run=run, contribution__ref__in=found).select_related(
            "contribution"
        )
    )
    for member in members:
        doubt = found[member.contribution.ref]
        member.doubt, member.doubt_strength = doubt.reason.value, doubt.strength
        member.near_to_id = None if doubt.near_to is None else proposals[doubt.near_to][1]
    ProposalMember.objects.bulk_update(
        members, ["doubt", "doubt_strength", "near_to"], batch_size=ROWS_AT_ONCE
    )


def _members(run: AnalysisRun) -> dict[tuple[int | None, int | None], list[str]]:
    """The members of each theme of people, then of each proposed one, by (theme, proposal)."""
    groups: dict[tuple[int | None, int | None], list[str]] = defaultdict(list)
    assigned = Assignment.objects.filter(
        is_current=True, theme__in=confirmed_themes(run.round), theme__kind=ThemeKind.THEME
    ).order_by("theme", "contribution__ref")
    for theme, proposal, ref in assigned.values_list(
        "theme", "theme__from_proposal", "contribution__ref"
    ):
        groups[theme, proposal].append(ref)
    proposed = ProposalMember.objects.filter(run=run, proposal__kind=ThemeKind.THEME)
    for proposal, ref in proposed.order_by("proposal", "contribution__ref").values_list(
        "proposal", "contribution__ref"
    ):
        groups[None, proposal].append(ref)
    return groups
