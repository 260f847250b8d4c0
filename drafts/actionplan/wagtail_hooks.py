"""Hooks of Wagtail's admin: what the log calls our deeds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

LOG_ACTIONS = {
    "edition.create_measures": _("Maßnahmen übernommen"),
    "obligation.take_on": _("Berichtspflicht begonnen"),
    "obligation.end": _("Berichtspflicht beendet"),
    "obligation.report": _("Bericht vorgelegt"),
    "measure.progress": _("Stand einer Maßnahme gemeldet"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
