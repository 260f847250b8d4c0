"""What was published through OParl, and since when it is so.

An object of OParl is put together from many rows: a meeting with its agenda, an agenda item with
the decisions. This table keeps what was last said of each, so that every change of it has its
time, and what is not public any more leaves a mark that says nothing.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consult.oparl.states import ObjectKind


class PublishedObject(models.Model):
    """One object. `data` are its attributes, addresses without a host; `parts` say which other
    objects are shown inside of which attribute: "kind/key", or a list of them.

    `fingerprint` is over both and over the parts; `modified_at` is when that changed last. A
    deleted one keeps kind, key and times alone.
    """

    kind = models.CharField(max_length=20, choices=ObjectKind)
    key = models.CharField(max_length=60)
    data = models.JSONField()
    parts = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("veröffentlichtes Objekt")
        verbose_name_plural = _("veröffentlichte Objekte")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="published_once"),
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True) | models.Q(data={}, parts={}),
                name="deleted_object_says_nothing",
            ),
        ]
        indexes = [models.Index(fields=["kind", "modified_at"], name="published_modified")]

    def __str__(self):
        return f"{self.kind}/{self.key}"


class PublishingState(models.Model):
    """One row: up to which entry of the log the objects were compared."""

    seen = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Stand der Schnittstelle OParl")

    def __str__(self):
        return self.seen
