"""What was moved about dealing with a paper, and what the body did with the motion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.route import RouteStep
from consult.council.states import ProceduralKind, ProceduralResult


class ProceduralMotion(models.Model):
    """A motion to pass the paper on without a vote, to refer or adjourn it, or to decide otherwise.

    It changes no text (that is an amendment motion). Never changed; corrected by another record.
    """

    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="procedural_motions")
    kind = models.CharField(_("Antrag"), max_length=12, choices=ProceduralKind)
    moved_by = models.CharField(_("Von wem"), max_length=160)
    text = models.TextField(_("Wortlaut"), blank=True)
    result = models.CharField(_("Ergebnis"), max_length=10, choices=ProceduralResult)
    votes = models.TextField(_("Abstimmung"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by_motion"
    )
    correction_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Antrag zur Geschäftsordnung")
        verbose_name_plural = _("Anträge zur Geschäftsordnung")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="procedural_correction_has_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.step}: {self.get_kind_display()}"
