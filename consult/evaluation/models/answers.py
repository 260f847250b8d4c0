"""Answers in the languages of those who asked."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.evaluation.models.themes import Response
from consult.evaluation.states import AnswerTextStatus


class ResponseText(models.Model):
    """An answer's reason in another language, beside the German one that counts.

    `source_hash` names the German answer that it renders. `service` is the translation service
    that wrote it; empty where a person did. A correction is a new row.
    """

    response = models.ForeignKey(Response, models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    reason = models.TextField(_("Begründung"), blank=True)
    source_hash = models.CharField(max_length=64)
    service = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=15, choices=AnswerTextStatus)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=120, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Antwort in einer anderen Sprache")
        constraints = [
            models.UniqueConstraint(
                fields=["response", "language"],
                condition=Q(status="released"),
                name="one_released_answer_a_language",
            ),
            models.UniqueConstraint(
                fields=["response", "language"],
                condition=Q(status__in=["due", "machine_draft"]),
                name="one_machine_answer_a_language",
            ),
            models.CheckConstraint(
                condition=~Q(status="released")
                | (Q(released_by__isnull=False, released_at__isnull=False) & ~Q(reason="")),
                name="released_answer_names_a_person",
            ),
        ]

    def __str__(self):
        return f"{self.response} [{self.language}]"
