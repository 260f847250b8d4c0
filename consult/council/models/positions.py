"""What bodies that advise said to single goals of the text."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.decisions import RecordOfBody
from consult.council.models.route import RouteStep
from consult.council.states import BodyPosition


class GoalPosition(RecordOfBody):
    """The position of a body to one goal of the paper's edition, as its meeting ended.

    Never changed but for its confirmation; corrected by a row. `votes` are as in the minutes, `note`
    is what the body asks for at this goal.
    """

    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="goal_positions")
    goal_wid = models.CharField(max_length=36)
    position = models.CharField(_("Position"), max_length=10, choices=BodyPosition)
    votes = models.CharField(_("Abstimmung"), max_length=160, blank=True)
    note = models.CharField(_("Anmerkung des Gremiums"), max_length=300, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by_position"
    )

    class Meta:
        verbose_name = _("Position eines Gremiums zu einem Ziel")
        verbose_name_plural = _("Positionen der Gremien zu Zielen")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "goal_wid"],
                condition=Q(corrects__isnull=True),
                name="goal_position_recorded_once",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(confirmed_by=models.F("recorded_by")),
                name="goal_position_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="goal_position_correction_has_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.step}, {self.goal_wid}: {self.get_position_display()}"
