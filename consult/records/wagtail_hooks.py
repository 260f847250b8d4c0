"""What records add to the admin: the first page says what waits for whom; the auditor's desk."""

from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from consult.records import admin_views
from consult.records.predicates import may_audit
from consult.records.tasks import tasks_of

audit = [
    path("", admin_views.rounds, name="rounds"),
    path("protokoll/", admin_views.deeds, name="deeds"),
    path("<str:ref>/stimmzettel/", admin_views.ballots, name="ballots"),
]


class AuditItem(MenuItem):
    """Shown to auditors only."""

    def is_shown(self, request):
        """Ask the predicate that the pages ask."""
        return may_audit(request.user)


@hooks.register("register_admin_urls")
def audit_urls():
    """Addresses of the desk below /admin/."""
    return [path("pruefung/", include((audit, "audit")))]


@hooks.register("register_admin_menu_item")
def audit_item():
    """The desk in the menu."""
    return AuditItem(
        _("Prüfung"), reverse("audit:rounds"), name="audit", icon_name="key", order=260
    )


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
