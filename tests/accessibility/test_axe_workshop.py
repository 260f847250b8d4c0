"""The theme workshop of the demo city: no violation that axe knows, fits, works by keyboard."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from consult.project.demo.people import PASSWORD
from consult.project.embedded.postgres import create_database, drop_database
from tests.browser import CITY_KEYS
from tests.city import city_template
from tests.services import template_name
from tests.serving import Site, serve

pytestmark = pytest.mark.browser

COORDINATION = "koordination2@lindenau.example"  # has confirmed none of the themes
WIDE, SMALL = 1280, 360
# The answered round as it was before: something is without a theme, deeds are possible.
REOPEN = """
    UPDATE rounds_consultationround SET status = 'closed' WHERE ref = '{round}';
    UPDATE evaluation_assignment SET is_current = false WHERE is_current AND theme_id IN (
        SELECT id FROM evaluation_theme WHERE kind = 'theme' AND status = 'confirmed'
        ORDER BY number DESC LIMIT 3)"""
LOOKED_UP = {
    "round": "SELECT ref FROM rounds_consultationround WHERE status = 'answered'",
    "theme": """
        SELECT number FROM evaluation_theme WHERE kind = 'theme' AND status = 'confirmed'
        ORDER BY number LIMIT 1""",
    "contribution": """
        SELECT ref FROM contributions_contribution c JOIN evaluation_assignment a
        ON a.contribution_id = c.id WHERE a.is_current AND c.status = 'published'
        ORDER BY c.id LIMIT 1""",
    "rename": """
        SELECT id FROM evaluation_themedeed WHERE step = 'rename' ORDER BY id DESC LIMIT 1""",
    "merge": "SELECT id FROM evaluation_themedeed WHERE step = 'open' ORDER BY id LIMIT 1",
}
PAGES = {
    "confirmed": "?liste=bestaetigt",
    "not read by a second person": "?liste=bestaetigt&gelesen=nein",
    "single voices": "?liste=einzelstimmen",
    "theme": "thema/{theme}/",
    "without a theme": "ohne-thema/",
    "doubts": "zweifelhaft/",
    "contribution": "beitrag/{contribution}/",
    "search": "suche/?q=Sprache",
    "search without results": "suche/?q=Xylophonkonzert",
    "steps": "schritte/",
    "undoing": "schritte/{rename}/",
    "undoing another": "schritte/{merge}/",
}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Desk:
    """A person of the coordination office before the workshop of a round."""

    site: Site
    places: dict[str, str]
    page: Page

    def open(self, name: str, width: int = WIDE) -> Page:
        """Open a page of the workshop by its name."""
        self.page.set_viewport_size({"width": width, "height": 800})
        part = PAGES[name].format_map(self.places)
        address = f"{self.site.url}/admin/themen-werkstatt/{self.places['round']}/{part}"
        assert self.page.goto(address).status == 200
        return self.page


@pytest.fixture(scope="module")
def own_city(django_db_setup) -> Iterator[str]:
    """A copy of the demo city for this file, its answered round in work again."""
    server = os.environ["DATABASE_URL"]
    name = f"own_city_{uuid.uuid4().hex[:12]}"
    yield create_database(server, name, city_template(server, template_name(), CITY_KEYS))
    drop_database(server, name)


@pytest.fixture(scope="module")
def desk(own_city: str, tmp_path_factory, chromium: Browser) -> Iterator[Desk]:
    """Somebody of the coordination office, without scripts, logged in."""
    with psycopg.connect(own_city) as database:
        places = {key: str(database.execute(sql).fetchone()[0]) for key, sql in LOOKED_UP.items()}
        database.execute(REOPEN.format_map(places))
    with serve(own_city, tmp_path_factory.mktemp("workshop"), CITY_KEYS) as site:
        context = chromium.new_context(locale="de-DE", reduced_motion="reduce")
        page = context.new_page()
        page.goto(f"{site.url}/de/konto/login/")
        page.get_by_label("E-Mail").fill(COORDINATION)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Anmelden").click()
        page.wait_for_load_state()
        yield Desk(site, places, page)
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_workshop_page_has_no_violation_and_fits(desk: Desk, name: str) -> None:
    found = []
    for width in (WIDE, SMALL):
        page = desk.open(name, width)
        assert page.evaluate(TOO_WIDE) <= 0
        # What Wagtail itself draws around the workshop is not ours.
        for rule in Axe().run(page, context=".tw").response["violations"]:
            found += [(width, rule["id"], node["target"]) for node in rule["nodes"]]
    assert found == []


def test_the_workshop_works_by_keyboard(desk: Desk) -> None:
    page = desk.open("without a theme")
    page.get_by_role("link", name="Zu den Beiträgen").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-members")).to_be_focused()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("name", "contribution")
    page.keyboard.press("Space")
    expect(focused).to_be_checked()
    chosen = focused.get_attribute("value")
    page.locator("select[name=target]").focus()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.get_by_role("button", name="Verschieben").press("Enter")
    expect(page.get_by_text("1 Beitrag nach")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Rückgängig machen", exact=True).first.press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Rückgängig machen").press("Enter")
    page = desk.open("without a theme")
    expect(page.get_by_role("checkbox", name=f"Beitrag {chosen} auswählen")).to_be_visible()
