"""What the council adds to the admin: the council desk and the words of its log."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from consult.council import views

LOG_ACTIONS = {
    "paper.prepare": _("Vorlage angelegt"),
    "paper.change": _("Vorlage geändert"),
    "paper.add_step": _("Gremium in die Beratungsfolge gesetzt"),
    "paper.move_step": _("Beratungsfolge geändert"),
    "paper.remove_step": _("Gremium aus der Beratungsfolge genommen"),
    "paper.schedule_step": _("Sitzungstermin geändert"),
    "paper.status": _("Stand der Vorlage geändert"),
    "route_step.status": _("Stand eines Gremiums geändert"),
    "decision.record": _("Entscheidung eingetragen"),
    "decision.confirm": _("Entscheidung bestätigt"),
}

council_desk = [
    path("", views.desk, name="papers"),
    path("neu/", views.create, name="create"),
    path("<int:pk>/", views.one, name="paper"),
    path("<int:pk>/aendern/", views.change, name="change"),
    path("<int:pk>/punkte/", views.items, name="items"),
    path("<int:pk>/punkte/<int:item>/entfernen/", views.drop_item, name="drop_item"),
    path("<int:pk>/gremien/", views.steps, name="steps"),
    path("<int:pk>/gremien/<int:step>/termin/", views.schedule, name="schedule"),
    path("<int:pk>/gremien/<int:step>/beraten/", views.held, name="held"),
    path("<int:pk>/gremien/<int:step>/punkt/<int:item>/", views.record, name="record"),
    path("<int:pk>/gremien/<int:step>/<slug:name>/", views.step_deed, name="step"),
    path("<int:pk>/vorlegen/", views.submit, name="submit"),
    path("<int:pk>/zurueckziehen/", views.withdraw, name="withdraw"),
    path("<int:pk>/ergebnis/<int:decision>/berichtigen/", views.correct, name="correct"),
    path("<int:pk>/ergebnis/<int:decision>/bestaetigen/", views.confirm, name="confirm"),
    path("<int:pk>/in-kraft/", views.adopt, name="adopt"),
]


class CouncilItem(MenuItem):
    """Shown to the coordination office and the council office only."""

    def is_shown(self, request):
        """Ask what the pages ask."""
        return views.may_see_desk(request.user)


@hooks.register("register_admin_urls")
def council_urls():
    """Addresses of the desk below /admin/."""
    return [path("vorlagen/", include((council_desk, "council_desk")))]


@hooks.register("register_admin_menu_item")
def council_item():
    """The desk in the menu."""
    return CouncilItem(
        _("Rat und Beschluss"),
        reverse("council_desk:papers"),
        name="council",
        icon_name="clipboard-list",
        order=250,
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    """Words for what the services of council log."""
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
