"""What the council could do instead: alternatives to the paper, options at single goals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.council.models.motions import AmendmentMotion
from consult.council.models.papers import Paper

NOT_ESTIMATED = _(
    "Mit einem Minus davor, wenn es weniger kostet. Leer heißt: nicht geschätzt. Kein Unterschied "
    "ist 0."
)


class ComparedCosts(models.Model):
    """What a choice costs more than the paper proposes, in whole euros; less is negative.

    None is not estimated, which is said and never left out.
    """

    one_off = models.IntegerField(
        _("Einmalig, Unterschied zur Vorlage in Euro"),
        null=True,
        blank=True,
        help_text=NOT_ESTIMATED,
    )
    yearly = models.IntegerField(
        _("Jährlich, Unterschied zur Vorlage in Euro"),
        null=True,
        blank=True,
        help_text=NOT_ESTIMATED,
    )
    cost_note = models.CharField(_("Zu den Kosten"), max_length=300, blank=True)

    class Meta:
        abstract = True


class Alternative(ComparedCosts):
    """What the council could decide in place of the whole paper, and what happens then.

    To reject is always one more: `Paper.if_rejected` says what follows.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="alternatives")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("Alternative"), max_length=300)
    follows = models.TextField(_("Was dann geschieht"), blank=True)

    class Meta:
        verbose_name = _("Alternative")
        verbose_name_plural = _("Alternativen")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"],
                name="alternative_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.text}"


class GoalOption(ComparedCosts):
    """What the council could decide at one goal in place of the submitted wording.

    A is always the goal as it was submitted; the option at position 1 is B. `motion` is the filed
    motion that asks for the same; it is named after submission, when the words are frozen.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="goal_options")
    goal_wid = models.CharField(max_length=36)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("Möglichkeit"), max_length=300)
    motion = models.ForeignKey(
        AmendmentMotion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Änderungsantrag"),
    )

    class Meta:
        verbose_name = _("Möglichkeit bei einem Ziel")
        verbose_name_plural = _("Möglichkeiten bei Zielen")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "goal_wid", "position"],
                name="goal_option_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.letter} {self.text}"

    @property
    def letter(self) -> str:
        """How people call it: B, C, and so on."""
        return chr(ord("A") + self.position)
