"""Whom the city asked by name for its view on a round, and what came back."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from consult.intake.states import InviteChannel, InviteeAnswer, InviteeKind


class Invitee(models.Model):
    """A body, an organisation or an office that was asked for its view; never a person.

    `contributions` are those that hold its remarks, where they came in as a statement or a note.
    """

    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="invitees")
    name = models.CharField(_("Name der Stelle"), max_length=160)
    kind = models.CharField(_("Art"), max_length=12, choices=InviteeKind)
    channel = models.CharField(_("angeschrieben per"), max_length=8, choices=InviteChannel)
    invited_on = models.DateField(_("angeschrieben am"))
    answer = models.CharField(
        _("Antwort"), max_length=16, choices=InviteeAnswer, default=InviteeAnswer.NONE
    )
    answered_on = models.DateField(_("geantwortet am"), null=True, blank=True)
    contributions = models.ManyToManyField("contributions.Contribution", related_name="invitees")

    class Meta:
        verbose_name = _("angeschriebene Stelle")
        verbose_name_plural = _("angeschriebene Stellen")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint("round", Lower("name"), name="invitee_once_a_round"),
            models.CheckConstraint(
                condition=Q(answer="none", answered_on=None)
                | (
                    ~Q(answer="none")
                    & Q(answered_on__isnull=False, answered_on__gte=F("invited_on"))
                ),
                name="answer_has_a_day_after_the_invitation",
            ),
        ]

    def __str__(self):
        return self.name
