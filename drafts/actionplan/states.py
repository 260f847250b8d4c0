"""States of a measure after adoption."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureStatus(models.TextChoices):
    APPROVED = "approved", _("beschlossen")
    RUNNING = "running", _("läuft")
    PAUSED = "paused", _("ruht")
    COMPLETED = "completed", _("abgeschlossen")
    DISCONTINUED = "discontinued", _("eingestellt")


class DutyKind(models.TextChoices):
    """What the council has asked to be told, and whether it comes again."""

    REPORT = "report", _("Bericht, immer wieder")
    RESUBMISSION = "resubmission", _("Wiedervorlage, einmal")


class DutyState(models.TextChoices):
    """Derived from dates, never set: how a reporting obligation stands."""

    DUE = "due", _("fällig")
    OVERDUE = "overdue", _("überfällig")
    FULFILLED = "fulfilled", _("erfüllt")
    ENDED = "ended", _("beendet")


S = MeasureStatus

TRANSITIONS = frozenset(
    {
        (S.APPROVED, S.RUNNING),
        (S.APPROVED, S.DISCONTINUED),
        (S.RUNNING, S.PAUSED),
        (S.PAUSED, S.RUNNING),
        (S.RUNNING, S.COMPLETED),
        (S.RUNNING, S.DISCONTINUED),
        (S.PAUSED, S.DISCONTINUED),
    }
)
