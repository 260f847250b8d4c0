"""What records add to the admin: the first page says what waits for whom."""

from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component

from consult.records.tasks import tasks_of


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
