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

from drafts.concept.states import CostStatus, GoalLevel, MeasureKind, Openness, SectionKind
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
    also_serves = models.JSONField(default=list)

    class Meta:
        verbose_name = _("freigegebene Maßnahme")
        constraints = [models.UniqueConstraint(fields=["edition", "wid"], name="measure_wid_once")]


class EditionText(models.Model):
    """The words of one section, goal or measure in one language.

    `content` has the shape of `text` in drafts.concept.snapshots; `plain` is what search reads.
    """

    section = models.ForeignKey(EditionSection, models.PROTECT, null=True, related_name="texts")
    goal = models.ForeignKey(EditionGoal, models.PROTECT, null=True, related_name="texts")
    measure = models.ForeignKey(EditionMeasure, models.PROTECT, null=True, related_name="texts")
    language = models.CharField(max_length=12)
    content = models.JSONField()
    plain = models.TextField()
    hash = models.CharField(max_length=64)
    source_hash = models.CharField(max_length=64, blank=True)

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
                name="one_text_a_language",
            ),
        ]
        indexes = [
            GinIndex(SearchVector(F("plain"), config="german"), name="edition_text_german"),
            GinIndex(OpClass(Upper("plain"), name="gin_trgm_ops"), name="edition_text_parts"),
        ]

    def __str__(self):
        return f"{self.section or self.goal or self.measure} [{self.language}]"


class FrozenFile(models.Model):
    """A picture as it was when a section was released, kept by its SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    file = models.FileField(upload_to="frozen/")

    class Meta:
        verbose_name = _("festgehaltene Datei")

    def __str__(self):
        return self.sha256
