"""Hooks of Wagtail's admin: what the log calls our deeds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

LOG_ACTIONS = {
    "edition.open": _("Fassung angelegt"),
    "edition.release_section": _("Abschnitt freigegeben"),
    "edition.status": _("Stand der Fassung geändert"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
