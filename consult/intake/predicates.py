"""Who may do what with occasions, notes, tables and statements now."""

from consult.intake.models import Import, Occasion, OfflineNote, Statement
from consult.intake.states import WRITABLE, ImportStatus, NoteStatus, StatementStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus

# While what was collected elsewhere can still be entered: until the round is answered.
RECEIVING = frozenset({RoundStatus.OPEN, RoundStatus.SUSPENDED, RoundStatus.CLOSED})
# Whom the city asks is known before the round begins.
INVITING = RECEIVING | {RoundStatus.PLANNED, RoundStatus.ANNOUNCED}


def works_at_intake(user) -> bool:
    """See the desk: coordination and moderation enter and check for each other."""
    return has_role(user, Role.COORDINATION, Role.MODERATION)


def takes_entries(round_: ConsultationRound) -> bool:
    """Whether something can still come into the round's ledger from elsewhere."""
    return round_.status in RECEIVING


def may_enter(user, round_: ConsultationRound) -> bool:
    """Take down contributions and read in tables, until the round is answered."""
    return works_at_intake(user) and takes_entries(round_)


def may_write(user, note: OfflineNote) -> bool:
    """Change a note that was not handed over."""
    return note.status in WRITABLE and may_enter(user, note.occasion.round)


def may_check(user, note: OfflineNote) -> bool:
    """Compare a note with its original: only somebody who has written nothing of it."""
    return (
        note.status == NoteStatus.SUBMITTED
        and may_enter(user, note.occasion.round)
        and user.pk != note.recorded_by_id
        and not any(version.by_id == user.pk for version in note.versions.all())
    )


def may_check_import(user, table: Import) -> bool:
    """Compare a table with its preview: never the person who read it in."""
    return (
        table.status == ImportStatus.HANDED_OVER
        and may_enter(user, table.occasion.round)
        and user.pk != table.uploaded_by_id
    )


def may_print(user, occasion: Occasion) -> bool:
    """Print cards: a new code makes the former one of a note worthless."""
    return may_enter(user, occasion.round)


def may_see_invitees(user) -> bool:
    """Only the coordination office keeps the list of those whom the city asks by name."""
    return has_role(user, Role.COORDINATION)


def may_keep_invitees(user, round_: ConsultationRound) -> bool:
    """Write down whom the city asks and what came back, from planning until the round is answered."""
    return may_see_invitees(user) and round_.status in INVITING


def may_confirm_statement(user, statement: Statement) -> bool:
    """Say that the organisation exists, which publishes the parts of its statement."""
    return has_role(user, Role.COORDINATION) and statement.status == StatementStatus.RECEIVED


def may_release_file(user, statement: Statement) -> bool:
    """Offer the attachment of a confirmed statement to everybody."""
    return (
        has_role(user, Role.COORDINATION)
        and statement.status == StatementStatus.CONFIRMED
        and statement.file_id is not None
        and statement.file_released_at is None
    )
