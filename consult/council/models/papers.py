"""A paper and the numbered items of its proposed resolution."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import Body
from consult.council.states import Ask, Effect, PaperStatus
from drafts.actionplan.states import DutyKind


class Paper(models.Model):
    """What is put before the council.

    `originator` is what the paper says; the body that submits it and the department in charge are
    named beside it where they are known. To reject is always an alternative: `if_rejected` says
    what happens then.
    """

    reference = models.CharField(_("Drucksache"), max_length=40, unique=True)
    title = models.CharField(_("Titel"), max_length=240)
    edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, related_name="papers", verbose_name=_("Fassung")
    )
    originator = models.CharField(_("Einbringer"), max_length=160)
    submitted_by = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submitted_papers",
        verbose_name=_("Einbringendes Gremium"),
    )
    under_direction_of = models.ForeignKey(
        "concept.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Federführung"),
    )
    summary = models.TextField(_("Worum es geht"))
    finance = models.TextField(_("Kosten und Finanzierung"))
    if_rejected = models.TextField(_("Was geschieht, wenn abgelehnt wird"), blank=True)
    status = models.CharField(max_length=12, choices=PaperStatus, default=PaperStatus.PREPARING)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Vorlage")
        verbose_name_plural = _("Vorlagen")

    def __str__(self):
        return f"{self.reference} {self.title}"


class ResolutionItem(models.Model):
    """A numbered item of the proposed resolution; each gets its own outcome.

    Who does what it asks for, and until when, is named where somebody is charged with it. An item
    can propose that a report is owed: when it is adopted, a reporting obligation begins.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Überschrift"), max_length=160, blank=True)
    text = models.TextField(_("Beschlussvorschlag"))
    asks = models.CharField(_("Gefragt ist"), max_length=10, choices=Ask, default=Ask.ADOPT)
    alternatives = models.TextField(_("Alternativen zu diesem Punkt, eine je Zeile"), blank=True)
    effect = models.CharField(_("Folge"), max_length=15, choices=Effect, default=Effect.NONE)

    task_for = models.ForeignKey(
        "concept.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wer es tut"),
    )
    task_until = models.DateField(_("bis wann"), null=True, blank=True)

    duty = models.CharField(_("Berichtspflicht"), max_length=12, choices=DutyKind, blank=True)
    duty_months = models.PositiveSmallIntegerField(_("alle … Monate"), null=True, blank=True)
    duty_to = models.ForeignKey(
        Body,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Wem berichtet wird"),
    )

    class Meta:
        verbose_name = _("Beschlusspunkt")
        verbose_name_plural = _("Beschlusspunkte")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"],
                name="item_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(effect=Effect.ADOPT_EDITION),
                name="one_item_adopts_the_edition",
            ),
            models.CheckConstraint(
                condition=Q(duty="", duty_months__isnull=True, duty_to__isnull=True)
                | Q(~Q(duty=""), duty_months__gt=0, duty_to__isnull=False),
                name="duty_has_rhythm_and_recipient",
            ),
        ]

    def __str__(self):
        return f"{self.paper.reference}, {self.number}"
