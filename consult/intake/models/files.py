"""Files that are not public: scans of originals, tables, attachments of statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.participants.fields import EncryptedBytesField


class StoredFile(models.Model):
    """A private file, encrypted in the database: no address of the web server leads to it.

    `media_type` was told by the content, never by the name. A scan belongs to an `occasion`.
    """

    occasion = models.ForeignKey(
        "intake.Occasion", models.CASCADE, null=True, related_name="originals"
    )
    name = models.CharField(_("Dateiname"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content = EncryptedBytesField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Datei")
        verbose_name_plural = _("Dateien")

    def __str__(self):
        return f"{self.media_type} {self.pk}"
