"""Occasions, notes, tables and statements, made by their services."""

from consult.intake.models import Import, Invitee, Occasion, OfflineNote, Statement
from consult.intake.services.imports import upload_table
from consult.intake.services.notes import Taken, accept_note, submit_note, write_note
from consult.intake.services.occasions import open_occasion
from consult.intake.services.statements import (
    Draft,
    Part,
    confirm_statement,
    submit_statement,
)
from consult.intake.states import InviteChannel, InviteeAnswer, InviteeKind, OccasionKind
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from tests.factories.people import make_staff


def make_occasion(
    round_: ConsultationRound, *, at, actor=None, kind: str = OccasionKind.EVENT, **fields
) -> Occasion:
    """An occasion on the day of `at`."""
    return open_occasion(
        round_=round_,
        actor=actor or make_staff(Role.MODERATION),
        at=at,
        kind=kind,
        **{"title": "Stadtteilcafé Süd", "held_on": at.date(), **fields},
    )


def make_note(
    occasion: Occasion, *, at, actor=None, text: str = "Es braucht eine Bank am Markt.", **fields
) -> OfflineNote:
    """A complete draft about the first section."""
    section = occasion.round.edition.sections.order_by("position").first().wid
    taken = Taken(text=text, **{"section_wid": section, "target_wid": section, **fields})
    return write_note(occasion=occasion, taken=taken, actor=actor or occasion.recorded_by, at=at)


def make_received_note(occasion: Occasion, *, at, text: str = "Es braucht Bänke.", **fields):
    """A note that a second person has accepted."""
    note = make_note(occasion, at=at, text=text, **fields)
    submit_note(note=note, actor=note.recorded_by)
    accept_note(note=note, actor=make_staff(Role.MODERATION), at=at)
    note.refresh_from_db()
    return note


def make_table(
    round_: ConsultationRound, content: bytes, *, at, actor=None, name: str = "umfrage.csv"
) -> Import:
    """A table that was read in and waits in its preview."""
    return upload_table(
        round_=round_,
        name=name,
        content=content,
        actor=actor or make_staff(Role.COORDINATION),
        at=at,
        kind=OccasionKind.SURVEY,
        title="Umfrage in den Schulen",
        held_on=at.date(),
    )


def make_statement(round_: ConsultationRound, *, at, attachment=None, **fields) -> Statement:
    """A statement with a part about the first section, confirmed by mail."""
    section = round_.edition.sections.order_by("position").first().wid
    draft = Draft(
        **{
            "organisation": "Kita-Elternbeirat Süd",
            "responsible": "Rosa Muster",
            "members": 120,
            "text": "Wir vertreten die Eltern.",
            "parts": [Part(section, section, "Wir brauchen mehr Plätze am Nachmittag.")],
            **fields,
        }
    )
    token = submit_statement(
        edition=round_.edition,
        draft=draft,
        email="beirat@example.org",
        language="de",
        attachment=attachment,
        at=at,
    )
    return confirm_statement(token=token, at=at)


def make_invitee(
    round_: ConsultationRound, name: str, answer: str = InviteeAnswer.NONE, *, at, said=(), **fields
) -> Invitee:
    """Somebody whom the city asked, as it was entered before the round was answered."""
    found = Invitee.objects.create(
        round=round_,
        name=name,
        kind=fields.get("kind", InviteeKind.ORGANISATION),
        channel=fields.get("channel", InviteChannel.LETTER),
        invited_on=at.date(),
        answer=answer,
        answered_on=None if answer == InviteeAnswer.NONE else at.date(),
    )
    found.contributions.set(said)
    return found
