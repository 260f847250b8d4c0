"""What rounds add to the admin: the rounds desk and the words of their log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from consult.rounds.admin_views import desk, one_round, planning, steps
from consult.rounds.predicates import may_run_rounds

LOG_ACTIONS = {
    "round.plan": _("Runde geplant"),
    "round.change": _("Runde geändert"),
    "round.extend": _("Runde verlängert"),
    "round.pre_moderate": _("Vorab-Moderation begonnen"),
    "round.pre_moderate_end": _("Ende der Vorab-Moderation geändert"),
    "round.status": _("Stand der Runde geändert"),
}

round_desk = [
    path("", desk.desk, name="desk"),
    path("neu/", planning.plan, name="plan"),
    path("<str:ref>/", one_round.one, name="round"),
    path("<str:ref>/aendern/", planning.change, name="change"),
    path("<str:ref>/verlaengern/", steps.extend, name="extend"),
    path("<str:ref>/unterbrechen/", steps.suspend, name="suspend"),
    path("<str:ref>/vorab/", steps.pre_moderate, name="pre_moderate"),
    path("<str:ref>/vorab/<int:pk>/verlaengern/", steps.extend_rule, name="extend_rule"),
    path("<str:ref>/vorab/<int:pk>/beenden/", steps.end_rule, name="end_rule"),
    path("<str:ref>/schritt/<slug:name>/", steps.step, name="step"),
]


class RoundsItem(MenuItem):
    """Shown to the coordination office only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_run_rounds(request.user)


@hooks.register("register_admin_urls")
def round_urls():
    """Addresses of the desk below /admin/."""
    return [path("runden/", include((round_desk, "round_desk")))]


@hooks.register("register_admin_menu_item")
def rounds_item():
    """The desk in the menu."""
    return RoundsItem(
        _("Runden"),
        reverse("round_desk:desk"),
        name="rounds",
        icon_name="calendar",
        order=170,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Words for what the services of rounds log."""
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
