"""Frozen text. Rows are written once by `services` and never changed.

EditionSection, EditionGoal and EditionMeasure are the same in every language: keyed by
(edition, wid). Their words are EditionText, one row a language; the binding German ones make the
edition's hash.
"""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from drafts.concept.states import (
    CostStatus,
    FundingStatus,
    GoalLevel,
    MeasureKind,
    Openness,
    SectionKind,
)
from drafts.editions.states import READABLE, EditionStatus


class EditionQuerySet(models.QuerySet):
    def readable(self):
        """Editions with at least one released section that were not withdrawn."""
        return self.filter(status__in=READABLE, sections__isnull=False).distinct()


class Edition(models.Model):
    """One version of a concept, in consultation or adopted."""

    concept = models.ForeignKey("concept.ConceptPage", models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField(_("Fassung"))
    title = models.CharField(_("Titel"), max_length=200)
    origin = models.CharField(
        _("Wessen Entwurf ist das?"),
        max_length=160,
        help_text=_("Zum Beispiel: Diskussionsentwurf der Koordinierungsstelle Integration"),
    )
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="successors")
    status = models.CharField(max_length=20, choices=EditionStatus, default=EditionStatus.OPEN)
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    in_force_on = models.DateField(null=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Fassung")
        verbose_name_plural = _("Fassungen")
        constraints = [
            models.UniqueConstraint(fields=["concept", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["concept"], condition=Q(status="in_force"), name="one_edition_in_force"
            ),
            models.UniqueConstraint(
                fields=["concept"], condition=Q(status="open"), name="one_edition_open"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "withdrawn"]) | ~Q(content_hash=""),
                name="sealed_edition_has_hash",
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"


class EditionPart(models.Model):
    """What section, goal and measure of an edition share."""

    wid = models.CharField(max_length=36)
    number = models.CharField(max_length=20, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.number or self.wid}"


class EditionSection(EditionPart):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sections")
    slug = models.SlugField(max_length=255)
    kind = models.CharField(max_length=20, choices=SectionKind)
    openness = models.CharField(max_length=10, choices=Openness)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
    source_revision = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("freigegebener Abschnitt")
        constraints = [
            models.UniqueConstraint(fields=["edition", "wid"], name="section_wid_once"),
            models.UniqueConstraint(fields=["edition", "slug"], name="section_slug_once"),
        ]


class EditionGoal(EditionPart):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="goals")
    section = models.ForeignKey(EditionSection, models.PROTECT, related_name="goals")
    slug = models.SlugField(max_length=255)
    level = models.CharField(max_length=20, choices=GoalLevel)
    openness = models.CharField(max_length=10, choices=Openness)

    class Meta:
        verbose_name = _("freigegebenes Ziel")
        constraints = [
            models.UniqueConstraint(fields=["edition", "wid"], name="goal_wid_once"),
            models.UniqueConstraint(fields=["edition", "slug"], name="goal_slug_once"),
        ]


class EditionMeasure(EditionPart):
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="measures")
    goal = models.ForeignKey(EditionGoal, models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=10, choices=MeasureKind)
    cost_status = models.CharField(max_length=15, choices=CostStatus)
    cost_one_off = models.PositiveIntegerField(null=True)
    cost_yearly = models.PositiveIntegerField(null=True)
    # Full-time equivalents; None and empty where the text does not say.
    posts = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    funding = models.CharField(max_length=10, choices=FundingStatus, blank=True)
    also_serves = models.JSONField(default=list)

    class Meta:
        verbose_name = _("freigegebene Maßnahme")
        constraints = [models.UniqueConstraint(fields=["edition", "wid"], name="measure_wid_once")]


class EditionText(models.Model):
    """The words of one section, goal or measure in one language.

    `content` has the shape of `text` in drafts.concept.snapshots; `plain` is what search reads.
    A language version names the German words that it renders (`source`, and their hash). It may
    hold fewer fields and blocks than the German of its part: what it lacks is shown in German.
    Words never change: a corrected version is a new row, and the former is no longer current.
    """

    section = models.ForeignKey(EditionSection, models.PROTECT, null=True, related_name="texts")
    goal = models.ForeignKey(EditionGoal, models.PROTECT, null=True, related_name="texts")
    measure = models.ForeignKey(EditionMeasure, models.PROTECT, null=True, related_name="texts")
    language = models.CharField(max_length=12)
    content = models.JSONField()
    plain = models.TextField()
    hash = models.CharField(max_length=64)
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="versions")
    source_hash = models.CharField(max_length=64, blank=True)
    is_current = models.BooleanField(default=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("Wortlaut")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(section__isnull=False, goal__isnull=True, measure__isnull=True)
                    | Q(section__isnull=True, goal__isnull=False, measure__isnull=True)
                    | Q(section__isnull=True, goal__isnull=True, measure__isnull=False)
                ),
                name="text_belongs_to_one_part",
            ),
            models.UniqueConstraint(
                fields=["section", "goal", "measure", "language"],
                nulls_distinct=False,
                condition=Q(is_current=True),
                name="one_text_a_language",
            ),
            models.CheckConstraint(
                condition=Q(language="de", is_current=True)
                | (Q(source__isnull=False, released_at__isnull=False) & ~Q(source_hash="")),
                name="version_names_its_source",
            ),
        ]
        indexes = [
            GinIndex(SearchVector(F("plain"), config="german"), name="edition_text_german"),
            GinIndex(OpClass(Upper("plain"), name="gin_trgm_ops"), name="edition_text_parts"),
        ]

    def __str__(self):
        return f"{self.section or self.goal or self.measure} [{self.language}]"


class RenderedSource(models.Model):
    """Which German words a page of a language version renders: written when a person says so.

    `snapshot` is the section in the shape of drafts.concept.snapshots, so that the differences
    since can be shown word by word.
    """

    page = models.OneToOneField(
        "concept.SectionPage", models.CASCADE, related_name="rendered_source"
    )
    snapshot = models.JSONField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("Vorlage einer Sprachfassung")

    def __str__(self):
        return f"{self.page}"


class FrozenFile(models.Model):
    """A picture as it was when a section was released, kept by its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    file = models.FileField(upload_to="frozen/")

    class Meta:
        verbose_name = _("festgehaltene Datei")

    def __str__(self):
        return self.sha256
