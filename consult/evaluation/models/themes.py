"""What people found in the contributions, and what the city answers to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution
from consult.evaluation.models.runs import ThemeProposal
from consult.evaluation.states import (
    Outcome,
    ResponseStatus,
    SummaryStatus,
    ThemeKind,
    ThemeStatus,
    ThemeStep,
)


class Theme(models.Model):
    """What residents raised, as a person confirmed it."""

    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="themes")
    kind = models.CharField(max_length=12, choices=ThemeKind, default=ThemeKind.THEME)
    number = models.PositiveIntegerField()
    title = models.CharField(_("Name des Themas"), max_length=200)
    concern = models.TextField(_("Anliegen in einem Satz"), blank=True)
    section_wid = models.CharField(max_length=36)
    status = models.CharField(max_length=10, choices=ThemeStatus, default=ThemeStatus.CONFIRMED)
    from_proposal = models.ForeignKey(ThemeProposal, models.SET_NULL, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Thema")
        verbose_name_plural = _("Themen")
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="theme_number_once"),
            models.CheckConstraint(
                condition=~Q(status="merged") | Q(merged_into__isnull=False),
                name="merged_theme_names_its_target",
            ),
        ]

    def __str__(self):
        return self.title


class ThemeDeed(models.Model):
    """What a person decided about themes. Rows are added; a deed is undone by another one.

    `former_*` is what `theme` was before; they are empty where the deed made the theme. `merged` are
    the themes that went into it as a whole. A deed on a proposal names it.
    """

    round = models.ForeignKey(
        "rounds.ConsultationRound", models.PROTECT, related_name="theme_deeds"
    )
    step = models.CharField(max_length=10, choices=ThemeStep)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="deeds")
    proposal = models.ForeignKey(ThemeProposal, models.SET_NULL, null=True, related_name="+")
    former_title = models.CharField(max_length=200, blank=True)
    former_concern = models.TextField(blank=True)
    former_kind = models.CharField(max_length=12, choices=ThemeKind, blank=True)
    merged = models.ManyToManyField(Theme, related_name="+")
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Schritt in der Werkstatt")
        constraints = [
            models.CheckConstraint(
                condition=Q(step="undo", undoes__isnull=False)
                | (~Q(step="undo") & Q(undoes__isnull=True)),
                name="undoing_names_what_is_undone",
            )
        ]

    def __str__(self):
        return f"{self.get_step_display()}: {self.theme or self.proposal}"


class Assignment(models.Model):
    """Who put which contribution into which theme. Rows are added; the newest is current.

    `deed` is the step that did it, `replaced` where the contribution was before.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="assignments")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="assignments")
    is_current = models.BooleanField(default=True)
    deed = models.ForeignKey(ThemeDeed, models.PROTECT, null=True, related_name="assignments")
    replaced = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Zuordnung")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(is_current=True),
                name="one_current_assignment",
            )
        ]

    def __str__(self):
        return f"{self.contribution} -> {self.theme}"


class SecondReading(models.Model):
    """Another person than the one who confirmed a theme has read it with its contributions.

    Rows are added. When the name or the contributions change, the reading is no longer current.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="readings")
    is_current = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Gegenlesung")
        constraints = [
            models.UniqueConstraint(
                fields=["theme"], condition=Q(is_current=True), name="one_current_reading"
            )
        ]

    def __str__(self):
        return f"{self.theme}"


class Summary(models.Model):
    """Sentences about a theme, each citing contributions of it; public once released by a person.

    `sentences` is a list of {sentence, cites: [ref]}; `quotes` of {ref, text}.
    """

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="summaries")
    sentences = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    method = models.JSONField(default=dict)
    status = models.CharField(max_length=15, choices=SummaryStatus, default=SummaryStatus.DUE)
    requested_at = models.DateTimeField()
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Zusammenfassung")
        constraints = [
            models.UniqueConstraint(
                fields=["theme"],
                condition=Q(status__in=["due", "machine_draft", "released", "rejected"]),
                name="one_current_summary",
            ),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_by__isnull=False),
                name="released_summary_names_a_person",
            ),
        ]

    def __str__(self):
        return f"{self.theme}"


class Response(models.Model):
    """The city's reasoned answer to a theme or single voice."""

    theme = models.OneToOneField(Theme, models.PROTECT, related_name="response")
    outcome = models.CharField(_("Ergebnis"), max_length=20, choices=Outcome, blank=True)
    reason = models.TextField(_("Begründung"), blank=True)
    lead_department = models.ForeignKey(
        "concept.Department",
        models.PROTECT,
        related_name="responses",
        verbose_name=_("Federführung"),
    )
    due_on = models.DateField(_("fällig am"))
    status = models.CharField(max_length=10, choices=ResponseStatus, default=ResponseStatus.DUE)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Antwort")
        verbose_name_plural = _("Antworten")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "published"]) | (~Q(outcome="") & ~Q(reason="")),
                name="signed_answer_has_outcome_and_reason",
            )
        ]

    def __str__(self):
        return f"{self.theme}"
