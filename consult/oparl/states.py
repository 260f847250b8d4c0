"""The kinds of objects that OParl 1.1 knows (chapter 3 of its specification)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ObjectKind(models.TextChoices):
    """In addresses; `type_of` gives the name that OParl has for it."""

    BODY = "body", _("Körperschaft")
    ORGANIZATION = "organization", _("Gremium oder Fraktion")
    PERSON = "person", _("Person")
    MEMBERSHIP = "membership", _("Mitgliedschaft")
    LEGISLATIVE_TERM = "legislativeterm", _("Wahlperiode")
    MEETING = "meeting", _("Sitzung")
    AGENDA_ITEM = "agendaitem", _("Tagesordnungspunkt")
    PAPER = "paper", _("Vorlage")
    CONSULTATION = "consultation", _("Beratung")
    FILE = "file", _("Datei")
    LOCATION = "location", _("Ort")


_NAMES = {
    ObjectKind.LEGISLATIVE_TERM: "LegislativeTerm",
    ObjectKind.AGENDA_ITEM: "AgendaItem",
}


def type_of(kind: ObjectKind) -> str:
    """OParl's address of a kind."""
    return f"https://schema.oparl.org/1.1/{_NAMES.get(kind, kind.value.capitalize())}"
