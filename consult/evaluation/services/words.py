"""What people wrote, in the form that the analysis reads: only the columns that it needs."""

from collections.abc import Generator
from contextlib import closing
from typing import NamedTuple

from django.db.models import QuerySet

from consult.contributions.models import Comment
from consult.contributions.states import Visibility
from consult.rounds.models import ConsultationRound
from drafts.editions.selectors import contents
from workers.analysis.themes import Contribution as Words

ROWS_AT_ONCE = 2000


class Written(NamedTuple):
    """One contribution of the input; `pk` is its key, which is that of its comment."""

    pk: int
    ref: str
    text: str
    stance: str
    language: str
    section_wid: str
    participant: int | None


_COLUMNS = (
    "contribution_id",
    "contribution__ref",
    "comment",
    "contribution__stance",
    "contribution__language",
    "contribution__section_wid",
    "contribution__participant_id",
)


def published(round_: ConsultationRound) -> QuerySet[Comment]:
    """All words of a round that anybody may read, by number."""
    return Comment.objects.filter(
        contribution__round=round_, contribution__status=Visibility.PUBLISHED
    ).order_by("contribution__ref")


def without_theme(round_: ConsultationRound) -> QuerySet[Comment]:
    """The published words that no person has assigned."""
    return published(round_).exclude(contribution__assignments__is_current=True)


def written(comments: QuerySet[Comment]) -> Generator[Written]:
    """The rows of a query, read some thousand at a time."""
    rows = comments.values_list(*_COLUMNS).iterator(chunk_size=ROWS_AT_ONCE)
    yield from (Written(*row) for row in rows)


def words_of(comments: QuerySet[Comment], round_: ConsultationRound) -> list[Words]:
    """Contributions in the form that the analysis reads; people are counted by account.

    Raises KeyError for a section that the round's edition does not have.
    """
    names = {
        entry["wid"]: f"{entry['number']} {entry['title']}".strip()
        for entry in contents(round_.edition)
    }
    with closing(written(comments)) as rows:
        return [
            Words(
                id=row.ref,
                text=row.text,
                kind=row.stance,
                language=row.language,
                section=names[row.section_wid],
                author=str(row.participant or row.ref),
            )
            for row in rows
        ]
