"""Meetings of the bodies; several papers can be on the agenda of one."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import Body
from consult.council.models.files import CouncilFile
from consult.council.states import MeetingStatus


class Meeting(models.Model):
    """A body meets on a day. The hour and the place can be named later.

    Its agenda is the route steps that point to it. `invitation` and `minutes` are public as soon
    as the meeting is; what was not public in the meeting does not stand in them.
    """

    body = models.ForeignKey(
        Body, models.PROTECT, related_name="meetings", verbose_name=_("Gremium")
    )
    day = models.DateField(_("Datum"))
    begins_at = models.TimeField(_("Beginn"), null=True, blank=True)
    place = models.CharField(_("Ort"), max_length=160, blank=True)
    status = models.CharField(max_length=10, choices=MeetingStatus, default=MeetingStatus.SCHEDULED)
    invitation = models.OneToOneField(
        CouncilFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invites_to",
        verbose_name=_("Einladung"),
    )
    minutes = models.OneToOneField(
        CouncilFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="minutes_of",
        verbose_name=_("Niederschrift"),
    )

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")
        ordering = ["day", "begins_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "day"],
                condition=~Q(status=MeetingStatus.CANCELLED),
                name="body_meets_once_a_day",
            )
        ]

    def __str__(self):
        return f"{self.body}, {date_format(self.day)}"

    @property
    def starts_at(self) -> datetime | None:
        """The moment at which it begins, in the time of the city; None while no hour is named."""
        if self.begins_at is None:
            return None
        return timezone.make_aware(datetime.combine(self.day, self.begins_at))
