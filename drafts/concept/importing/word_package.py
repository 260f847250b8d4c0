"""Is this a Word document that may be opened? Decided before any XML is parsed."""

import re
import zipfile
import zlib
from io import BytesIO

from drafts.concept.importing.parsed import ImportRefused

OLE_START = bytes.fromhex("d0cf11e0a1b11ae1")  # container of .doc and of encrypted .docx files
LARGEST_UNPACKED = 100 * 1024 * 1024
LARGEST_XML = 40 * 1024 * 1024
LARGEST_RATIO = 100
MOST_PARTS = 5000
ENCRYPTED_FLAG = 0x1
ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"utf-16", b"iso-8859-1", b"windows-1252"}
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)")

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)

SAVE_AGAIN = "Öffnen Sie sie in Word und speichern Sie sie als .docx."
REFUSALS = {
    "not_word": f"Diese Datei ist kein Word-Dokument (.docx). {SAVE_AGAIN}",
    "old_word": f"Diese Datei ist im alten Word-Format (.doc) gespeichert. {SAVE_AGAIN}",
    "encrypted": "Diese Datei ist mit einem Kennwort geschützt. Heben Sie den Schutz in Word auf "
    "und laden Sie die Datei noch einmal hoch.",
    "broken": "Diese Datei ist beschädigt. Öffnen Sie sie in Word, lassen Sie sie reparieren und "
    "speichern Sie sie neu als .docx.",
    "zip_bomb": "Diese Datei enthält entpackt ungewöhnlich viele Daten und wurde deshalb nicht "
    "geöffnet. Kopieren Sie den Text in ein neues Word-Dokument und laden Sie dieses hoch.",
    "macros": "Diese Datei enthält Makros. Speichern Sie sie in Word als „Word-Dokument (.docx)“, "
    "das ist die Fassung ohne Makros.",
    "doctype": "Diese Datei enthält eine XML-Definition, die in Word-Dokumenten nicht vorkommt, "
    "und wurde deshalb nicht geöffnet. Kopieren Sie den Text in ein neues Word-Dokument.",
}


def refusal(code: str) -> ImportRefused:
    """The refusal with this code, to be raised."""
    return ImportRefused(code, REFUSALS[code])


def check_ole(data: bytes) -> None:
    """Refuse an OLE container: either an encrypted .docx or a .doc."""
    encrypted = "EncryptedPackage".encode("utf-16-le") in data
    raise refusal("encrypted" if encrypted else "old_word")


def check_package(data: bytes) -> None:
    """Raise ImportRefused unless the bytes are a .docx that can be opened without danger."""
    if not data.startswith(b"PK"):
        raise refusal("not_word")
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            _check_parts(package.infolist(), len(data))
            for part in package.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml(package.read(part))
            if b"macroEnabled" in package.read("[Content_Types].xml"):
                raise refusal("macros")
    except UNREADABLE as error:
        raise refusal("broken") from error


def _check_parts(parts: list[zipfile.ZipInfo], packed: int) -> None:
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    checks = {
        "encrypted": any(part.flag_bits & ENCRYPTED_FLAG for part in parts),
        "zip_bomb": len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or xml > LARGEST_XML
        or unpacked > LARGEST_RATIO * packed,
        "not_word": "[Content_Types].xml" not in names,
        "macros": any("vbaproject" in name.lower() for name in names),
    }
    for code, holds in checks.items():
        if holds:
            raise refusal(code)


def _check_xml(xml: bytes) -> None:
    """Refuse entities and encodings in which they could hide."""
    plain = xml.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    declared = DECLARED.match(plain)
    known = not declared or declared[1].lower() in ENCODINGS
    if not plain.startswith(b"<") or not known or b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise refusal("doctype")
