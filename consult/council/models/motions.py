"""Amendment motions on a paper: who wants what changed where, how it was voted, what became text."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import Body, CouncilGroup
from consult.council.models.decisions import RecordOfBody, VoteOfGroup
from consult.council.models.papers import Paper, ResolutionItem
from consult.council.models.route import RouteStep
from consult.council.states import (
    MOTION_OUTCOMES,
    FinanceEffect,
    MotionOp,
    MotionPart,
    MotionSide,
    MotionStatus,
)
from drafts.editions.places import place_key

ONE_MOVER = (
    Q(group__isnull=False, body__isnull=True, member="")
    | Q(group__isnull=True, body__isnull=False, member="")
    | (Q(group__isnull=True, body__isnull=True) & ~Q(member=""))
)


class AmendmentMotion(models.Model):
    """What a council group, a member or a body wants changed in an item or at a place of the text.

    `taken_up` is the residents' theme that it takes up. `wid` is the place in the paper's edition
    and `old_text` its words, with their SHA-256 in `base_hash`; of an item they are the item's.
    `part` says what of the place is meant: its wording, another field of it, or something new in
    it. `new_wid` is the key that inserted text gets; `to_wid` the place that moved text stands
    beside. `number` is given when it is filed.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="motions")
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    group = models.ForeignKey(
        CouncilGroup, models.PROTECT, null=True, blank=True, verbose_name=_("Fraktion")
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, verbose_name=_("Gremium"))
    member = models.CharField(_("Mitglied, mit seiner Funktion"), max_length=160, blank=True)
    item = models.ForeignKey(
        ResolutionItem, models.PROTECT, null=True, blank=True, related_name="motions"
    )
    section_wid = models.CharField(max_length=36, blank=True)
    wid = models.CharField(max_length=36, blank=True)
    part = models.CharField(max_length=15, choices=MotionPart, blank=True)
    place = models.CharField(max_length=200)
    old_text = models.TextField(blank=True)
    base_hash = models.CharField(max_length=64)
    op = models.CharField(_("Was soll geschehen?"), max_length=10, choices=MotionOp)
    side = models.CharField(
        _("Auf welcher Seite?"), max_length=6, choices=MotionSide, default=MotionSide.AFTER
    )
    new_text = models.TextField(_("Neuer Wortlaut"), blank=True)
    new_wid = models.CharField(max_length=36, blank=True)
    to_wid = models.CharField(max_length=36, blank=True)
    to_place = models.CharField(max_length=200, blank=True)
    reason = models.TextField(_("Begründung"), blank=True)
    taken_up = models.ForeignKey(
        "evaluation.Theme", models.PROTECT, null=True, blank=True, related_name="motions"
    )
    finance = models.CharField(
        _("Kosten"), max_length=15, choices=FinanceEffect, default=FinanceEffect.NOT_ESTIMATED
    )
    cost_one_off = models.PositiveIntegerField(_("einmalig, in Euro"), null=True, blank=True)
    cost_yearly = models.PositiveIntegerField(_("jährlich, in Euro"), null=True, blank=True)
    finance_note = models.CharField(_("Zu den Kosten"), max_length=300, blank=True)
    status = models.CharField(max_length=20, choices=MotionStatus, default=MotionStatus.DRAFT)
    status_reason = models.TextField(blank=True)
    settled_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("Änderungsantrag")
        verbose_name_plural = _("Änderungsanträge")
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="motion_number_once"),
            models.CheckConstraint(condition=ONE_MOVER, name="motion_has_one_mover"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, wid="") | (Q(item__isnull=True) & ~Q(wid="")),
                name="motion_is_on_an_item_or_a_place",
            ),
            models.CheckConstraint(
                condition=Q(part="") | (Q(item__isnull=True) & ~Q(op="move")),
                name="motion_moves_a_whole_place",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", filed_at__isnull=True, number__isnull=True)
                | (~Q(status="draft") & Q(filed_at__isnull=False, number__isnull=False)),
                name="filed_motion_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="draft") | Q(group__isnull=False),
                name="draft_belongs_to_a_group",
            ),
            models.CheckConstraint(
                condition=Q(finance="estimated")
                & (Q(cost_one_off__isnull=False) | Q(cost_yearly__isnull=False))
                | (~Q(finance="estimated") & Q(cost_one_off=None, cost_yearly=None)),
                name="motion_costs_are_named_or_not_estimated",
            ),
            models.CheckConstraint(
                condition=Q(status="settled", settled_by__isnull=False)
                | (~Q(status="settled") & Q(settled_by__isnull=True)),
                name="settled_motion_names_the_other",
            ),
        ]

    def __str__(self):
        return f"{self.paper.reference}, {self.name}"

    @property
    def name(self) -> str:
        """How people call it: Ä 3, or a draft."""
        return f"Ä {self.number}" if self.number else str(_("Entwurf"))

    @property
    def key(self) -> str:
        """The place of the text as drafts.editions.places names it; "" of an item."""
        return place_key(self.wid, self.part)

    @property
    def mover(self) -> str:
        """Who moves it."""
        return self.member or str(self.group or self.body)


class MotionVote(RecordOfBody):
    """How a body voted on a motion. Never changed but for its confirmation; corrected by a row.

    Only what the deciding body did is the motion's outcome; others advise. `wording` are the words
    that were accepted in place of those moved.
    """

    motion = models.ForeignKey(AmendmentMotion, models.PROTECT, related_name="votes")
    step = models.ForeignKey(RouteStep, models.PROTECT, related_name="motion_votes")
    outcome = models.CharField(
        _("Ergebnis"),
        max_length=20,
        choices=[(one.value, one.label) for one in MotionStatus if one in MOTION_OUTCOMES],
    )
    wording = models.TextField(_("angenommener Wortlaut, wenn geändert"), blank=True)
    note = models.TextField(_("Abstimmung"), blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by_vote"
    )

    class Meta:
        verbose_name = _("Abstimmung über einen Änderungsantrag")
        verbose_name_plural = _("Abstimmungen über Änderungsanträge")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(confirmed_by=models.F("recorded_by")),
                name="motion_vote_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="motion_vote_correction_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted_modified") & ~Q(wording="")
                | ~Q(outcome="accepted_modified") & Q(wording=""),
                name="only_a_modified_motion_has_another_wording",
            ),
            models.UniqueConstraint(
                fields=["motion", "step"],
                condition=Q(corrects__isnull=True),
                name="motion_voted_once_a_step",
            ),
        ]

    def __str__(self):
        return f"{self.motion}: {self.get_outcome_display()}"


class MotionGroupVote(VoteOfGroup):
    """How a group voted on a motion, with or without head counts, as GroupVote on an item."""

    vote = models.ForeignKey(MotionVote, models.CASCADE, related_name="group_votes")

    class Meta:
        verbose_name = _("Stimme einer Fraktion zu einem Änderungsantrag")
        verbose_name_plural = _("Stimmen der Fraktionen zu Änderungsanträgen")
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "group", "position"], name="group_position_on_a_motion_once"
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=True) | Q(count__gt=0),
                name="motion_group_vote_counts_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.position}"


class Consolidation(models.Model):
    """The text that a machine made of the submitted one and the accepted motions, when asked.

    `sections` has the shape of drafts.concept.snapshots; `text_hash` is the hash that an edition
    with this text has. Motions that are decided otherwise later lead to another row.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="consolidations")
    motions = models.ManyToManyField(AmendmentMotion, related_name="consolidations")
    sections = models.JSONField()
    text_hash = models.CharField(max_length=64)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Zusammenführung")
        verbose_name_plural = _("Zusammenführungen")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.paper} {self.text_hash[:12]}"


class MotionCause(models.Model):
    """The cause of a change of the text is this motion."""

    cause = models.OneToOneField(
        "evaluation.ChangeCause", models.CASCADE, related_name="motion_cause"
    )
    motion = models.ForeignKey(AmendmentMotion, models.PROTECT, related_name="causes")

    class Meta:
        verbose_name = _("Änderungsantrag als Grund einer Änderung")

    def __str__(self):
        return f"{self.motion}"
