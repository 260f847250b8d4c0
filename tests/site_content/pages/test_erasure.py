"""Pages on one's own data: the file to take along, deleting the account, deleting a contribution."""

import io
import json
import zipfile

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.states import Visibility
from consult.participants.models import ErasureRequest, User
from consult.participants.states import ErasureScope, Role
from consult.records.services.audit_chain import seal_entries
from consult.records.services.erasure import run_next_erasure
from site_content.pages.models import City, HomePage
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home():
    cache.clear()
    home = HomePage.objects.get()
    City.objects.create(
        site=Site.objects.get(is_default_site=True),
        name="Stadt Lindenau",
        office="Koordinierungsstelle",
        email="stadt@example.org",
    )
    return home


@pytest.fixture
def today():
    return timezone.now()


@pytest.fixture
def person(client):
    """Somebody who was logged in a while ago."""
    person = make_resident("Ada")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person


def confirm(client) -> None:
    """Give the password once more."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def guest_key(round_, at) -> str:
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    token = submit_as_guest(
        place=place, words=Words(text="Als Gast.", stance="idea"), email="gast@example.org",
        language="de", at=at,
    )  # fmt: skip
    return confirm_submission(token=token, at=at).key


# --- the file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["own_data", "erase_account"])
def test_it_asks_for_the_password_again(client, person, name):
    for response in (client.get(reverse(name)), client.post(reverse(name), {"scope": "words"})):
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_reauthenticate"))
    assert not ErasureRequest.objects.exists()


@pytest.mark.parametrize("name", ["own_data", "erase_account"])
def test_visitors_without_an_account_are_led_to_the_login(client, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_the_file_holds_the_data_for_programs_and_for_people(client, person, today):
    make_contribution(make_open_round(at=today), at=today, participant=person, text="Mehr <b>!")
    confirm(client)
    assert client.get(reverse("own_data")).status_code == 200
    response = client.post(reverse("own_data"))
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(response.content)) as file:
        data = json.loads(file.read("daten.json"))
        page = file.read("daten.html").decode()
    assert data["contributions"][0]["text"] == "Mehr <b>!"
    assert "Mehr &lt;b&gt;!" in page
    for word in (person.email, "Name, der angezeigt wird", "veröffentlicht", "Idee"):
        assert word in page


# --- the account -------------------------------------------------------------------------------


def test_the_account_is_deleted_after_a_choice_and_the_session_ends(client, person):
    confirm(client)
    page = client.get(reverse("erase_account"))
    assert "Ohne Namen stehen lassen" in page.content.decode()
    assert client.post(reverse("erase_account"), {}).status_code == 422
    response = client.post(reverse("erase_account"), {"scope": "names"}, follow=True)
    assert "Ihr Konto wird jetzt gelöscht" in response.content.decode()
    assert ErasureRequest.objects.get().scope == ErasureScope.NAMES
    assert client.get(reverse("account")).status_code == 302
    run_next_erasure(at=timezone.now())
    assert not User.objects.filter(pk=person.pk).exists()


def test_staff_read_who_does_it_for_them(client):
    staff = make_staff(Role.COUNCIL_MEMBER)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    confirm(client)
    for response in (
        client.get(reverse("erase_account")),
        client.post(reverse("erase_account"), {"scope": "words"}),
    ):
        assert "schaltet der Betreiber das Konto ab" in response.content.decode()
    assert not ErasureRequest.objects.exists()


# --- one contribution --------------------------------------------------------------------------


def test_a_guest_deletes_by_the_receipt(client, today):
    key = guest_key(make_open_round(at=today), today)
    address = reverse("erase_contribution", args=[key])
    assert address in client.get(reverse("receipt", args=[key])).content.decode()
    page = client.get(address)
    assert "Als Gast." in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "strict-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert not ErasureRequest.objects.exists()
    assert client.post(address).url == reverse("receipt", args=[key])
    assert "wird schon gelöscht" in client.get(address).content.decode()
    run_next_erasure(at=timezone.now())
    receipt = client.get(reverse("receipt", args=[key])).content.decode()
    assert "Als Gast." not in receipt
    assert "Der Wortlaut ist gelöscht" in receipt
    assert address not in receipt
    assert client.post(address).status_code == 409


def test_an_account_deletes_its_own_contribution_and_no_other(client, person, today):
    round_ = make_open_round(at=today)
    own = make_contribution(round_, at=today, participant=person)
    other = make_contribution(round_, at=today)
    assert client.get(reverse("erase_contribution", args=[other.ref])).status_code == 404
    assert client.post(reverse("erase_contribution", args=[own.ref])).status_code == 302
    run_next_erasure(at=timezone.now())
    own.refresh_from_db()
    assert own.status == Visibility.ERASED


def test_a_key_of_an_account_s_receipt_alone_is_not_enough(client, today):
    round_ = make_open_round(at=today)
    found = make_contribution(round_, at=today)
    assert client.get(reverse("erase_contribution", args=[found.ref])).status_code == 404
    assert client.get(reverse("erase_contribution", args=["kein-schlüssel"])).status_code == 404


# --- the root of the audit chain ---------------------------------------------------------------


def test_the_head_of_the_audit_chain_is_public(client, today):
    assert client.get("/audit-root.txt").content == b""
    make_open_round(at=today)
    number = seal_entries(at=today)
    response = client.get("/audit-root.txt")
    assert response["Content-Type"].startswith("text/plain")
    position, digest, sealed_at = response.content.decode().split()
    assert (int(position), len(digest)) == (number, 64)
    assert sealed_at


# --- addresses with a key ----------------------------------------------------------------------


def test_invariant_37_no_page_with_a_key_tells_it_to_another_site(client, today):
    round_ = make_open_round(at=today)
    key = guest_key(round_, today)
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    token = submit_as_guest(
        place=place, words=Words(text="Als Gast.", stance="idea"), email="gast@example.org",
        language="de", at=today,
    )  # fmt: skip
    names = {"receipt": key, "withdraw": key, "erase_contribution": key, "confirm": token}
    for name, argument in names.items():
        response = client.get(reverse(name, args=[argument]))
        # Not "no-referrer": then a browser sends "Origin: null", and every form is refused.
        assert response["Referrer-Policy"] == "strict-origin", name
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", ")), name
