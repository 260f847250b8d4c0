"""Measures after adoption: their wording stays frozen, only their state goes on."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from drafts.actionplan.states import MeasureStatus


class Measure(models.Model):
    """A measure of the adopted edition, carried by its wid."""

    wid = models.CharField(max_length=36, unique=True)
    adopted_as = models.ForeignKey("editions.EditionMeasure", models.PROTECT, related_name="+")
    status = models.CharField(_("Stand"), max_length=20, choices=MeasureStatus)

    class Meta:
        verbose_name = _("Maßnahme")
        verbose_name_plural = _("Maßnahmen")

    def __str__(self):
        return f"{self.adopted_as.number}"


class MeasureStep(models.Model):
    """One dated change of a measure's state, with what was said about it."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="steps")
    status = models.CharField(_("Stand"), max_length=20, choices=MeasureStatus)
    note = models.TextField(_("Was wurde getan?"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        verbose_name = _("Schritt einer Maßnahme")

    def __str__(self):
        return f"{self.measure} {self.status}"
