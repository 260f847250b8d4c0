"""What a new installation has before anybody has written a page."""

import pytest
from wagtail.models import Page

from consult.project.setup import set_up_site
from site_content.pages.models import InfoPage

pytestmark = pytest.mark.django_db
CITY = {
    "city": "Stadt Neu",
    "office": "Koordinierungsstelle",
    "email": "office@neu.example",
    "claim": "Schreiben Sie mit.",
    "lede": "Lesen Sie den Entwurf.",
}


@pytest.mark.parametrize(
    "address", ["/de/", "/en/", "/de/regeln/", "/en/regeln/", "/de/so-funktioniert-es/"]
)
def test_start_page_rules_and_procedure_can_be_read_at_once(client, address):
    set_up_site(**CITY)
    response = client.get(address)
    assert response.status_code == 200
    assert "Lindenau" not in response.content.decode()


def test_setting_up_again_changes_nothing(client):
    set_up_site(**CITY)
    rules = InfoPage.objects.get(slug="regeln", locale__language_code="de")
    rules.lede = "Bei uns gelten sieben Regeln."
    rules.save_revision().publish()
    number = Page.objects.count()
    set_up_site(**CITY)
    assert Page.objects.count() == number
    assert "sieben Regeln" in client.get("/de/regeln/").content.decode()
