"""Who deals with papers: bodies, and the groups that vote in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet


@register_snippet
class Body(models.Model):
    """A body that deals with papers: council, committee, advisory council."""

    name = models.CharField(_("Name"), max_length=160, unique=True)

    panels = ["name"]

    class Meta:
        verbose_name = _("Gremium")
        verbose_name_plural = _("Gremien")

    def __str__(self):
        return self.name


@register_snippet
class CouncilGroup(models.Model):
    """Members of the council who vote as a group; somebody without a group is one of their own."""

    name = models.CharField(_("Name"), max_length=160, unique=True)

    panels = ["name"]

    class Meta:
        verbose_name = _("Fraktion")
        verbose_name_plural = _("Fraktionen")
        ordering = ["name"]

    def __str__(self):
        return self.name
