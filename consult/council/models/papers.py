"""A paper and the numbered items of its proposed resolution."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.states import Ask, Effect, PaperStatus


class Paper(models.Model):
    """What is put before the council."""

    reference = models.CharField(_("Drucksache"), max_length=40, unique=True)
    title = models.CharField(_("Titel"), max_length=240)
    edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, related_name="papers", verbose_name=_("Fassung")
    )
    originator = models.CharField(_("Einbringer"), max_length=160)
    summary = models.TextField(_("Worum es geht"))
    finance = models.TextField(_("Kosten und Finanzierung"))
    alternatives = models.TextField(_("Alternativen, eine je Zeile"), blank=True)
    status = models.CharField(max_length=12, choices=PaperStatus, default=PaperStatus.PREPARING)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Vorlage")
        verbose_name_plural = _("Vorlagen")

    def __str__(self):
        return f"{self.reference} {self.title}"


class ResolutionItem(models.Model):
    """A numbered item of the proposed resolution; each gets its own outcome."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Überschrift"), max_length=160, blank=True)
    text = models.TextField(_("Beschlussvorschlag"))
    asks = models.CharField(_("Gefragt ist"), max_length=10, choices=Ask, default=Ask.ADOPT)
    alternatives = models.TextField(_("Alternativen zu diesem Punkt, eine je Zeile"), blank=True)
    effect = models.CharField(_("Folge"), max_length=15, choices=Effect, default=Effect.NONE)

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
        ]

    def __str__(self):
        return f"{self.paper.reference}, {self.number}"
