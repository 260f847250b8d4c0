"""Vocabulary of the audit chain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogKind(models.TextChoices):
    """Which of Wagtail's two logs an entry stands in."""

    MODEL = "model", _("Protokoll der Vorgänge")
    PAGE = "page", _("Protokoll der Seiten")
