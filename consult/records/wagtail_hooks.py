"""What records add to the admin: the first page says what waits for whom; the auditor's desk."""

from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from consult.records.admin_views import audit, barriers, erasures
from consult.records.predicates import may_answer_barriers, may_audit, may_erase_for_others
from consult.records.tasks import tasks_of

audit_desk = [
    path("", audit.rounds, name="rounds"),
    path("protokoll/", audit.deeds, name="deeds"),
    path("<str:ref>/stimmzettel/", audit.ballots, name="ballots"),
]


class AuditItem(MenuItem):
    """Shown to auditors only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_audit(request.user)


@hooks.register("register_admin_urls")
def audit_urls():
    """Addresses of the desk below /admin/."""
    return [path("pruefung/", include((audit_desk, "audit")))]


@hooks.register("register_admin_menu_item")
def audit_item():
    """The desk in the menu."""
    return AuditItem(
        _("Prüfung"), reverse("audit:rounds"), name="audit", icon_name="key", order=260
    )


LOG_ACTIONS = {
    "contribution.erase": _("Löschung für die verfassende Person angefordert"),
    "barrier.status": _("Gemeldete Barriere beantwortet"),
    "erasure.status": _("Löschung auf Wunsch ausgeführt"),
}

erasure_desk = [
    path("", erasures.desk, name="desk"),
    path("<str:ref>/", erasures.one, name="one"),
]


class TasksPanel(Component):
    """The tasks of the person's roles, above Wagtail's own panels."""

    order = 10
    template_name = "staff/tasks.html"

    def get_context_data(self, parent_context):
        """Count what waits for the person who looks."""
        request = parent_context["request"]
        return {"tasks": tasks_of(request.user, timezone.localdate())}


@hooks.register("construct_homepage_panels")
def add_tasks(request, panels):
    panels.append(TasksPanel())


class ErasuresItem(MenuItem):
    """Shown to the coordination office only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_erase_for_others(request.user)


@hooks.register("register_admin_urls")
def erasure_urls():
    """Addresses of the erasure desk below /admin/."""
    return [path("loeschen/", include((erasure_desk, "erasures")))]


@hooks.register("register_admin_menu_item")
def erasures_item():
    """The desk in the menu."""
    return ErasuresItem(
        _("Löschen auf Wunsch"),
        reverse("erasures:desk"),
        name="erasures",
        icon_name="bin",
        order=215,
    )


@hooks.register("register_log_actions")
def log_actions(actions):
    """Words for what the services of records log."""
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)


class BarriersItem(MenuItem):
    """Shown to the coordination office only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_answer_barriers(request.user)


@hooks.register("register_admin_urls")
def barrier_urls():
    """Addresses of the barriers below /admin/."""
    desk = [
        path("", barriers.desk, name="desk"),
        path("<int:pk>/", barriers.one, name="one"),
    ]
    return [path("barrieren/", include((desk, "barriers")))]


@hooks.register("register_admin_menu_item")
def barriers_item():
    """The barriers in the menu."""
    return BarriersItem(
        _("Barrieren"),
        reverse("barriers:desk"),
        name="barriers",
        icon_name="warning",
        order=216,
    )
