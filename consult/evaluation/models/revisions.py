"""How the text changes because of it, and where the contributions stand in the next edition."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.states import IN_TEXT, SuggestionStatus
from consult.evaluation.models.themes import Response
from consult.evaluation.states import CarryState, Cause, RevisionStatus


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
    """Why a text was changed: an answer, residents' suggestion, a motion, an editorial or legal reason.

    `reference` names in words what lies outside the evaluation: an amendment motion of the council
    with its mover and the day of its vote. Who knows more about it points to this row.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="causes")
    kind = models.CharField(_("Grund"), max_length=10, choices=Cause)
    response = models.ForeignKey(Response, models.PROTECT, null=True, related_name="causes")
    suggestion = models.ForeignKey(
        SuggestionBundle, models.PROTECT, null=True, related_name="causes"
    )
    reference = models.CharField(max_length=300, blank=True)
    note = models.TextField(_("Begründung"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("Grund einer Änderung")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="response", response__isnull=False, suggestion__isnull=True, reference=""
                )
                | Q(
                    kind="suggestion", response__isnull=True, suggestion__isnull=False, reference=""
                )
                | (
                    Q(kind="motion", response__isnull=True, suggestion__isnull=True)
                    & ~Q(reference="")
                )
                | (
                    Q(kind__in=["editorial", "legal"])
                    & Q(response__isnull=True, suggestion__isnull=True, reference="")
                    & ~Q(note="")
                ),
                name="cause_is_an_answer_a_suggestion_a_motion_or_a_reason",
            ),
            models.UniqueConstraint(
                fields=["change", "response"],
                condition=Q(response__isnull=False),
                name="answer_causes_a_change_once",
            ),
            models.UniqueConstraint(
                fields=["change", "suggestion"],
                condition=Q(suggestion__isnull=False),
                name="suggestion_causes_a_change_once",
            ),
            models.UniqueConstraint(
                fields=["change", "reference"],
                condition=~Q(reference=""),
                name="motion_causes_a_change_once",
            ),
        ]

    def __str__(self):
        return f"{self.change} {self.kind}"


class SuggestionDecision(models.Model):
    """What was decided on suggestions with the same effect, and why; the last one counts.

    An adoption names the step of the working text that it took: at `wid` from the wording with
    `before_hash` to the one with `after_hash`; "" stands for no text. `wording` are the words
    where they are not those that were proposed.
    """

    bundle = models.ForeignKey(SuggestionBundle, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("Ergebnis"), max_length=15, choices=SuggestionStatus)
    reason = models.TextField(_("Begründung"), blank=True)
    wid = models.CharField(max_length=36, blank=True)
    before_hash = models.CharField(max_length=64, blank=True)
    after_hash = models.CharField(max_length=64, blank=True)
    wording = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Entscheidung über Änderungsvorschläge")
        verbose_name_plural = _("Entscheidungen über Änderungsvorschläge")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="adopted") | ~Q(reason=""),
                name="only_adopting_as_proposed_needs_no_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[status.value for status in sorted(IN_TEXT)]) | ~Q(wid=""),
                name="adoption_names_its_place",
            ),
        ]

    def __str__(self):
        return f"{self.bundle} {self.outcome}"


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
