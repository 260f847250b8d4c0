"""The first contribution: three small steps without an account."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from consult.contributions.models import Contribution, Draft, PendingSubmission
from consult.rounds.services import suspend_round
from tests.factories import make_open_round, make_resident, make_staff

pytestmark = pytest.mark.django_db
WORDS = "Es braucht Kurse\nam Samstag."


@pytest.fixture(autouse=True)
def _own_cache(settings):
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    moment = [now]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment


@pytest.fixture
def round_(now):
    return make_open_round(at=now)


def page(response) -> str:
    return response.content.decode()


def fields(html: str) -> dict[str, str]:
    """What the form of the last step sends without anybody typing."""
    form = re.search(r'<form class="form".*?</form>', html, re.DOTALL).group()
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_guest_comes_from_the_topic_to_the_mail_in_three_steps(round_):
    client = Client()
    topics = page(client.get(reverse("first_steps")))
    write = reverse("first_words", args=["abschnitt-1"])
    assert f'href="{write}"' in topics
    assert "Fragen, die beim Schreiben helfen" in page(client.get(write))
    response = client.post(write, {"stance": "idea", "text": WORDS})
    last = page(client.get(response.url))
    assert "Wohin sollen wir antworten?" in last
    assert "Es braucht Kurse\nam Samstag." in last
    assert "28 Zeichen" in last
    action = re.search(r'<form class="form" action="([^"]+)"', last).group(1)
    response = client.post(action, {**fields(last), "email": "gast@example.org"})
    assert "Fast fertig: Bitte bestätigen" in page(client.get(response.url))
    assert PendingSubmission.objects.get().payload["text"] == WORDS
    assert not Draft.objects.exists()


def test_somebody_with_an_account_needs_no_address(round_):
    client = Client()
    client.force_login(make_resident(), backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(
        reverse("first_words", args=["abschnitt-1"]), {"stance": "idea", "text": WORDS}
    )
    last = page(client.get(response.url))
    assert "Ist alles richtig?" in last
    assert 'name="email"' not in last
    action = re.search(r'<form class="form" action="([^"]+)"', last).group(1)
    client.post(action, fields(last))
    assert Contribution.objects.get().comment_row.comment == WORDS


def test_what_is_missing_is_said_and_the_words_stay(round_):
    client = Client()
    write = reverse("first_words", args=["abschnitt-1"])
    response = client.post(write, {"text": WORDS})
    assert response.status_code == 422
    assert "Wählen Sie, was Sie uns sagen möchten." in page(response)
    assert "am Samstag." in page(client.get(write))


def test_a_wrong_address_in_the_last_step_keeps_everything(round_):
    client = Client()
    response = client.post(
        reverse("first_words", args=["abschnitt-1"]), {"stance": "idea", "text": WORDS}
    )
    last = page(client.get(response.url))
    action = re.search(r'<form class="form" action="([^"]+)"', last).group(1)
    response = client.post(action, {**fields(last), "email": "gast@"})
    assert response.status_code == 422
    assert "Prüfen Sie die E-Mail-Adresse." in page(response)
    assert "am Samstag." in page(response)


def test_the_last_step_without_words_leads_back(round_):
    client = Client()
    response = client.get(reverse("first_sending", args=["abschnitt-1"]))
    assert response.url == reverse("first_words", args=["abschnitt-1"])


def test_words_can_be_changed_before_sending(round_):
    client = Client()
    write = reverse("first_words", args=["abschnitt-1"])
    client.post(write, {"stance": "idea", "text": WORDS})
    assert "am Samstag." in page(client.get(write))


@pytest.mark.parametrize("name", ["first_words", "first_sending"])
def test_a_topic_that_does_not_exist_is_not_found(round_, name):
    assert Client().get(reverse(name, args=["gibt-es-nicht"])).status_code == 404


def test_without_an_edition_there_is_nothing_to_write_about():
    assert Client().get(reverse("first_steps")).status_code == 404


def test_each_step_says_why_nobody_can_write_now(round_, now):
    client = Client()
    write = reverse("first_words", args=["abschnitt-1"])
    client.post(write, {"stance": "idea", "text": WORDS})
    suspend_round(
        round_=round_, actor=make_staff("Koordinierungsstelle"), reason="Störung.", at=now
    )
    for address in (reverse("first_steps"), write, reverse("first_sending", args=["abschnitt-1"])):
        response = client.get(address)
        assert response.status_code == 409
        assert "Störung." in page(response)
    response = client.post(write, {"stance": "idea", "text": "Anders."})
    assert "Anders." in page(response)


def test_choosing_a_topic_sets_no_cookie(round_):
    response = Client().get(reverse("first_steps"))
    assert not response.cookies
