"""From feedback to the next edition.

What a machine proposed (`ThemeProposal`, `ProposalMember`) is written once by a run and never
public. What people found (`Theme`, `Assignment`, `Response`, `Change`) is written by people only.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution
from consult.evaluation.states import (
    CarryState,
    Cause,
    Outcome,
    ResponseStatus,
    RevisionStatus,
    RunStatus,
    Step,
    SummaryStatus,
    ThemeKind,
    ThemeStatus,
)


class LedgerEntry(models.Model):
    """The sums of a round as they were at a moment: closing, answering or a later correction."""

    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="ledger")
    occasion = models.CharField(
        max_length=12,
        choices=[
            ("closing", _("beim Schließen")),
            ("answering", _("beim Beantworten")),
            ("correction", _("Berichtigung")),
        ],
    )
    at = models.DateTimeField()
    received = models.PositiveIntegerField()
    published = models.PositiveIntegerField()
    hidden = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    erased = models.PositiveIntegerField()
    in_review = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("Bilanz")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    received=models.F("published")
                    + models.F("hidden")
                    + models.F("withdrawn")
                    + models.F("erased")
                    + models.F("in_review")
                ),
                name="ledger_adds_up",
            )
        ]

    def __str__(self):
        return f"{self.round.ref} {self.occasion}"


class Job(models.Model):
    """What a worker claims: status, attempts, error and times stay on the row."""

    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class AnalysisRun(Job):
    """One evaluation of a round's contributions and ballots."""

    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="runs")
    input_hash = models.CharField(max_length=64)
    method = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Auswertungslauf")
        constraints = [
            models.UniqueConstraint(fields=["round", "input_hash"], name="one_run_an_input")
        ]

    def __str__(self):
        return f"{self.round.ref} {self.queued_at:%Y-%m-%d}"


class AnalysisShard(Job):
    """One step of a run: a section, or the reducing step that needs all sections."""

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="shards")
    step = models.CharField(max_length=10, choices=Step)
    section_wid = models.CharField(max_length=36, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("Schritt der Auswertung")
        constraints = [
            models.UniqueConstraint(fields=["run", "step", "section_wid"], name="one_shard_a_scope")
        ]

    def __str__(self):
        return f"{self.run} {self.step} {self.section_wid}"


class TextVector(models.Model):
    """The sentence vector of a text, computed once: 384 little-endian 32-bit floats.

    The key is a hash over model and text (workers.analysis.vectors); erasing a text deletes it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.BinaryField()

    class Meta:
        verbose_name = _("Satzvektor")

    def __str__(self):
        return self.key


class ThemeProposal(models.Model):
    """What a run proposes. Never public, never changed; confirming copies it."""

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=ThemeKind)
    label = models.CharField(max_length=200)
    keywords = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    summary = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Themenvorschlag")
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="one_proposal_a_key")]

    def __str__(self):
        return self.label


class ProposalMember(models.Model):
    """A contribution in a proposal; `bundle` names the representative of near-identical texts."""

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="+")
    proposal = models.ForeignKey(ThemeProposal, models.CASCADE, related_name="members")
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="+")
    bundle = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name = _("vorgeschlagene Zuordnung")
        constraints = [
            models.UniqueConstraint(fields=["run", "contribution"], name="one_place_a_run")
        ]

    def __str__(self):
        return f"{self.proposal} {self.contribution}"


class GoalResult(models.Model):
    """Votes on one goal of a closed round in one class of participants.

    Rows of all classes add up to the total; `scope` is a verification class or an opinion group.
    """

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="goal_results")
    goal = models.ForeignKey("editions.EditionGoal", models.PROTECT, related_name="+")
    scope = models.CharField(max_length=40)
    agree = models.PositiveIntegerField()
    disagree = models.PositiveIntegerField()
    passed = models.PositiveIntegerField()
    consensus = models.FloatField(null=True)

    class Meta:
        verbose_name = _("Zielergebnis")
        constraints = [
            models.UniqueConstraint(fields=["run", "goal", "scope"], name="one_result_a_scope")
        ]

    def __str__(self):
        return f"{self.goal} {self.scope}"

    @property
    def total(self) -> int:
        """How many ballots are in this row."""
        return self.agree + self.disagree + self.passed


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


class Assignment(models.Model):
    """Who put which contribution into which theme. Rows are added; the newest is current."""

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="assignments")
    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="assignments")
    is_current = models.BooleanField(default=True)
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


class Revision(models.Model):
    """The change set between a frozen edition and the next one."""

    round = models.ForeignKey(
        "rounds.ConsultationRound", models.PROTECT, null=True, related_name="revisions"
    )
    from_edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="+")
    to_edition = models.OneToOneField(
        "editions.Edition", models.PROTECT, null=True, related_name="revision"
    )
    status = models.CharField(max_length=10, choices=RevisionStatus, default=RevisionStatus.OPEN)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Überarbeitung")
        verbose_name_plural = _("Überarbeitungen")
        constraints = [
            models.UniqueConstraint(
                fields=["from_edition"], condition=Q(status="open"), name="one_open_revision"
            )
        ]

    def __str__(self):
        return f"{self.from_edition}"


class Change(models.Model):
    """One change of the text, keyed by (wid, op, old hash, new hash) so that causes survive."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="changes")
    position = models.PositiveIntegerField()
    part = models.CharField(max_length=10)
    section_wid = models.CharField(max_length=36)
    wid = models.CharField(max_length=36)
    op = models.CharField(max_length=10)
    place = models.CharField(max_length=200)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    old_hash = models.CharField(max_length=64, blank=True)
    new_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("Änderung")
        verbose_name_plural = _("Änderungen")
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "wid", "op", "old_hash", "new_hash"], name="change_once"
            )
        ]

    def __str__(self):
        return f"{self.place} {self.op}"


class ChangeCause(models.Model):
    """Why a text was changed: an answer to a theme, or an editorial or legal reason."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="causes")
    kind = models.CharField(_("Grund"), max_length=10, choices=Cause)
    response = models.ForeignKey(Response, models.PROTECT, null=True, related_name="causes")
    note = models.TextField(_("Begründung"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Grund einer Änderung")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="response", response__isnull=False)
                | (~Q(kind="response") & Q(response__isnull=True) & ~Q(note="")),
                name="cause_is_an_answer_or_a_reason",
            ),
            models.UniqueConstraint(
                fields=["change", "response"],
                condition=Q(response__isnull=False),
                name="answer_causes_a_change_once",
            ),
        ]

    def __str__(self):
        return f"{self.change} {self.kind}"


class CarryOver(models.Model):
    """Where a contribution's place is in a later edition."""

    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="carry_overs")
    edition = models.ForeignKey("editions.Edition", models.PROTECT, related_name="carry_overs")
    state = models.CharField(max_length=15, choices=CarryState)
    section_wid = models.CharField(max_length=36, blank=True)
    target_wid = models.CharField(max_length=36, blank=True)
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Übertrag")
        constraints = [
            models.UniqueConstraint(
                fields=["contribution", "edition"], name="one_carry_over_an_edition"
            )
        ]

    def __str__(self):
        return f"{self.contribution} {self.state}"
