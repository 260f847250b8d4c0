"""The way of a paper through the bodies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import Body
from consult.council.models.papers import Paper
from consult.council.states import StepOutcome, StepRole, StepStatus


class RouteStep(models.Model):
    """A step of the Beratungsfolge."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="route")
    position = models.PositiveSmallIntegerField()
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("Gremium"))
    role = models.CharField(_("Aufgabe"), max_length=12, choices=StepRole)
    authoritative = models.BooleanField(_("Hier wird entschieden"), default=False)
    meeting_on = models.DateField(_("Sitzung am"), null=True, blank=True)
    agenda_item = models.CharField(_("Tagesordnungspunkt"), max_length=40, blank=True)
    result = models.TextField(_("Ergebnis"), blank=True)
    outcome = models.CharField(_("Ausgang"), max_length=12, choices=StepOutcome, blank=True)
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.PLANNED)

    class Meta:
        verbose_name = _("Schritt der Beratungsfolge")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"],
                name="step_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.body}"
