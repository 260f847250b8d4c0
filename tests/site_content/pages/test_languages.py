"""The site in six languages: the switcher, what is shown where a page is missing, directions."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from wagtail.models import Locale

from consult.participants.services import update_profile
from consult.project.setup import set_up_site
from site_content.pages.models import HomePage, InfoPage, NewsPage
from tests.conftest import undo_setup
from tests.factories import make_resident

pytestmark = pytest.mark.django_db
CODES = [code for code, _name in settings.LANGUAGES]
NOTE = "Diese Seite gibt es in Ihrer Sprache noch nicht. Hier steht sie auf Deutsch."


@pytest.fixture(scope="module")
def new_city(kept_for_the_file):
    undo_setup()
    set_up_site(
        city="Stadt Neu",
        office="Koordinierungsstelle",
        email="office@neu.example",
        claim="Schreiben Sie mit.",
        lede="Lesen Sie den Entwurf.",
    )


@pytest.fixture
def home(new_city, db):
    return HomePage.objects.get(locale__language_code="de")


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def switcher(content: str) -> dict[str, str]:
    """The languages of the masthead: code and address."""
    masthead = content.partition("</header>")[0]
    found = re.findall(r'<a href="([^"]*)" hreflang="([^"]*)"', masthead)
    return {code: address for address, code in found}


def add_german_page(home, slug: str = "nur-deutsch") -> InfoPage:
    page = home.add_child(
        instance=InfoPage(title="Nur deutsch", slug=slug, lede="Kurz.", body="<p>Lang.</p>")
    )
    page.save_revision().publish()
    return page


@pytest.mark.parametrize("code", CODES)
def test_a_page_says_its_language_and_direction(home, code):
    direction = "rtl" if code == "ar" else "ltr"
    assert f'<html lang="{code}" dir="{direction}"' in read(f"/{code}/suche/")


def test_the_switcher_stays_on_the_page_and_keeps_the_question(home):
    for code in CODES:
        found = switcher(read(f"/{code}/suche/?q=Baum&in=seiten"))
        assert found == {other: f"/{other}/suche/?q=Baum&amp;in=seiten" for other in CODES}


def test_the_switcher_calls_every_language_by_its_own_name(home):
    masthead = read("/ar/suche/").partition("</header>")[0]
    assert '<span lang="uk" dir="ltr">Українська</span>' in masthead
    assert '<span lang="ar" dir="rtl">العربيّة</span>' in masthead
    assert '<span lang="de-x-ls" dir="ltr">Leichte Sprache</span>' in masthead
    assert 'hreflang="ar" aria-current="true"' in masthead


def test_from_an_information_page_the_switcher_leads_to_its_translations(home):
    found = switcher(read("/uk/regeln/"))
    assert found == {code: f"/{code}/regeln/" for code in CODES}


@pytest.mark.parametrize("code", CODES[1:])
def test_a_page_that_is_missing_in_a_language_is_shown_in_german_with_a_note(home, code):
    add_german_page(home)
    content = read(f"/{code}/nur-deutsch/")
    with translation.override(code):
        assert translation.gettext(NOTE) in content
    assert f'<html lang="{code}"' in content
    assert '<h1 lang="de" dir="ltr">Nur deutsch</h1>' in content
    assert re.search(r'<div class="[^"]*richtext" lang="de" dir="ltr"><p[^>]*>Lang.', content)
    assert f'<a href="/{code}/nur-deutsch/" lang="de">Nur deutsch</a>' in content
    assert switcher(content) == {other: f"/{other}/nur-deutsch/" for other in CODES}


def test_a_translated_page_has_no_note_and_is_listed_once(home):
    add_german_page(home)
    content = read("/tr/regeln/")
    assert 'class="note measure"' not in content
    foot = content.partition("<footer")[2]
    assert foot.count('href="/tr/regeln/"') == 1
    assert ">Katkı kuralları</a>" in foot


def test_a_page_that_german_lacks_is_not_found_in_other_languages(home):
    english = home.get_translation(Locale.objects.get(language_code="en"))
    english.add_child(instance=InfoPage(title="Only here", slug="only-here", body="<p>x</p>"))
    assert Client().get("/tr/only-here/").status_code == 404
    assert switcher(read("/en/only-here/"))["tr"] == "/tr/"


def test_news_that_nobody_has_translated_are_shown_in_german(home):
    piece = home.add_child(
        instance=NewsPage(title="Ein Fest", slug="fest", day="2027-01-04", lede="Am Samstag.")
    )
    content = read("/ar/neuigkeiten/")
    assert '<a href="/ar/fest/" lang="de">Ein Fest</a>' in content
    assert '<p lang="de" dir="ltr">Am Samstag.</p>' in content
    arabic = piece.copy_for_translation(Locale.objects.get(language_code="ar"))
    arabic.title = "احتفال"
    arabic.save_revision().publish()
    content = read("/ar/neuigkeiten/")
    assert "Ein Fest" not in content
    assert "احتفال" in content


def test_a_german_page_is_found_from_every_language(home):
    add_german_page(home)
    assert 'href="/uk/nur-deutsch/"' in read("/uk/suche/?q=deutsch")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("tr-TR,tr;q=0.9,de;q=0.5", "tr"),
        ("ar-SY", "ar"),
        ("uk", "uk"),
        ("de-AT,de", "de"),
        ("fr,en;q=0.4", "en"),
        ("fr", "de"),
        ("", "de"),
    ],
)
def test_the_bare_address_leads_to_a_language_that_the_browser_asks_for(asked, language):
    response = Client(headers={"accept-language": asked}).get("/")
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert "no-store" in response["Cache-Control"]
    assert "Accept-Language" in response["Vary"]


def test_the_bare_address_leads_to_the_language_of_the_account(client):
    person = make_resident()
    update_profile(user=person, pseudonym="", language="uk")
    client.force_login(person)
    assert client.get("/", headers={"accept-language": "tr"})["Location"] == "/uk/"
