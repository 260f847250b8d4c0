"""The erasure desk: the coordination office acts on a letter."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.participants.models import ErasureRequest
from consult.participants.states import Role
from consult.records.services.erasure import run_next_erasure
from tests.factories import make_contribution, make_open_round, make_resident, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def found():
    at = timezone.now()
    author = make_resident("Ada")
    return make_contribution(make_open_round(at=at), at=at, participant=author, text="Mein Wort.")


@pytest.fixture
def office(client):
    office = make_staff(Role.COORDINATION, name="Olga")
    client.force_login(office)
    return office


def test_a_letter_is_carried_out_and_logged(client, office, found):
    desk, one = reverse("erasures:desk"), reverse("erasures:one", args=[found.ref])
    assert "Bisher hat niemand" in client.get(desk).content.decode()
    assert client.get(desk, {"ref": f" {found.ref} "}).url == one
    page = client.get(one).content.decode()
    assert "Mein Wort." in page
    assert found.participant.email not in page
    assert "Ohne Aktenzeichen" in client.post(one, {"reason": ""}).content.decode()
    assert not ErasureRequest.objects.exists()
    response = client.post(one, {"reason": "Brief, Az. 12"}, follow=True)
    assert "Brief, Az. 12" in response.content.decode()
    assert "schon angefordert" in client.get(one).content.decode()
    run_next_erasure(at=timezone.now())
    page = client.get(one).content.decode()
    assert "Mein Wort." not in page
    assert "Endgültig löschen" not in page
    client.post(one, {"reason": "Noch einmal"})
    assert ErasureRequest.objects.count() == 1


def test_a_number_that_does_not_exist_is_said(client, office):
    page = client.get(reverse("erasures:desk"), {"ref": "2027-R9-0001"})
    assert "keinen Beitrag mit dieser Nummer" in page.content.decode()
    one = client.get(reverse("erasures:one", args=["2027-R9-0001"]), follow=True)
    assert one.status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATION])
def test_nobody_else_gets_in(client, found, role):
    client.force_login(make_staff(role))
    for address in (reverse("erasures:desk"), reverse("erasures:one", args=[found.ref])):
        assert client.get(address).status_code in {302, 403}
        assert client.post(address, {"reason": "x"}).status_code in {302, 403, 405}
    assert not ErasureRequest.objects.exists()
