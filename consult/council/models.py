"""Political approval: a paper, its route through the bodies, a decision for each item."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from consult.council.states import (
    Ask,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    Position,
    StepOutcome,
    StepRole,
    StepStatus,
)


@register_snippet
class Body(models.Model):
    """A body that deals with papers: council, committee, advisory council."""

    name = models.CharField(_("Name"), max_length=160, unique=True)

    panels = ["name"]

    class Meta:
        verbose_name = _("Gremium")
        verbose_name_plural = _("Gremien")

    def __str__(self):
        return self.name


@register_snippet
class CouncilGroup(models.Model):
    """Members of the council who vote as a group; somebody without a group is one of their own."""

    name = models.CharField(_("Name"), max_length=160, unique=True)

    panels = ["name"]

    class Meta:
        verbose_name = _("Fraktion")
        verbose_name_plural = _("Fraktionen")
        ordering = ["name"]

    def __str__(self):
        return self.name


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


class RouteStep(models.Model):
    """A step of the Beratungsfolge."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="route")
    position = models.PositiveSmallIntegerField()
    body = models.ForeignKey(Body, models.PROTECT, verbose_name=_("Gremium"))
    role = models.CharField(_("Aufgabe"), max_length=12, choices=StepRole)
    authoritative = models.BooleanField(_("Hier wird entschieden"), default=False)
    meeting_on = models.DateField(_("Sitzung am"), null=True, blank=True)
    agenda_item = models.CharField(_("Tagesordnungspunkt"), max_length=40, blank=True)
    result = models.TextField(_("Ergebnis"), blank=True)
    outcome = models.CharField(_("Ausgang"), max_length=12, choices=StepOutcome, blank=True)
    status = models.CharField(max_length=10, choices=StepStatus, default=StepStatus.PLANNED)

    class Meta:
        verbose_name = _("Schritt der Beratungsfolge")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "position"],
                name="step_position_once",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.body}"


class Decision(models.Model):
    """What a body did with one item. Never changed but for its confirmation; corrected by a row."""

    item = models.ForeignKey(ResolutionItem, models.PROTECT, related_name="decisions")
    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("Ergebnis"), max_length=20, choices=ItemOutcome)
    resolution_number = models.CharField(_("Beschlussnummer"), max_length=40, blank=True)
    resolution_text = models.TextField(_("beschlossener Wortlaut, wenn geändert"), blank=True)
    conditions = models.TextField(_("Bedingungen, z. B. Haushaltsvorbehalt"), blank=True)
    votes = models.TextField(_("Abstimmung"), blank=True)
    status = models.CharField(
        max_length=12, choices=DecisionStatus, default=DecisionStatus.PROVISIONAL
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by_decision"
    )
    correction_reason = models.TextField(blank=True)

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
        ]

    def __str__(self):
        return f"{self.item}: {self.get_outcome_display()}"


class GroupVote(models.Model):
    """How a group voted on an item, with or without head counts, as the minutes have it.

    Written with its decision and never changed. `wish` is what a group wanted instead of what it
    voted against, for example that the item is noted only.
    """

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="group_votes")
    group = models.ForeignKey(CouncilGroup, models.PROTECT, related_name="+")
    position = models.CharField(max_length=10, choices=Position)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    wish = models.CharField(max_length=160, blank=True)

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
