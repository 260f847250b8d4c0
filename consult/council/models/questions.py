"""What members of the council do with a pack before the meeting, and who was given a draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consult.council.models.bodies import CouncilGroup
from consult.council.models.papers import Paper, ResolutionItem
from consult.council.states import PackBlock, QuestionStatus, ShownAs
from consult.participants.states import Role


class DraftHandover(models.Model):
    """A council group that was given a paper while it is being prepared."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="handovers")
    group = models.ForeignKey(CouncilGroup, models.PROTECT, related_name="+")
    handed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Entwurf für eine Fraktion")
        verbose_name_plural = _("Entwürfe für Fraktionen")
        constraints = [
            models.UniqueConstraint(fields=["paper", "group"], name="draft_handed_over_once")
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.group}"


class DebateMark(models.Model):
    """A member wants to speak about one item or one goal of a paper.

    `group` is the member's when the mark was set: others see it and never the person.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="debate_marks")
    item = models.ForeignKey(ResolutionItem, models.CASCADE, null=True, related_name="+")
    goal_wid = models.CharField(max_length=36, blank=True)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    group = models.ForeignKey(CouncilGroup, models.PROTECT, null=True, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Vormerkung zur Debatte")
        verbose_name_plural = _("Vormerkungen zur Debatte")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "item"], condition=Q(goal_wid=""), name="item_marked_once"
            ),
            models.UniqueConstraint(
                fields=["member", "paper", "goal_wid"],
                condition=~Q(goal_wid=""),
                name="goal_marked_once",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, goal_wid="")
                | (Q(item__isnull=True) & ~Q(goal_wid="")),
                name="mark_is_on_an_item_or_a_goal",
            ),
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.goal_wid or self.item_id}"


class PackQuestion(models.Model):
    """A member's question to the office at a place of a pack, and the answer.

    The place is a block, and within it an item or a goal where the question is about one. Only the
    asker and the office see it before the answer. An answer is never changed.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="questions")
    block = models.CharField(max_length=15, choices=PackBlock)
    item = models.ForeignKey(
        ResolutionItem, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    goal_wid = models.CharField(max_length=36, blank=True)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    group = models.ForeignKey(CouncilGroup, models.PROTECT, null=True, related_name="+")
    shown_as = models.CharField(max_length=6, choices=ShownAs)
    text = models.TextField(_("Frage"))
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=QuestionStatus, default=QuestionStatus.OPEN)
    answer = models.TextField(_("Antwort"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    # The office that answered: the function is public, the person is not.
    answered_as = models.CharField(max_length=30, choices=Role, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Frage zu einer Vorlage")
        verbose_name_plural = _("Fragen zu Vorlagen")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=QuestionStatus.ANSWERED, answered_at__isnull=False)
                & ~Q(answer="")
                | ~Q(status=QuestionStatus.ANSWERED) & Q(answer="", answered_at__isnull=True),
                name="answered_question_has_an_answer",
            )
        ]

    def __str__(self):
        return f"{self.paper.reference}: {self.pk}"
