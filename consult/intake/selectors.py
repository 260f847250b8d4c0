"""Reads of what was collected elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower

from consult.contributions.models import Contribution
from consult.contributions.services.proof import secret_hash
from consult.contributions.states import Visibility
from consult.intake.models import (
    Card,
    Import,
    Invitee,
    Occasion,
    OfflineNote,
    Statement,
)
from consult.intake.predicates import RECEIVING
from consult.intake.states import (
    CardStatus,
    ImportStatus,
    InviteeAnswer,
    NoteStatus,
    StatementStatus,
)
from consult.rounds.models import ConsultationRound

# Originals are kept so long after the last note of an occasion was received.
ORIGINALS_KEPT = timedelta(days=30)
ON_THE_WAY = (NoteStatus.DRAFT, NoteStatus.RETURNED, NoteStatus.SUBMITTED)
UNFINISHED = (ImportStatus.UPLOADED, ImportStatus.HANDED_OVER, ImportStatus.APPROVED)


@dataclass(frozen=True)
class InviteeFigures:
    """Who was asked by name in a round; a body that answered did so with or without remarks.

    `unanswered` are the names of those that have not answered.
    """

    without_remarks: int
    with_remarks: int
    unanswered: list[str]

    @property
    def silent(self) -> int:
        """All that have not answered."""
        return len(self.unanswered)

    @property
    def answered(self) -> int:
        """All that answered."""
        return self.without_remarks + self.with_remarks

    @property
    def invited(self) -> int:
        """All that were asked."""
        return self.answered + self.silent


def rounds_to_enter() -> QuerySet[ConsultationRound]:
    """Rounds that something can still come into, newest first."""
    return ConsultationRound.objects.filter(status__in=RECEIVING).order_by("-opens_at", "-pk")


def occasions() -> QuerySet[Occasion]:
    """All occasions, newest first, each with how many notes are in which state."""

    def number(*states: str) -> Count:
        return Count("notes", filter=Q(notes__status__in=states))

    return (
        Occasion.objects.select_related("round", "table")
        .defer("transcript", "table__rejected")
        .annotate(
            written=number(NoteStatus.DRAFT, NoteStatus.RETURNED),
            waiting=number(NoteStatus.SUBMITTED),
            received=number(NoteStatus.RECEIVED),
        )
        .order_by("-held_on", "-pk")
    )


def notes_of(occasion: Occasion, *states: str) -> QuerySet[OfflineNote]:
    """The notes of an occasion in these states, in the order of the transcript."""
    return (
        occasion.notes.filter(status__in=states)
        .select_related("occasion__round", "contribution", "recorded_by", "checked_by")
        .prefetch_related("versions", "cards")
        .order_by("position")
    )


def not_entered(round_: ConsultationRound) -> int:
    """How many notes and tables of a round are begun and neither received nor given up."""
    notes = OfflineNote.objects.filter(occasion__round=round_, status__in=ON_THE_WAY)
    tables = Import.objects.filter(occasion__round=round_, status__in=UNFINISHED)
    return notes.count() + tables.count()


def is_importing(round_: ConsultationRound) -> bool:
    """Whether a worker is taking over a table of this round."""
    return Import.objects.filter(occasion__round=round_, status=ImportStatus.APPROVED).exists()


def waiting_for_a_second_person(user) -> int:
    """How many notes and tables somebody else has handed over."""
    notes = OfflineNote.objects.filter(status=NoteStatus.SUBMITTED).exclude(recorded_by=user)
    tables = Import.objects.filter(status=ImportStatus.HANDED_OVER).exclude(uploaded_by=user)
    return notes.count() + tables.count()


def statements_to_check() -> int:
    """How many statements wait for the office."""
    return Statement.objects.filter(status=StatementStatus.RECEIVED).count()


def waiting_card(code: str) -> Card | None:
    """The handed-out card with this code whose note was not received yet, or None."""
    return (
        Card.objects.select_related("occasion__round")
        .filter(code_hash=secret_hash(code))
        .filter(Q(status=CardStatus.BLANK) | Q(status=CardStatus.USED))
        .exclude(note__status=NoteStatus.RECEIVED)
        .first()
    )


def key_hashes_of(contribution: Contribution) -> list[str]:
    """All hashes under which its receipt was ever known, the present one first."""
    former = Card.objects.filter(
        note__contribution=contribution, status=CardStatus.REPLACED
    ).values_list("code_hash", flat=True)
    return [contribution.receipt_key_hash, *former]


def taken_down_at(contribution: Contribution) -> OfflineNote | None:
    """The note behind a contribution with its occasion, or None."""
    return OfflineNote.objects.select_related("occasion").filter(contribution=contribution).first()


def statement_behind(contribution: Contribution) -> Statement | None:
    """The statement that a contribution is a part of, or None."""
    return Statement.objects.filter(parts__contribution=contribution).first()


def public_statement(ref: str) -> Statement | None:
    """A confirmed statement of which something can still be read, or None."""
    return (
        Statement.objects.select_related("round__edition", "file")
        .defer("file__content")
        .filter(ref=ref, status=StatementStatus.CONFIRMED)
        .filter(parts__contribution__status=Visibility.PUBLISHED)
        .distinct()
        .first()
    )


def public_statements(round_: ConsultationRound) -> QuerySet[Statement]:
    """The confirmed statements of a round of which something can be read, by number."""
    return _with_words(round_.statements.all()).distinct().order_by("pk")


def _with_words(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    """The confirmed ones with a part that is public; one for each such part."""
    return statements.filter(
        status=StatementStatus.CONFIRMED, parts__contribution__status=Visibility.PUBLISHED
    )


def figures_of(round_: ConsultationRound) -> dict[str, Any]:
    """What came in away from the site: {by_kind {kind: n}, organisations}.

    An occasion counts once one of its notes was received.
    """
    return figures_of_rounds([round_])[round_.pk]


def figures_of_rounds(rounds: Iterable[ConsultationRound]) -> dict[int, dict[str, Any]]:
    """The same of several rounds by their key, in two queries."""
    found: dict[int, dict[str, Any]] = {
        row.pk: {"by_kind": Counter(), "organisations": 0} for row in rounds
    }
    held = Occasion.objects.filter(round__in=found, notes__status=NoteStatus.RECEIVED)
    for round_, _pk, kind in held.order_by().distinct().values_list("round", "pk", "kind"):
        found[round_]["by_kind"][kind] += 1
    spoke = _with_words(Statement.objects.filter(round__in=found)).order_by()
    for round_, number in spoke.values_list("round").annotate(Count("pk", distinct=True)):
        found[round_]["organisations"] = number
    return found


def invitees_of(round_: ConsultationRound) -> QuerySet[Invitee]:
    """Whom the city asked by name; `said` are the published contributions with the remarks."""
    published = (
        Contribution.objects.published().select_related("statement_part__statement").order_by("pk")
    )
    return round_.invitees.prefetch_related(
        Prefetch("contributions", published, to_attr="said")
    ).order_by("kind", Lower("name"))


def invitee_figures(round_: ConsultationRound) -> InviteeFigures:
    """How many bodies, organisations and offices were asked, and what came back, in one query."""
    return invitee_figures_of_rounds([round_])[round_.pk]


def invitee_figures_of_rounds(rounds: Iterable[ConsultationRound]) -> dict[int, InviteeFigures]:
    """The same of several rounds by their key, in one query."""
    names: dict[int, dict[str, list[str]]] = {row.pk: defaultdict(list) for row in rounds}
    asked = Invitee.objects.filter(round__in=names).order_by(Lower("name"))
    for round_, answer, name in asked.values_list("round", "answer", "name"):
        names[round_][answer].append(name)
    return {
        round_: InviteeFigures(
            without_remarks=len(found[InviteeAnswer.WITHOUT_REMARKS]),
            with_remarks=len(found[InviteeAnswer.WITH_REMARKS]),
            unanswered=found[InviteeAnswer.NONE],
        )
        for round_, found in names.items()
    }


def statement_numbers(invitee: Invitee) -> list[str]:
    """The numbers of what holds its remarks; before an answer, of statements under the same name."""
    if invitee.answer == InviteeAnswer.NONE:
        found = invitee.round.statements.filter(organisation__iexact=invitee.name)
        return list(found.order_by("pk").values_list("ref", flat=True))
    rows = invitee.contributions.order_by("pk")
    numbers = rows.values_list("statement_part__statement__ref", "ref")
    return list(dict.fromkeys(statement or ref for statement, ref in numbers))


def occasions_to_clear(at: datetime) -> QuerySet[Occasion]:
    """Occasions whose originals have been kept long enough: nothing is on the way any more.

    The time counts from the last check, and for one without any note from its recording.
    """
    return (
        Occasion.objects.filter(Q(originals__isnull=False) | ~Q(transcript=""))
        .exclude(notes__status__in=ON_THE_WAY)
        .exclude(notes__checked_at__gt=at - ORIGINALS_KEPT)
        .filter(recorded_at__lte=at - ORIGINALS_KEPT)
        .distinct()
    )


def tables_to_clear(at: datetime) -> QuerySet[Import]:
    """Tables that were taken over or discarded long enough ago and still have their file."""
    return Import.objects.filter(
        status__in=[ImportStatus.DONE, ImportStatus.DISCARDED],
        finished_at__lte=at - ORIGINALS_KEPT,
        file__isnull=False,
    )
