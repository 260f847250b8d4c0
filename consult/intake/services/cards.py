"""Printed codes that lead to "Was wurde aus meinem Beitrag?".

A code is a secret: it is made when it is printed, and only its hash is kept.
"""

import re
import secrets
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.contributions.services.proof import secret_hash
from consult.intake.models import Card, Occasion, OfflineNote
from consult.intake.predicates import may_print, may_write
from consult.intake.states import CARD_TRANSITIONS, CardStatus, NoteStatus
from consult.rounds.services import NotPermitted

# Without 0 and O, 1, I and L: nobody has to guess what was printed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12  # 31**12, a little under 60 bits
GROUP = 4
MOST_CARDS = 200
_BETWEEN = re.compile(r"[\s\-–—.·]+")


class CardRefused(Exception):
    """The code cannot be used; `code` says why: unknown, taken, too_many."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def new_code() -> str:
    """Return a code of twelve symbols without separators."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """The code as it is printed: three groups of four."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def as_typed(text: str) -> str:
    """A code as somebody typed it, in its stored spelling; "" if it cannot be one."""
    plain = _BETWEEN.sub("", text).upper()
    fits = len(plain) == LENGTH and all(symbol in ALPHABET for symbol in plain)
    return plain if fits else ""


@transaction.atomic
def print_blank_cards(*, occasion: Occasion, number: int, actor, at: datetime) -> list[str]:
    """Make codes for cards that are handed out before anything is written on them.

    Raises NotPermitted, and CardRefused("too_many") beyond 200 at once.
    """
    if not may_print(actor, occasion):
        raise NotPermitted
    if not 1 <= number <= MOST_CARDS:
        raise CardRefused("too_many")
    codes = [new_code() for _ in range(number)]
    Card.objects.bulk_create(
        _card(occasion, code, actor, at, status=CardStatus.BLANK) for code in codes
    )
    log(occasion, "intake.print", user=actor, data={"blank": number})
    return codes


@transaction.atomic
def print_receipts(
    *, notes: list[OfflineNote], actor, at: datetime
) -> list[tuple[OfflineNote, str]]:
    """Make a code for each note; return the pairs. What was printed before for a note ends.

    A received contribution is from then on opened by this code alone. Raises NotPermitted.
    """
    printed = []
    for note in notes:
        if not may_print(actor, note.occasion):
            raise NotPermitted
        printed.append((note, _print_receipt(note, actor, at)))
    if notes:
        log(notes[0].occasion, "intake.print", user=actor, data={"receipts": len(notes)})
    return printed


@transaction.atomic
def attach_card(*, note: OfflineNote, code: str, actor) -> Card:
    """Say which handed-out card a note stood on.

    Raises NotPermitted, and CardRefused for a code that was never printed for this occasion, and
    for one that belongs to another note.
    """
    if not may_write(actor, note):
        raise NotPermitted
    card = (
        Card.objects.select_for_update()
        .filter(code_hash=secret_hash(as_typed(code)), occasion=note.occasion)
        .first()
    )
    if card is None:
        raise CardRefused("unknown")
    if card.note_id == note.pk:
        return card
    if card.status != CardStatus.BLANK or take_card(note) is not None:
        raise CardRefused("taken")
    card.note = note
    _set_status(card, CardStatus.USED)
    card.save(update_fields=["note", "status"])
    return card


def take_card(note: OfflineNote) -> Card | None:
    """The card whose code opens what becomes of the note, or None."""
    return note.cards.filter(status=CardStatus.USED).first() if note.pk else None


def _print_receipt(note: OfflineNote, actor, at: datetime) -> str:
    code = new_code()
    former = Card.objects.select_for_update().filter(note=note, status=CardStatus.USED).first()
    if former:
        _set_status(former, CardStatus.REPLACED)
        former.save(update_fields=["status"])
    if note.status == NoteStatus.RECEIVED:
        _open_by(note, code, former, actor, at)
    _card(note.occasion, code, actor, at, status=CardStatus.USED, note=note).save()
    return code


def _open_by(note: OfflineNote, code: str, former: Card | None, actor, at: datetime) -> None:
    contribution = Contribution.objects.select_for_update().get(offline_note=note)
    if former is None:
        # The list of erasures has to know the contribution of an older backup too.
        Card.objects.create(
            occasion=note.occasion,
            note=note,
            code_hash=contribution.receipt_key_hash,
            status=CardStatus.REPLACED,
            printed_by=actor,
            printed_at=at,
        )
    Contribution.objects.filter(pk=contribution.pk).update(receipt_key_hash=secret_hash(code))


def _card(occasion: Occasion, code: str, actor, at: datetime, **fields) -> Card:
    return Card(
        occasion=occasion,
        code_hash=secret_hash(code),
        printed_by=actor,
        printed_at=at,
        **fields,
    )


def _set_status(card: Card, status: CardStatus) -> None:
    step = (CardStatus(card.status), status)
    if step not in CARD_TRANSITIONS:
        raise CardRefused("taken")
    card.status = status
