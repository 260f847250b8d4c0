"""Vocabulary of the audit chain, and states of a reported barrier."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogKind(models.TextChoices):
    """Which of Wagtail's two logs an entry stands in."""

    MODEL = "model", _("Protokoll der Vorgänge")
    PAGE = "page", _("Protokoll der Seiten")


class BarrierStatus(models.TextChoices):
    """What somebody told us about a barrier."""

    OPEN = "open", _("offen")
    ANSWERED = "answered", _("beantwortet")


BARRIER_TRANSITIONS = frozenset({(BarrierStatus.OPEN, BarrierStatus.ANSWERED)})
