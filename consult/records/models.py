"""Rows that prove what the other rows say; barriers that people have told us of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.participants.fields import AddressHashField, EncryptedEmailField, EncryptedTextField
from consult.records.states import BarrierStatus, LogKind


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


class BarrierReport(models.Model):
    """Somebody met a barrier, or needs a content in another form; answered within six weeks.

    Words and address are encrypted: they may tell of somebody's health.
    """

    page = models.CharField(_("Seite"), max_length=300, blank=True)
    text = EncryptedTextField(_("Was geht nicht?"))
    contact = EncryptedEmailField(_("E-Mail-Adresse (freiwillig)"), blank=True)
    contact_hash = AddressHashField(of="contact", db_index=True)
    language = models.CharField(max_length=12, default="de")
    status = models.CharField(max_length=10, choices=BarrierStatus, default=BarrierStatus.OPEN)
    filed_at = models.DateTimeField()
    due_on = models.DateField()
    answer = EncryptedTextField(_("Antwort"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("gemeldete Barriere")
        verbose_name_plural = _("gemeldete Barrieren")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="answered") | ~models.Q(answer=""),
                name="answered_barrier_has_an_answer",
            )
        ]

    def __str__(self):
        return f"{self.filed_at:%Y-%m-%d}"
