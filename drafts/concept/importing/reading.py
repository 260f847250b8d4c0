"""The way in: from a file to a parsed concept."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import BinaryIO

from drafts.concept.importing.defects import flag_defects
from drafts.concept.importing.markdown import markdown_lines
from drafts.concept.importing.parsed import ImportRefused, ImportReport, ParsedConcept, SourceLine
from drafts.concept.importing.structure import build_concept
from drafts.concept.importing.word import word_lines
from drafts.concept.importing.word_package import OLE_START, check_ole

LARGEST_FILE = 20 * 1024 * 1024

WRONG_TYPE = (
    "Diese Datei ist weder ein Word-Dokument (.docx) noch eine Markdown-Datei (.md). "
    "Öffnen Sie sie in Word und speichern Sie sie als .docx."
)


def read_concept(
    path_or_file: str | os.PathLike[str] | BinaryIO,
    filename: str = "",
    *,
    section_kinds: Mapping[str, str] | None = None,
) -> ParsedConcept:
    """Return title, sections, goals and measures of a .docx or .md file, with a report.

    `filename` decides the type (default: the name of the path or file). `section_kinds` overrides
    the guessed kinds, keyed by a section's number or title. Raises ImportRefused for a file that
    is too large, damaged, encrypted, dangerous, empty or of another type, and OSError if the path
    cannot be opened.
    """
    data, name = _load(path_or_file)
    filename = PurePath(filename or name).name
    report = ImportReport()
    lines = _lines(data, PurePath(filename).suffix.lower(), report)
    if not any(line.text.strip() for line in lines):
        raise ImportRefused(
            "empty",
            "In dieser Datei steht kein Text. Prüfen Sie, ob Sie die richtige Datei gewählt haben; "
            "ein eingescanntes Dokument muss zuerst in Text umgewandelt werden.",
        )
    flag_defects(lines, report)
    return build_concept(lines, report, PurePath(filename).stem, section_kinds or {})


def _load(source: str | os.PathLike[str] | BinaryIO) -> tuple[bytes, str]:
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as file:
            data, name = file.read(LARGEST_FILE + 1), os.fspath(source)
    else:
        data, name = source.read(LARGEST_FILE + 1), str(getattr(source, "name", ""))
    if len(data) > LARGEST_FILE:
        raise ImportRefused(
            "too_large",
            "Diese Datei ist größer als 20 MB. Verkleinern Sie in Word die Bilder oder löschen "
            "Sie sie, und laden Sie die Datei noch einmal hoch.",
        )
    return data, name


def _lines(data: bytes, suffix: str, report: ImportReport) -> list[SourceLine]:
    if data.startswith(OLE_START):
        check_ole(data)
    match suffix:
        case ".docx" | ".docm":
            return word_lines(data, report)
        case ".md" | ".markdown":
            return markdown_lines(_decode(data), report)
    raise ImportRefused("wrong_type", WRONG_TYPE)


def _decode(data: bytes) -> str:
    if b"\0" in data:
        raise ImportRefused(
            "nul_byte",
            "Diese Datei ist keine Textdatei: Sie enthält Nullzeichen. Speichern Sie den Text in "
            "Ihrem Schreibprogramm neu als Textdatei mit der Kodierung UTF-8.",
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            "not_utf8",
            f"Diese Datei ist nicht in UTF-8 gespeichert (Zeile {line}). Öffnen Sie sie im Editor "
            "und wählen Sie beim Speichern die Kodierung UTF-8.",
        ) from error
