"""What is said of a theme: its quotes and its summary sentences."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from workers.analysis import sentences
from workers.analysis.corpus import Corpus
from workers.analysis.features import content_stems
from workers.analysis.labels import Naming
from workers.analysis.quotes import MOST_QUOTES, excerpt, pick_representatives
from workers.analysis.sentences import SummarySentence
from workers.analysis.shapes import KINDS, Contribution, Quote, Theme

MOST_COMPARED = 400


def theme_key(members: Sequence[Contribution]) -> str:
    """The name of a theme in files and rows: a hash over the ids of its members."""
    return hashlib.sha256("\n".join(member.id for member in members).encode()).hexdigest()[:12]


def describe(
    corpus: Corpus, heads: list[int], naming: Naming, members: Sequence[Contribution]
) -> Theme:
    """The theme of some heads and the members behind them, told in their own words."""
    ids = tuple(member.id for member in members)
    main = _representatives(corpus, heads, max(1, min(MOST_QUOTES, len(heads) // 2)))
    kinds = _unheard(corpus, heads, main, _kind_of)
    tongues = _unheard(corpus, heads, [*main, *kinds], _language_of)
    said = {head: _quote(corpus, head, naming) for head in (*main, *kinds, *tongues)}
    picks = list(said.values())
    label = naming.label or " ".join(picks[0].text.split()[:4]).rstrip(".,;:!?")
    summary = [
        sentences.opening(label, members),
        *_points(corpus, heads, naming, picks[: len(main)]),
        *(sentences.kind_example(_kind_of(corpus, h), said[h].text, said[h].id) for h in kinds),
        *(
            sentences.tongue_example(_language_of(corpus, h), said[h].text, said[h].id)
            for h in tongues
        ),
    ]
    summary += [
        sentence
        for sentence in (sentences.places(members), sentences.tongues(members, corpus.languages))
        if sentence
    ]
    return Theme(
        key=theme_key(members),
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


def _representatives(corpus: Corpus, heads: Sequence[int], wanted: int) -> list[int]:
    """Heads that together stand for most."""
    compared = heads[:: max(1, -(-len(heads) // MOST_COMPARED))]
    similar = corpus.features.similarities(compared, compared)
    wordiness = [len(corpus.vocabulary.terms[head]) for head in compared]
    return [compared[i] for i in pick_representatives(similar, wordiness, wanted)]


def _unheard(
    corpus: Corpus, heads: Sequence[int], heard: Sequence[int], voice_of: Callable[..., str]
) -> list[int]:
    """One head for each kind or language that is in the theme, but not yet among the quotes."""
    known = {"", *(voice_of(corpus, head) for head in heard)}
    missing = sorted({voice_of(corpus, head) for head in heads} - known)
    return [
        _representatives(corpus, [h for h in heads if voice_of(corpus, h) == voice], 1)[0]
        for voice in missing
    ]


def _kind_of(corpus: Corpus, head: int) -> str:
    kind = corpus.heads[head].kind
    return kind if kind in KINDS else ""


def _language_of(corpus: Corpus, head: int) -> str:
    language = corpus.head_languages[head]
    return language if language in sentences.LANGUAGE_NAMES else ""


def _quote(corpus: Corpus, head: int, naming: Naming) -> Quote:
    language, text = corpus.head_languages[head], corpus.texts[head]
    telling = {term[1] for term in naming.terms if term[0] == language}

    def value(passage: str) -> int:
        return len(telling & set(content_stems(passage, language)))

    return Quote(corpus.heads[head].id, excerpt(text, value))


def _points(
    corpus: Corpus, heads: list[int], naming: Naming, picks: Sequence[Quote]
) -> list[SummarySentence]:
    """One sentence a quote: how many name its most shared word, or simply what it says."""
    index_of = {corpus.heads[head].id: head for head in heads}
    used: set[tuple[str, str]] = set()
    points = []
    for quote in picks:
        head = index_of[quote.id]
        own = corpus.members([head])
        naming_it = _shared_word(corpus, heads, naming, quote, used)
        if naming_it is None or corpus.is_bundle(head):
            points.append(sentences.voice(own, quote.text))
            continue
        word, term, sharing = naming_it
        used.add(term)
        points.append(sentences.mention(word, corpus.members(sharing), quote.text, quote.id))
    return points


def _shared_word(
    corpus: Corpus, heads: list[int], naming: Naming, quote: Quote, used: set[tuple[str, str]]
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
