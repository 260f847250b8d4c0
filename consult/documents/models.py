"""Documents that were made for download, and those that are still to be made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.documents.states import DocumentStatus


class Document(models.Model):
    """One file of one kind about one subject. The row is the job, and later holds the file.

    `input_hash` is that of everything the file says. When that changes, the row loses its content
    at once and waits to be made anew, so that an older file is neither kept nor handed out.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=120)
    language = models.CharField(max_length=12)
    format = models.CharField(max_length=8)
    input_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=DocumentStatus, default=DocumentStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    media_type = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(default=b"")
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sha512 = models.CharField(max_length=128, blank=True)

    class Meta:
        verbose_name = _("Dokument")
        verbose_name_plural = _("Dokumente")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "language", "format"], name="document_once"
            ),
            models.CheckConstraint(
                condition=(Q(status="done") & ~Q(sha256="") & Q(made_at__isnull=False))
                | (~Q(status="done") & Q(size=0, sha256="")),
                name="document_is_there_when_done",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_at"], name="document_due")]

    def __str__(self):
        return f"{self.kind} {self.subject} [{self.language}] {self.format}"
