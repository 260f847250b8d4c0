"""What is attached to a paper: files, earlier resolutions, the statement of its finances."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.files import CouncilFile
from consult.council.models.papers import Paper
from consult.council.states import Funding


class Annex(models.Model):
    """A file of its own; what the platform makes itself (edition, reports) is linked instead.

    A number is never given again: an annex that was taken back keeps it, with the reason.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="annexes")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Titel"), max_length=160)
    file = models.OneToOneField(CouncilFile, models.PROTECT, related_name="annex")
    added_at = models.DateTimeField()
    taken_back_because = models.CharField(_("Warum?"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("Anlage")
        verbose_name_plural = _("Anlagen")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "number"],
                name="annex_number_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class PriorResolution(models.Model):
    """An earlier resolution that a paper builds on ("Vorgang"), also one from before the platform."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="prior_resolutions")
    reference = models.CharField(_("Drucksache oder Beschlussnummer"), max_length=60)
    title = models.CharField(_("Worum es ging"), max_length=240)
    decided_on = models.DateField(_("vom"))
    url = models.URLField(_("Adresse im Netz"), blank=True)

    class Meta:
        verbose_name = _("früherer Beschluss")
        verbose_name_plural = _("frühere Beschlüsse")
        ordering = ["decided_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "reference"], name="prior_resolution_named_once"
            )
        ]

    def __str__(self):
        return f"{self.reference}, {self.title}"


class FinanceStatement(models.Model):
    """What a paper says that its proposals cost; an amount that is None is not estimated.

    Amounts are whole euros, `posts` are full-time equivalents. What the measures of the edition add
    up to is computed and shown beside it (`consult.council.finance`).
    """

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="finance_statement")
    one_off = models.PositiveIntegerField(_("Einmalig, in Euro"), null=True, blank=True)
    yearly = models.PositiveIntegerField(_("Jährlich, in Euro"), null=True, blank=True)
    posts = models.DecimalField(
        _("Stellen (Vollzeit)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    funding = models.CharField(_("Finanzierung"), max_length=10, choices=Funding)
    proviso = models.TextField(_("Haushaltsvorbehalt"), blank=True)

    class Meta:
        verbose_name = _("Angaben zu den Kosten")
        verbose_name_plural = _("Angaben zu den Kosten")
        constraints = [
            models.CheckConstraint(
                condition=Q(posts__isnull=True) | Q(posts__gte=0), name="posts_not_negative"
            )
        ]

    def __str__(self):
        return str(self.paper)
