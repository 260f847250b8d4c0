"""Authors who say that their point is missing in the theme that their contribution was put into."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.evaluation.models.themes import Assignment
from consult.evaluation.states import ObjectionOutcome, ObjectionStatus


class ThemeObjection(models.Model):
    """The author objects to an assignment: "my point is missing". A person settles it.

    `reason` is what the author is told. The round is not answered while one is open.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="objections")
    text = models.TextField(_("Was fehlt?"))
    status = models.CharField(max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN)
    outcome = models.CharField(_("Ergebnis"), max_length=10, choices=ObjectionOutcome, blank=True)
    reason = models.TextField(_("Begründung"), blank=True)
    filed_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Einwand")
        verbose_name_plural = _("Einwände")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=~Q(status="withdrawn"),
                name="one_objection_an_assignment",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled")
                | (~Q(outcome="") & Q(settled_by__isnull=False) & Q(settled_at__isnull=False)),
                name="settled_objection_names_outcome_and_person",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="explained") | ~Q(reason=""),
                name="explained_objection_has_a_reason",
            ),
        ]

    def __str__(self):
        # Not the theme: its name may quote, and the log keeps what stands here.
        return self.assignment.contribution.ref
