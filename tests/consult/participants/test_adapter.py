"""Limits: by what visitors are told apart, and that nobody's mailbox can be filled."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import RequestFactory
from django.urls import reverse

from consult.participants.adapter import AccountAdapter
from tests.factories import make_resident


@pytest.fixture(autouse=True)
def _no_limits_reached():
    cache.clear()


def _seen(**meta) -> str:
    return AccountAdapter().get_client_ip(RequestFactory().get("/", **meta))


def test_an_address_is_never_kept_as_it_is(client, db):
    client.post(
        reverse("account_login"),
        {"login": "a@example.org", "password": "falsch"},
        REMOTE_ADDR="203.0.113.77",
    )
    keys = cache._cache.get_client().keys("*")
    assert any(b"allauth:rl" in key for key in keys)
    assert not [key for key in keys if b"203.0.113.77" in key]


def test_the_hash_of_an_address_holds_for_a_day(freezer_day):
    freezer_day("2027-02-10")
    first = _seen(REMOTE_ADDR="203.0.113.77")
    assert first == _seen(REMOTE_ADDR="203.0.113.77") != _seen(REMOTE_ADDR="203.0.113.78")
    freezer_day("2027-02-11")
    assert first != _seen(REMOTE_ADDR="203.0.113.77")


@pytest.fixture
def freezer_day(monkeypatch):
    """Set the day that the adapter sees."""
    from datetime import date

    def turn_to(day: str) -> None:
        monkeypatch.setattr(
            "consult.participants.adapter.timezone.localdate", lambda: date.fromisoformat(day)
        )

    return turn_to


def test_a_network_of_ipv6_counts_as_one():
    one, other = _seen(REMOTE_ADDR="2001:db8:1:2::1"), _seen(REMOTE_ADDR="2001:db8:1:2:ffff::9")
    assert one == other != _seen(REMOTE_ADDR="2001:db8:1:3::1")


def test_behind_proxies_visitors_are_told_apart_and_cannot_choose_their_address(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    proxy = {"REMOTE_ADDR": "10.0.0.3"}
    one = _seen(**proxy, HTTP_X_FORWARDED_FOR="203.0.113.1, 10.0.0.2")
    assert one != _seen(**proxy, HTTP_X_FORWARDED_FOR="203.0.113.2, 10.0.0.2")
    assert one == _seen(**proxy, HTTP_X_FORWARDED_FOR="6.6.6.6, 203.0.113.1, 10.0.0.2")


def test_without_proxies_the_header_of_a_visitor_counts_nothing():
    plain = _seen(REMOTE_ADDR="203.0.113.1")
    assert plain == _seen(REMOTE_ADDR="203.0.113.1", HTTP_X_FORWARDED_FOR="6.6.6.6")


def test_signing_up_with_somebody_s_address_again_and_again_fills_no_mailbox(client, db, settings):
    assert settings.ACCOUNT_RATE_LIMITS["confirm_email"].endswith(",10/d/key")
    person = make_resident()
    sent = {"email": person.email, "password1": "ein-langer-satz-mit-birne"}
    answers = {client.post(reverse("account_signup"), sent).status_code for _ in range(6)}
    assert answers == {302}
    assert len(mail.outbox) == 1


def test_asking_for_a_new_password_again_and_again_fills_no_mailbox(client, db):
    person = make_resident()
    asked = [
        client.post(reverse("account_reset_password"), {"email": person.email}).status_code
        for _ in range(7)
    ]
    assert asked == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


@pytest.mark.django_db
def test_mails_on_the_account_have_an_html_part(client):
    client.post("/de/konto/password/reset/", {"email": make_resident().email})
    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert '<html lang="de" dir="ltr">' in html
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"
