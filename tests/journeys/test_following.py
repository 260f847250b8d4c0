"""Following on a phone that runs no script: with an account, and by e-mail as a guest."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from consult.following.models import Follower, Subscription
from tests.factories import make_concept, make_edition, make_open_round
from tests.journeys.people import Person, newcomer
from tests.journeys.resident_deeds import comment_as_guest, link_in_mail, register
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]

SECTION = "/de/konzept/fassung-1/abschnitt-1/"
PHONE = {"width": 360, "height": 740}


def _on_a_phone(chromium: Browser, town: Site) -> Person:
    person = newcomer(chromium, town, scripts=False)
    person.page.set_viewport_size(PHONE)
    return person


def _fits(person: Person) -> None:
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_following_needs_no_script_and_no_account(town: Site, chromium: Browser) -> None:
    now = timezone.now()
    make_open_round(at=now, edition=make_edition(make_concept(), at=now - timedelta(days=1)))
    guest, resident = _on_a_phone(chromium, town), _on_a_phone(chromium, town)
    with working(town):
        guest.go(SECTION)
        guest.follow("Verfolgen: Neues per E-Mail")
        _fits(guest)
        guest.fill(email="leserin@example.org")
        guest.pick("sofort")
        guest.press("Verfolgen")
        guest.reads("Wir haben Ihnen eine E-Mail geschickt.")
        guest.go(link_in_mail(guest, to="leserin@example.org", about="Neues bekommen", part="best"))
        guest.press("Ja, bestätigen")
        guest.reads("Was ich verfolge", "1 Abschnitt 1")
        _fits(guest)

        register(resident, email="amal@example.org", name="Amal")
        resident.go(SECTION)
        resident.press("Verfolgen")
        resident.reads("Sie verfolgen jetzt", "Nicht mehr verfolgen")
        _fits(resident)
        resident.go("/de/mein-konto/verfolgt/")
        resident.choose(rhythm="einmal in der Woche")
        resident.press("Speichern")
        resident.reads("Sie bekommen einmal in der Woche eine E-Mail")
        _fits(resident)

        # The author writes, the city answers by itself: the receipt, and a mail that can be ended.
        written = comment_as_guest(guest, "ziel-1-1", "Bitte auch abends.", email="g@example.org")
        guest.reads(written)
        resident.go(SECTION)
        resident.press("Nicht mehr verfolgen")
        resident.reads("Sie bekommen keine E-Mails mehr")
    assert [row.follower.email for row in Subscription.objects.all()] == ["leserin@example.org"]
    assert Follower.objects.filter(user=None).count() == 1
