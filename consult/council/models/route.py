"""The way of a paper through the bodies."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import Body
from consult.council.models.meetings import Meeting
from consult.council.models.papers import Paper
from consult.council.states import MeetingStatus, Publicity, StepOutcome, StepRole, StepStatus


class RouteStep(models.Model):
    """A step of the Beratungsfolge. Its meeting is one of the same body.

    A step that is not public stays with the two offices: `selectors.route_of` leaves it out.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="route")
    position = models.PositiveSmallIntegerField()
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("Gremium"))
    role = models.CharField(_("Aufgabe"), max_length=12, choices=StepRole)
    authoritative = models.BooleanField(_("Hier wird entschieden"), default=False)
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda",
        verbose_name=_("Sitzung"),
    )
    agenda_item = models.CharField(_("Tagesordnungspunkt"), max_length=40, blank=True)
    publicity = models.CharField(
        _("Öffentlichkeit"), max_length=10, choices=Publicity, default=Publicity.PUBLIC
    )
    result = models.TextField(_("Ergebnis"), blank=True)
    outcome = models.CharField(_("Ausgang"), max_length=12, choices=StepOutcome, blank=True)
    referred_to = models.CharField(_("Wohin verwiesen"), max_length=160, blank=True)
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.PLANNED)

    class Meta:
        verbose_name = _("Schritt der Beratungsfolge")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"],
                name="step_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(authoritative=False) | Q(publicity=Publicity.PUBLIC),
                name="deciding_is_public",
            ),
            models.CheckConstraint(
                condition=Q(referred_to="") | Q(outcome=StepOutcome.REFERRED),
                name="only_a_referred_paper_goes_elsewhere",
            ),
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.body}"

    @property
    def meeting_on(self) -> date | None:
        """The day on which the body meets; None while no meeting is named or it was cancelled."""
        if self.meeting is None or self.meeting.status == MeetingStatus.CANCELLED:
            return None
        return self.meeting.day
