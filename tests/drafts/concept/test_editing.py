import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from tests.factories import make_concept, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", [SectionPage, GoalPage])
def test_every_script_and_style_of_the_editor_is_there(client, settings, kind):
    settings.STAFF_NEED_SECOND_FACTOR = False
    make_concept()
    client.force_login(make_staff(Role.EDITOR))
    page = client.get(reverse("wagtailadmin_pages:edit", args=[kind.objects.get().pk]))
    files = re.findall(r'(?:src|href)="/static/([^"?]+)', page.content.decode())
    assert "wagtailadmin/js/core.js" in files
    assert [name for name in files if finders.find(name) is None] == []
