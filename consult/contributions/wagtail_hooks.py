"""What contributions add to the admin: the moderation desk and the words of their log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from consult.contributions.admin_views import case, lanes
from consult.contributions.predicates import may_moderate
from consult.contributions.states import SuggestionStatus, Visibility

moderation = [
    path("", lanes.held, name="held"),
    path("meldungen/", lanes.reports, name="reports"),
    path("beschwerden/", lanes.complaints, name="complaints"),
    path("beschwerden/<int:pk>/", case.complaint, name="complaint"),
    path("protokoll/", lanes.log, name="log"),
    path("beitrag/<str:ref>/", case.case, name="case"),
]


class ModerationItem(MenuItem):
    """Shown to moderators only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_moderate(request.user)


@hooks.register("register_admin_urls")
def moderation_urls():
    """Addresses of the desk below /admin/."""
    return [path("moderation/", include((moderation, "moderation")))]


@hooks.register("register_admin_menu_item")
def moderation_item():
    """The desk in the menu."""
    return ModerationItem(
        gettext_lazy("Moderation"),
        reverse("moderation:held"),
        name="moderation",
        icon_name="comment",
        order=210,
    )


class StatusFormatter(LogFormatter):
    """Says from which status to which a contribution went."""

    label = gettext_lazy("Sichtbarkeit geändert")

    def format_message(self, log_entry):
        """Former and new status in words."""
        step = log_entry.data
        return _("Sichtbarkeit: vorher „%(old)s“, jetzt „%(new)s“") % {
            "old": Visibility(step["from"]).label,
            "new": Visibility(step["to"]).label,
        }


class SuggestionStatusFormatter(LogFormatter):
    """Says what was decided on suggestions with the same effect."""

    label = gettext_lazy("Entscheidung über einen Änderungsvorschlag")

    def format_message(self, log_entry):
        """The new status in words."""
        return _("Änderungsvorschlag: „%(status)s“") % {
            "status": SuggestionStatus(log_entry.data["to"]).label
        }


@hooks.register("register_log_actions")
def log_actions(actions):
    """Words for what the services of contributions log."""
    actions.register_action("contribution.status")(StatusFormatter)
    actions.register_action("suggestion.status")(SuggestionStatusFormatter)
    actions.register_action(
        "round.export_ballots",
        gettext_lazy("Stimmzettel ausgegeben"),
        gettext_lazy("Liste der Stimmzettel zur Prüfung ausgegeben"),
    )
    actions.register_action(
        "round.destroy_ballot_key",
        gettext_lazy("Schlüssel vernichtet"),
        gettext_lazy("Schlüssel der Stimmzettel vernichtet"),
    )
