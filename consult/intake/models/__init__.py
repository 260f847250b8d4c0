"""Occasions and the notes taken there, imported tables, printed codes, statements."""

from consult.intake.models.files import StoredFile
from consult.intake.models.imports import Import
from consult.intake.models.invitees import Invitee
from consult.intake.models.notes import Card, NoteVersion, Occasion, OfflineNote
from consult.intake.models.statements import PendingStatement, Statement, StatementPart

__all__ = [
    "Card",
    "Import",
    "Invitee",
    "NoteVersion",
    "Occasion",
    "OfflineNote",
    "PendingStatement",
    "Statement",
    "StatementPart",
    "StoredFile",
]
