"""What people say at a meeting, and a survey, in a browser: two people enter, one reads what
became of it."""

import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from consult.contributions.models import Contribution
from tests.consult.intake.surveys import as_xlsx, survey
from tests.factories import make_concept, make_edition, make_open_round
from tests.journeys.people import Person, log_in_as_staff, newcomer
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]
IMPORTED_WITHIN = 900  # seconds


@pytest.fixture
def round_(town: Site):
    """A running round on an edition of one section."""
    now = timezone.now()
    edition = make_edition(make_concept(), at=now - timedelta(days=1))
    return make_open_round(at=now, edition=edition)


def test_a_meeting_is_taken_down_by_two_people(
    town: Site, chromium: Browser, round_, settings
) -> None:
    writer = log_in_as_staff(newcomer(chromium, town, scripts=False), "moderation")
    second = log_in_as_staff(newcomer(chromium, town, scripts=False), "koordination")
    guest = newcomer(chromium, town, scripts=False)
    address = _open_occasion(writer)
    code = _print_card(writer)
    writer.go(address)
    _take_down(writer, code)
    guest.go("/de/beleg/")
    guest.fill(code=code.lower())
    guest.press("Beitrag zeigen")
    guest.reads("Ihre Karte ist noch nicht eingetragen")
    _compare(second, address)
    guest.go(f"/de/beleg/{code.replace('-', '')}/")
    guest.reads("Mehr Bänke am Markt.", "Mit dem Original verglichen", "Stadtteilcafé Süd")
    guest.go("/de/konzept/fassung-1/abschnitt-1/")
    guest.reads("Mehr Bänke am Markt.", "bei einem Treffen mitgeschrieben")
    assert Contribution.objects.count() == 2


def test_a_survey_of_3000_rows_goes_from_file_to_discussion(
    town: Site, chromium: Browser, round_, tmp_path: Path
) -> None:
    file = tmp_path / "umfrage.xlsx"
    file.write_bytes(as_xlsx(survey(timezone.localtime())[0]))
    first = log_in_as_staff(newcomer(chromium, town), "koordination")
    second = log_in_as_staff(newcomer(chromium, town), "koordination2")
    first.go("/admin/erfassung/datei/neu/")
    first.page.locator("[name=file]").set_input_files(file)
    first.fill(title="Umfrage in den Schulen", held_on=timezone.localdate().isoformat())
    first.choose(kind="Umfrage")
    first.press("Datei lesen")
    first.reads("Zeilen in der Datei", "3000", "2960", "Diesen Abschnitt oder dieses Ziel gibt")
    address = first.page.url
    first.press("Zur Prüfung übergeben")
    first.does_not_read("2960 Zeilen übernehmen")
    second.go(address)
    second.reads("Stichproben vergleichen")
    with working(town):
        second.press("2960 Zeilen übernehmen")
        _wait_until_taken(second, address)
    second.reads("2960", "40", "Nicht übernommene Zeilen", "Der Tag ist kein Datum.")
    assert Contribution.objects.count() == 2_960


def _open_occasion(writer: Person) -> str:
    writer.go("/admin/erfassung/")
    writer.follow("Anlass anlegen")
    writer.fill(
        title="Stadtteilcafé Süd", place="Gartenstraße 12", head_count="31",
        held_on=timezone.localdate().isoformat(),
    )  # fmt: skip
    writer.press("Speichern")
    writer.reads("Der Anlass ist angelegt.")
    return writer.page.url


def _print_card(writer: Person) -> str:
    writer.fill(number="1")
    writer.press("Leere Karten zum Austeilen drucken")
    [code] = re.findall(
        r"(?:[2-9A-Z]{4}-){2}[2-9A-Z]{4}", writer.page.locator(".cards").inner_text()
    )
    return code


def _take_down(writer: Person, code: str) -> None:
    writer.fill(text="- Mehr Bahnen am Markt.\n- Der Bus fährt zu selten.")
    writer.page.locator("[name=by_line]").select_option("1")
    writer.press("In Entwürfe aufteilen")
    writer.reads("2 Entwürfe angelegt.")
    places = writer.page.locator("select[name$=-place]")
    for number in range(places.count()):
        places.nth(number).select_option(label="Ziel 1.1")
    writer.page.locator("[name$=-code]").first.fill(code)
    writer.press("Speichern und zur Prüfung geben")
    writer.reads("2 Beiträge warten jetzt auf die Prüfung durch eine andere Person.")


def _compare(second: Person, address: str) -> None:
    second.go(address)
    second.follow("Mit dem Original vergleichen")
    second.reads("Mehr Bahnen am Markt.")
    second.fill(text="Mehr Bänke am Markt.")
    second.press("Stimmt überein: annehmen")
    second.reads("Angenommen: Der Beitrag hat die Nummer")
    second.press("Stimmt überein: annehmen")
    second.reads("Angenommen: Der Beitrag hat die Nummer")


def _wait_until_taken(person: Person, address: str) -> None:
    end = time.monotonic() + IMPORTED_WITHIN
    while time.monotonic() < end:
        person.go(address)
        if person.page.get_by_text("Nicht übernommene Zeilen").count():
            return
        time.sleep(1)
    raise AssertionError(f"not taken over in {IMPORTED_WITHIN} s")
