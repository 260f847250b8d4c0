"""Formal statements of organisations: one contribution for each part that addresses a section."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Unconfirmed
from consult.intake.states import StatementStatus
from consult.participants.fields import (
    AddressHashField,
    EncryptedEmailField,
    EncryptedTextField,
)


class Statement(models.Model):
    """What an organisation says, whole; its parts are contributions (domain R-33).

    `responsible` is never published. The parts are held until the office has confirmed that the
    organisation exists; the attachment is offered once somebody of the office has released it.
    """

    ref = models.CharField(_("Nummer"), max_length=30, unique=True)
    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="statements")
    organisation = models.CharField(_("Organisation"), max_length=160)
    responsible = EncryptedTextField(_("Verantwortliche Person"), blank=True)
    members = models.PositiveIntegerField(_("Zahl der Mitglieder"), null=True, blank=True)
    text = models.TextField(_("Vorbemerkung"), blank=True)
    email = EncryptedEmailField(blank=True)
    email_hash = AddressHashField(of="email", db_index=True)
    language = models.CharField(max_length=12, default="de")
    file = models.OneToOneField(
        "intake.StoredFile", models.SET_NULL, null=True, related_name="statement"
    )
    file_released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    file_released_at = models.DateTimeField(null=True)
    status = models.CharField(
        max_length=10, choices=StatementStatus, default=StatementStatus.RECEIVED
    )
    received_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Stellungnahme")
        verbose_name_plural = _("Stellungnahmen")

    def __str__(self):
        return self.ref


class StatementPart(models.Model):
    """What a statement says to one section or goal; the contribution holds the words."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField()
    contribution = models.OneToOneField(
        "contributions.Contribution", models.PROTECT, related_name="statement_part"
    )

    class Meta:
        verbose_name = _("Teil einer Stellungnahme")
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="part_position_once")
        ]

    def __str__(self):
        return f"{self.statement_id}/{self.position}"


class PendingStatement(Unconfirmed):
    """A statement of an organisation."""

    file = models.OneToOneField(
        "intake.StoredFile", models.SET_NULL, null=True, related_name="pending_statement"
    )

    class Meta:
        verbose_name = _("unbestätigte Stellungnahme")
