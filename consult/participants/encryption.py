"""Personal fields are encrypted before they reach the database, and found again by a keyed hash.

The keys are settings.FIELD_KEYS, Fernet keys of which the first one writes and all read; so a key
is replaced by putting a new one in front, writing all rows again (`reencrypt_fields`) and then
taking the old one away.
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

Address = tuple[str, str, str]
Value = tuple[str, str]


class Unreadable(Exception):
    """No key of FIELD_KEYS opens the value."""


def encrypt(text: str) -> str:
    """Return the text as a Fernet token under the first key; nothing stays nothing."""
    return _keyring(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Return what was encrypted under any of the keys. Raises Unreadable."""
    if not token:
        return ""
    try:
        return _keyring(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise Unreadable("no key of FIELD_KEYS opens a stored value") from None


def address_hash(address: str) -> str:
    """HMAC-SHA-256 of an address in lower case under the first key; nothing stays nothing."""
    return address_hashes(address)[0] if address else ""


def address_hashes(address: str) -> list[str]:
    """The hashes under which an address may be stored: one a key, the first key's first."""
    normal = address.strip().lower().encode()
    return [
        hmac.new(f"address:{key}".encode(), normal, hashlib.sha256).hexdigest()
        for key in settings.FIELD_KEYS
    ]


def encrypt_columns(editor, addresses: Iterable[Address], values: Iterable[Value] = ()) -> None:
    """Encrypt what stands in clear in columns, for a migration that has just changed their type.

    `addresses` are (table, column, column of its hash), `values` (table, column).
    """
    with editor.connection.cursor() as cursor:
        for table, column, hashed in [*addresses, *((*value, "") for value in values)]:
            cursor.execute(f"SELECT id, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608
            for pk, clear in cursor.fetchall():
                _write(cursor, table, column, pk, encrypt(clear))
                if hashed:
                    _write(cursor, table, hashed, pk, address_hash(clear))


def _write(cursor, table: str, column: str, pk: int, value: str) -> None:
    cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608


@cache
def _keyring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
