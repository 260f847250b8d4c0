"""What reached the demo city on paper, at a meeting and from organisations, in round 2."""

import csv
import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from django.utils import timezone

from consult.intake.models import Occasion
from consult.intake.services.imports import (
    approve_import,
    hand_over_import,
    run_next_import,
    upload_table,
)
from consult.intake.services.notes import (
    Taken,
    accept_note,
    change_note,
    submit_note,
    write_note,
)
from consult.intake.services.occasions import open_occasion, split_transcript
from consult.intake.services.preview import places_by_name
from consult.intake.services.statements import (
    Draft,
    Part,
    confirm_organisation,
    confirm_statement,
    submit_statement,
)
from consult.intake.states import OccasionKind
from consult.project.demo.people import CONTENT
from consult.project.demo.story import Told
from consult.rounds.models import ConsultationRound

Shown = dict[str, Any]


def on_paper(round_: ConsultationRound, told: Told, now: datetime) -> None:
    """A meeting, letters, cards and statements come in; something waits for a second person."""
    content = json.loads((CONTENT / "erfassung.json").read_text())
    places = places_by_name(round_.edition)
    for name, kind in (("meeting", OccasionKind.EVENT), ("letters", OccasionKind.LETTERS)):
        _notes(_occasion(round_, content[name], kind, told, now), content[name], places, told)
    _cards(round_, content["cards"], told, now)
    for line in content["statements"]:
        _statement(round_, line, places, told, now)
    _waiting(round_, content["waiting"], places, told, now)


def _occasion(round_, content: Shown, kind: str, told: Told, now: datetime) -> Occasion:
    day = now - timedelta(days=content["days_ago"])
    return open_occasion(
        round_=round_,
        actor=told.people["moderation"],
        at=day,
        kind=kind,
        title=content["title"],
        place=content["place"],
        held_on=timezone.localdate(day),
        head_count=content.get("head_count"),
        languages=content["languages"],
    )


def _notes(occasion: Occasion, content: Shown, places, told: Told) -> None:
    at = occasion.recorded_at
    for line in content["notes"]:
        section, target = places[line["place"]]
        taken = Taken(
            text=line["text"],
            section_wid=section,
            target_wid=target,
            stance=line["stance"],
            language=line.get("language", "de"),
        )
        note = write_note(occasion=occasion, taken=taken, actor=told.people["moderation"], at=at)
        submit_note(note=note, actor=told.people["moderation"])
        accept_note(note=note, actor=told.people["moderation2"], at=at + timedelta(hours=20))


def _cards(round_, content: Shown, told: Told, now: datetime) -> None:
    day = now - timedelta(days=content["days_ago"])
    file = StringIO()
    csv.writer(file, delimiter=";").writerows(
        [["Ziel", "Art", "Beitrag", "Sprache"], *([*row, "deutsch"] for row in content["rows"])]
    )
    table = upload_table(
        round_=round_,
        name="karten-buechereien.csv",
        content=file.getvalue().encode("utf-8-sig"),
        actor=told.people["koordination"],
        at=day,
        kind=OccasionKind.CARDS,
        title=content["title"],
        place=content["place"],
        held_on=timezone.localdate(day),
    )
    hand_over_import(table=table, actor=told.people["koordination"])
    at = day + timedelta(hours=3)
    approve_import(table=table, actor=told.people["koordination2"], at=at)
    run_next_import(clock=lambda: at)


def _statement(round_, line: Shown, places, told: Told, now: datetime) -> None:
    at = now - timedelta(days=line["days_ago"])
    draft = Draft(
        organisation=line["organisation"],
        responsible=line["responsible"],
        members=line["members"],
        text=line["text"],
        parts=[
            Part(*places[part["place"]], text=part["text"], stance=part["stance"])
            for part in line["parts"]
        ],
    )
    token = submit_statement(
        edition=round_.edition,
        draft=draft,
        email=line["email"],
        language="de",
        attachment=None,
        at=at,
    )
    statement = confirm_statement(token=token, at=at + timedelta(minutes=9))
    if line["confirmed"]:
        confirm_organisation(
            statement=statement,
            actor=told.people["koordination"],
            at=at + timedelta(hours=22),
        )


def _waiting(round_, content: Shown, places, told: Told, now: datetime) -> None:
    occasion = _occasion(round_, content, OccasionKind.EVENT, told, now)
    writer = told.people["moderation"]
    split_transcript(
        occasion=occasion,
        text=content["transcript"],
        by_line=True,
        section_wid="",
        actor=writer,
        at=occasion.recorded_at,
    )
    notes = occasion.notes.order_by("position")
    for note, number in zip(notes, content["places"], strict=True):
        section, target = places[number]
        taken = Taken(text=note.text, section_wid=section, target_wid=target, language="de")
        change_note(note=note, taken=taken, actor=writer, at=occasion.recorded_at)
        submit_note(note=note, actor=writer)
