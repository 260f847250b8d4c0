"""Forgetting what was collected on paper, in tables and from organisations."""

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.intake.models import (
    Import,
    NoteVersion,
    Occasion,
    OfflineNote,
    PendingStatement,
    Statement,
    StoredFile,
)
from consult.intake.services.occasions import forget_table
from consult.intake.states import ImportStatus
from consult.participants.models import Notice
from consult.records.redaction import GONE, without_quotations


class TableInWork(Exception):
    """A worker is still taking over the table in which the words stand; later it can go."""


def forget_note(contribution: Contribution, text: str) -> None:
    """Delete former wordings, address, and the originals in which the words stand.

    A scan cannot be blacked out in part, so the scans of the occasion go; a typed transcript
    loses the quotation. Raises TableInWork.
    """
    note = OfflineNote.objects.select_related("occasion").filter(contribution=contribution).first()
    if note is None:
        return
    NoteVersion.objects.filter(note=note).delete()
    OfflineNote.objects.filter(pk=note.pk).update(
        text="", contact="", contact_hash="", return_reason="", source_id=""
    )
    _forget_originals(note.occasion, text)
    table = Import.objects.filter(occasion=note.occasion).first()
    if table is None:
        return
    if table.status != ImportStatus.DONE:
        raise TableInWork
    forget_table(table)


def forget_answer(contribution: Contribution) -> None:
    """Take the contribution off the answer of whoever was asked by name; that it came stays."""
    contribution.invitees.clear()


def forget_statement(contribution: Contribution, text: str) -> None:
    """Take the words out of the foreword; with the last part the whole statement is forgotten.

    The attachment holds the words of every part and goes with the first.
    """
    statement = Statement.objects.filter(parts__contribution=contribution).first()
    if statement is None:
        return
    StoredFile.objects.filter(statement=statement).delete()
    left = statement.parts.exclude(contribution=contribution).exclude(
        contribution__status=Visibility.ERASED
    )
    if left.exists():
        Statement.objects.filter(pk=statement.pk).update(
            text=without_quotations(statement.text, text)
        )
        return
    Notice.objects.filter(
        key__in=[f"statement:{statement.ref}", f"statement-confirmed:{statement.pk}"]
    ).delete()
    Statement.objects.filter(pk=statement.pk).update(
        organisation=GONE, responsible="", members=None, text="", email="", email_hash=""
    )


def forget_contacts(hashes: list[str]) -> None:
    """Forget addresses: statements that were never confirmed, notes that were never received."""
    waiting = PendingStatement.objects.filter(email_hash__in=hashes)
    StoredFile.objects.filter(pending_statement__in=waiting).delete()
    waiting.delete()
    OfflineNote.objects.filter(contact_hash__in=hashes).update(contact="", contact_hash="")
    Statement.objects.filter(email_hash__in=hashes).update(email="", email_hash="", responsible="")


def _forget_originals(occasion: Occasion, text: str) -> None:
    StoredFile.objects.filter(occasion=occasion).delete()
    Occasion.objects.filter(pk=occasion.pk).update(
        transcript=without_quotations(occasion.transcript, text)
    )
