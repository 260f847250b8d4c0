"""What people add to the admin: who answers for which department."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from consult.participants.models import DepartmentMember, User
from consult.participants.states import Role


class DepartmentMemberForm(WagtailAdminModelForm):
    """Offers people with the role alone: the many residents are no choice."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        officers = User.objects.filter(groups__name=Role.DEPARTMENT, is_active=True)
        self.fields["user"].queryset = officers.order_by("last_name", "first_name")
        self.fields["user"].help_text = _(
            "Zur Wahl steht, wer die Rolle „Fachamt“ hat. Die Rolle vergibt der Systembetrieb."
        )


class DepartmentMemberViewSet(SnippetViewSet):
    """The list of memberships, beside departments and bodies."""

    model = DepartmentMember
    icon = "group"
    list_display = ["user", "department"]
    edit_handler = ObjectList(
        [FieldPanel("user", heading=_("Person")), FieldPanel("department")],
        base_form_class=DepartmentMemberForm,
    )


register_snippet(DepartmentMemberViewSet)
