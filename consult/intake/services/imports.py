"""Tables with many contributions: previewed, handed over, checked by a second person, taken.

The row is the job: after the check a worker takes one batch after the other, each with the place
where it stopped in one transaction. A worker that is killed loses nothing and takes nothing twice.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from consult.contributions.services.commenting import UnableToComment
from consult.intake.models import Import, OfflineNote
from consult.intake.predicates import may_check_import, may_enter
from consult.intake.services.files import store_table
from consult.intake.services.notes import receive_note
from consult.intake.services.occasions import open_occasion
from consult.intake.services.preview import (
    Checked,
    Preview,
    guess_columns,
    preview_of,
    rejected_rows,
)
from consult.intake.services.tables import read_table
from consult.intake.states import IMPORT_TRANSITIONS, ImportStatus, NoteStatus
from consult.participants.services import wake_worker
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted

JOB = "workers.import_tables"
BATCH = 200
LONGEST_WAIT = timedelta(hours=1)


class ImportStepRefused(Exception):
    """The table cannot go on; `code` says why: known, no_text_column, nothing_to_take, no_reason,
    step_not_allowed. With "known", `former` is the import of the same file.
    """

    def __init__(self, code: str, former: Import | None = None):
        super().__init__(code)
        self.code = code
        self.former = former


@transaction.atomic
def upload_table(
    *, round_: ConsultationRound, name: str, content: bytes, actor, at: datetime, **occasion: Any
) -> Import:
    """Keep a table for its preview, with a guess at what its columns mean.

    Raises TableRefused for what cannot be read, and ImportStepRefused("known") for a file that was
    read in before and not discarded.
    """
    read = read_table(content)
    stored = store_table(name=name, content=content, at=at)
    former = (
        Import.objects.filter(sha256=stored.sha256, occasion__round=round_)
        .exclude(status=ImportStatus.DISCARDED)
        .first()
    )
    if former is not None:
        raise ImportStepRefused("known", former)
    return Import.objects.create(
        occasion=open_occasion(round_=round_, actor=actor, at=at, **occasion),
        file=stored,
        sha256=stored.sha256,
        columns=guess_columns(read.header),
        total=len(read.rows),
        uploaded_by=actor,
        uploaded_at=at,
    )


@transaction.atomic
def set_columns(*, table: Import, columns: dict[str, int], default_section: str, actor) -> Import:
    """Say what the columns mean, and to which section rows without one belong."""
    table = _own(table, actor, ImportStatus.UPLOADED)
    table.columns, table.default_section = columns, default_section
    table.save(update_fields=["columns", "default_section"])
    return table


@transaction.atomic
def hand_over_import(*, table: Import, actor) -> Import:
    """Give the preview to a second person. Raises NotPermitted, ImportStepRefused."""
    table = _own(table, actor, ImportStatus.UPLOADED)
    if "text" not in table.columns:
        raise ImportStepRefused("no_text_column")
    if not preview_of(table).taken:
        raise ImportStepRefused("nothing_to_take")
    return _set_status(table, ImportStatus.HANDED_OVER, actor)


@transaction.atomic
def return_import(*, table: Import, reason: str, actor) -> Import:
    """Send the table back with a reason. Raises NotPermitted, ImportStepRefused."""
    table = _lock(table)
    if not may_check_import(actor, table):
        raise NotPermitted
    if not reason.strip():
        raise ImportStepRefused("no_reason")
    table.return_reason = reason.strip()
    return _set_status(table, ImportStatus.UPLOADED, actor)


@transaction.atomic
def approve_import(*, table: Import, actor, at: datetime) -> Import:
    """Let workers take the rows over, as the preview shows them.

    Raises NotPermitted for the person who read the table in.
    """
    table = _lock(table)
    if not may_check_import(actor, table):
        raise NotPermitted
    table.checked_by, table.checked_at, table.due_at, table.error = actor, at, at, ""
    table.return_reason = ""
    table = _set_status(table, ImportStatus.APPROVED, actor)
    wake_worker(JOB)
    return table


@transaction.atomic
def discard_import(*, table: Import, actor, at: datetime) -> Import:
    """Give the table up; its file goes at once. Raises NotPermitted, ImportStepRefused."""
    table = _own(table, actor, ImportStatus.UPLOADED)
    table.finished_at = at
    table = _set_status(table, ImportStatus.DISCARDED, actor)
    if table.file:
        table.file.delete()
    return table


def run_next_import(*, clock=timezone.now) -> bool:
    """Take over what is left of one approved table; return whether this worker had one."""
    table = (
        Import.objects.filter(status=ImportStatus.APPROVED, due_at__lte=clock())
        .select_related("occasion__round__edition", "file")
        .order_by("due_at", "pk")
        .first()
    )
    if table is None:
        return False
    try:
        preview = preview_of(table)
        while is_open := _take_batch(table.pk, preview, clock()):
            pass
    except Exception as problem:  # noqa: BLE001 - the row says what went wrong
        _put_off(table.pk, problem, clock())
        return True
    return is_open is not None


@transaction.atomic
def _take_batch(pk: int, preview: Preview, at: datetime) -> bool | None:
    # None: another worker holds the table.
    table = (
        Import.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("occasion__round__edition")
        .filter(pk=pk, status=ImportStatus.APPROVED)
        .first()
    )
    if table is None:
        return None
    batch = preview.rows[table.next_row : table.next_row + BATCH]
    for row in batch:
        if not row.reasons:
            _take(table, row, at)
            table.taken += 1
    table.next_row += len(batch)
    if table.next_row >= len(preview.rows):
        table.rejected, table.finished_at = rejected_rows(preview.rejected), at
        table = _set_status(table, ImportStatus.DONE, None)
    table.attempts, table.error = 0, ""
    table.save()
    return table.status == ImportStatus.APPROVED


def _take(table: Import, row: Checked, at: datetime) -> None:
    note = OfflineNote(
        occasion=table.occasion,
        position=row.row.number,
        status=NoteStatus.RECEIVED,
        text=row.taken.text,
        section_wid=row.taken.section_wid,
        target_wid=row.taken.target_wid,
        stance=row.taken.stance,
        language=row.taken.language,
        received_on=row.taken.received_on,
        source_id=row.source_id,
        recorded_by=table.uploaded_by,
        recorded_at=table.uploaded_at,
        checked_by=table.checked_by,
        checked_at=table.checked_at,
    )
    note.contribution = receive_note(note, at).contribution
    note.language = note.contribution.language
    # From now on the words stand in one place.
    note.text = ""
    note.save(force_insert=True)


@transaction.atomic
def _put_off(pk: int, problem: Exception, at: datetime) -> None:
    table = Import.objects.select_for_update().get(pk=pk)
    table.attempts += 1
    # Only its kind: what a database says of a failure can hold the words.
    table.error = problem.code if isinstance(problem, UnableToComment) else type(problem).__name__
    table.due_at = at + min(LONGEST_WAIT, timedelta(minutes=2 ** min(table.attempts, 6)))
    table.save(update_fields=["attempts", "error", "due_at"])


def _own(table: Import, actor, status: ImportStatus) -> Import:
    table = _lock(table)
    if not may_enter(actor, table.occasion.round):
        raise NotPermitted
    if table.status != status:
        raise ImportStepRefused("step_not_allowed")
    return table


def _lock(table: Import) -> Import:
    return (
        Import.objects.select_for_update(of=("self",))
        .select_related("occasion__round__edition", "file")
        .get(pk=table.pk)
    )


def _set_status(table: Import, status: ImportStatus, actor) -> Import:
    step = (ImportStatus(table.status), status)
    if step not in IMPORT_TRANSITIONS:
        raise ImportStepRefused("step_not_allowed")
    log(table.occasion, "intake.import", user=actor, data={"from": step[0], "to": status})
    table.status = status
    table.save()
    return table
