"""Hooks of Wagtail's admin: what the log calls our deeds."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

LOG_ACTIONS = {
    "revision.prepare": _("Überarbeitung verglichen"),
    "revision.release": _("Überarbeitung freigegeben"),
    "response.request": _("Antwort angefordert"),
    "response.status": _("Stand der Antwort geändert"),
    "summary.status": _("Stand der Zusammenfassung geändert"),
    "theme.confirm": _("Thema bestätigt"),
    "theme.rename": _("Thema umbenannt"),
    "theme.split": _("Thema geteilt"),
    "theme.status": _("Stand des Themas geändert"),
    "round.destroy_ballot_key": _("Schlüssel der Stimmen vernichtet"),
    "round.export_ballots": _("Stimmen ausgegeben"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
