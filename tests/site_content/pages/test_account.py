"""An account: signing up, getting in, the second factor, what a person can change."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Site

from consult.participants.models import User
from consult.participants.states import Role, VerificationClass
from site_content.pages.models import City, HomePage, InfoPage
from site_content.pages.views.errors import forbidden, server_error
from tests.factories import make_resident, make_staff
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "ein-langer-satz-mit-birne"


@pytest.fixture(autouse=True)
def home():
    # The limits on signing in are counted in the cache.
    cache.clear()
    home = HomePage.objects.get()
    City.objects.create(
        site=Site.objects.get(is_default_site=True),
        name="Stadt Lindenau",
        office="Koordinierungsstelle",
        email="stadt@example.org",
    )
    return home


def _link(message) -> str:
    return re.search(r"http://testserver(\S+)", message.body)[1]


def _sign_up(client, **fields):
    data = {"email": "neu@example.org", "password1": NEW_PASSWORD, **fields}
    return client.post(reverse("account_signup"), data)


def _log_in(client, user, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


# --- signing up and in ---------------------------------------------------------------------------


def test_the_form_asks_for_little_and_helps_to_fill_it(client):
    content = client.get(reverse("account_signup")).content.decode()
    fields = re.findall(r'<input type="(?!hidden)[^>]* name="(\w+)"|name="(\w+)"[^>]*>', content)
    names = [one or two for one, two in fields if (one or two) != "csrfmiddlewaretoken"]
    assert [name for name in names if name in {"email", "password1", "pseudonym", "residence"}] == [
        "email",
        "password1",
        "pseudonym",
        "residence",
    ]
    for hint in ("email", "new-password", "nickname"):
        assert f'autocomplete="{hint}"' in content
    assert "style=" not in content
    assert "<script" not in content


def test_a_person_signs_up_confirms_and_logs_in(client):
    _sign_up(client, pseudonym=" Ada ", residence="on")
    assert "Bestätigen Sie Ihre E-Mail-Adresse" in mail.outbox[0].subject
    assert "Koordinierungsstelle" in mail.outbox[0].body
    user = User.objects.get(email="neu@example.org")
    assert user.pseudonym == "Ada"
    assert user.verification_class == VerificationClass.RESIDENCE_DECLARED

    blocked = Client()
    assert "confirm-email" in _log_in(blocked, user, NEW_PASSWORD).url

    link = _link(mail.outbox[0])
    assert "neu@example.org" in client.get(link).content.decode()
    assert not EmailAddress.objects.get(user=user).verified
    client.post(link)
    assert EmailAddress.objects.get(user=user).verified

    other = Client()
    assert _log_in(other, user, NEW_PASSWORD).url == reverse("my_contributions")
    assert other.get(reverse("account")).status_code == 200


def test_name_and_residence_are_voluntary(client):
    _sign_up(client)
    user = User.objects.get(email="neu@example.org")
    assert user.pseudonym == ""
    assert user.verification_class == VerificationClass.EMAIL_CONFIRMED


def test_wrong_input_is_named_and_linked(client):
    content = _sign_up(client, email="", password1="kurz").content.decode()
    assert "Bitte prüfen Sie Ihre Angaben" in content
    assert 'href="#id_email"' in content
    assert 'id="id_password1_error"' in content
    assert 'aria-invalid="true"' in content
    assert not User.objects.filter(email="").exists()


def test_signing_up_twice_betrays_no_account(client):
    user = make_resident()
    taken = _sign_up(client, email=user.email)
    free = _sign_up(Client(), email="frei@example.org")
    assert taken.url == free.url
    assert "Zu dieser Adresse gibt es schon eines." in mail.outbox[0].body


def test_a_wrong_password_is_refused_in_words(client):
    response = _log_in(client, make_resident(), "falsch")
    assert response.status_code == 200
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()


def test_a_used_or_wrong_link_says_what_to_do(client):
    content = client.get(reverse("account_confirm_email", args=["falsch"])).content.decode()
    assert "abgelaufen oder wurde schon benutzt" in content
    reset = reverse("account_reset_password_from_key", args=["1", "falsch"])
    assert "Der Link gilt nicht mehr" in client.get(reset, follow=True).content.decode()


def test_a_forgotten_password_is_replaced(client):
    user = make_resident()
    client.post(reverse("account_reset_password"), {"email": user.email})
    assert mail.outbox[0].subject == "Neues Passwort wählen"
    form = client.get(_link(mail.outbox[0]), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_an_unknown_address_gets_a_mail_too(client):
    client.post(reverse("account_reset_password"), {"email": "niemand@example.org"})
    assert "Zu dieser Adresse gibt es kein Konto." in mail.outbox[0].body


@pytest.mark.parametrize(
    "name",
    [
        "account_email",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "account",
    ],
)
def test_pages_of_the_account_are_ours_and_private(client, name):
    user = make_resident()
    _log_in(client, user)
    response = client.get(reverse(name))
    content = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert 'id="inhalt"' in content
    assert "style=" not in content
    assert "<script" not in content


def test_an_account_that_is_blocked_says_so(client):
    content = client.get(reverse("account_inactive")).content.decode()
    assert "Dieses Konto ist gesperrt" in content
    assert "stadt@example.org" in content


# --- what a person can change --------------------------------------------------------------------


def test_a_visitor_is_asked_to_log_in(client):
    url = reverse("account")
    assert client.get(url).url == f"{reverse('account_login')}?next={url}"
    assert client.post(url, {"deed": "declare"}).status_code == 302


def test_name_and_language_are_stored(client):
    user = make_resident("Alt")
    client.force_login(user)
    response = client.post(
        reverse("account"), {"deed": "profile", "pseudonym": " Neu ", "language": "en"}, follow=True
    )
    user.refresh_from_db()
    assert (user.pseudonym, user.language) == ("Neu", "en")
    assert "Name und Sprache sind gespeichert." in response.content.decode()


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"pseudonym": "x" * 61}, {}])
def test_a_wrong_profile_is_shown_again(client, wrong):
    user = make_resident("Alt")
    client.force_login(user)
    response = client.post(reverse("account"), {"deed": "profile", **wrong})
    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    user.refresh_from_db()
    assert user.pseudonym == "Alt"


def test_residence_is_declared_and_taken_back(client):
    user = make_resident()
    client.force_login(user)
    url = reverse("account")
    assert "E-Mail bestätigt" in client.get(url).content.decode()
    client.post(url, {"deed": "declare"})
    user.refresh_from_db()
    assert user.verification_class == VerificationClass.RESIDENCE_DECLARED
    assert "Ich wohne nicht mehr hier" in client.get(url).content.decode()
    client.post(url, {"deed": "revoke"})
    user.refresh_from_db()
    assert user.verification_class == VerificationClass.EMAIL_CONFIRMED


# --- the second factor ---------------------------------------------------------------------------


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def _confirm_identity(client) -> None:
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def _activate(client) -> str:
    _confirm_identity(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'<dd class="mono">(\w+)</dd>', page)[1]
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    return secret


def test_staff_without_a_second_factor_never_reach_the_desk(client):
    staff = make_staff(Role.COORDINATION)
    _log_in(client, staff)
    response = client.get("/admin/")
    assert response.url == f"{reverse('mfa_activate_totp')}?next=/admin/"
    assert client.get("/admin/pages/").status_code == 302
    assert client.post("/admin/account/").status_code == 302

    _activate(client)
    assert client.get("/admin/").status_code == 200


def test_the_demo_may_do_without(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    _log_in(client, make_staff(Role.COORDINATION))
    assert client.get("/admin/").status_code == 200


def test_the_second_factor_is_asked_at_the_next_login(client):
    user = make_resident()
    _log_in(client, user)
    _confirm_identity(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert "data:image/svg+xml" in page
    _activate(client)
    codes = re.findall(
        r'<li class="mono">(\w+)</li>',
        client.get(reverse("mfa_view_recovery_codes")).content.decode(),
    )
    assert len(codes) == 10

    other = Client()
    assert _log_in(other, user).url == reverse("mfa_authenticate")
    assert other.get(reverse("account")).status_code == 302
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Bitte prüfen Sie Ihre Angaben" in wrong.content.decode()
    other.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert other.get(reverse("account")).status_code == 200


def test_the_second_factor_can_be_switched_off(client):
    _log_in(client, make_resident())
    _activate(client)
    assert ">eingerichtet<" in client.get(reverse("account")).content.decode()
    assert "Ausschalten" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert ">nicht eingerichtet<" in client.get(reverse("account")).content.decode()


def test_the_admin_s_own_password_form_is_closed(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response.url == f"{reverse('account_login')}?next=/admin/"
    staff = make_staff(Role.COORDINATION)
    client.post("/admin/login/", {"username": staff.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("address", ["/de/_util/login/", "/en/_util/login/"])
def test_the_site_s_own_password_form_is_closed(client, address):
    staff = make_staff(Role.COORDINATION)
    response = client.get(f"{address}?next=/admin/")
    assert response.url == f"{reverse('account_login')}?next=/admin/"
    client.post(address, {"username": staff.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_a_session_without_the_second_factor_is_asked_for_it_at_the_desk(client):
    staff = make_staff(Role.COORDINATION)
    older = Client()
    _log_in(older, staff)
    _log_in(client, staff)
    _activate(client)
    assert older.get("/admin/").url == f"{reverse('mfa_reauthenticate')}?next=/admin/"
    assert older.get(reverse("account")).status_code == 200

    codes = re.findall(
        r'<li class="mono">(\w+)</li>',
        client.get(reverse("mfa_view_recovery_codes")).content.decode(),
    )
    older.post(reverse("mfa_reauthenticate"), {"code": codes[0]})
    assert older.get("/admin/").status_code == 200


def test_the_desk_changes_nobody_s_address(client, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    staff = make_staff(Role.COORDINATION)
    _log_in(client, staff)
    page = client.get("/admin/account/").content.decode()
    sent = dict(re.findall(r'name="([a-z_]+-[a-z_]+)"[^>]*?value="([^"]*)"', page))
    client.post("/admin/account/", {**sent, "name_email-email": "opfer@example.org"})
    staff.refresh_from_db()
    assert staff.email != "opfer@example.org"
    assert 'name="name_email-first_name"' in page
    assert 'name="name_email-email"' not in page


def test_residents_have_no_desk(client):
    assert (
        client.get("/admin/", follow=True)
        .redirect_chain[-1][0]
        .startswith(reverse("account_login"))
    )
    _log_in(client, make_resident())
    response = client.get("/admin/")
    assert response.status_code == 403
    assert "Ihr Konto hat die Rolle dafür nicht." in response.content.decode()


# --- pages of the site ---------------------------------------------------------------------------


def _page(home) -> InfoPage:
    page = home.add_child(
        instance=InfoPage(title="Hilfe", slug="hilfe", lede="Kurz.", body="<h2>So geht es</h2>")
    )
    page.save_revision().publish()
    return page


def test_an_information_page_leads_to_its_translation(client, home):
    page = _page(home)
    english = page.copy_for_translation(
        Locale.objects.get_or_create(language_code="en")[0], copy_parents=True
    )
    english.slug, english.title = "help", "Help"
    english.save_revision().publish()

    german = client.get("/de/hilfe/").content.decode()
    assert "<h2>So geht es</h2>" in german
    assert '<a href="/en/help/" hreflang="en"' in german
    with translation.override("en"):
        assert '<a href="/de/hilfe/" hreflang="de"' in client.get("/en/help/").content.decode()


def test_other_pages_keep_their_address_in_the_other_language(client):
    content = client.get("/de/suche/?q=Baum").content.decode()
    assert '<a href="/en/suche/?q=Baum" hreflang="en"' in content


def test_an_address_that_leads_nowhere_offers_ways_on(client):
    response = client.get("/de/gibt-es-nicht/")
    content = response.content.decode()
    assert response.status_code == 404
    assert 'name="q"' in content
    assert reverse("my_contributions") in content


def test_a_form_that_was_open_too_long_gives_the_words_back():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"text": "Meine <Worte>"})
    assert response.status_code == 403
    assert "Meine &lt;Worte&gt;" in response.content.decode()


def test_a_fault_of_ours_needs_no_database(django_assert_num_queries, rf):
    with django_assert_num_queries(0):
        response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Der Fehler liegt bei uns." in response.content.decode()


def test_who_may_not_enter_is_told_how(rf):
    request = rf.get("/de/geheim/")
    request.user = AnonymousUser()
    assert "?next=/de/geheim/" in forbidden(request).content.decode()
    request.user = make_resident()
    assert "Ihr Konto hat die Rolle dafür nicht." in forbidden(request).content.decode()
