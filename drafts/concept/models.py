"""The working text: ConceptPage > SectionPage > GoalPage (with its proposed measures).

Published in Wagtail means reviewed, never public: a visitor who asks for one of these pages is
led to the edition that was released.
"""

from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import GroupApprovalTask, Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from drafts.concept.blocks import MeasureStream, SectionBody
from drafts.concept.panels import EasyLanguagePanel
from drafts.concept.snapshots import goal_snapshot, section_snapshot
from drafts.concept.states import DepartmentKind, GoalLevel, Openness, SectionKind


@register_snippet
class Department(models.Model):
    """An office of the city that leads a goal and signs answers."""

    name = models.CharField(_("Name"), max_length=160, unique=True)
    kind = models.CharField(_("Art"), max_length=20, choices=DepartmentKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("gehört zu")
    )
    contact = models.EmailField(_("Funktionspostfach"), blank=True)

    panels = ["name", "kind", "parent", "contact"]

    class Meta:
        verbose_name = _("Dienststelle")
        verbose_name_plural = _("Dienststellen")

    def __str__(self):
        return self.name


class SecondPersonTask(GroupApprovalTask):
    """Four eyes: whoever wrote the last change does not approve it."""

    def get_actions(self, obj, user):
        actions = super().get_actions(obj, user)
        if obj.latest_revision and obj.latest_revision.user_id == user.pk:
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state, user, action_name, **kwargs):
        author = task_state.revision.user_id if task_state.revision else None
        if action_name == "approve" and author == user.pk:
            raise OwnChangeApproved
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls):
        return _("Eine zweite Person prüft; die eigene Änderung kann niemand freigeben.")

    class Meta:
        verbose_name = _("Prüfung durch eine zweite Person")
        verbose_name_plural = _("Prüfungen durch eine zweite Person")


class OwnChangeApproved(Exception):
    """Somebody tried to approve a revision of their own."""


class WorkingPage(Page):
    """What the three page types share: a stable key, no public address, no public search."""

    class Meta:
        abstract = True

    @property
    def wid(self) -> str:
        """The key that stays the same in every edition and language."""
        return self.translation_key.hex

    @property
    def concept(self):
        """The concept that this page belongs to."""
        return ConceptPage.objects.ancestor_of(self, inclusive=True).first()

    def serve(self, request, *args, **kwargs):
        return HttpResponseRedirect(reverse("current_edition"))

    def serve_preview(self, request, mode_name):
        # Not `template`: Wagtail sets that name anew on every page type.
        return render(
            request,
            "concept/preview.html",
            {"sections": self.preview_sections(), "page": self},
        )

    def preview_sections(self):
        raise NotImplementedError

    def get_sitemap_urls(self, request=None):
        return []


class DroppablePage(WorkingPage):
    """A part of the text that can be dropped: by a draft, reviewed as every other change.

    A dropped page keeps its key, its words and its versions. It is in no edition from then on,
    and stands in the text again as soon as somebody has reviewed it without a reason.
    """

    dropped_because = models.CharField(
        _("Entfällt, weil"),
        max_length=300,
        blank=True,
        help_text=_(
            "Leer, solange die Seite zum Text gehört. Mit einem Grund steht sie nach der Prüfung "
            "nicht mehr im Text; die Seite und ihre Versionen bleiben erhalten."
        ),
    )

    class Meta:
        abstract = True

    def get_admin_display_title(self):
        """The title in the editor; a dropped page says so."""
        title = super().get_admin_display_title()
        return _("%(title)s (entfällt)") % {"title": title} if self.dropped_because else title


class ConceptPage(WorkingPage):
    """A concept across all its editions."""

    motto = models.CharField(_("Motto"), max_length=200, blank=True)
    summary = models.TextField(_("Worum es geht"), blank=True)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Federführung"),
    )
    review_interval_months = models.PositiveSmallIntegerField(
        _("Turnus der Berichte in Monaten"), default=24
    )

    content_panels = [
        *Page.content_panels,
        "motto",
        "summary",
        "lead_department",
        "review_interval_months",
    ]
    subpage_types = ["concept.SectionPage"]
    parent_page_types = ["pages.HomePage"]

    class Meta:
        verbose_name = _("Konzept")
        verbose_name_plural = _("Konzepte")

    def sections(self):
        """The section pages of the text in reading order, without those that were dropped."""
        pages = SectionPage.objects.child_of(self).filter(dropped_because="")
        return pages.select_related("lead_department")

    def preview_sections(self):
        return [section.snapshot() for section in self.sections()]


class SectionPage(DroppablePage):
    """A section of the concept: numbered blocks and goals."""

    number = models.CharField(_("Nummer"), max_length=20, blank=True)
    kind = models.CharField(_("Art"), max_length=20, choices=SectionKind)
    lede = models.TextField(_("Worum es in diesem Abschnitt geht"), blank=True)
    body = StreamField(SectionBody(required=False), verbose_name=_("Text"), blank=True)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Federführung"),
    )
    openness = models.CharField(
        _("Offenheit"), max_length=10, choices=Openness, default=Openness.OPEN
    )
    openness_reason = models.CharField(
        _("Warum steht der Abschnitt fest?"), max_length=300, blank=True
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("number"), FieldPanel("kind"), FieldPanel("lede")], heading=_("Abschnitt")
        ),
        "body",
        EasyLanguagePanel(["lede", "body"]),
        MultiFieldPanel(
            [
                FieldPanel("lead_department"),
                FieldPanel("openness"),
                FieldPanel("openness_reason"),
            ],
            heading=_("Zuständigkeit und Offenheit"),
        ),
        "dropped_because",
    ]
    search_fields = [*Page.search_fields, index.SearchField("lede"), index.SearchField("body")]
    subpage_types = ["concept.GoalPage"]
    parent_page_types = ["concept.ConceptPage"]

    class Meta:
        verbose_name = _("Abschnitt")
        verbose_name_plural = _("Abschnitte")
        constraints = [
            models.CheckConstraint(
                name="fixed_section_names_its_reason",
                condition=~models.Q(openness="fixed") | ~models.Q(openness_reason=""),
                violation_error_message=_("Nennen Sie den Grund, warum der Abschnitt feststeht."),
            )
        ]

    def goals(self):
        """The goal pages of the text in reading order, without those that were dropped."""
        pages = GoalPage.objects.child_of(self).filter(dropped_because="")
        return pages.select_related("lead_department")

    def snapshot(self):
        """What would be frozen if the section were released now."""
        return section_snapshot(self, self.goals())

    def preview_sections(self):
        return [self.snapshot()]


class GoalPage(DroppablePage):
    """A goal and its proposed measures."""

    number = models.CharField(_("Nummer"), max_length=20)
    level = models.CharField(_("Ebene"), max_length=20, choices=GoalLevel, default=GoalLevel.GOAL)
    wording = models.TextField(_("Wortlaut"))
    reason = models.TextField(_("Begründung"), blank=True)
    target_groups = models.CharField(_("Für wen"), max_length=300, blank=True)
    lead_department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Federführung"),
    )
    openness = models.CharField(
        _("Offenheit"), max_length=10, choices=Openness, default=Openness.OPEN
    )
    openness_reason = models.CharField(_("Warum steht das Ziel fest?"), max_length=300, blank=True)
    measures = StreamField(MeasureStream(required=False), verbose_name=_("Maßnahmen"), blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("number"), FieldPanel("level"), FieldPanel("wording")], heading=_("Ziel")
        ),
        "reason",
        "target_groups",
        EasyLanguagePanel(["wording", "reason", "measures"]),
        MultiFieldPanel(
            [
                FieldPanel("lead_department"),
                FieldPanel("openness"),
                FieldPanel("openness_reason"),
            ],
            heading=_("Zuständigkeit und Offenheit"),
        ),
        "measures",
        "dropped_because",
    ]
    search_fields = [*Page.search_fields, index.SearchField("wording")]
    subpage_types = []
    parent_page_types = ["concept.SectionPage"]

    class Meta:
        verbose_name = _("Ziel")
        verbose_name_plural = _("Ziele")
        constraints = [
            models.CheckConstraint(
                name="fixed_goal_names_its_reason",
                condition=~models.Q(openness="fixed") | ~models.Q(openness_reason=""),
                violation_error_message=_("Nennen Sie den Grund, warum das Ziel feststeht."),
            )
        ]

    def snapshot(self):
        """What would be frozen of this goal."""
        return goal_snapshot(self)

    def preview_sections(self):
        section = self.get_parent().specific
        return [section_snapshot(section, [self])]
