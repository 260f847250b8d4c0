"""Hooks of Wagtail's admin: what the log calls our deeds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

LOG_ACTIONS = {
    "paper.prepare": _("Vorlage angelegt"),
    "paper.add_step": _("Gremium in die Beratungsfolge gesetzt"),
    "paper.move_step": _("Beratungsfolge geändert"),
    "paper.status": _("Stand der Vorlage geändert"),
    "route_step.status": _("Stand eines Gremiums geändert"),
    "decision.record": _("Entscheidung eingetragen"),
    "decision.confirm": _("Entscheidung bestätigt"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
