"""Following on the site: buttons, forms, confirmation, one click to stop."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.following.models import Follower, Subscription, Telling
from consult.following.services.following import follow
from consult.following.services.links import Stop, manage_token, stop_token
from consult.following.states import Rhythm, Topic
from consult.participants.models import Notice
from consult.participants.services import send_due_notices
from consult.project.discretion import discreet
from tests.factories import make_contribution, make_open_round, make_resident
from tests.factories.following import tell, tell_and_send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limits_reached():
    cache.clear()


@pytest.fixture
def round_():
    return make_open_round(at=timezone.now())


@pytest.fixture
def wid(round_):
    return round_.edition.sections.get().wid


@pytest.fixture
def person(client):
    found = make_resident("Lea")
    client.force_login(found, backend="django.contrib.auth.backends.ModelBackend")
    return found


def _url(wid: str) -> str:
    return f"/de/verfolgen/section/{wid}/"


def _section(client) -> str:
    return client.get("/de/konzept/fassung-1/abschnitt-1/").content.decode()


def test_every_page_that_can_be_followed_leads_to_the_form_and_the_feed(client, round_):
    contribution = make_contribution(round_, at=timezone.now())
    for address in (
        "konzept/fassung-1/", "konzept/fassung-1/abschnitt-1/", "konzept/fassung-1/ziel/ziel-1-1/",
        f"beitrag/{contribution.ref}/",
    ):  # fmt: skip
        page = client.get(f"/de/{address}").content.decode()
        [form] = re.findall(r'href="(/de/verfolgen/[^"]+)"', page)
        assert client.get(form).status_code == 200
        [feed] = set(re.findall(r'href="(/de/feed/[a-z]+/[^"/]+/)"', page))
        assert client.get(feed).status_code == 200
        assert f'type="application/atom+xml" href="{feed}"' in page


def test_a_page_without_a_session_stays_shared(client, wid):
    response = client.get("/de/konzept/fassung-1/abschnitt-1/")
    assert not response.cookies
    assert "s-maxage" in response["Cache-Control"]


def test_with_an_account_one_button_follows_and_one_ends_it(client, person, wid):
    assert "Verfolgen</button>" in _section(client)
    client.post(_url(wid), {"rhythm": "daily"})
    assert Subscription.objects.get(follower__user=person).rhythm == Rhythm.DAILY
    page = _section(client)
    assert "Nicht mehr verfolgen" in page
    assert "Sie verfolgen jetzt" in page
    client.post(_url(wid), {"deed": "stop"})
    assert not Subscription.objects.exists()
    assert "Nicht mehr verfolgen" not in _section(client)


def test_the_list_changes_rhythms_and_belongs_to_one_person(client, person, wid):
    other = make_resident()
    for who in (person, other):
        follow(user=who, topic=Topic.SECTION, object_=wid, rhythm=Rhythm.DAILY, at=timezone.now())
    page = client.get(reverse("following")).content.decode()
    assert page.count("1 Abschnitt 1") == 1
    client.post(reverse("following"), {"topic": "section", "object": wid, "rhythm": "weekly"})
    client.post(reverse("following"), {"topic": "section", "object": wid, "rhythm": "never"})
    assert dict(Subscription.objects.values_list("follower__user", "rhythm")) == {
        person.pk: "weekly", other.pk: "daily",
    }  # fmt: skip
    client.post(reverse("following"), {"topic": "section", "object": wid, "deed": "stop"})
    assert Subscription.objects.get().follower.user == other
    assert Client().get(reverse("following")).status_code == 302


def test_a_guest_follows_after_a_post_behind_the_link(client, wid):
    sent = client.post(_url(wid), {"email": "gast@example.org", "rhythm": "weekly"})
    assert "gesendet" in sent.url
    assert client.get(sent.url).status_code == 200
    send_due_notices(at=timezone.now())
    [link] = re.findall(r"https?://[^/]+(/de/verfolgen/bestaetigen/\S+)", mail.outbox[0].body)
    shown = client.get(link)
    assert "1 Abschnitt 1" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert not Follower.objects.exists()
    done = client.post(link, follow=True)
    assert "Was ich verfolge" in done.content.decode()
    assert Subscription.objects.get().follower.email == "gast@example.org"
    manage = done.redirect_chain[-1][0]
    client.post(manage, {"topic": "section", "object": wid, "rhythm": "daily"})
    assert Subscription.objects.get().rhythm == Rhythm.DAILY
    client.post(manage, {"topic": "section", "object": wid, "deed": "stop"})
    assert not Follower.objects.exists()
    assert client.get(manage).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "", "rhythm": "daily"}, "Geben Sie Ihre E-Mail-Adresse an."),
        ({"email": "keine", "rhythm": "daily"}, "Prüfen Sie die E-Mail-Adresse."),
        ({"email": "a@example.org", "rhythm": "jede Minute"}, "Wählen Sie eine der drei"),
        ({"email": "a@example.org", "rhythm": "never"}, "Wählen Sie eine der drei"),
        ({"email": "a@example.org", "rhythm": "daily", "website": "x"}, "ausgefüllt"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client, wid, given, said):
    response = client.post(_url(wid), given)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page or given.get("website")
    assert f'value="{given["email"]}"' in page or not given["email"]
    assert not Notice.objects.filter(template="confirm_following").exists()


def test_nobody_s_mailbox_can_be_filled(client, wid):
    statuses = [
        client.post(_url(wid), {"email": "a@example.org", "rhythm": "daily"}).status_code
        for _n in range(8)
    ]
    assert statuses == [302] * 6 + [429] * 2


@pytest.mark.parametrize("address", ["section/x", "planet/1", "theme/1", "contribution/2027-R1-1"])
def test_nothing_else_can_be_followed(client, round_, address):
    for method in (client.get, client.post):
        assert method(f"/de/verfolgen/{address}/").status_code == 404
    assert client.get(f"/de/feed/{address}/").status_code == 404


# --- one click -----------------------------------------------------------------------------------


@pytest.fixture
def letter(round_, wid):
    now = timezone.now()
    reader = make_resident()
    tell(now)
    follow(user=reader, topic=Topic.SECTION, object_=wid, rhythm=Rhythm.AT_ONCE, at=now)
    make_contribution(round_, at=now)
    tell(now)
    tell_and_send(now + timedelta(hours=1))
    return next(found for found in mail.outbox if found.to == [reader.email])


def _path(letter) -> str:
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    return "/" + address.split("/", 3)[3]


def test_one_post_without_login_cookie_or_token_unsubscribes(letter):
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    program = Client(enforce_csrf_checks=True)
    assert Subscription.objects.count() == 1
    response = program.post(_path(letter), {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not Subscription.objects.exists()
    assert not response.cookies
    again = program.post(_path(letter), {"List-Unsubscribe": "One-Click"})
    assert again.status_code == 200


def test_opening_the_link_only_shows_a_button(letter):
    page = Client().get(_path(letter))
    assert "Abbestellen</button>" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Subscription.objects.count() == 1


def test_a_made_up_link_stops_nothing(letter):
    response = Client().post("/de/abbestellen/abc:def/")
    assert response.status_code == 200
    assert Subscription.objects.count() == 1


def test_an_author_stops_mails_by_the_link_and_begins_again_on_the_page(client, person, round_):
    now = timezone.now()
    own = make_contribution(round_, at=now, participant=person)
    page = client.get(f"/de/verfolgen/contribution/{own.ref}/").content.decode()
    assert "Sie haben diesen Beitrag geschrieben." in page
    client.post(f"/de/verfolgen/contribution/{own.ref}/", {"deed": "stop"})
    make_contribution(round_, at=now, reply_to=own)
    tell(now)
    assert not Telling.objects.exists()
    client.post(f"/de/verfolgen/contribution/{own.ref}/", {"rhythm": "at_once"})
    make_contribution(round_, at=now, reply_to=own)
    tell(now)
    assert Telling.objects.filter(follower__user=person).count() == 1


def test_links_in_mails_do_not_reach_the_log():
    follower = Follower.objects.create(email="a@example.org")
    for path in (
        f"/de/abbestellen/{stop_token(Stop(follower, 'section', 'x'))}/",
        f"/de/verfolgen/gast/{manage_token(follower)}/",
        "/de/verfolgen/bestaetigen/gAAAAAB/",
    ):
        assert discreet(f"GET {path} 200").count("…") == 1
