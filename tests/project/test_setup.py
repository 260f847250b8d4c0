"""What a new installation has before anybody has written a page."""

import pytest
from django.conf import settings
from wagtail.models import Page

from consult.project.setup import set_up_site
from site_content.pages.models import InfoPage
from tests.conftest import undo_setup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("new_city")]
CITY = {
    "city": "Stadt Neu",
    "office": "Koordinierungsstelle",
    "email": "office@neu.example",
    "claim": "Schreiben Sie mit.",
    "lede": "Lesen Sie den Entwurf.",
}


@pytest.fixture(scope="module")
def new_city(kept_for_the_file):
    undo_setup()
    set_up_site(**CITY)


@pytest.mark.parametrize("slug", ["", "regeln/", "so-funktioniert-es/"])
def test_start_page_rules_and_procedure_can_be_read_at_once_in_all_languages(client, slug):
    for code, _name in settings.LANGUAGES:
        content = client.get(f"/{code}/{slug}").content.decode()
        assert f'<html lang="{code}"' in content
        assert 'class="note measure"' not in content
        assert "Lindenau" not in content


def test_the_words_of_every_language_are_its_own(client):
    pages = Page.objects.filter(depth__gt=1).live().specific()
    words = [(page.lede, getattr(page, "body", "")) for page in pages]
    assert len(set(words)) == len(words) == 3 * len(settings.LANGUAGES)


def test_a_language_that_comes_later_is_added_to_pages_nobody_has_changed(client):
    InfoPage.objects.get(slug="regeln", locale__language_code="tr").delete()
    InfoPage.objects.get(slug="so-funktioniert-es", locale__language_code="tr").delete()
    procedure = InfoPage.objects.get(slug="so-funktioniert-es", locale__language_code="de")
    procedure.body = "<p>Bei uns ist es anders.</p>"
    procedure.save_revision().publish()
    set_up_site(**CITY)
    slugs = InfoPage.objects.filter(locale__language_code="tr").values_list("slug", flat=True)
    assert list(slugs) == ["regeln"]


def test_setting_up_again_changes_nothing(client):
    rules = InfoPage.objects.get(slug="regeln", locale__language_code="de")
    rules.lede = "Bei uns gelten sieben Regeln."
    rules.save_revision().publish()
    number = Page.objects.count()
    set_up_site(**CITY)
    assert Page.objects.count() == number
    assert "sieben Regeln" in client.get("/de/regeln/").content.decode()
