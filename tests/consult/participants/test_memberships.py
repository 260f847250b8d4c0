import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from tests.factories import make_resident, make_staff
from tests.factories.document import make_department

pytestmark = pytest.mark.django_db
ADD = "wagtailsnippets_participants_departmentmember:add"


@pytest.fixture(autouse=True)
def desk(settings):
    settings.STAFF_NEED_SECOND_FACTOR = False


def test_the_coordination_office_says_who_answers_for_a_department(client):
    officer, office = make_staff(Role.DEPARTMENT), make_department("Sozialamt")
    client.force_login(make_staff(Role.COORDINATION))
    client.post(reverse(ADD), {"user": officer.pk, "department": office.pk})
    assert DepartmentMember.objects.get().user == officer


def test_residents_and_other_roles_are_no_choice(client):
    office = make_department("Sozialamt")
    client.force_login(make_staff(Role.COORDINATION))
    for user in (make_resident("Anna"), make_staff(Role.EDITOR)):
        client.post(reverse(ADD), {"user": user.pk, "department": office.pk})
    assert not DepartmentMember.objects.exists()


def test_editors_do_not_assign_departments(client):
    client.force_login(make_staff(Role.EDITOR))
    assert client.get(reverse(ADD)).status_code == 302


def test_there_are_no_groups_besides_the_roles():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
