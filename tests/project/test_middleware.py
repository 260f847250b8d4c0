"""Who shares a page, and who never does."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from consult.participants.states import Role
from consult.project.setup import create_roles
from site_content.pages.models import HomePage
from tests.factories import make_resident, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    cache.clear()
    return HomePage.objects.get()


def test_a_visitor_gets_no_cookie_and_a_page_that_can_be_shared(client, home):
    answer = client.get("/de/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_same_page_is_answered_with_not_modified(client, home):
    etag = client.get("/de/")["ETag"]
    again = client.get("/de/", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again.content == b""


def test_a_shared_page_costs_no_query_while_it_is_kept(
    client, home, settings, django_assert_num_queries
):
    settings.SHARED_PAGE_SECONDS = 10
    first = client.get("/de/")
    with django_assert_num_queries(0):
        second = client.get("/de/")
    assert first.content == second.content
    cache.clear()


def test_with_a_session_the_page_is_private(client, home):
    client.force_login(make_resident())
    assert client.get("/de/")["Cache-Control"] == "private, no-store"


def test_a_page_with_a_form_is_private(client, home):
    assert client.get(reverse("account_login"))["Cache-Control"] != "public"
    assert "s-maxage" not in client.get(reverse("account_login"))["Cache-Control"]


def test_staff_without_second_factor_do_not_reach_the_desk(client, home, settings):
    settings.STAFF_NEED_SECOND_FACTOR = True
    staff = make_staff(Role.MODERATION)
    create_roles(home)
    client.force_login(staff)
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_activate_totp"))


def test_the_admin_login_is_no_way_round(client, home):
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code in {301, 302}
    assert reverse("account_login") in answer["Location"]


def test_the_desk_has_its_own_policy_and_public_pages_the_strict_one(client, home, settings):
    settings.STAFF_NEED_SECOND_FACTOR = False
    create_roles(home)
    assert "unsafe-inline" not in client.get("/de/")["Content-Security-Policy"]
    client.force_login(make_staff(Role.MODERATION))
    assert "'unsafe-inline'" in client.get("/admin/")["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    ["/de/themen/%00/", "/de/themen/%00/bilder/", "/de/beitrag/2027%00/", "/admin/runden/%00/"],
)
def test_a_nul_in_an_address_leads_nowhere_and_breaks_nothing(client, home, settings, address):
    settings.STAFF_NEED_SECOND_FACTOR = False
    create_roles(home)
    client.force_login(make_staff(Role.COORDINATION))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("/de/", "testserver"),
        ("/de/konto/login/", "testserver"),
        ("/de/gibt-es-nicht/", "testserver"),
        ("/static/css/desk.css", "testserver"),
        ("/de/", "boese.example"),
    ],
)
def test_every_answer_has_the_headers_that_protect_it(client, home, address, host):
    answer = client.get(address, headers={"host": host})
    answer.close()
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
