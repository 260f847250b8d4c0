"""What intake adds to the admin: its desk and the words of its log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from consult.intake.admin_views import desk, invitees, notes, occasion, printing, statements, tables
from consult.intake.predicates import works_at_intake

intake = [
    path("", desk.desk, name="desk"),
    path("neu/", occasion.create, name="create"),
    path("<int:pk>/", occasion.one, name="occasion"),
    path("<int:pk>/aendern/", occasion.change, name="change"),
    path("<int:pk>/aufteilen/", occasion.split, name="split"),
    path("<int:pk>/original/", occasion.upload, name="upload"),
    path("<int:pk>/original/<int:file>/", occasion.original, name="original"),
    path("<int:pk>/beitraege/", notes.write, name="notes"),
    path("<int:pk>/beitraege/neu/", notes.add, name="add_note"),
    path("<int:pk>/beitraege/<int:note>/loeschen/", notes.throw_away, name="delete_note"),
    path("<int:pk>/pruefen/<int:note>/", notes.check, name="check"),
    path("<int:pk>/pruefen/<int:note>/zurueck/", notes.send_back, name="send_back"),
    path("<int:pk>/karten/", printing.blank, name="cards"),
    path("<int:pk>/belege/", printing.receipts, name="receipts"),
    path("datei/neu/", tables.upload, name="upload_table"),
    path("datei/<int:pk>/", tables.one, name="table"),
    path("datei/<int:pk>/zurueck/", tables.send_back, name="send_back_table"),
    path("datei/<int:pk>/nicht-uebernommen.csv", tables.rejected, name="rejected"),
    path("datei/<int:pk>/<slug:name>/", tables.step, name="table_step"),
    path("runde/<str:ref>/angeschrieben/", invitees.of_round, name="invitees"),
    path("runde/<str:ref>/angeschrieben/neu/", invitees.add, name="invite"),
    path("angeschrieben/<int:pk>/", invitees.change, name="change_invitee"),
    path("angeschrieben/<int:pk>/antwort/", invitees.answer, name="invitee_answer"),
    path("angeschrieben/<int:pk>/entfernen/", invitees.drop, name="drop_invitee"),
    path("stellungnahmen/", statements.desk, name="statements"),
    path("stellungnahmen/<int:pk>/", statements.one, name="statement"),
    path("stellungnahmen/<int:pk>/bestaetigen/", statements.confirm, name="confirm_statement"),
    path("stellungnahmen/<int:pk>/datei/", statements.attachment, name="attachment"),
    path("stellungnahmen/<int:pk>/datei/freigeben/", statements.release, name="release_file"),
]


class IntakeItem(MenuItem):
    """Shown to coordination and moderation."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return works_at_intake(request.user)


@hooks.register("register_admin_urls")
def intake_urls():
    """Addresses of the desk below /admin/."""
    return [path("erfassung/", include((intake, "intake")))]


@hooks.register("register_admin_menu_item")
def intake_item():
    """The desk in the menu."""
    return IntakeItem(
        gettext_lazy("Erfassung"),
        reverse("intake:desk"),
        name="intake",
        icon_name="form",
        order=205,
    )


LOGGED = {
    "occasion": gettext_lazy("Anlass angelegt"),
    "occasion_change": gettext_lazy("Anlass geändert"),
    "original": gettext_lazy("Original abgelegt"),
    "note_status": gettext_lazy("Stand einer Mitschrift geändert"),
    "delete_note": gettext_lazy("Entwurf einer Mitschrift gelöscht"),
    "print": gettext_lazy("Belegkarten gedruckt"),
    "import": gettext_lazy("Stand eines Imports geändert"),
    "invite": gettext_lazy("Stelle angeschrieben"),
    "change_invitee": gettext_lazy("Angeschriebene Stelle geändert"),
    "drop_invitee": gettext_lazy("Angeschriebene Stelle entfernt"),
    "invitee_answer": gettext_lazy("Antwort einer angeschriebenen Stelle eingetragen"),
    "statement": gettext_lazy("Organisation bestätigt"),
    "release_file": gettext_lazy("Anlage einer Stellungnahme freigegeben"),
}


@hooks.register("register_log_actions")
def log_actions(actions):
    """Words for what the services of intake log."""
    for name, label in LOGGED.items():
        actions.register_action(f"intake.{name}", label, label)
