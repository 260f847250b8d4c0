"""Rows that prove what the other rows say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.records.states import LogKind


class AuditLink(models.Model):
    """The seal of one entry of Wagtail's log. Links are numbered without a gap and never change.

    `digest` is SHA-256 over the former link's digest and the entry's canonical bytes
    (consult.records.services.audit_chain), which hold no personal data.
    """

    position = models.PositiveBigIntegerField(primary_key=True)
    log = models.CharField(max_length=5, choices=LogKind)
    entry = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Siegel des Protokolls")
        constraints = [models.UniqueConstraint(fields=["log", "entry"], name="entry_sealed_once")]

    def __str__(self):
        return f"{self.position} {self.digest}"
