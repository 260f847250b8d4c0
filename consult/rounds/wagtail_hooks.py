"""Hooks of Wagtail's admin: what the log calls our deeds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

LOG_ACTIONS = {
    "round.plan": _("Runde geplant"),
    "round.change": _("Runde geändert"),
    "round.extend": _("Runde verlängert"),
    "round.pre_moderate": _("Vorab-Moderation begonnen"),
    "round.status": _("Stand der Runde geändert"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
