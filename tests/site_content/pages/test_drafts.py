"""Nothing typed is lost: errors, limits, expired forms, logins, faults; and drafts go in time."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consult.contributions.models import Contribution, Draft
from consult.contributions.services.drafts import (
    KEPT_FOR,
    LONGEST_DRAFT,
    clear_expired_drafts,
    keep_draft,
    kept_draft,
)
from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure, Rule
from consult.participants.states import ErasureScope, Role
from consult.records.services.erasure import request_erasure, run_next_erasure
from consult.rounds.services import suspend_round
from site_content.pages.views import writing
from tests.factories import make_contribution, make_resident, make_staff
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db
WORDS = "Mein langer Text <über> Kurse."
SHOWN = "Mein langer Text &lt;über&gt; Kurse."


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
def url(round_):
    return reverse("comment", args=[round_.edition.number, "abschnitt-1"])


def sent(**values) -> dict[str, str]:
    return {"stance": "idea", "text": WORDS, "email": "gast@example.org", **values}


def in_field(html: str) -> str:
    return re.search(r'<textarea name="text".*?>(.*?)</textarea>', html, re.DOTALL).group(1).strip()


def test_an_error_keeps_the_words_for_the_next_look_and_for_this_browser_alone(url):
    client = Client()
    assert client.post(url, sent(email="")).status_code == 422
    assert in_field(client.get(url).content.decode()) == SHOWN
    assert "Ihr Entwurf ist noch da." in client.get(url).content.decode()
    assert in_field(Client().get(url).content.decode()) == ""


def test_a_draft_is_encrypted_and_a_fingerprint_of_the_key_alone_is_stored(url):
    client = Client()
    client.post(url, sent(email=""))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM contributions_draft AS row")
        [[row]] = cursor.fetchall()
    assert "Kurse" not in row
    assert client.session["draft_key"] not in row


def test_what_was_sent_is_not_a_draft_any_more(url):
    client = Client()
    client.post(url, sent(email=""))
    assert client.post(url, sent()).status_code == 302
    assert not Draft.objects.exists()
    assert in_field(client.get(url).content.decode()) == ""


def test_another_place_and_another_form_have_drafts_of_their_own(url, round_):
    client = Client()
    goal = round_.edition.goals.first().wid
    client.post(url, sent(email=""))
    client.post(url, sent(email="", stelle=goal, text="Zum Ziel."))
    assert in_field(client.get(url).content.decode()) == SHOWN
    assert in_field(client.get(url, {"stelle": goal}).content.decode()) == "Zum Ziel."


def test_the_words_survive_another_language(url):
    client = Client()
    client.post(url, sent(email=""))
    with translation.override("de"):
        assert in_field(client.get(url.replace("/de/", "/en/")).content.decode()) == SHOWN


def test_an_expired_form_is_shown_again_with_the_words_and_can_be_sent(url):
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, sent())
    html = response.content.decode()
    assert response.status_code == 403
    assert "Das Formular war zu lange offen." in html
    assert in_field(html) == SHOWN
    assert 'value="gast@example.org"' in html
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html).group(1)
    assert client.post(url, sent(csrfmiddlewaretoken=token)).status_code == 302


def test_a_form_that_another_site_has_sent_is_not_offered_again(url):
    client = Client(enforce_csrf_checks=True)
    response = client.post(url, sent(), headers={"origin": "https://boese.example"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "<form data-draft" not in html
    assert not Draft.objects.exists()


def test_a_login_in_the_middle_keeps_the_words(url):
    client = Client()
    person = make_resident()
    response = client.post(url, sent(entwurf="anmelden"))
    assert response.url.startswith(reverse("account_login"))
    response = client.post(response.url, {"login": person.email, "password": PASSWORD})
    assert response.url == url
    html = client.get(url).content.decode()
    assert in_field(html) == SHOWN
    assert 'name="email"' not in html


def test_the_round_closing_in_between_loses_nothing(url, round_, clock):
    client = Client()
    clock[0] = round_.closes_at
    response = client.post(url, sent())
    assert response.status_code == 409
    assert SHOWN in response.content.decode()
    assert Draft.objects.count() == 1


def test_a_suspended_round_shows_the_words_again_when_it_goes_on(url, round_, now):
    client = Client()
    actor = make_staff(Role.COORDINATION)
    suspend_round(round_=round_, actor=actor, reason="Störung.", at=now)
    assert client.post(url, sent()).status_code == 409
    type(round_).objects.update(status="open")
    assert in_field(client.get(url).content.decode()) == SHOWN


def test_a_limit_keeps_the_words(url, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "guest_comment": "1/h/ip"}
    client = Client()
    client.post(url, sent())
    assert client.post(url, sent(text="Noch etwas.")).status_code == 429
    assert in_field(client.get(url).content.decode()) == "Noch etwas."


def test_a_fault_of_ours_keeps_the_words(url, monkeypatch):
    def fail(**_values):
        raise RuntimeError

    client = Client(raise_request_exception=False)
    monkeypatch.setattr(writing, "submit_as_guest", fail)
    assert client.post(url, sent()).status_code == 500
    monkeypatch.undo()
    assert Draft.objects.count() == 1


def test_a_draft_is_kept_and_deleted_on_request(url):
    client = Client()
    response = client.post(url, sent(entwurf="sichern"), follow=True)
    html = response.content.decode()
    assert "Zwischengespeichert für 24 Stunden" in html
    assert in_field(html) == SHOWN
    assert not Contribution.objects.exists()
    html = client.post(url, sent(entwurf="loeschen"), follow=True).content.decode()
    assert "Der Entwurf ist gelöscht." in html
    assert in_field(html) == ""
    assert not Draft.objects.exists()


def test_a_draft_goes_after_a_day(url, clock, now):
    client = Client()
    client.post(url, sent(email=""))
    clock[0] = now + KEPT_FOR
    assert in_field(client.get(url).content.decode()) == ""
    assert clear_expired_drafts(at=clock[0] - timedelta(seconds=1)) == 0
    assert clear_expired_drafts(at=clock[0]) == 1


def test_too_much_is_not_kept(now):
    long = {"text": "x" * (LONGEST_DRAFT + 1)}
    assert not keep_draft(key="k", place="p", values=long, at=now)
    assert kept_draft(key="k", place="p", at=now) == {}


def test_drafts_from_one_place_are_limited(url, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "draft": "2/h/ip"}
    for _number in range(4):
        assert Client().post(url, sent(email="")).status_code == 422
    assert Draft.objects.count() == 2


def test_reading_sets_no_cookie_and_an_empty_form_leaves_no_draft(url):
    client = Client()
    client.get(url)
    assert "sessionid" not in client.cookies
    client.post(url, {"text": " "})
    assert not Draft.objects.exists()


def test_all_public_forms_for_words_keep_them(round_, now, subtests):
    found = make_contribution(round_, at=now)
    moderator = make_staff(Role.MODERATION)
    author = Client()
    author.force_login(found.participant, backend="django.contrib.auth.backends.ModelBackend")
    decision = decide(
        contribution=found, measure=Measure.HIDE, rule=Rule.HATE, reason="Hetze.",
        actor=moderator, at=now,
    )  # fmt: skip
    other = make_contribution(round_, at=now)
    forms = {
        reverse("report", args=[other.ref]): (Client(), {"text": WORDS}),
        reverse("complain", args=[found.ref, decision.pk]): (author, {"text": WORDS, "entwurf": "sichern"}),
        reverse("comment", args=[1, "abschnitt-1"]) + f"?antwort={other.ref}": (
            Client(), {"text": WORDS, "antwort": other.ref},
        ),
    }  # fmt: skip
    for address, (client, values) in forms.items():
        with subtests.test(address=address):
            client.post(address, values)
            assert in_field(client.get(address).content.decode()) == SHOWN


def test_erasing_the_account_deletes_its_drafts(url, now):
    person = make_resident()
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(url, sent(stance=""))
    assert Draft.objects.count() == 1
    request_erasure(user=person, scope=ErasureScope.NAMES, at=now)
    run_next_erasure(at=now)
    assert not Draft.objects.exists()


def test_a_suggestion_that_was_not_taken_keeps_wording_and_reason(round_):
    section = round_.edition.sections.first()
    goal = section.goals.first()
    url = reverse("suggest", args=[round_.edition.number, section.slug])
    client = Client()
    place = {"stelle": goal.wid, "was": "aendern"}
    typed = {**place, "new_text": "Ein anderer Wortlaut.", "text": WORDS, "stance": "idea"}
    assert client.post(url, typed).status_code == 422
    html = client.get(url, {"stelle": goal.wid}).content.decode()
    assert in_field(html) == SHOWN
    assert "Ein anderer Wortlaut." in html
    assert "Ein anderer Wortlaut." not in Client().get(url, {"stelle": goal.wid}).content.decode()


def test_a_statement_that_was_not_taken_keeps_all_its_parts(round_):
    url = reverse("write_statement")
    client = Client()
    typed = {"parts": "3", "organisation": "Sportverein", "part-3-text": WORDS}
    assert client.post(url, typed).status_code == 422
    html = client.get(url).content.decode()
    assert "Sportverein" in html
    assert SHOWN in html
    assert html.count('name="part-3-text"') == 1
