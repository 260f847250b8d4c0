"""Public files of the council: invitations, minutes, annexes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CouncilFile(models.Model):
    """A file that was handed in, kept as it came; another version is another row.

    `media_type` was told by the content, never by the name; `sha256` is over `content`. A file that
    was taken back keeps its row, so that its address can say so, and loses its content.
    """

    name = models.CharField(_("Dateiname"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    stored_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Datei der Gremien")
        verbose_name_plural = _("Dateien der Gremien")

    def __str__(self):
        return self.name
