"""What follows from adoption: measures whose state goes on, and reports that are owed."""

from datetime import date

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from drafts.actionplan.states import DutyKind, DutyState, MeasureStatus


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


class ReportingObligation(models.Model):
    """A report that a decision has asked for. It is changed by decisions only (invariant 30).

    `source` is the key of what was decided, `resolved_as` says it in words. The n-th report is due
    n rhythms after `begins_on`, so a late one does not move the next. A resubmission is owed once.
    """

    edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, related_name="reporting_obligations"
    )
    source = models.CharField(max_length=80, unique=True)
    resolved_as = models.CharField(_("Beschluss"), max_length=200)
    kind = models.CharField(_("Art"), max_length=12, choices=DutyKind)
    subject = models.CharField(_("Worüber"), max_length=240)
    recipient = models.CharField(_("An wen"), max_length=160)
    rhythm_months = models.PositiveSmallIntegerField(_("Rhythmus in Monaten"))
    begins_on = models.DateField(_("gilt seit"))
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("Berichtspflicht")
        verbose_name_plural = _("Berichtspflichten")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rhythm_months__gt=0), name="obligation_has_a_rhythm"
            )
        ]

    def __str__(self):
        return f"{self.resolved_as}: {self.subject}"

    def day_of(self, number: int) -> date:
        """The day on which the report with this number, from 1, is due."""
        return self.begins_on + relativedelta(months=self.rhythm_months * number)

    def due_on(self, delivered: int) -> date | None:
        """The day of the next report after so many were delivered; None where none is owed."""
        if self.ended_on or (self.kind == DutyKind.RESUBMISSION and delivered):
            return None
        return self.day_of(delivered + 1)

    def state(self, delivered: int, today: date) -> DutyState:
        """How it stands on a day; a report is overdue from the day after it was due."""
        if self.ended_on:
            return DutyState.ENDED
        due = self.due_on(delivered)
        if due is None:
            return DutyState.FULFILLED
        return DutyState.OVERDUE if due < today else DutyState.DUE


class DeliveredReport(models.Model):
    """A report that was handed in; never changed."""

    obligation = models.ForeignKey(ReportingObligation, models.PROTECT, related_name="reports")
    title = models.CharField(_("Titel"), max_length=240)
    url = models.URLField(_("Adresse des Berichts"), blank=True)
    delivered_on = models.DateField(_("vorgelegt am"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        verbose_name = _("vorgelegter Bericht")
        verbose_name_plural = _("vorgelegte Berichte")
        ordering = ["delivered_on", "pk"]

    def __str__(self):
        return self.title
