"""From contributions to themes: what residents raise, in their words, with nobody left out.

``propose_themes`` works on one scope (a section), ``merge_across`` joins the themes of several,
``extend_themes`` gives late contributions their place. Every contribution is in exactly one theme
or among the single voices. Contributions are sorted by id first, so their order changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workers.analysis.corpus import Corpus
from workers.analysis.descriptions import describe, theme_key
from workers.analysis.features import sample
from workers.analysis.labels import name_themes
from workers.analysis.languages import has_letters
from workers.analysis.partition import partition
from workers.analysis.sentences import voices
from workers.analysis.shapes import Contribution, Quote, Theme, Themes
from workers.analysis.standing import LOOSE, MOST_COMPARED, bound_of, nearness, places, standing
from workers.analysis.threads import one_thread
from workers.analysis.vectors import MODEL, VectorStore, sentence_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "Contribution", "Quote", "Theme", "Themes", "analyse_contributions", "describe_theme",
    "extend_themes", "merge_across", "propose_themes", "vectors_of",
]  # fmt: skip

VERSION = 2
FEW_CONTRIBUTIONS = 30  # up to here two voices make a theme, beyond it three


def vectors_of(
    contributions: Sequence[Contribution], store: VectorStore | None = None
) -> dict[str, NDArray[np.float32]]:
    """The sentence vector of each contribution with words, by id; empty without the model."""
    told = sorted((c for c in contributions if has_letters(c.text)), key=lambda c: c.id)
    rows = sentence_vectors([contribution.text for contribution in told], store)
    return {} if rows is None else dict(zip((c.id for c in told), rows, strict=True))


def analyse_contributions(
    contributions: Sequence[Contribution], store: VectorStore | None = None
) -> Themes:
    """Themes over all sections: proposed for each section, then joined across them."""
    vectors = vectors_of(contributions, store)
    by_section: dict[str, list[Contribution]] = defaultdict(list)
    for contribution in contributions:
        by_section[contribution.section].append(contribution)
    if len(by_section) < 2:
        return propose_themes(contributions, vectors)
    groups = [
        [member.id for member in corpus.members(heads)]
        for name in sorted(by_section)
        for corpus, found, _ in [_found(Corpus(by_section[name], vectors))]
        for heads in found
    ]
    return merge_across(groups, contributions, vectors)


def propose_themes(
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None = None,
) -> Themes:
    """Themes within one scope, their number found by the data.

    ``vectors`` are sentence vectors by id (384 numbers); None computes them, an empty mapping
    leaves words alone. Raises ValueError if an id occurs twice.
    """
    corpus, found, far = _found(_corpus(contributions, vectors))
    return _described(corpus, found, far)


def merge_across(
    groups: Sequence[Sequence[str]],
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None = None,
) -> Themes:
    """One list of themes from the proposals of several scopes.

    ``groups`` are the members of each proposed theme, ``contributions`` all of all scopes. Themes
    that hold parts of one bundle are joined. Likeness alone joins nothing: between two sections it
    was wrong eleven times in twelve (demo city), so people decide, with both themes side by side.
    """
    with one_thread():
        corpus = _corpus(contributions, vectors)
        return _described(corpus, _joined(corpus, groups))


def extend_themes(
    earlier: Themes,
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None = None,
) -> Themes:
    """The earlier themes with the contributions that came later, ``contributions`` being all.

    A late contribution joins its bundle or the theme it is nearest to, if it is as near as members
    usually are; otherwise it is a single voice. A theme that gains nobody stays as it was, word
    for word. Whoever is no longer among the contributions is left out.
    """
    with one_thread():
        corpus = _corpus(contributions, vectors)
        known = _joined(corpus, [theme.members for theme in earlier.themes])
        late = [
            index for index, head in enumerate(corpus.heads) if head.id not in earlier.languages
        ]
        themes = {theme.key: theme for theme in earlier.themes}
        return _described(corpus, _with_late(corpus, known, late), earlier=themes)


def describe_theme(
    label: str,
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None = None,
) -> Theme:
    """Quotes and summary sentences of a theme whose members and name people have settled.

    Every number counts these contributions alone. Raises ValueError without any.
    """
    if not contributions:
        raise ValueError("a theme without contributions says nothing")
    with one_thread():
        corpus = _corpus(contributions, vectors)
        heads = list(range(len(corpus.heads)))
        naming = replace(name_themes(corpus.vocabulary, [heads])[0], label=label)
        return describe(corpus, heads, naming, corpus.all)


def _corpus(contributions: Sequence[Contribution], vectors: Mapping[str, Any] | None) -> Corpus:
    return Corpus(contributions, vectors_of(contributions) if vectors is None else vectors)


def _found(corpus: Corpus) -> tuple[Corpus, list[list[int]], list[int]]:
    """The heads of each theme, and those that are far from all others."""
    with one_thread():
        found: dict[int, list[int]] = defaultdict(list)
        for index, community in enumerate(partition(corpus.features) if corpus.heads else ()):
            found[int(community)].append(index)
        communities = list(found.values())
        firmness = standing(corpus, communities)
    far = [
        head
        for head in range(len(corpus.heads))
        if firmness[head] < LOOSE and not corpus.is_bundle(head)
    ]
    return corpus, _large_enough(corpus, communities, set(far)), far


def _large_enough(
    corpus: Corpus, communities: Sequence[Sequence[int]], far: set[int]
) -> list[list[int]]:
    fewest = 2 if len(corpus.heads) <= FEW_CONTRIBUTIONS else 3
    near = [[head for head in community if head not in far] for community in communities]
    return [heads for heads in near if voices(corpus.members(heads)) >= fewest]


def _joined(corpus: Corpus, groups: Sequence[Sequence[str]]) -> list[list[int]]:
    """Groups that hold parts of one bundle become one; contributions of no group stay alone."""
    group_of = {member: number for number, group in enumerate(groups) for member in group}
    leader = list(range(len(groups)))

    def first(group: int) -> int:
        while leader[group] != group:
            group = leader[group]
        return group

    heads_of: dict[int, list[int]] = defaultdict(list)
    placed = []
    for index, members in enumerate(corpus.members_of_head):
        known = sorted({first(group_of[m]) for m in members if m in group_of})
        for other in known[1:]:
            leader[other] = known[0]
        if known:
            placed.append((index, known[0]))
    for index, group in placed:
        heads_of[first(group)].append(index)
    return list(heads_of.values())


def _with_late(
    corpus: Corpus, known: Sequence[Sequence[int]], late: Sequence[int]
) -> list[list[int]]:
    """The known themes, and each late head in the one where it is near enough."""
    placed = {head for heads in known for head in heads}
    new = [head for head in late if head not in placed]
    extended = [list(heads) for heads in known]
    if not new or not known:
        return extended
    compared = sample(len(corpus.heads), MOST_COMPARED)
    usual = nearness(corpus, known, compared)[sorted(placed)]
    for head, (theme, near) in zip(new, places(corpus, known, new), strict=True):
        if near >= bound_of(usual):
            extended[theme].append(head)
    return [sorted(heads) for heads in extended]


def _described(
    corpus: Corpus,
    communities: Sequence[list[int]],
    far: Sequence[int] = (),
    earlier: Mapping[str, Theme] | None = None,
) -> Themes:
    earlier = earlier or {}
    ordered = sorted(communities, key=lambda heads: (-voices(corpus.members(heads)), heads))
    namings = name_themes(corpus.vocabulary, ordered)
    themes = tuple(
        earlier.get(theme_key(corpus.members(heads)))
        or describe(corpus, heads, naming, corpus.members(heads))
        for heads, naming in zip(ordered, namings, strict=True)
    )
    placed = {member for theme in themes for member in theme.members}
    return Themes(
        received=len(corpus.all),
        themes=themes,
        single_voices=tuple(c.id for c in corpus.all if c.id not in placed),
        bundles=tuple(corpus.bundles),
        languages=corpus.languages,
        method={
            **_method(corpus),
            "perhaps_off_topic": sorted(corpus.heads[head].id for head in far),
        },
    )


def _method(corpus: Corpus) -> dict[str, Any]:
    with_vectors = sum(head.id in corpus.vectors for head in corpus.heads)
    features = "sentence vectors and words" if with_vectors else "words only"
    authors = sum(bool(c.author) for c in corpus.all)
    return {
        "version": VERSION,
        "features": features,
        "model": MODEL if with_vectors else None,
        "with_vector": with_vectors,
        "clustering": "Louvain on nearest neighbours, checked and corrected by ridge regression "
        "with each contribution left out; number of themes automatic",
        "counted": "people" if authors == len(corpus.all) else "people where named, else texts",
    }
