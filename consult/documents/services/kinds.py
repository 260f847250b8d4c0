"""What kinds of documents there are: who says what they hold, and who gives it a format.

An app registers its kinds when it starts:

    from consult.documents.services.kinds import Kind, register

    register(
        Kind(
            name="synopsis",
            says=synopsis_document,         # (subject, language) -> data, or None
            formats={"pdf": pdf_of, "docx": docx_of},
            file_name="synopse",
            holds_words=True,
        )
    )

`says` returns plain data: JSON values, dates, bytes and dataclasses such as
workers.documents.parts.Document. A file is right as long as the hash of this data is the same.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.functional import Promise

from drafts.concept.snapshots import canonical_bytes

Says = Callable[[str, str], Any]

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xml": "application/xml",
    "json": "application/json",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class Kind:
    """A kind of document.

    `says` builds the data for a subject (such as the number of an edition) in a language; None
    says that there is no such document. `formats` turns the data into the bytes of each format.
    `holds_words` is True where residents' words or names may stand in it: every erasure deletes
    all files of such a kind. Raise `version` when the look changes.
    `file_name` may use {subject} and {language}; the format is added.
    """

    name: str
    says: Says
    formats: Mapping[str, Callable[[Any], bytes]]
    file_name: str
    holds_words: bool
    version: int = 1

    def file_name_of(self, subject: str, language: str, format_: str) -> str:
        return f"{self.file_name.format(subject=subject, language=language)}.{format_}"


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the same name again replaces it."""
    _KINDS[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises KeyError for one that was not registered."""
    return _KINDS[name]


def kinds_with_words() -> list[str]:
    """The names of the kinds in which residents' words or names may stand."""
    return [kind.name for kind in _KINDS.values() if kind.holds_words]


def input_hash(kind: Kind, data: Any) -> str:
    """SHA-256 over what a document says and the version of its kind."""
    settled = json.loads(json.dumps(_settled([kind.version, data])))
    return sha256(canonical_bytes(settled)).hexdigest()


def _settled(value: Any) -> Any:
    match value:
        case bytes():
            return sha256(value).hexdigest()
        case date():
            return value.isoformat()
        case Promise():
            return str(value)
        case Mapping():
            return {str(key): _settled(one) for key, one in value.items()}
        case list() | tuple():
            return [_settled(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: _settled(getattr(value, one.name)) for one in fields(value)}
        return {"is": type(value).__name__, **named}
    return value


_publisher: Callable[[], str] = str


def set_publisher(name_of: Callable[[], str]) -> None:
    """Say how to find out who publishes all documents: the name of the city."""
    global _publisher
    _publisher = name_of


def publisher() -> str:
    """The name of the city, as it stands on covers."""
    return _publisher()
