"""A place for contributions that came after a round's last run.

Late ones are offered for the theme of people, or join the proposal, that they fit; the rest are
compared among themselves. A proposal that gains and loses nobody is written again word for word.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consult.contributions.models import Contribution
from consult.evaluation.models import AnalysisRun, ProposalMember, Theme, ThemeProposal
from consult.evaluation.selectors import confirmed_themes, left_out_of_analysis
from consult.evaluation.services.proposed import (
    Proposed,
    representatives,
    single_voice,
    theme_of,
)
from consult.evaluation.services.vectors import vectors_for
from consult.evaluation.services.words import published, without_theme, words_of
from consult.evaluation.states import ThemeKind
from consult.rounds.models import ConsultationRound
from workers.analysis.duplicates import find_bundles
from workers.analysis.latecomers import place_late
from workers.analysis.themes import Contribution as Words
from workers.analysis.themes import describe_theme, propose_themes


@dataclass(frozen=True)
class Place:
    """Where late contributions can go: a theme of people, a proposal, or a proposal for a theme.

    `members` are those of the proposal that have no theme yet; `before` is how it was written.
    """

    theme: Theme | None
    before: Proposed | None
    members: list[str]


@dataclass(frozen=True)
class Corpus:
    """All published contributions of a round by number, with their vectors."""

    words: Mapping[str, Words]
    vectors: Mapping[str, Any]

    def some(self, refs: Collection[str]) -> list[Words]:
        """Those with these numbers, in the order of numbers."""
        return [self.words[ref] for ref in sorted(refs)]


def propose_for_late(run: AnalysisRun, base: AnalysisRun) -> tuple[list[Proposed], dict[str, Any]]:
    """All proposals that stand after late contributions have come, and how they were found.

    `base` is the run that is extended.
    """
    run.proposals.all().delete()
    round_ = run.round
    words = words_of(published(round_), round_)
    corpus = Corpus({row.id: row for row in words}, vectors_for(words))
    late = set(left_out_of_analysis(round_).values_list("ref", flat=True))
    themes = _members_of_themes(round_)
    standing = _standing_proposals(base, themes)
    groups = [[*(themes[place.theme] if place.theme else []), *place.members] for place in standing]
    placed = place_late(groups, late, words, corpus.vectors)
    joins: dict[int, list[str]] = defaultdict(list)
    for ref, number in placed.items():
        joins[number].append(ref)
    proposals = [
        _proposed_for(place, sorted([*place.members, *joins[number]]), corpus)
        for number, place in enumerate(standing)
        if place.members or joins[number]
    ]
    proposals += _among_themselves(late - placed.keys(), corpus)
    method = {**base.method["themes"], "late": len(late), "late_placed": len(placed)}
    return sorted(proposals, key=_place_in_list), method


def _place_in_list(proposed: Proposed) -> tuple[bool, bool, int]:
    """What fits a theme first, single voices last, large before small."""
    alone = proposed.kind == ThemeKind.SINGLE_VOICE
    return alone, proposed.fits is None, -len(proposed.members)


def _members_of_themes(round_: ConsultationRound) -> dict[Theme, list[str]]:
    members: dict[Theme, list[str]] = {theme: [] for theme in confirmed_themes(round_)}
    current = Contribution.objects.published().filter(
        assignments__theme__in=members, assignments__is_current=True
    )
    by_key = {theme.pk: theme for theme in members}
    for theme, ref in current.order_by("ref").values_list("assignments__theme", "ref"):
        members[by_key[theme]].append(ref)
    return members


def _standing_proposals(base: AnalysisRun, themes: Collection[Theme]) -> list[Place]:
    """The themes of people, then what the earlier run proposes and nobody has settled.

    Contributions that were hidden or have got a theme are members no more.
    """
    settled = Theme.objects.filter(round=base.round).exclude(from_proposal=None)
    rows = (
        ThemeProposal.objects.filter(run=base, dismissed_at=None)
        .exclude(pk__in=settled.values("from_proposal"))
        .select_related("fits")
        .order_by("position")
    )
    free = set(without_theme(base.round).values_list("contribution__ref", flat=True))
    bundles = _bundles_of_members(base)
    proposals = [_stored(row, bundles[row.pk]) for row in rows]
    offers = {found.fits: found for found in proposals if found.fits in themes}
    others = [found for found in proposals if found.fits not in themes]
    return [
        *(Place(theme, offers.get(theme), _still(offers.get(theme), free)) for theme in themes),
        *(Place(None, found, left) for found in others if (left := _still(found, free))),
    ]


def _still(proposed: Proposed | None, free: Collection[str]) -> list[str]:
    return [ref for ref in proposed.members if ref in free] if proposed else []


def _bundles_of_members(run: AnalysisRun) -> Mapping[int, dict[str, str]]:
    """By proposal, each member and the representative of its bundle, in the order of numbers."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    members = ProposalMember.objects.filter(run=run).order_by("contribution__ref")
    for proposal, ref, bundle in members.values_list("proposal", "contribution__ref", "bundle"):
        found[proposal][ref] = bundle
    return found


def _stored(row: ThemeProposal, bundles: Mapping[str, str]) -> Proposed:
    return Proposed(
        key=row.key,
        kind=ThemeKind(row.kind),
        label=row.label,
        members=list(bundles),
        keywords=row.keywords,
        quotes=row.quotes,
        summary=row.summary,
        bundles=bundles,
        fits=row.fits,
    )


def _proposed_for(place: Place, members: list[str], corpus: Corpus) -> Proposed:
    """The proposal with the members that it has now; word for word, if they are those it had."""
    before = place.before
    if before is not None and list(before.members) == members:
        return before
    if place.theme is not None:
        described = _described(place.theme.title, members, corpus)
        return replace(described, key=f"fits:{place.theme.number}", fits=place.theme)
    if before is None or len(members) == 1:
        return single_voice(members[0], corpus.words[members[0]].text)
    described = _described(before.label, members, corpus)
    return replace(described, keywords=before.keywords or described.keywords)


def _described(label: str, refs: Sequence[str], corpus: Corpus) -> Proposed:
    words = corpus.some(refs)
    bundles = representatives(find_bundles({row.id: row.text for row in words}))
    return theme_of(describe_theme(label, words, corpus.vectors).as_json(), bundles)


def _among_themselves(refs: Collection[str], corpus: Corpus) -> list[Proposed]:
    """New themes of those who fit nowhere, and their single voices."""
    if not refs:
        return []
    found = propose_themes(corpus.some(refs), corpus.vectors)
    bundles = representatives(found.bundles)
    return [
        *(theme_of(theme.as_json(), bundles) for theme in found.themes),
        *(single_voice(ref, corpus.words[ref].text) for ref in found.single_voices),
    ]
