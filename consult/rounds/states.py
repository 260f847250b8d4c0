"""States of a consultation round and the allowed steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoundStatus(models.TextChoices):
    PLANNED = "planned", _("geplant")
    ANNOUNCED = "announced", _("angekündigt")
    OPEN = "open", _("läuft")
    SUSPENDED = "suspended", _("unterbrochen")
    CLOSED = "closed", _("in Auswertung")
    ANSWERED = "answered", _("beantwortet")
    ARCHIVED = "archived", _("abgeschlossen")


S = RoundStatus

# A closed round never reopens: no pair leads back.
TRANSITIONS = frozenset(
    {
        (S.PLANNED, S.ANNOUNCED),
        (S.ANNOUNCED, S.PLANNED),
        (S.ANNOUNCED, S.OPEN),
        (S.OPEN, S.SUSPENDED),
        (S.SUSPENDED, S.OPEN),
        (S.OPEN, S.CLOSED),
        (S.SUSPENDED, S.CLOSED),
        (S.CLOSED, S.ANSWERED),
        (S.ANSWERED, S.ARCHIVED),
    }
)

# While the rules of a round can still be written.
EDITABLE = frozenset({S.PLANNED, S.ANNOUNCED})
# From when on tallies may be read.
TALLIES_READABLE = frozenset({S.CLOSED, S.ANSWERED, S.ARCHIVED})
PUBLIC = frozenset(S) - {S.PLANNED}


class Influence(models.TextChoices):
    """How much residents can change (R-60)."""

    INFORMATION = "information", _("Information: Die Stadt erklärt, was sie vorhat.")
    CONSULTATION = "consultation", _("Konsultation: Die Stadt hört zu und begründet, was sie tut.")
    CO_DESIGN = "co_design", _("Mitgestaltung: Beiträge ändern den Text.")
