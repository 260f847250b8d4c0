from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from site_content.pages.models import HomePage, NewsPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return HomePage.objects.get()


def add(home, title: str, day: date, *, live: bool = True) -> NewsPage:
    return home.add_child(
        instance=NewsPage(title=title, slug=title.lower(), day=day, lede=f"{title}!", live=live)
    )


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_without_news_the_start_page_does_not_speak_of_them(home):
    assert "Alle Neuigkeiten" not in read(reverse("home"))
    assert "Noch gibt es keine Neuigkeiten." in read(reverse("news"))


def test_the_start_page_shows_the_newest_three_and_leads_to_all(home):
    for number in range(1, 5):
        add(home, f"Meldung{number}", date(2027, 1, number))
    add(home, "Entwurf", date(2027, 2, 1), live=False)
    start = read(reverse("home"))
    assert start.index("Meldung4!") < start.index("Meldung3!") < start.index("Meldung2!")
    assert "Meldung1!" not in start
    assert "Meldung1!" in read(reverse("news"))
    assert "Entwurf!" not in read(reverse("news"))


def test_a_piece_of_news_has_a_page_and_is_found(home):
    page = add(home, "Nachbarschaftsfest", date(2027, 1, 4))
    page.save_revision().publish()
    assert "4. Januar 2027" in read("/de/nachbarschaftsfest/")
    assert "/de/nachbarschaftsfest/" in read(f"{reverse('search')}?q=Nachbarschaftsfest")


def test_news_below_a_private_page_are_private_too(home):
    add(home, "Intern", date(2027, 1, 4))
    PageViewRestriction.objects.create(page=home, restriction_type=PageViewRestriction.LOGIN)
    assert "Intern!" not in read(reverse("news"))
    assert "Intern!" not in read(reverse("home"))
