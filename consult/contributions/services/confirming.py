"""What people without an account write waits until they open the link in a mail."""

import secrets
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from consult.contributions.models import Unconfirmed
from consult.contributions.services.proof import secret_hash
from consult.participants.services import queue_notice
from consult.rounds.models import ConsultationRound

GUEST_HOURS_AFTER_CLOSE = 48

Kept = TypeVar("Kept", bound=Unconfirmed)


class LinkExpired(Exception):
    """The confirmation link was used already or is too old."""


def keep_unconfirmed(
    kind: type[Unconfirmed],
    *,
    round_: ConsultationRound,
    email: str,
    language: str,
    template: str,
    at: datetime,
    **given: Any,
) -> str:
    """Keep a text until 48 hours after the round's end; return the token that the mail carries.

    `given` are the other columns of its row.
    """
    token = secrets.token_urlsafe(24)
    kept = kind._default_manager.create(
        round=round_,
        token_hash=secret_hash(token),
        email=email,
        submitted_at=at,
        expires_at=_end_of_links(round_),
        **given,
    )
    queue_notice(
        key=f"{template}:{kept.pk}",
        email=email,
        language=language,
        template=template,
        # Not the words: nobody may have the city send theirs to somebody else's address.
        context={"token": token},
        at=at,
    )
    return token


def unconfirmed_behind(kind: type[Kept], token: str, at: datetime) -> Kept:
    """Return what waits behind a link. Raises LinkExpired."""
    return _found(kind._default_manager.filter(token_hash=secret_hash(token), expires_at__gt=at))


def claim_unconfirmed(kind: type[Kept], token: str, at: datetime) -> Kept:
    """Lock what waits behind a link until the transaction ends; who comes second finds it gone.

    Raises LinkExpired.
    """
    waiting = unconfirmed_behind(kind, token, at)
    return _found(kind._default_manager.select_for_update(of=("self",)).filter(pk=waiting.pk))


def end_links_early(*, round_: ConsultationRound) -> None:
    """Let links to unconfirmed texts end 48 hours after the round's end where that is earlier."""
    end = _end_of_links(round_)
    for kind in Unconfirmed.kinds():
        kind._default_manager.filter(round=round_, expires_at__gt=end).update(expires_at=end)


def _end_of_links(round_: ConsultationRound) -> datetime:
    return round_.closes_at + timedelta(hours=GUEST_HOURS_AFTER_CLOSE)


def _found(rows: QuerySet[Kept]) -> Kept:
    found = rows.select_related("round__edition").first()
    if found is None:
        raise LinkExpired
    return found
