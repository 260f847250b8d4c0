"""Reading the plain files of an export, and saying in one sentence what is wrong with them."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from sys import intern
from typing import Any

from workers.analysis.themes import Contribution

LONGEST_FIELD = 16 * 1024 * 1024
VOTES = {"1": 1, "-1": -1, "0": 0}


class BadInput(Exception):
    """A file cannot be used. Its text is one English sentence with file, line and remedy."""


def read_contributions(path: Path) -> list[Contribution]:
    """The rows of a comments file: ``id``, ``text``, optional kind, language, section, author.

    Raises BadInput for what the file format does not allow, and for an empty or repeated id.
    """
    seen: dict[str, int] = {}
    contributions = []
    for line, row in _rows(path, ("id", "text")):
        identifier = row["id"]
        if not identifier.strip():
            raise BadInput(f"{path}, line {line}: the id is empty; give every row its own id.")
        if identifier in seen:
            raise BadInput(
                f"{path}, line {line}: the id {_shown(identifier)} already stands in line "
                f"{seen[identifier]}; give every row its own id."
            )
        seen[identifier] = line
        optional = {key: row.get(key, "").strip() for key in ("kind", "section", "author")}
        language = row.get("language", "").strip().lower()
        contributions.append(Contribution(identifier, row["text"], language=language, **optional))
    return contributions


def read_votes(path: Path) -> tuple[dict[tuple[str, str], int], int]:
    """The votes by (participant, statement), and how many rows a later row replaced.

    Raises BadInput as above, for an empty name and for a vote other than 1, -1 and 0.
    """
    votes: dict[tuple[str, str], int] = {}
    replaced = 0
    columns = ("participant", "statement", "vote")
    rows = _cells(path, columns)
    _, header = next(rows)
    wanted = itemgetter(*(header.index(column) for column in columns))
    for line, cells in rows:
        participant, statement, cast = wanted(cells)
        pair = intern(participant.strip()), intern(statement.strip())
        if not all(pair):
            column = columns[pair.index("")]
            raise BadInput(f"{path}, line {line}: the {column} is empty; fill it in.")
        vote = VOTES.get(cast.strip())
        if vote is None:
            raise BadInput(
                f"{path}, line {line}: the vote {_shown(cast)} is not 1 (agree), "
                "-1 (disagree) or 0 (pass); correct it."
            )
        replaced += pair in votes
        votes[pair] = vote
    return votes, replaced


def read_groups(path: Path) -> dict[str, str]:
    """The group of each participant. Raises BadInput as above, and for a repeated participant."""
    groups: dict[str, str] = {}
    for line, row in _rows(path, ("participant", "group")):
        participant, group = row["participant"].strip(), row["group"].strip()
        if not participant or not group:
            missing = "group" if participant else "participant"
            raise BadInput(f"{path}, line {line}: the {missing} is empty; fill it in.")
        if participant in groups:
            raise BadInput(
                f"{path}, line {line}: the participant {_shown(participant)} is listed twice; "
                "keep one row."
            )
        groups[participant] = group
    return groups


def write_json(path: Path, result: Mapping[str, Any]) -> None:
    """Writes the whole file or nothing: into a neighbour first, then put in its place.

    Raises BadInput if the directory cannot be written.
    """
    neighbour = ""
    try:
        handle, neighbour = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(result, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(neighbour).chmod(0o644)
        Path(neighbour).replace(path)
    except OSError as error:
        if neighbour:
            Path(neighbour).unlink(missing_ok=True)
        reason = error.strerror or error
        raise BadInput(f"{path}: cannot be written ({reason}); choose another place.") from error


def _rows(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line on which it starts; blank lines are skipped."""
    rows = _cells(path, required)
    _, header = next(rows)
    for line, cells in rows:
        yield line, dict(zip(header, cells, strict=True))


def _cells(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The header, then the cells of each row, each with the line on which it starts."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    header = _header(path, reader, required)
    yield 1, header
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                f"{path}, line {line}: not valid CSV ({error}); close every quotation mark and "
                "double those inside a text."
            ) from error
        if not cells:
            continue
        if len(cells) != len(header):
            raise BadInput(
                f"{path}, line {line}: {len(cells)} fields where the header has {len(header)}; "
                "put texts with commas or line breaks in quotation marks."
            )
        yield line, cells


def _header(path: Path, reader: Any, required: tuple[str, ...]) -> list[str]:
    wanted = ", ".join(required)
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration:
        header = []
    except csv.Error as error:
        raise BadInput(f"{path}, line 1: not valid CSV ({error}); correct the header.") from error
    if not any(header):
        raise BadInput(f"{path}, line 1: there is no header; begin the file with {wanted}.")
    missing = [name for name in required if name not in header]
    if missing:
        raise BadInput(
            f"{path}, line 1: the column {missing[0]} is missing; begin the file with a header "
            f"that has {wanted}, separated by commas."
        )
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise BadInput(f"{path}, line 1: the column {twice[0]} occurs twice; keep one of them.")
    return header


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise BadInput(f"{path}: cannot be read ({reason}); check name and rights.") from error
    if b"\x00" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\x00")) + 1
        raise BadInput(f"{path}, line {line}: holds a NUL byte; save it as UTF-8 text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path}, line {line}: is not UTF-8; save the file as UTF-8.") from error


def _shown(value: str) -> str:
    """A value inside an error sentence: on one line and not too long."""
    line = " ".join(value.split())
    return f'"{line[:40]}…"' if len(line) > 40 else f'"{line}"'
