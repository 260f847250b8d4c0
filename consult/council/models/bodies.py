"""Who deals with papers: bodies, and the groups that vote in them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from consult.participants.states import Role


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


@register_snippet
class GroupMembership(models.Model):
    """A person works in a council group: drafts motions with it and sees its drafts."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="group_memberships",
        verbose_name=_("Person"),
        limit_choices_to={"groups__name": Role.COUNCIL_MEMBER},
    )
    group = models.ForeignKey(
        CouncilGroup, models.CASCADE, related_name="memberships", verbose_name=_("Fraktion")
    )
    function = models.CharField(_("Funktion"), max_length=120, blank=True)

    panels = ["user", "group", "function"]

    class Meta:
        verbose_name = _("Mitglied einer Fraktion")
        verbose_name_plural = _("Mitglieder der Fraktionen")
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="member_of_a_group_once")
        ]

    def __str__(self):
        return f"{self.user}: {self.group}"
