"""The list of erasures, kept outside the database, so that a restored backup forgets again.

The first line is a random salt of this list. A person stands in it as HMAC-SHA-256 over number
and time of joining under that salt: numbers are given again after a restore, and neither can be
read from it. A contribution stands in it as the hash of its receipt key, which is stored anyway.
"""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from consult.contributions.models import Contribution
from consult.intake.selectors import key_hashes_of
from consult.participants.models import User
from consult.participants.states import ErasureScope
from consult.records.services.witness import append_line, lines_of, path_of

ERASURES = "erasures.jsonl"
SALT = "erasures.salt"


@dataclass(frozen=True)
class Erasure:
    """One line of the list; `subject` is a hash."""

    subject: str
    scope: ErasureScope


def note_person(user: User, scope: ErasureScope, at: datetime) -> None:
    """Add a person; the caller erases in the transaction that follows."""
    _note(Erasure(_person(user), ErasureScope(scope)), at)


def note_contribution(contribution: Contribution, at: datetime) -> None:
    """Add a contribution."""
    for key_hash in key_hashes_of(contribution):
        _note(Erasure(key_hash, ErasureScope.CONTRIBUTION), at)


def listed_persons() -> Iterator[tuple[User, ErasureScope]]:
    """Accounts that were erased and are there again."""
    scopes = {row.subject: row.scope for row in _listed()}
    if not scopes:
        return
    for user in User.objects.order_by("pk"):
        if scope := scopes.get(_person(user)):
            yield user, scope


def listed_contributions() -> Iterator[Contribution]:
    """Contributions that were erased one by one and are there again, with or without words."""
    hashes = [row.subject for row in _listed() if row.scope == ErasureScope.CONTRIBUTION]
    yield from Contribution.objects.filter(receipt_key_hash__in=hashes).order_by("pk")


def _note(row: Erasure, at: datetime) -> None:
    if row in _listed():
        return
    line = {"on": at.date().isoformat(), "scope": str(row.scope), "subject": row.subject}
    append_line(ERASURES, json.dumps(line))


def _listed() -> list[Erasure]:
    rows = map(json.loads, lines_of(ERASURES))
    return [Erasure(row["subject"], ErasureScope(row["scope"])) for row in rows]


def _person(user: User) -> str:
    said = f"{user.pk} {user.date_joined.isoformat()}"
    return hmac.new(_salt(), said.encode(), hashlib.sha256).hexdigest()


def _salt() -> bytes:
    path = path_of(SALT)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_hex(32))
        # A hard link fails where another process was first, so there is only ever one salt.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return bytes.fromhex(path.read_text())
