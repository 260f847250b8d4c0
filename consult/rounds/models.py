"""The window in which people take part, and its rules."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from consult.rounds.states import PUBLIC, Influence, RoundStatus


class RoundQuerySet(models.QuerySet):
    def public(self):
        """Rounds that were announced at least."""
        return self.filter(status__in=PUBLIC)


class ConsultationRound(models.Model):
    """A consultation on one edition. The window is half-open: opens_at <= now < closes_at."""

    ref = models.CharField(_("Kennung"), max_length=20, unique=True, help_text=_("z. B. 2027-R1"))
    title = models.CharField(_("Titel"), max_length=160)
    edition = models.ForeignKey(
        "editions.Edition", models.PROTECT, related_name="rounds", verbose_name=_("Fassung")
    )
    scope = models.TextField(_("Was kann sich noch ändern, was steht fest und warum?"))
    influence = models.CharField(
        _("Einfluss"), max_length=20, choices=Influence, default=Influence.CO_DESIGN
    )
    afterwards = models.TextField(_("Was geschieht danach, und wer antwortet?"))
    rules = models.TextField(
        _("Regeln der Auszählung"),
        help_text=_("Werden mit der Öffnung festgeschrieben und danach nicht mehr geändert."),
    )
    opens_at = models.DateTimeField(_("Beginn"))
    closes_at = models.DateTimeField(_("Ende"))
    answer_due = models.DateField(_("Antworten spätestens am"))
    status = models.CharField(max_length=12, choices=RoundStatus, default=RoundStatus.PLANNED)
    rules_hash = models.CharField(max_length=64, blank=True)
    last_number = models.PositiveIntegerField(default=0)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beteiligungsrunde")
        verbose_name_plural = _("Beteiligungsrunden")
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="round_opens_before_it_closes",
                violation_error_message=_("Das Ende muss nach dem Beginn liegen."),
            ),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(status__in=["open", "suspended"]),
                name="one_running_round_an_edition",
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.title}"

    def is_open(self, at: datetime) -> bool:
        """Whether contributions and votes are accepted at this moment of server time."""
        return self.status == RoundStatus.OPEN and self.opens_at <= at < self.closes_at


class RoundExtension(models.Model):
    """A public prolongation: when, why, by whom."""

    round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="extensions")
    former_end = models.DateTimeField()
    new_end = models.DateTimeField()
    reason = models.TextField(_("Öffentlicher Grund"))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        verbose_name = _("Verlängerung")

    def __str__(self):
        return f"{self.round.ref} -> {self.new_end:%Y-%m-%d}"


class RoundSuspension(models.Model):
    """For a time nobody can take part: since when, until when, and the public reason."""

    round = models.ForeignKey(ConsultationRound, models.PROTECT, related_name="suspensions")
    reason = models.TextField(_("Öffentlicher Grund"))
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resumed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Unterbrechung")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="suspension_has_a_reason"),
            models.UniqueConstraint(
                fields=["round"], condition=Q(until=None), name="one_suspension_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.round.ref} {self.since:%Y-%m-%d}"


class PreModeration(models.Model):
    """For a time, new contributions of a round or section are read before they appear."""

    round = models.ForeignKey(ConsultationRound, models.CASCADE, related_name="pre_moderations")
    section_wid = models.CharField(_("Abschnitt"), max_length=36, blank=True)
    reason = models.TextField(_("Öffentlicher Grund"))
    starts_at = models.DateTimeField(_("ab"))
    ends_at = models.DateTimeField(_("bis"))
    hours_to_decide = models.PositiveSmallIntegerField(_("Entscheidung binnen Stunden"), default=24)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        verbose_name = _("Vorab-Moderation")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at")), name="pre_moderation_ends"
            )
        ]

    def __str__(self):
        return f"{self.round.ref} {self.section_wid}"


class PreModerationChange(models.Model):
    """Another end of a pre-moderation: ended early, or prolonged with a public reason."""

    pre_moderation = models.ForeignKey(PreModeration, models.CASCADE, related_name="changes")
    former_end = models.DateTimeField()
    new_end = models.DateTimeField()
    reason = models.TextField(_("Öffentlicher Grund"), blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("Änderung einer Vorab-Moderation")
        constraints = [
            models.CheckConstraint(
                condition=Q(new_end__lt=F("former_end")) | ~Q(reason=""),
                name="longer_pre_moderation_has_a_reason",
            )
        ]

    def __str__(self):
        return f"{self.pre_moderation} -> {self.new_end:%Y-%m-%d}"
