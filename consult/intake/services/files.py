"""Keeping private files: their kind is told by their content, never by their name."""

import contextlib
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from consult.intake.models import Occasion, StoredFile

LARGEST = 10 * 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Unpacked sizes beyond these are no document but an attack on the memory ("zip bomb").
LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 2_000
BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
SCANS = frozenset(BEGINNINGS.values())
ATTACHMENTS = frozenset({"application/pdf", DOCX})
# What makes a document act by itself: scripts, programs that start, other files inside.
# An encrypted document cannot be looked into.
PDF_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt)(?![A-Za-z])"
)
DOCX_ACTIVE = re.compile(r"vbaProject|activeX|embeddings/|\.bin$", re.IGNORECASE)
LARGEST_STREAM = 4 * 1024 * 1024
_STREAM = re.compile(rb"/ObjStm.*?stream\r?\n(.*?)endstream", re.DOTALL)
_NAME = re.compile(r"[^\w.,()+ -]+")
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")


class FileRefused(Exception):
    """The file cannot be kept; `code` says why: empty, too_large, wrong_kind, active, broken."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def store_file(
    *,
    name: str,
    content: bytes,
    accepted: frozenset[str],
    at: datetime,
    occasion: Occasion | None = None,
) -> StoredFile:
    """Keep a file that was handed in; the caller holds the transaction. Raises FileRefused."""
    return _store(name, content, kind_of(content, accepted), at, occasion)


def store_table(*, name: str, content: bytes, at: datetime) -> StoredFile:
    """Keep a table that could be read."""
    kind = XLSX if content.startswith(b"PK") else "text/csv"
    return _store(name, content, kind, at, None)


def kind_of(content: bytes, accepted: frozenset[str]) -> str:
    """The media type that the content shows. Raises FileRefused."""
    if not content:
        raise FileRefused("empty")
    if len(content) > LARGEST:
        raise FileRefused("too_large")
    kind = next((kind for start, kind in BEGINNINGS.items() if content.startswith(start)), "")
    if content.startswith(b"PK\x03\x04"):
        kind = _kind_of_package(content)
    if kind not in accepted:
        raise FileRefused("wrong_kind")
    if kind == "application/pdf" and _acts(content):
        raise FileRefused("active")
    return kind


def parts_of_package(content: bytes) -> list[str]:
    """The names in a ZIP package, after a look at what it would unpack to. Raises FileRefused."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as problem:
        raise FileRefused("broken") from problem
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise FileRefused("too_large")
    return [part.filename for part in parts]


def plain_name(name: str) -> str:
    """The name of a file without path and unusual characters, at most 120 long."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return _NAME.sub("_", last)[-120:] or "datei"


def _store(name: str, content: bytes, kind: str, at: datetime, occasion) -> StoredFile:
    return StoredFile.objects.create(
        occasion=occasion,
        name=plain_name(name),
        media_type=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        stored_at=at,
    )


def _kind_of_package(content: bytes) -> str:
    names = parts_of_package(content)
    if "word/document.xml" not in names:
        return ""
    if any(DOCX_ACTIVE.search(name) for name in names):
        raise FileRefused("active")
    return DOCX


def _acts(content: bytes) -> bool:
    return any(
        # Names can hide letters as #4A.
        PDF_ACTIVE.search(_HEX_NAME.sub(lambda m: bytes.fromhex(m[1].decode()), part))
        for part in (content, *_object_streams(content))
    )


def _object_streams(content: bytes) -> Iterator[bytes]:
    # Objects of a PDF can stand in compressed streams.
    for found in _STREAM.finditer(content):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(found[1], LARGEST_STREAM)
