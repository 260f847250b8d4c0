"""What people typed and have not sent: kept for a day, so that no error takes it away."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from consult.contributions.models import Draft

KEPT_FOR = timedelta(hours=24)
LONGEST_DRAFT = 40_000  # characters of all fields together


@transaction.atomic
def keep_draft(*, key: str, place: str, values: dict[str, Any], at: datetime) -> bool:
    """Keep what was typed into the form `place` under the browser's key for 24 hours.

    It replaces what was kept of that form. Return False for what is too long to be kept.
    """
    if sum(len(str(value)) for value in values.values()) > LONGEST_DRAFT:
        return False
    Draft.objects.update_or_create(
        key_hash=key_hash(key),
        place=place,
        defaults={"values": values, "saved_at": at, "expires_at": at + KEPT_FOR},
    )
    return True


def forget_draft(*, key: str, place: str) -> None:
    """Delete what was kept of a form, once it was sent or somebody asks for it."""
    Draft.objects.filter(key_hash=key_hash(key), place=place).delete()


def forget_drafts(*, key: str) -> None:
    """Delete everything that was kept for a browser."""
    Draft.objects.filter(key_hash=key_hash(key)).delete()


def kept_draft(*, key: str, place: str, at: datetime) -> dict[str, Any]:
    """What was kept of a form for a browser; empty after its day."""
    found = Draft.objects.filter(key_hash=key_hash(key), place=place, expires_at__gt=at).first()
    return dict(found.values) if found else {}


def clear_expired_drafts(*, at: datetime) -> int:
    """Delete drafts whose day is over; return how many."""
    return Draft.objects.filter(expires_at__lte=at).delete()[0]


def key_hash(key: str) -> str:
    """The form in which a browser's key is stored."""
    return hashlib.sha256(key.encode()).hexdigest()
