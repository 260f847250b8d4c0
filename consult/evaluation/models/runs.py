"""What was counted and what a machine proposed: written once, never public as it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution
from consult.evaluation.states import Doubt, RunStatus, Step, ThemeKind


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
    """One evaluation of a round's contributions and ballots.

    A run that `extends` another one proposes for what came late, and leaves the rest as it was.
    """

    round = models.ForeignKey("rounds.ConsultationRound", models.PROTECT, related_name="runs")
    extends = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
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
    """One step of a run: a section, a range of voters, or the reducing step that needs them all.

    `voters` is a range of the first two hexadecimal digits of the voter's hash, its end excluded
    ("00-40"); `sums` holds what such a step counted (workers.analysis.tallies).
    """

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="shards")
    step = models.CharField(max_length=10, choices=Step)
    section_wid = models.CharField(max_length=36, blank=True)
    voters = models.CharField(max_length=6, blank=True)
    result = models.JSONField(default=dict)
    sums = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("Schritt der Auswertung")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step", "section_wid", "voters"], name="one_shard_a_scope"
            )
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
    """What a run proposes. Never public, never changed; confirming copies it.

    `fits` is the theme of people that late contributions are offered for.
    """

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=ThemeKind)
    label = models.CharField(max_length=200)
    keywords = models.JSONField(default=list)
    sections = models.JSONField(default=list)
    quotes = models.JSONField(default=list)
    summary = models.JSONField(default=list)
    position = models.PositiveIntegerField()
    fits = models.ForeignKey("evaluation.Theme", models.SET_NULL, null=True, related_name="+")
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
    """A contribution in a proposal; `bundle` names the representative of near-identical texts.

    `doubt` says why the program is not sure, `doubt_strength` how much (workers.analysis.doubts),
    and `near_to` is the proposal that is as near.
    """

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="+")
    proposal = models.ForeignKey(ThemeProposal, models.CASCADE, related_name="members")
    contribution = models.ForeignKey(Contribution, models.CASCADE, related_name="+")
    bundle = models.CharField(max_length=30, blank=True)
    doubt = models.CharField(max_length=10, choices=Doubt, blank=True)
    doubt_strength = models.FloatField(default=0)
    near_to = models.ForeignKey(ThemeProposal, models.SET_NULL, null=True, related_name="+")

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
