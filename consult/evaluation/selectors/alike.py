"""Which contributions of a round are most like one of them, wherever they are."""

from dataclasses import dataclass

from django.contrib.postgres.search import SearchVector
from django.db.models import Q, QuerySet

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import TextVector
from consult.rounds.models import ConsultationRound
from drafts.editions.search import german_query, inside_compounds
from workers.analysis.alike import Alike, alike_by_meaning, alike_by_words, shared_words
from workers.analysis.vectors import vector_key

MOST_ALIKE = 12
MOST_BY_WORDS = 3  # of those that no run has read yet, beside those found by meaning


# Of a contribution: its key, its words, its language.
Row = tuple[int, str, str]


@dataclass(frozen=True)
class Neighbour:
    """A contribution that is like another one: how close, and the word stems both use.

    `closeness` is "high", "medium" or "low", empty where no run has read one of the two.
    """

    contribution_id: int
    closeness: str
    shared: list[str]


def most_alike(contribution: Contribution) -> list[Neighbour]:
    """The published contributions of the round that are most like one, nearest first.

    By meaning (workers.analysis.alike) where its text has a sentence vector, else by words. Two
    queries, however many contributions there are.
    """
    rows = _rows(contribution)
    own = next((place for place, row in enumerate(rows) if row[0] == contribution.pk), None)
    if own is None:
        return []
    keys = [vector_key(row[1]) for row in rows]
    vectors = {key: bytes(value) for key, value in _vectors(keys)}
    known = [place for place, key in enumerate(keys) if key in vectors]
    if own not in known:
        return _neighbours(rows, own, _by_words(rows, list(range(len(rows))), own, MOST_ALIKE))
    unread = sorted({own, *set(range(len(rows))).difference(known)})
    nearest = alike_by_meaning(
        [vectors[keys[place]] for place in known],
        [rows[place][2] for place in known],
        known.index(own),
        MOST_ALIKE,
    )
    by_meaning = [Alike(known[found.place], found.closeness) for found in nearest]
    return _neighbours(rows, own, by_meaning + _by_words(rows, unread, own, MOST_BY_WORDS))


def search_round(round_: ConsultationRound, words: str) -> QuerySet[Contribution]:
    """Published contributions of a round whose words match as in the public search."""
    found = Contribution.objects.published().filter(round=round_, comment_row__isnull=False)
    vector = SearchVector("comment_row__comment", config="german")
    return (
        found.annotate(words=vector)
        .filter(Q(words=german_query(words)) | inside_compounds("comment_row__comment", words))
        .select_related("comment_row")
        .order_by("pk")
    )


def _rows(contribution: Contribution) -> list[Row]:
    return list(
        Comment.objects.filter(
            contribution__round=contribution.round_id, contribution__status=Visibility.PUBLISHED
        )
        .order_by("contribution_id")
        .values_list("contribution_id", "comment", "contribution__language")
    )


def _vectors(keys: list[str]):
    return TextVector.objects.filter(pk__in=set(keys)).values_list("key", "value")


def _by_words(rows: list[Row], places: list[int], own: int, limit: int) -> list[Alike]:
    found = alike_by_words(
        [rows[place][1] for place in places],
        [rows[place][2] for place in places],
        places.index(own),
        limit,
    )
    return [Alike(places[row.place], row.closeness) for row in found]


def _neighbours(rows: list[Row], own: int, found: list[Alike]) -> list[Neighbour]:
    _pk, text, language = rows[own]
    return [
        Neighbour(
            rows[row.place][0],
            row.closeness,
            shared_words(text, rows[row.place][1], language)
            if rows[row.place][2] == language
            else [],
        )
        for row in found
    ]
