"""The part of a resident, in a browser that runs no script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.factories import make_concept, make_edition, make_open_round
from tests.journeys.people import Person, newcomer
from tests.journeys.resident_deeds import (
    comment_as_guest,
    comment_on_paragraph,
    register,
    vote,
)
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]


def test_reading_writing_and_voting_need_no_script(town: Site, chromium: Browser) -> None:
    now = timezone.now()
    make_open_round(at=now, edition=make_edition(make_concept(), at=now - timedelta(days=1)))
    guest, resident = (newcomer(chromium, town, scripts=False) for _ in range(2))
    with working(town):
        _read(guest)
        wish = comment_as_guest(guest, "ziel-1-1", "Bitte auch abends.", email="gast@example.org")
        guest.reads("Ihr Beleg", "Prüfsumme", wish)
        register(resident, email="amal@example.org", name="Amal")
        vote(resident, "ziel-1-1", "Ich stimme zu", said="Sie haben zugestimmt.")
        vote(resident, "ziel-1-1", "Weiß nicht", said="Sie haben „Weiß nicht“ gewählt.")
        written = comment_on_paragraph(resident, "abschnitt-1", 2, "Das verstehe ich.")
        resident.reads("Ihr Beleg", "Sofort und ohne Änderung.")
        resident.go("/de/meine-beitraege/")
        resident.follow(f"Beitrag {written}")
        resident.reads("Was wurde aus meinem Beitrag?", "Das verstehe ich.")


def _read(guest: Person) -> None:
    guest.go("/de/")
    guest.follow("Abschnitt auswählen")
    guest.follow("1 Abschnitt 1")
    guest.reads("Erster Absatz von 1.", "Wortlaut von Ziel 1.1.")
