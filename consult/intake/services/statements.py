"""Formal statements of organisations: confirmed by mail, checked by the office, then public."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import Truncator
from wagtail.log_actions import log

from consult.contributions.models import GuestContact
from consult.contributions.services.commenting import (
    LONGEST_TEXT,
    Receipt,
    UnableToComment,
    Words,
    find_place,
)
from consult.contributions.services.confirming import claim_unconfirmed, keep_unconfirmed
from consult.contributions.services.status import set_status
from consult.contributions.states import Channel, Kind, Visibility
from consult.intake.models import PendingStatement, Statement, StatementPart, StoredFile
from consult.intake.predicates import may_confirm_statement, may_release_file
from consult.intake.services.files import ATTACHMENTS, store_file
from consult.intake.services.receiving import Entry, receive_entry
from consult.intake.states import STATEMENT_TRANSITIONS, StatementStatus
from consult.participants.services import queue_notice
from consult.participants.states import VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import open_round_of
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition

MOST_PARTS = 20
LONGEST_NAME = 60
TIME_TO_CHECK = timedelta(days=14)


class StatementStepRefused(Exception):
    """The statement cannot go from its status to the wanted one."""


@dataclass(frozen=True)
class Part:
    """What is said to one section or goal."""

    section_wid: str
    target_wid: str
    text: str
    stance: str = ""


@dataclass(frozen=True)
class Draft:
    """A statement as it is handed in. `responsible` is never published."""

    organisation: str
    responsible: str
    members: int | None
    text: str
    parts: list[Part]


@transaction.atomic
def submit_statement(
    *,
    edition: Edition,
    draft: Draft,
    email: str,
    language: str,
    attachment: tuple[str, bytes] | None,
    at: datetime,
) -> str:
    """Keep a statement until its mail is confirmed; return the token that the mail carries.

    Raises UnableToComment("closed") outside the window, "empty", "too_long" and "gone" for its
    parts, and FileRefused for the attachment.
    """
    round_ = open_round_of(edition, at)
    if round_ is None:
        raise UnableToComment("closed")
    _check(edition, draft)
    stored = None
    if attachment is not None:
        name, content = attachment
        stored = store_file(name=name, content=content, accepted=ATTACHMENTS, at=at)
    return keep_unconfirmed(
        PendingStatement,
        round_=round_,
        email=email,
        language=language,
        template="confirm_statement",
        at=at,
        payload={**asdict(draft), "language": language},
        file=stored,
    )


@transaction.atomic
def confirm_statement(*, token: str, at: datetime) -> Statement:
    """Receive a statement: each part becomes a contribution that is held for the office.

    Raises LinkExpired, and UnableToComment while the round is suspended: the link stays good.
    """
    pending = claim_unconfirmed(PendingStatement, token, at)
    # The lock keeps two statements from getting the same number.
    round_ = ConsultationRound.objects.select_for_update().get(pk=pending.round_id)
    if round_.status == RoundStatus.SUSPENDED:
        raise UnableToComment("suspended")
    payload = dict(pending.payload)
    parts = [Part(**part) for part in payload.pop("parts")]
    statement = Statement.objects.create(
        ref=f"{round_.ref}-S{round_.statements.count() + 1:02d}",
        round=round_,
        email=pending.email,
        file=pending.file,
        received_at=pending.submitted_at,
        **payload,
    )
    receipts = [_receive(statement, place, part, at) for place, part in enumerate(parts, start=1)]
    _tell_receipts(statement, receipts, at)
    pending.delete()
    return statement


@transaction.atomic
def confirm_organisation(*, statement: Statement, actor, at: datetime) -> Statement:
    """Say that the organisation exists: the parts that are held are published.

    Raises NotPermitted, also where somebody was faster.
    """
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if not may_confirm_statement(actor, statement):
        raise NotPermitted
    statement.confirmed_by, statement.confirmed_at = actor, at
    _set_status(statement, StatementStatus.CONFIRMED, actor)
    for part in statement.parts.select_related("contribution"):
        if part.contribution.status == Visibility.HELD:
            set_status(
                contribution=part.contribution, status=Visibility.PUBLISHED, actor=actor, at=at
            )
    if statement.email:
        queue_notice(
            key=f"statement-confirmed:{statement.pk}",
            email=statement.email,
            language=statement.language,
            template="statement_confirmed",
            context={"ref": statement.ref},
            at=at,
        )
    return statement


@transaction.atomic
def release_file(*, statement: Statement, actor, at: datetime) -> Statement:
    """Offer the attachment to everybody, after somebody has read it. Raises NotPermitted."""
    statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if not may_release_file(actor, statement):
        raise NotPermitted
    statement.file_released_by, statement.file_released_at = actor, at
    statement.save(update_fields=["file_released_by", "file_released_at"])
    log(statement, "intake.release_file", user=actor)
    return statement


@transaction.atomic
def clear_expired_statements(*, at: datetime) -> int:
    """Delete statements that were never confirmed, with their files; return how many."""
    expired = PendingStatement.objects.filter(expires_at__lte=at)
    StoredFile.objects.filter(pending_statement__in=expired).delete()
    return expired.delete()[0]


def _check(edition: Edition, draft: Draft) -> None:
    if not draft.parts:
        raise UnableToComment("empty")
    for part in draft.parts:
        if not part.text.strip():
            raise UnableToComment("empty")
        if len(part.text.strip()) > LONGEST_TEXT:
            raise UnableToComment("too_long")
        find_place(edition, part.section_wid, part.target_wid)


def _receive(statement: Statement, position: int, part: Part, at: datetime) -> Receipt:
    receipt = receive_entry(
        round_=statement.round,
        entry=Entry(
            words=Words(
                text=part.text,
                stance=part.stance,
                display_name=Truncator(statement.organisation).chars(LONGEST_NAME),
            ),
            section_wid=part.section_wid,
            target_wid=part.target_wid,
            kind=Kind.STATEMENT,
            channel=Channel.ONLINE,
            received_at=statement.received_at,
            verification_class=VerificationClass.EMAIL_CONFIRMED,
        ),
        at=at,
        status=Visibility.HELD,
        decide_by=at + TIME_TO_CHECK,
    )
    GuestContact.objects.create(
        contribution=receipt.contribution, email=statement.email, language=statement.language
    )
    StatementPart.objects.create(
        statement=statement, position=position, contribution=receipt.contribution
    )
    return receipt


def _tell_receipts(statement: Statement, receipts: list[Receipt], at: datetime) -> None:
    queue_notice(
        key=f"statement:{statement.ref}",
        email=statement.email,
        language=statement.language,
        template="statement_received",
        context={
            "ref": statement.ref,
            "keys": [[receipt.contribution.ref, receipt.key] for receipt in receipts],
        },
        at=at,
    )


def _set_status(statement: Statement, status: StatementStatus, actor) -> None:
    step = (StatementStatus(statement.status), status)
    if step not in STATEMENT_TRANSITIONS:
        raise StatementStepRefused(f"{statement.ref}: {step[0]} -> {step[1]}")
    log(statement, "intake.statement", user=actor, data={"from": step[0], "to": status})
    statement.status = status
    statement.save()
