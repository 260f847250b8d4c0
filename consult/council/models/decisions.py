"""What the bodies did with each item, and how the groups voted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import CouncilGroup
from consult.council.models.papers import ResolutionItem
from consult.council.models.route import RouteStep
from consult.council.states import DecisionStatus, ItemOutcome, Position


class RecordOfBody(models.Model):
    """What the council office keeps of a vote of a body: who recorded it and who confirmed it.

    Provisional until a second person confirms it after the minutes; a correction is another row.
    """

    status = models.CharField(
        max_length=12, choices=DecisionStatus, default=DecisionStatus.PROVISIONAL
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.TextField(blank=True)

    class Meta:
        abstract = True


class VoteOfGroup(models.Model):
    """How the members of a council group voted, with or without head counts."""

    group = models.ForeignKey(CouncilGroup, models.PROTECT, related_name="+")
    position = models.CharField(max_length=10, choices=Position)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    wish = models.CharField(max_length=160, blank=True)

    class Meta:
        abstract = True


class Decision(RecordOfBody):
    """What a body did with one item. Never changed but for its confirmation; corrected by a row."""

    item = models.ForeignKey(ResolutionItem, models.PROTECT, related_name="decisions")
    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("Ergebnis"), max_length=20, choices=ItemOutcome)
    resolution_number = models.CharField(_("Beschlussnummer"), max_length=40, blank=True)
    resolution_text = models.TextField(_("beschlossener Wortlaut, wenn geändert"), blank=True)
    conditions = models.TextField(_("Bedingungen, z. B. Haushaltsvorbehalt"), blank=True)
    referred_to = models.CharField(_("Wohin verwiesen"), max_length=160, blank=True)
    votes = models.TextField(_("Abstimmung"), blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by_decision"
    )

    class Meta:
        verbose_name = _("Entscheidung")
        verbose_name_plural = _("Entscheidungen")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(confirmed_by=models.F("recorded_by")),
                name="decision_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(referred_to="") | Q(outcome=ItemOutcome.REFERRED),
                name="only_a_referred_item_goes_elsewhere",
            ),
        ]

    def __str__(self):
        return f"{self.item}: {self.get_outcome_display()}"


class GroupVote(VoteOfGroup):
    """How a group voted on an item, with or without head counts, as the minutes have it.

    Written with its decision and never changed. `wish` is what a group wanted instead of what it
    voted against, for example that the item is noted only.
    """

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="group_votes")

    class Meta:
        verbose_name = _("Stimme einer Fraktion")
        verbose_name_plural = _("Stimmen der Fraktionen")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "group", "position"], name="group_position_once"
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(count__gt=0), name="group_vote_counts_somebody"
            ),
            models.CheckConstraint(
                condition=Q(wish="") | Q(position=Position.AGAINST),
                name="another_wish_goes_with_a_no",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.position}"
