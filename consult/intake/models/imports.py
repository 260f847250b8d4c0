"""Tables with many contributions: the row is the job that takes them over."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.intake.states import ImportStatus
from consult.participants.fields import EncryptedJSONField


class Import(models.Model):
    """A survey or a pile of cards as a file, with what its columns mean.

    `next_row` is where a worker goes on; `rejected` are the rows that could not be taken as
    [{row, reasons, cells}], kept with the file until both are cleared.
    """

    occasion = models.OneToOneField("intake.Occasion", models.PROTECT, related_name="table")
    file = models.OneToOneField(
        "intake.StoredFile", models.SET_NULL, null=True, related_name="table"
    )
    sha256 = models.CharField(max_length=64, db_index=True)
    columns = models.JSONField(default=dict)
    default_section = models.CharField(max_length=36, blank=True)
    status = models.CharField(max_length=12, choices=ImportStatus, default=ImportStatus.UPLOADED)
    total = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    rejected = EncryptedJSONField(default=list)
    return_reason = models.CharField(_("Was stimmt nicht?"), max_length=500, blank=True)
    next_row = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Importe")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True)
                | ~models.Q(checked_by=models.F("uploaded_by")),
                name="import_is_checked_by_another_person",
            )
        ]

    def __str__(self):
        return f"{self.occasion_id} {self.status}"
