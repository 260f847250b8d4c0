"""Notes: written, handed over, compared with the original by a second person, received."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.models import GuestContact
from consult.contributions.services.commenting import (
    LONGEST_TEXT,
    Receipt,
    UnableToComment,
    Words,
    confirm_receipt,
    find_place,
)
from consult.contributions.states import Kind
from consult.intake.models import NoteVersion, Occasion, OfflineNote
from consult.intake.predicates import may_check, may_enter, may_write
from consult.intake.services.cards import take_card
from consult.intake.services.occasions import next_position
from consult.intake.services.receiving import Entry, day_in_window, receive_entry
from consult.intake.states import CHANNEL_OF, NOTE_TRANSITIONS, CardStatus, NoteStatus, OccasionKind
from consult.rounds.services import NotPermitted
from workers.analysis.languages import detect_language


class NoteStepRefused(Exception):
    """The note cannot go from its status to the wanted one, or something is missing: `code`."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Taken:
    """What was taken down of one contribution; all but the text may still be missing."""

    text: str
    section_wid: str = ""
    target_wid: str = ""
    stance: str = ""
    language: str = ""
    received_on: date | None = None
    contact: str = ""


@transaction.atomic
def write_note(*, occasion: Occasion, taken: Taken, actor, at: datetime) -> OfflineNote:
    """Add a draft at the end. Raises NotPermitted."""
    if not may_enter(actor, occasion.round):
        raise NotPermitted
    Occasion.objects.select_for_update().get(pk=occasion.pk)
    note = OfflineNote(
        occasion=occasion, position=next_position(occasion), recorded_by=actor, recorded_at=at
    )
    return _save(note, taken, actor, at)


@transaction.atomic
def change_note(*, note: OfflineNote, taken: Taken, actor, at: datetime) -> OfflineNote:
    """Keep what somebody has typed so far, complete or not. Raises NotPermitted."""
    note = _lock(note)
    if not may_write(actor, note):
        raise NotPermitted
    return _save(note, taken, actor, at)


@transaction.atomic
def delete_note(*, note: OfflineNote, actor) -> None:
    """Throw a draft away: it was never received. Raises NotPermitted."""
    note = _lock(note)
    if not may_write(actor, note):
        raise NotPermitted
    log(note.occasion, "intake.delete_note", user=actor, data={"position": note.position})
    note.cards.filter(status=CardStatus.USED).delete()
    note.delete()


@transaction.atomic
def submit_note(*, note: OfflineNote, actor) -> OfflineNote:
    """Hand a note over to the second person.

    Raises NotPermitted, and NoteStepRefused naming what is missing: no_text, too_long, no_place,
    outside_window.
    """
    note = _lock(note)
    if not may_write(actor, note):
        raise NotPermitted
    _require_complete(note)
    return _set_status(note, NoteStatus.SUBMITTED, actor)


@transaction.atomic
def return_note(*, note: OfflineNote, reason: str, actor) -> OfflineNote:
    """Send a note back to whoever wrote it, with a reason. Raises NotPermitted, NoteStepRefused."""
    note = _lock(note)
    if not may_check(actor, note):
        raise NotPermitted
    if not reason.strip():
        raise NoteStepRefused("no_reason")
    note.return_reason = reason.strip()
    note.save(update_fields=["return_reason"])
    return _set_status(note, NoteStatus.RETURNED, actor)


@transaction.atomic
def accept_note(
    *, note: OfflineNote, actor, at: datetime, corrected: Taken | None = None
) -> Receipt:
    """Receive a note that agrees with its original, with the corrections of who compared them.

    It gets a number and takes its place in the ledger; whoever left an address is told. Raises
    NotPermitted for the person who wrote it, NoteStepRefused and UnableToComment.
    """
    note = _lock(note)
    if not may_check(actor, note):
        raise NotPermitted
    if corrected is not None:
        note = _save(note, corrected, actor, at)
        _require_complete(note)
    receipt = receive_note(note, at)
    note.contribution = receipt.contribution
    note.checked_by, note.checked_at, note.return_reason = actor, at, ""
    _tell(note, receipt, at)
    # From now on the words stand in one place.
    note.text, note.contact = "", ""
    note = _set_status(note, NoteStatus.RECEIVED, actor)
    note.save()
    return receipt


def receive_note(note: OfflineNote, at: datetime) -> Receipt:
    """Make the contribution of a note; the caller holds the transaction and has checked it."""
    round_ = note.occasion.round
    card = take_card(note)
    return receive_entry(
        round_=round_,
        entry=Entry(
            words=Words(text=note.text, stance=note.stance),
            section_wid=note.section_wid,
            target_wid=note.target_wid,
            kind=Kind.OFFLINE_NOTE,
            channel=CHANNEL_OF[OccasionKind(note.occasion.kind)],
            received_at=day_in_window(round_, note.received_on or note.occasion.held_on),
        ),
        at=at,
        **({"language": note.language} if note.language else {}),
        **({"receipt_key_hash": card.code_hash} if card else {}),
    )


def _tell(note: OfflineNote, receipt: Receipt, at: datetime) -> None:
    if not note.contact:
        return
    GuestContact.objects.create(contribution=receipt.contribution, email=note.contact)
    # Whoever holds a card has the code; the key made here would open nothing.
    if receipt.contribution.receipt_key_hash not in note.cards.values_list("code_hash", flat=True):
        confirm_receipt(receipt, at, email=note.contact)


def _save(note: OfflineNote, taken: Taken, actor, at: datetime) -> OfflineNote:
    text = taken.text.replace("\r\n", "\n").strip()
    is_new = note.pk is None
    has_changed = text != note.text
    note.text, note.stance, note.contact = text, taken.stance, taken.contact
    note.section_wid, note.target_wid = taken.section_wid, taken.target_wid
    note.received_on = taken.received_on
    note.language = taken.language or (detect_language(text) if text else "")
    note.save()
    if has_changed or is_new:
        NoteVersion.objects.create(note=note, text=text, by=actor, at=at)
    return note


def _require_complete(note: OfflineNote) -> None:
    if not note.text:
        raise NoteStepRefused("no_text")
    if len(note.text) > LONGEST_TEXT:
        raise NoteStepRefused("too_long")
    if not note.section_wid:
        raise NoteStepRefused("no_place")
    try:
        round_ = note.occasion.round
        find_place(round_.edition, note.section_wid, note.target_wid)
        day_in_window(round_, note.received_on or note.occasion.held_on)
    except UnableToComment as problem:
        code = "no_place" if problem.code == "gone" else problem.code
        raise NoteStepRefused(code) from problem


def _lock(note: OfflineNote) -> OfflineNote:
    return (
        OfflineNote.objects.select_for_update(of=("self",))
        .select_related("occasion__round__edition")
        .get(pk=note.pk)
    )


def _set_status(note: OfflineNote, status: NoteStatus, actor) -> OfflineNote:
    step = (NoteStatus(note.status), status)
    if step not in NOTE_TRANSITIONS:
        raise NoteStepRefused("step_not_allowed")
    log(
        note.occasion,
        "intake.note_status",
        user=actor,
        data={"position": note.position, "from": step[0], "to": status},
    )
    note.status = status
    if status != NoteStatus.RECEIVED:
        note.save(update_fields=["status"])
    return note
