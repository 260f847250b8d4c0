"""Receiving what was collected away from the site: one way into the ledger for all of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from consult.contributions.services.commenting import (
    Receipt,
    UnableToComment,
    Words,
    find_place,
    receive_otherwise,
)
from consult.contributions.states import Channel, Kind
from consult.intake.predicates import takes_entries
from consult.participants.states import VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.services import take_number

NOON = time(12)


@dataclass(frozen=True)
class Entry:
    """Words with their place in the round's edition, and how and when they came in."""

    words: Words
    section_wid: str
    target_wid: str
    kind: Kind
    channel: Channel
    received_at: datetime
    verification_class: VerificationClass = VerificationClass.NOT_VERIFIED


def receive_entry(*, round_: ConsultationRound, entry: Entry, at: datetime, **row) -> Receipt:
    """Give it a number and put it into the ledger, also after the round's end.

    The caller holds the transaction. What counts is the day on which it came in: that has to lie in the window. `row` holds further
    columns of the contribution. Raises UnableToComment("closed") once the round is answered and
    before it opens, "outside_window", "gone" for an unknown place, and for words that cannot be
    taken.
    """
    number = take_number(round_=round_)
    # The number has locked the round: its status stays until the caller has written.
    round_.refresh_from_db()
    if not takes_entries(round_):
        raise UnableToComment("closed")
    if not round_.opens_at <= entry.received_at < round_.closes_at:
        raise UnableToComment("outside_window")
    return receive_otherwise(
        round_=round_,
        number=number,
        place=find_place(round_.edition, entry.section_wid, entry.target_wid),
        words=entry.words,
        at=at,
        kind=entry.kind,
        channel=entry.channel,
        received_at=entry.received_at,
        verification_class=entry.verification_class,
        **row,
    )


def day_in_window(round_: ConsultationRound, on: date) -> datetime:
    """The noon of a day, moved into the round's window where the day is its first or last.

    Raises UnableToComment("outside_window") for any other day outside.
    """
    first, last = (timezone.localdate(moment) for moment in (round_.opens_at, round_.closes_at))
    if not first <= on <= last:
        raise UnableToComment("outside_window")
    noon = timezone.make_aware(datetime.combine(on, NOON))
    latest = round_.closes_at - timedelta(seconds=1)
    return min(max(noon, round_.opens_at), latest)
