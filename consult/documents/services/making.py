"""Making documents: on request at once, or by a worker. The row is the job.

A worker claims a row in two steps. It counts the attempt and marks the row as running, so that
a worker that is killed leaves its trace; then it holds the row while it makes the file. A running
row that nobody holds is claimed again; after three attempts it has failed.

The rule for what is stored: one row for a kind, subject, language and format. Data is built anew
whenever a file is asked for; where its hash is another than the stored one, the file is deleted in
the same transaction, before a new one is made. So a quote that was hidden or erased is in no file
that is handed out; it is deleted with its file when the document is next asked for, and an erasure
deletes all files that may hold words at once (`forget_documents`).
"""

import logging
import time
from datetime import datetime, timedelta
from hashlib import sha256, sha512
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from consult.documents.models import Document
from consult.documents.services.kinds import (
    MEDIA_TYPES,
    Kind,
    input_hash,
    kind_named,
    kinds_with_words,
)
from consult.documents.states import TRANSITIONS, DocumentStatus
from consult.participants.services import wake_worker

logger = logging.getLogger(__name__)

JOB = "workers.make_documents"
ATTEMPTS = 3
WAIT = timedelta(seconds=20)  # before another attempt
CLAIM_SETTLES = timedelta(seconds=5)
TRY_AGAIN = timedelta(hours=1)  # after a failure, when somebody asks


class NoSuchDocument(Exception):
    """There is nothing to make: no such subject, language or format."""


class DocumentStepRefused(Exception):
    """The document is in another state."""


def current_document(kind: str, subject: str, language: str, format_: str) -> Document | None:
    """Return the stored document with its file if it still says what is true, else None.

    Raises NoSuchDocument.
    """
    of_kind, data = _data(kind, subject, language, format_)
    return Document.objects.filter(
        kind=kind,
        subject=subject,
        language=language,
        format=format_,
        status=DocumentStatus.DONE,
        input_hash=input_hash(of_kind, data),
    ).first()


@transaction.atomic
def request_document(
    kind: str, subject: str, language: str, format_: str, *, at: datetime
) -> Document:
    """Return the current document, or one that workers make now: look at its status.

    Asking again changes nothing while it waits or is made. One that failed is tried again an hour
    later. Raises NoSuchDocument.
    """
    of_kind, data = _data(kind, subject, language, format_)
    found = input_hash(of_kind, data)
    key = {"kind": kind, "subject": subject, "language": language, "format": format_}
    row, created = Document.objects.get_or_create(
        **key, defaults={"input_hash": found, "requested_at": at, "due_at": at}
    )
    if not created:
        held = Document.objects.select_for_update(skip_locked=True).filter(pk=row.pk).first()
        if held is None:
            return row  # a worker has it in hand
        row = _renew(held, found, at)
    if row.status == DocumentStatus.QUEUED:
        wake_worker(JOB)
    return row


def note_request(row: Document, *, at: datetime) -> None:
    """Remember that somebody asked, also where the file was right."""
    Document.objects.filter(pk=row.pk).update(requested_at=at)


@transaction.atomic
def made_now(kind: str, subject: str, language: str, format_: str, *, at: datetime) -> Document:
    """Return the current document, made here and now if need be: for a few pages.

    Two requests at once make it once, the second waits for the first. Raises NoSuchDocument and
    what rendering raises; then nothing is stored.
    """
    key = {"kind": kind, "subject": subject, "language": language, "format": format_}
    row, _created = Document.objects.get_or_create(
        **key, defaults={"requested_at": at, "due_at": at}
    )
    # What it says is read only now: an erasure that held the table back is over.
    row = Document.objects.select_for_update().get(pk=row.pk)
    of_kind, data = _data(kind, subject, language, format_)
    found = input_hash(of_kind, data)
    row = _renew(row, found, at, wait=timedelta(0))
    if row.status == DocumentStatus.DONE:
        return row
    row.input_hash = found
    _make(_set_status(row, DocumentStatus.RUNNING), of_kind, data, at)
    return row


def make_next_document(*, clock=timezone.now) -> bool:
    """Make one document that is due; return whether this worker had one."""
    pk = _claim(clock())
    if pk is None:
        return False
    with transaction.atomic():
        row = Document.objects.select_for_update().filter(pk=pk).first()
        if row is None or row.status != DocumentStatus.RUNNING:
            return True  # deleted, or made by somebody else in between
        try:
            with transaction.atomic():
                _make_from(row, clock())
        except NoSuchDocument:
            row.delete()
        except Exception as problem:
            logger.exception("document %s failed", row)
            _note_failure(row, problem, clock())
    return True


@transaction.atomic
def forget_documents() -> int:
    """Delete all documents in which residents' words or names may stand; return how many.

    They are made anew when somebody asks. To be called where words are erased, in the same
    transaction: it waits for documents that are being made, and those that follow wait for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Document._meta.db_table} IN EXCLUSIVE MODE")
    count, _models = Document.objects.filter(kind__in=kinds_with_words()).delete()
    return count


def _data(kind: str, subject: str, language: str, format_: str) -> tuple[Kind, Any]:
    try:
        of_kind = kind_named(kind)
    except KeyError:
        raise NoSuchDocument from None
    data = of_kind.says(subject, language) if format_ in of_kind.formats else None
    if data is None:
        raise NoSuchDocument
    return of_kind, data


def _renew(row: Document, found: str, at: datetime, *, wait: timedelta = TRY_AGAIN) -> Document:
    """Empty a document that says what is no longer true, or give a failed one another chance."""
    is_over = row.status in {DocumentStatus.DONE, DocumentStatus.FAILED}
    may_try = row.status == DocumentStatus.FAILED and row.due_at + wait <= at
    if (is_over and row.input_hash != found) or may_try:
        row.attempts, row.error, row.requested_at, row.due_at = 0, "", at, at
        row.content, row.size, row.sha256, row.sha512 = b"", 0, "", ""
        row.made_at = row.milliseconds = None
        row.input_hash = found
        return _set_status(row, DocumentStatus.QUEUED)
    return row


@transaction.atomic
def _claim(now: datetime) -> int | None:
    row = (
        Document.objects.select_for_update(skip_locked=True)
        .filter(
            Q(status=DocumentStatus.QUEUED, due_at__lte=now)
            | Q(status=DocumentStatus.RUNNING, claimed_at__lt=now - CLAIM_SETTLES)
        )
        .defer("content")
        .order_by("due_at", "pk")
        .first()
    )
    if row is None:
        return None
    if row.attempts >= ATTEMPTS:
        row.error = row.error or "stopped three times"
        _set_status(row, DocumentStatus.FAILED)
        return row.pk
    row.attempts, row.claimed_at = row.attempts + 1, now
    _set_status(row, DocumentStatus.RUNNING)
    return row.pk


def _make_from(row: Document, now: datetime) -> None:
    """Build the data anew: it may have changed since somebody asked."""
    of_kind, data = _data(row.kind, row.subject, row.language, row.format)
    row.input_hash = input_hash(of_kind, data)
    _make(row, of_kind, data, now)


def _make(row: Document, of_kind: Kind, data: Any, at: datetime) -> None:
    start = time.monotonic()
    content = of_kind.formats[row.format](data)
    row.milliseconds = round((time.monotonic() - start) * 1000)
    row.content, row.size = content, len(content)
    row.sha256, row.sha512 = sha256(content).hexdigest(), sha512(content).hexdigest()
    row.media_type = MEDIA_TYPES[row.format]
    row.file_name = of_kind.file_name_of(row.subject, row.language, row.format)
    row.made_at, row.error = at, ""
    _set_status(row, DocumentStatus.DONE)


def _note_failure(row: Document, problem: Exception, now: datetime) -> None:
    row.refresh_from_db()
    row.error, row.due_at = f"{type(problem).__name__}: {problem}"[:2000], now + WAIT
    is_over = row.attempts >= ATTEMPTS
    _set_status(row, DocumentStatus.FAILED if is_over else DocumentStatus.QUEUED)


def _set_status(row: Document, status: DocumentStatus) -> Document:
    is_reclaimed = row.status == status == DocumentStatus.RUNNING
    if not is_reclaimed and (row.status, status) not in TRANSITIONS:
        raise DocumentStepRefused
    row.status = status
    row.save()
    return row
