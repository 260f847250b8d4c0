"""What the synopsis of a round says beside its themes: who spoke where, what changed, what did not.

Nothing here reaches anybody's name or words: `voices_by_theme` reads places, ways and classes.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from consult.contributions.states import Visibility
from consult.evaluation.disclosure import SMALLEST_CELL, PublicTable, Tally, public_table
from consult.evaluation.models import Assignment, Change, ChangeCause, Response
from consult.evaluation.states import ResponseStatus, RevisionStatus
from consult.intake.models import Occasion
from consult.intake.states import NoteStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus

ANSWERED = frozenset({RoundStatus.ANSWERED, RoundStatus.ARCHIVED})


class Voice(NamedTuple):
    """A published contribution in a theme. `person` is the key of an account, None for guests.

    `organisation` and `statement` are set where an organisation speaks, `occasion` with its kind
    and day where somebody took it down.
    """

    theme: int
    ref: str
    section_wid: str
    target_wid: str
    quote: str
    quote_language: str
    channel: str
    kind: str
    language: str
    person: int | None
    verification_class: str
    organisation: str | None
    statement: str | None
    occasion: str | None
    occasion_kind: str | None
    held_on: date | None


def has_answers(round_: ConsultationRound) -> bool:
    """Whether anything of the synopsis is public: the round is answered, or a theme of it is."""
    return (
        round_.status in ANSWERED
        or Response.objects.filter(theme__round=round_, status=ResponseStatus.PUBLISHED).exists()
    )


def voices_by_theme(round_: ConsultationRound) -> dict[int, list[Voice]]:
    """The published contributions of each theme in the order of their numbers, in one query."""
    rows = (
        Assignment.objects.filter(
            theme__round=round_,
            is_current=True,
            contribution__status=Visibility.PUBLISHED,
        )
        .order_by("contribution")
        .values_list(
            "theme", "contribution__ref", "contribution__section_wid", "contribution__target_wid",
            "contribution__quote", "contribution__quote_language", "contribution__channel",
            "contribution__kind", "contribution__language", "contribution__participant",
            "contribution__verification_class",
            "contribution__statement_part__statement__organisation",
            "contribution__statement_part__statement__ref",
            "contribution__offline_note__occasion__title",
            "contribution__offline_note__occasion__kind",
            "contribution__offline_note__occasion__held_on",
        )
    )  # fmt: skip
    found: dict[int, list[Voice]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(Voice(*row))
    return found


def classes_of(voices: Iterable[Voice]) -> PublicTable:
    """How many people of each verification class are behind these contributions.

    Somebody with an account counts once, in the class of the newest contribution; a guest's
    contribution counts as a person. Cells under ten are pooled or left out (disclosure.py).
    """
    people: dict[Any, str] = {}
    for voice in voices:
        people[voice.person or voice.ref] = voice.verification_class
    parts: dict[str, Tally] = defaultdict(Tally)
    for code in people.values():
        parts[code] += Tally(agree=1)
    return public_table(Tally(agree=len(people)), parts)


def drafted_answers(round_: ConsultationRound) -> dict[int, Response]:
    """Answers that are written and not published, by theme: for the coordination office alone."""
    drafted = (
        Response.objects.filter(theme__round=round_)
        .exclude(status__in=[ResponseStatus.DUE, ResponseStatus.PUBLISHED])
        .select_related("lead_department")
    )
    return {response.theme_id: response for response in drafted}


def changes_by_theme(
    round_: ConsultationRound, statuses: Iterable[str] = (RevisionStatus.RELEASED,)
) -> dict[int, list[Change]]:
    """The changes of text that each theme led to, in reading order, in three queries.

    By its answer, or by a suggestion of residents that is in the theme.
    """
    in_revisions = {"change__revision__status__in": list(statuses)}
    by_answer = ChangeCause.objects.filter(response__theme__round=round_, **in_revisions)
    by_suggestion = Assignment.objects.filter(
        theme__round=round_,
        is_current=True,
        contribution__status=Visibility.PUBLISHED,
        contribution__suggestion__bundle__causes__change__revision__status__in=list(statuses),
    )
    pairs = {
        *by_answer.values_list("response__theme", "change"),
        *by_suggestion.values_list("theme", "contribution__suggestion__bundle__causes__change"),
    }
    changes = Change.objects.select_related("revision__to_edition", "revision__from_edition")
    rows = changes.in_bulk({change for _theme, change in pairs})
    found: dict[int, list[Change]] = defaultdict(list)
    for theme, change in pairs:
        found[theme].append(rows[change])
    for listed in found.values():
        listed.sort(key=lambda change: (change.revision_id, change.position))
    return found


def changes_without_cause(
    round_: ConsultationRound, statuses: Iterable[str] = (RevisionStatus.RELEASED,)
) -> QuerySet[Change]:
    """Changes of revisions of this round that nobody gave a reason for: reported openly."""
    return (
        Change.objects.filter(
            revision__round=round_, revision__status__in=list(statuses), causes=None
        )
        .select_related("revision__to_edition", "revision__from_edition")
        .order_by("revision", "position")
    )


def counted_on_the_spot(round_: ConsultationRound) -> int:
    """How many people were counted where contributions were collected; 0 where fewer than ten.

    Only occasions count of which a note was received.
    """
    received = Occasion.objects.filter(round=round_, notes__status=NoteStatus.RECEIVED).distinct()
    counted = Occasion.objects.filter(pk__in=received).aggregate(sum=Sum("head_count"))["sum"] or 0
    return counted if counted >= SMALLEST_CELL else 0
