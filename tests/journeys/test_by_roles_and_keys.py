"""What somebody meets who hears the page: roles and names from the tree, and the keyboard alone.

Nothing is found by a class or a text, and nothing is clicked.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from consult.contributions.models import Contribution
from consult.participants.models import Notice
from tests.factories import make_concept, make_edition, make_open_round, make_resident
from tests.factories.people import PASSWORD
from tests.journeys.people import PATIENCE
from tests.serving import Site

pytestmark = pytest.mark.browser
MOST_TABS = 120
WORDS = "Es braucht Kurse am Samstag."


@pytest.fixture
def village(town: Site) -> Site:
    """A town with one section and one goal, open for taking part."""
    now = timezone.now()
    make_open_round(at=now, edition=make_edition(make_concept(), at=now - timedelta(days=1)))
    return town


def open_page(browser: Browser, *, scripts: bool = True, width: int = 1280) -> Page:
    context = browser.new_context(
        locale="de-DE", java_script_enabled=scripts, viewport={"width": width, "height": 800}
    )
    context.set_default_timeout(PATIENCE)
    return context.new_page()


def reach(page: Page, wanted: Locator) -> Locator:
    """Press Tab until the focus is there."""
    for _press in range(MOST_TABS):
        if wanted.evaluate("found => found === document.activeElement"):
            return wanted
        page.keyboard.press("Tab")
    raise AssertionError(f"the focus never came to {wanted}")


def enter(page: Page, wanted: Locator) -> None:
    """Reach a link or button and press Enter; the next page comes."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page: Page, site: Site, email: str) -> None:
    page.goto(f"{site.url}/de/konto/login/")
    reach(page, page.get_by_role("textbox", name="E-Mail"))
    page.keyboard.type(email)
    reach(page, page.get_by_role("main").get_by_label("Passwort"))
    page.keyboard.type(PASSWORD)
    enter(page, page.get_by_role("main").get_by_role("button", name="Anmelden"))


def test_reading_commenting_and_voting_by_roles_names_and_keys(
    village: Site, chromium: Browser
) -> None:
    page = open_page(chromium)
    log_in(page, village, make_resident("Ada").email)
    _read(page, village)
    _comment(page)
    _vote(page, village)


def _read(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/de/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    tree = page.get_by_role("main").aria_snapshot()
    assert re.search(r"- heading .* \[level=1\]", tree)
    assert re.search(r'- heading "Wo wir stehen" \[level=2\]', tree)
    enter(page, page.get_by_role("main").get_by_role("link", name="Abschnitt auswählen"))
    enter(page, page.get_by_role("main").get_by_role("link", name="1 Abschnitt 1").first)
    tree = page.get_by_role("main").aria_snapshot()
    assert '- heading "Abschnitt 1" [level=1]' in tree
    expect(page.get_by_role("navigation", name="Sie sind hier")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Absatz 1, Verweis"))).to_be_visible()


def _comment(page: Page) -> None:
    enter(page, page.get_by_role("link", name=re.compile("zu Absatz 1$")))
    group = page.get_by_role("group", name="Was möchten Sie uns sagen?")
    first = group.get_by_role("radio", name=re.compile("^Zustimmung"))
    reach(page, first)
    page.keyboard.press("ArrowDown")
    expect(group.get_by_role("radio", name=re.compile("^Bedenken"))).to_be_checked()
    reach(page, page.get_by_role("textbox", name="Ihr Beitrag"))
    page.keyboard.type(WORDS)
    enter(page, page.get_by_role("button", name="Beitrag abgeben"))
    expect(page.get_by_role("status")).to_contain_text("Ihr Beitrag ist da. Nummer ")
    expect(page.get_by_role("complementary", name="Ihr Beleg")).to_be_visible()
    assert Contribution.objects.get().stance == "concern"


def _vote(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/de/konzept/fassung-1/ziel/ziel-1-1/")
    agree = page.get_by_role("group").get_by_role("button", name="Ich stimme zu", exact=True)
    enter(page, agree)
    expect(page.get_by_role("button", name="Ich stimme zu", pressed=True)).to_be_visible()


def test_an_error_is_heard_and_leads_to_its_field(village: Site, chromium: Browser) -> None:
    page = open_page(chromium)
    page.goto(f"{village.url}/de/mitmachen/")
    enter(page, page.get_by_role("main").get_by_role("link", name=re.compile("Abschnitt 1")).first)
    enter(page, page.get_by_role("button", name="Weiter"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Schreiben Sie mindestens einen Satz.")
    reach(page, alert.get_by_role("link", name="Schreiben Sie mindestens einen Satz."))
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Ihr Beitrag")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Fehler: Schreiben Sie mindestens"))


def test_the_first_contribution_on_a_phone_without_scripts(
    village: Site, chromium: Browser
) -> None:
    page = open_page(chromium, scripts=False, width=360)
    page.goto(f"{village.url}/de/")
    page.get_by_role("link", name="In zwei Minuten mitmachen").first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("Abschnitt 1")).first.click()
    page.get_by_role("radio", name=re.compile("^Idee")).check()
    page.get_by_role("textbox", name="Ihr Beitrag").fill(WORDS)
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("blockquote")).to_contain_text(WORDS)
    page.reload()
    expect(page.get_by_role("blockquote")).to_contain_text(WORDS)
    page.get_by_role("textbox", name="Ihre E-Mail-Adresse").fill("gast@example.org")
    page.get_by_role("button", name="Beitrag abgeben").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fast fertig")
    token = Notice.objects.get(template="confirm_contribution").context["token"]
    page.goto(f"{village.url}/de/bestaetigen/{token}/")
    page.get_by_role("button", name="Beitrag bestätigen").click()
    expect(page.get_by_role("status")).to_contain_text("Ihr Beitrag ist da. Nummer ")
    expect(page.get_by_role("complementary", name="Ihr Beleg")).to_be_visible()


def test_a_browser_remembers_words_without_a_network(village: Site, chromium: Browser) -> None:
    page = open_page(chromium, width=360)
    page.goto(f"{village.url}/de/mitmachen/")
    page.get_by_role("main").get_by_role("link", name=re.compile("Abschnitt 1")).first.click()
    address = page.url
    field = page.get_by_role("textbox", name="Ihr Beitrag")
    field.fill(WORDS)
    expect(page.get_by_text("merkt sich dieser Browser")).to_be_visible()
    _wait_for_draft(page)
    page.context.set_offline(True)
    page.get_by_role("radio", name=re.compile("^Idee")).check()
    page.get_by_role("button", name="Weiter").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    page.goto(address)
    expect(field).to_have_value(WORDS)
    with page.expect_navigation():
        page.get_by_role("button", name="Entwurf löschen").click()
    expect(field).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def _wait_for_draft(page: Page) -> None:
    for _try in range(100):
        if page.evaluate("Object.keys(localStorage).length"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the browser remembers nothing")
