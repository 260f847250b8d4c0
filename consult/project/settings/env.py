"""The only reader of environment variables."""

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Database = dict[str, object]
FERNET_KEY_BYTES = 32


def text(name: str, default: str | None = None) -> str:
    """Return the variable; raise ImproperlyConfigured where it is missing and has no default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(
            f"The environment variable {name} is not set. docs/operations.md says what it is for."
        )
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty entries."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def keys(name: str) -> list[str]:
    """Return a comma-separated variable of Fernet keys.

    Raise ImproperlyConfigured where it is missing or one of them is not 32 bytes in URL-safe
    base64.
    """
    found = [word.strip() for word in text(name).split(",") if word.strip()]
    try:
        right = found and all(len(urlsafe_b64decode(key)) == FERNET_KEY_BYTES for key in found)
    except ValueError:
        right = False
    if not right:
        raise ImproperlyConfigured(
            f"{name} must hold one or more Fernet keys with commas between them. "
            "docs/operations.md says how to make one."
        )
    return found


def derived_key(secret: str) -> str:
    """Return a Fernet key that is made from the secret, for places without a key of their own."""
    digest = hashlib.sha256(f"consult field key {secret}".encode()).digest()
    return urlsafe_b64encode(digest).decode()


def switch(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; raise ImproperlyConfigured for any other word."""
    value = os.environ.get(name, "yes" if default else "no").lower()
    if value not in {"yes", "no"}:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value == "yes"


def path(name: str, default: Path) -> Path:
    """Return a variable as an absolute path."""
    return Path(os.environ.get(name, str(default))).absolute()


def database(name: str = "DATABASE_URL") -> Database:
    """Return Django's database settings for a URL `postgresql://user:password@host:port/name`.

    A socket directory stands in the query: `postgresql://user:password@/name?host=/run/postgresql`.
    """
    url = urlsplit(text(name))
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://, PostgreSQL is needed.")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", url.hostname or ""),
        "PORT": query.pop("port", str(url.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
