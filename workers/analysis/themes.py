"""From contributions to themes: what residents raise, in their words, with nobody left out.

``propose_themes`` works on one scope (a section), ``merge_across`` joins the themes of several;
both are the same search, which in the second case starts from the themes found. Every
contribution is in exactly one theme or among the single voices. Contributions are sorted by id
first, so their order changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workers.analysis import sentences
from workers.analysis.communities import louvain, neighbour_graph
from workers.analysis.duplicates import Bundle, find_bundles
from workers.analysis.features import Features, build_features, content_stems, word_counts
from workers.analysis.labels import Naming, Vocabulary, name_themes, read_vocabulary
from workers.analysis.languages import detect_language, has_letters
from workers.analysis.quotes import MOST_QUOTES, excerpt, pick_representatives
from workers.analysis.sentences import SummarySentence, voices
from workers.analysis.threads import one_thread
from workers.analysis.vectors import MODEL, VectorStore, characters_for, sentence_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
KINDS = ("support", "concern", "question", "idea")
FEW_CONTRIBUTIONS = 30  # up to here two voices make a theme, beyond it three
LOOSE = -3.0  # robust standard deviations below the usual nearness: a single voice
FEWEST_TO_JUDGE = 20
NEAREST = 5
MOST_COMPARED = 400


@dataclass(frozen=True)
class Contribution:
    """What a person sent in; all but id and text may be empty.

    ``kind`` is one of KINDS as the person chose it, ``author`` any key that is the same for the
    same person, ``language`` a code that overrides detection.
    """

    id: str
    text: str
    kind: str = ""
    language: str = ""
    section: str = ""
    author: str = ""


@dataclass(frozen=True)
class Quote:
    """A verbatim part of the contribution with this id."""

    id: str
    text: str


@dataclass(frozen=True)
class Theme:
    """What several people raise. ``members``, ``quotes`` and citations are ids of contributions;
    ``sections`` counts members by section."""

    key: str
    label: str
    keywords: tuple[str, ...]
    members: tuple[str, ...]
    kinds: Mapping[str, int]
    languages: Mapping[str, int]
    sections: Mapping[str, int]
    quotes: tuple[Quote, ...]
    summary: tuple[SummarySentence, ...]

    def as_json(self) -> dict[str, Any]:
        """The theme as the command line writes it."""
        return {
            "key": self.key,
            "label": self.label,
            "keywords": list(self.keywords),
            "size": len(self.members),
            "members": list(self.members),
            "kinds": dict(self.kinds),
            "languages": dict(self.languages),
            "quotes": [{"id": quote.id, "text": quote.text} for quote in self.quotes],
            "summary": [{"sentence": s.sentence, "cites": list(s.cites)} for s in self.summary],
        }


@dataclass(frozen=True)
class Themes:
    """Result of a run: every received id is in one theme or among the single voices."""

    received: int
    themes: tuple[Theme, ...]
    single_voices: tuple[str, ...]
    bundles: tuple[Bundle, ...]
    languages: Mapping[str, str]
    method: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The shape that ``consult analyse themes`` writes; sections stand under ``method``."""
        sections = {t.key: dict(t.sections) for t in self.themes if t.sections}
        return {
            "received": self.received,
            "themes": [theme.as_json() for theme in self.themes],
            "single_voices": list(self.single_voices),
            "bundles": [
                {"representative": b.representative, "members": list(b.members)}
                for b in self.bundles
            ],
            "languages": dict(self.languages),
            "method": {**self.method, **({"sections": sections} if sections else {})},
        }


def vectors_of(
    contributions: Sequence[Contribution], store: VectorStore | None = None
) -> dict[str, NDArray[np.float32]]:
    """The sentence vector of each contribution with words, by id; empty without the model."""
    told = sorted((c for c in contributions if has_letters(c.text)), key=lambda c: c.id)
    texts = [contribution.text for contribution in told]
    rows = sentence_vectors(texts, store, characters_for(len(set(texts))))
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
    proposals = [propose_themes(by_section[name], vectors) for name in sorted(by_section)]
    groups = [theme.members for proposal in proposals for theme in proposal.themes]
    return merge_across(groups, contributions, vectors)


def propose_themes(
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None = None,
) -> Themes:
    """Themes within one scope, their number found by the data.

    ``vectors`` are sentence vectors by id (384 numbers); None computes them, an empty mapping
    leaves words alone. Raises ValueError if an id occurs twice.
    """
    return _search(contributions, vectors, None)


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
    return _search(contributions, vectors, groups)


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
        corpus = _Corpus(contributions, vectors_of(contributions) if vectors is None else vectors)
        heads = list(range(len(corpus.heads)))
        naming = replace(name_themes(corpus.vocabulary, [heads])[0], label=label)
        return _theme(corpus, heads, naming, corpus.all)


def _search(
    contributions: Sequence[Contribution],
    vectors: Mapping[str, Any] | None,
    groups: Sequence[Sequence[str]] | None,
) -> Themes:
    with one_thread():
        corpus = _Corpus(contributions, vectors_of(contributions) if vectors is None else vectors)
        if groups is None:
            return _described(corpus, _without_loose(corpus, _communities(corpus)))
        return _described(corpus, _joined(corpus, groups))


class _Corpus:
    """Contributions in the order of their ids; ``heads`` stand for their bundles in the search."""

    def __init__(self, contributions: Sequence[Contribution], vectors: Mapping[str, Any]) -> None:
        self.all = sorted(contributions, key=lambda contribution: contribution.id)
        self.by_id = {contribution.id: contribution for contribution in self.all}
        if len(self.by_id) != len(self.all):
            raise ValueError("an id occurs twice among the contributions")
        self.vectors = vectors
        self.languages = {c.id: c.language or detect_language(c.text) for c in self.all}
        self.bundles = find_bundles({c.id: c.text for c in self.all})
        bundle_of = {member: b for b in self.bundles for member in b.members}
        self.heads = [
            c
            for c in self.all
            if has_letters(c.text)
            and (c.id not in bundle_of or bundle_of[c.id].representative == c.id)
        ]
        self.members_of_head = [
            bundle_of[c.id].members if c.id in bundle_of else (c.id,) for c in self.heads
        ]
        self.head_languages = [self.languages[head.id] for head in self.heads]
        self.texts = [head.text for head in self.heads]

    @cached_property
    def features(self) -> Features:
        return build_features(self.texts, self.head_languages, self._vector_rows())

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_vocabulary(self.texts, self.head_languages)

    def members(self, heads: Sequence[int]) -> list[Contribution]:
        """All contributions behind some heads, in the order of ids."""
        return [self.by_id[i] for i in sorted(i for h in heads for i in self.members_of_head[h])]

    def _vector_rows(self) -> NDArray[np.float32] | None:
        import numpy as np

        known = [head.id for head in self.heads if head.id in self.vectors]
        if not known:
            return None
        rows = np.zeros((len(self.heads), len(self.vectors[known[0]])), dtype=np.float32)
        for index, head in enumerate(self.heads):
            if head.id in self.vectors:
                rows[index] = self.vectors[head.id]
        return rows


def _communities(corpus: _Corpus) -> list[list[int]]:
    if not corpus.heads:
        return []
    found: dict[int, list[int]] = defaultdict(list)
    for index, community in enumerate(louvain(neighbour_graph(corpus.features))):
        found[community].append(index)
    return list(found.values())


def _joined(corpus: _Corpus, groups: Sequence[Sequence[str]]) -> list[list[int]]:
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


def _without_loose(corpus: _Corpus, communities: list[list[int]]) -> list[list[int]]:
    """Takes out what is far from its theme and shares few words with anything; then drops what
    is too small to be a theme."""
    import numpy as np

    looseness = np.zeros(len(corpus.heads))
    if len(corpus.heads) >= FEWEST_TO_JUDGE:
        looseness = _standing(corpus, communities)
    fewest = 2 if len(corpus.heads) <= FEW_CONTRIBUTIONS else 3
    kept = []
    for community in communities:
        near = [head for head in community if looseness[head] >= LOOSE or _is_bundle(corpus, head)]
        if voices(corpus.members(near)) >= fewest:
            kept.append(near)
    return kept


def _is_bundle(corpus: _Corpus, head: int) -> bool:
    return len(corpus.members_of_head[head]) > 1


def _standing(corpus: _Corpus, communities: list[list[int]]) -> NDArray[np.float64]:
    """How near each head is to its theme and how many words it shares, against what is usual.

    In robust standard deviations (median and median deviation). Words are compared only in
    languages with enough contributions. On 487 contributions with 4 foreign ones, the bound of -3
    found 4 of the 4 and lost 1 of the 487.
    """
    import numpy as np

    of = np.empty(len(corpus.heads), dtype=int)
    for number, community in enumerate(communities):
        of[community] = number
    own = np.empty(len(of))
    for rows, similar in corpus.features.blocks():
        similar[of[rows][:, None] != of[None, :]] = 0
        similar[np.arange(len(similar)), rows.start + np.arange(len(similar))] = 0
        own[rows] = _mean_of_nearest(similar)
    standing = _robust(own)
    shared = _shared_words(corpus)
    for code, count in Counter(corpus.head_languages).items():
        if count >= FEWEST_TO_JUDGE:
            here = np.array([language == code for language in corpus.head_languages])
            standing[here] = _robust(own[here]) + _robust(shared[here])
    return standing


def _shared_words(corpus: _Corpus) -> NDArray[np.float64]:
    import numpy as np

    counted = word_counts(corpus.texts, corpus.head_languages)
    shared = np.empty(len(corpus.texts))
    for start in range(0, len(shared), 1024):
        overlap = (counted[start : start + 1024] @ counted.T).toarray()
        overlap[np.arange(len(overlap)), start + np.arange(len(overlap))] = 0
        shared[start : start + 1024] = _mean_of_nearest(overlap)
    return shared


def _mean_of_nearest(rows: NDArray[Any]) -> NDArray[np.float64]:
    import numpy as np

    nearest = min(NEAREST, rows.shape[1])
    return -np.partition(-rows, nearest - 1, axis=1)[:, :nearest].mean(axis=1)


def _robust(values: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    median = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - median))
    return (values - median) / max(spread, 0.02)


def _described(corpus: _Corpus, communities: list[list[int]]) -> Themes:
    ordered = sorted(communities, key=lambda heads: (-voices(corpus.members(heads)), heads))
    namings = name_themes(corpus.vocabulary, ordered)
    themes = tuple(
        _theme(corpus, heads, naming, corpus.members(heads))
        for heads, naming in zip(ordered, namings, strict=True)
    )
    placed = {member for theme in themes for member in theme.members}
    return Themes(
        received=len(corpus.all),
        themes=themes,
        single_voices=tuple(c.id for c in corpus.all if c.id not in placed),
        bundles=tuple(corpus.bundles),
        languages=corpus.languages,
        method=_method(corpus),
    )


def _method(corpus: _Corpus) -> dict[str, Any]:
    with_vectors = sum(head.id in corpus.vectors for head in corpus.heads)
    features = "sentence vectors and words" if with_vectors else "words only"
    authors = sum(bool(c.author) for c in corpus.all)
    return {
        "version": VERSION,
        "features": features,
        "model": MODEL if with_vectors else None,
        "with_vector": with_vectors,
        "clustering": "Louvain on a graph of nearest neighbours, number of themes automatic",
        "counted": "people" if authors == len(corpus.all) else "people where named, else texts",
    }


def _theme(corpus: _Corpus, heads: list[int], naming: Naming, members: list[Contribution]) -> Theme:
    ids = tuple(member.id for member in members)
    picks = _picks(corpus, heads, naming)
    label = naming.label or " ".join(picks[0].text.split()[:4]).rstrip(".,;:!?")
    summary = [sentences.opening(label, members), *_points(corpus, heads, naming, picks)]
    summary += [
        sentence
        for sentence in (sentences.places(members), sentences.tongues(members, corpus.languages))
        if sentence
    ]
    return Theme(
        key=hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12],
        label=label,
        keywords=naming.keywords,
        members=ids,
        kinds=_counts(member.kind for member in members if member.kind),
        languages=_counts(corpus.languages[i] for i in ids),
        sections=_counts(member.section for member in members if member.section),
        quotes=tuple(picks),
        summary=tuple(summary),
    )


def _counts(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _picks(corpus: _Corpus, heads: list[int], naming: Naming) -> list[Quote]:
    """Quotes: those who stand for most, then one for each kind that is not yet heard."""
    compared = heads[:: max(1, -(-len(heads) // MOST_COMPARED))]
    similar = corpus.features.similarities(compared)[:, compared]
    wordiness = [len(corpus.vocabulary.terms[head]) for head in compared]
    wanted = max(1, min(MOST_QUOTES, len(heads) // 2))
    chosen = [compared[i] for i in pick_representatives(similar, wordiness, wanted)]
    for kind in KINDS:
        if kind not in {corpus.heads[head].kind for head in chosen}:
            chosen += [head for head in heads if corpus.heads[head].kind == kind][:1]
    return [_quote(corpus, head, naming) for head in chosen]


def _quote(corpus: _Corpus, head: int, naming: Naming) -> Quote:
    language, text = corpus.head_languages[head], corpus.texts[head]
    telling = {term[1] for term in naming.terms if term[0] == language}

    def value(passage: str) -> int:
        return len(telling & set(content_stems(passage, language)))

    return Quote(corpus.heads[head].id, excerpt(text, value))


def _points(
    corpus: _Corpus, heads: list[int], naming: Naming, picks: Sequence[Quote]
) -> list[SummarySentence]:
    """One sentence a quote: how many name its most shared word, or simply what it says."""
    index_of = {corpus.heads[head].id: head for head in heads}
    used: set[tuple[str, str]] = set()
    points = []
    for number, quote in enumerate(picks):
        head = index_of[quote.id]
        own = corpus.members([head])
        if number >= MOST_QUOTES and corpus.heads[head].kind in KINDS:
            points.append(sentences.kind_example(corpus.heads[head].kind, quote.text, quote.id))
            continue
        naming_it = _shared_word(corpus, heads, naming, quote, used)
        if naming_it is None or _is_bundle(corpus, head):
            points.append(sentences.voice(own, quote.text))
            continue
        word, term, sharing = naming_it
        used.add(term)
        points.append(sentences.mention(word, corpus.members(sharing), quote.text, quote.id))
    return points


def _shared_word(
    corpus: _Corpus, heads: list[int], naming: Naming, quote: Quote, used: set[tuple[str, str]]
) -> tuple[str, tuple[str, str], list[int]] | None:
    """The keyword in a quote that most others name too, but not yet in a sentence."""
    language = corpus.languages[quote.id]
    stems = set(content_stems(quote.text, language))
    best = None
    for word, term in zip(naming.keywords, naming.terms, strict=True):
        if term[0] != language or term[1] not in stems or term in used:
            continue
        sharing = [head for head in heads if term in corpus.vocabulary.terms[head]]
        if len(sharing) > 1 and (best is None or len(sharing) > len(best[2])):
            best = (word, term, sharing)
    return best
