"""What is taken down for people: the occasion, its notes, and printed codes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.contributions.states import Stance
from consult.intake.states import CardStatus, NoteStatus, OccasionKind
from consult.participants.fields import (
    AddressHashField,
    EncryptedEmailField,
    EncryptedTextField,
)


class Occasion(models.Model):
    """A meeting, a bundle of letters or calls, a survey: where contributions were collected.

    It names nobody who was there. `transcript` is the original as it was typed or pasted; it goes
    with the scans some time after the last note was received.
    """

    round = models.ForeignKey(
        "rounds.ConsultationRound",
        models.PROTECT,
        related_name="occasions",
        verbose_name=_("Runde"),
    )
    kind = models.CharField(_("Art"), max_length=10, choices=OccasionKind)
    title = models.CharField(_("Bezeichnung"), max_length=160)
    place = models.CharField(_("Ort"), max_length=160, blank=True)
    held_on = models.DateField(_("Datum"))
    head_count = models.PositiveIntegerField(_("Zahl der Menschen"), null=True, blank=True)
    groups = models.TextField(_("Gruppen (nur freiwillige Angaben)"), blank=True)
    languages = models.CharField(_("Sprachen"), max_length=160, blank=True)
    transcript = EncryptedTextField(_("Mitschrift"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Anlass")
        verbose_name_plural = _("Anlässe")

    def __str__(self):
        return self.title


class OfflineNote(models.Model):
    """One contribution that somebody took down; one-to-one detail once it is received.

    Its words stand here until then, afterwards in the comment row alone. `received_on` is the day
    on which a letter came in, if it is not that of the occasion.
    """

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="notes")
    position = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=NoteStatus, default=NoteStatus.DRAFT)
    text = EncryptedTextField(_("Wortlaut"), blank=True)
    section_wid = models.CharField(max_length=36, blank=True)
    target_wid = models.CharField(max_length=36, blank=True)
    stance = models.CharField(_("Art"), max_length=10, choices=Stance, blank=True)
    language = models.CharField(_("Sprache"), max_length=12, blank=True)
    received_on = models.DateField(_("Eingang"), null=True, blank=True)
    contact = EncryptedEmailField(_("E-Mail-Adresse für die Antwort"), blank=True)
    contact_hash = AddressHashField(of="contact", db_index=True)
    source_id = models.CharField(max_length=100, blank=True)
    contribution = models.OneToOneField(
        "contributions.Contribution", models.PROTECT, null=True, related_name="offline_note"
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    return_reason = EncryptedTextField(_("Was stimmt nicht?"), blank=True)

    class Meta:
        verbose_name = _("Mitschrift")
        verbose_name_plural = _("Mitschriften")
        constraints = [
            models.UniqueConstraint(fields=["occasion", "position"], name="note_position_once"),
            models.UniqueConstraint(
                fields=["occasion", "source_id"],
                condition=~Q(source_id=""),
                name="row_of_a_table_once",
            ),
            models.CheckConstraint(
                condition=Q(status="received", contribution__isnull=False)
                | ~Q(status="received") & Q(contribution__isnull=True),
                name="received_note_has_a_contribution",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=models.F("recorded_by")),
                name="note_is_checked_by_another_person",
            ),
        ]

    def __str__(self):
        return f"{self.occasion_id}/{self.position}"


class NoteVersion(models.Model):
    """The words of a note as somebody wrote or corrected them."""

    note = models.ForeignKey(OfflineNote, models.CASCADE, related_name="versions")
    text = EncryptedTextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Stand einer Mitschrift")

    def __str__(self):
        return f"{self.note_id} {self.at:%Y-%m-%d}"


class Card(models.Model):
    """A printed code that leads to "Was wurde aus meinem Beitrag?"; only its hash is stored."""

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="cards")
    note = models.ForeignKey(OfflineNote, models.CASCADE, null=True, related_name="cards")
    code_hash = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=CardStatus)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Belegkarte")
        verbose_name_plural = _("Belegkarten")
        constraints = [
            models.UniqueConstraint(
                fields=["note"], condition=Q(status="used"), name="one_card_a_note"
            ),
            models.CheckConstraint(
                condition=Q(status="blank", note__isnull=True)
                | ~Q(status="blank") & Q(note__isnull=False),
                name="blank_card_has_no_note",
            ),
        ]

    def __str__(self):
        return f"{self.occasion_id} {self.pk}"
