"""States of a document and the allowed steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentStatus(models.TextChoices):
    QUEUED = "queued", _("wartet")
    RUNNING = "running", _("wird erstellt")
    DONE = "done", _("fertig")
    FAILED = "failed", _("nicht gelungen")


S = DocumentStatus

TRANSITIONS = frozenset(
    {
        (S.QUEUED, S.RUNNING),
        (S.RUNNING, S.DONE),
        (S.RUNNING, S.FAILED),
        # Another attempt; or what the document says has changed, or somebody asks once more.
        (S.RUNNING, S.QUEUED),
        (S.DONE, S.QUEUED),
        (S.FAILED, S.QUEUED),
    }
)
