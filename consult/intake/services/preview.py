"""What would become of each row of a table: taken, or reported with every reason."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from consult.contributions.services.commenting import LONGEST_TEXT
from consult.contributions.states import Stance
from consult.intake.models import Import, OfflineNote, StoredFile
from consult.intake.services.notes import Taken
from consult.intake.services.tables import UNREADABLE, Row, Table, read_table
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from workers.analysis.languages import LANGUAGES

Place = tuple[str, str]

FIELDS = ("text", "section", "stance", "language", "date", "id")
# Words in a header by which a column is recognised, the likeliest first.
HEADINGS = {
    "text": ("beitrag", "text", "antwort", "kommentar", "anmerkung", "freitext", "comment"),
    "section": ("abschnitt", "ziel", "kapitel", "section", "goal", "nummer"),
    "stance": ("art", "haltung", "stance"),
    "language": ("sprache", "language"),
    "date": ("datum", "eingang", "date", "zeit"),
    "id": ("id", "kennung", "lfd", "fragebogen"),
}
STANCES = {
    "zustimmung": Stance.SUPPORT, "dafür": Stance.SUPPORT, "support": Stance.SUPPORT,
    "bedenken": Stance.CONCERN, "dagegen": Stance.CONCERN, "kritik": Stance.CONCERN,
    "concern": Stance.CONCERN, "frage": Stance.QUESTION, "question": Stance.QUESTION,
    "idee": Stance.IDEA, "vorschlag": Stance.IDEA, "idea": Stance.IDEA,
}  # fmt: skip
LANGUAGE_NAMES = {
    "deutsch": "de", "englisch": "en", "türkisch": "tr", "arabisch": "ar", "ukrainisch": "uk",
    "russisch": "ru", "polnisch": "pl", "rumänisch": "ro", "bulgarisch": "bg", "persisch": "fa",
    "farsi": "fa", "französisch": "fr", "spanisch": "es", "italienisch": "it", "griechisch": "el",
    "kroatisch": "hr",
}  # fmt: skip
DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S")
LONGEST_ID = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BEFORE_NUMBER = re.compile(r"^(abschnitt|kapitel|ziel|handlungsfeld)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """A row with what would become of it: `reasons` keep it out, `notes` do not."""

    row: Row
    taken: Taken
    source_id: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """All rows of a table as they would be taken now."""

    table: Table
    rows: list[Checked]

    @property
    def taken(self) -> list[Checked]:
        """The rows that would come in."""
        return [row for row in self.rows if not row.reasons]

    @property
    def rejected(self) -> list[Checked]:
        """The rows that would not, each with at least one reason."""
        return [row for row in self.rows if row.reasons]


def guess_columns(header: list[str]) -> dict[str, int]:
    """Which column most likely holds what, by its heading; a column is used once."""
    guessed: dict[str, int] = {}
    for name in FIELDS:
        for word in HEADINGS[name]:
            found = [
                place
                for place, title in enumerate(header)
                if re.search(rf"(?<!\w){word}", title.casefold()) and place not in guessed.values()
            ]
            if found:
                guessed[name] = found[0]
                break
    return guessed


def preview_of(table: Import) -> Preview:
    """Read the file of an import and say what would become of each row, in the file's order."""
    return check_rows(table, read_table(StoredFile.objects.get(table=table).content))


def check_rows(import_: Import, table: Table) -> Preview:
    """Judge the rows of a table that was read. Nothing is written."""
    columns = import_.columns
    known = _known_ids(import_)
    places = places_by_name(import_.occasion.round.edition)
    default = (import_.default_section, import_.default_section)
    ids = Counter(_cell(row, columns, "id") for row in table.rows)
    texts = Counter(_cell(row, columns, "text") for row in table.rows)
    checked = []
    for row in table.rows:
        source_id = _cell(row, columns, "id")
        taken, reasons, notes = _judge(row, import_, places, default)
        if not row.is_empty and source_id:
            reasons += ["double_id"] if ids[source_id] > 1 else []
            reasons += ["known_id"] if source_id in known else []
            reasons += ["long_id"] if len(source_id) > LONGEST_ID else []
        if taken.text and texts[taken.text] > 1:
            notes.append("same_text")
        checked.append(Checked(row, taken, source_id, tuple(reasons), tuple(notes)))
    return Preview(table, checked)


def places_by_name(edition: Edition) -> dict[str, Place]:
    """(section, target) by number and by title of every section, and by number of every goal."""
    places: dict[str, Place] = {}
    for section in section_data(edition):
        whole = (section["wid"], section["wid"])
        places |= {goal["number"].casefold(): (section["wid"], goal["wid"])
                   for goal in section["goals"] if goal["number"]}  # fmt: skip
        for name in (section["text"]["title"], section["number"]):
            if name:
                places[name.casefold()] = whole
    return places


def _judge(row: Row, import_: Import, places: dict[str, Place], default: Place):
    columns, occasion = import_.columns, import_.occasion
    if row.is_empty:
        return Taken(text=""), ["empty"], []
    text, named = _cell(row, columns, "text"), _cell(row, columns, "section")
    place = places.get(_BEFORE_NUMBER.sub("", named).casefold().rstrip("."), ("", ""))
    if not named:
        place = default
    on, when_fault = _day(_cell(row, columns, "date"), occasion)
    stance, language = (_cell(row, columns, name).casefold() for name in ("stance", "language"))
    reasons = [
        *row.faults,
        *_faults_of(text),
        *(["unknown_section"] if named and not place[0] else []),
        *(["no_section"] if not named and not place[0] else []),
        *when_fault,
    ]
    code = LANGUAGE_NAMES.get(language, language if language in LANGUAGES else "")
    notes = ["unknown_stance"] if stance and stance not in STANCES else []
    notes += ["unknown_language"] if language and not code else []
    taken = Taken(
        text=text,
        section_wid=place[0],
        target_wid=place[1],
        stance=STANCES.get(stance, ""),
        language=code,
        received_on=on,
    )
    return taken, reasons, notes


def _faults_of(text: str) -> list[str]:
    if not text:
        return ["no_text"]
    faults = ["too_long"] if len(text) > LONGEST_TEXT else []
    if UNREADABLE in text or _CONTROL.search(text):
        faults.append("unreadable")
    return faults


def _day(text: str, occasion) -> tuple[date | None, list[str]]:
    if not text:
        return None, []
    for form in DATE_FORMS:
        try:
            on = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day of the city
        except ValueError:
            continue
        round_ = occasion.round
        first, last = map(timezone.localdate, (round_.opens_at, round_.closes_at))
        return on, [] if first <= on <= last else ["outside_window"]
    return None, ["bad_date"]


def _cell(row: Row, columns: dict[str, int], name: str) -> str:
    place = columns.get(name)
    return row.cells[place].strip() if place is not None and place < len(row.cells) else ""


def _known_ids(import_: Import) -> set[str]:
    others = OfflineNote.objects.filter(occasion__round=import_.occasion.round)
    others = others.exclude(occasion=import_.occasion).exclude(source_id="")
    return set(others.values_list("source_id", flat=True))


def rejected_rows(rows: Iterable[Checked]) -> list[dict[str, object]]:
    """Rows that were not taken in the form in which an import keeps them."""
    return [
        {"row": row.row.number, "reasons": list(row.reasons), "cells": row.row.cells}
        for row in rows
    ]
