"""A visitor who opens any page of the demo city by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.accessibility.pages import (
    AFTER_A_DEED,
    FOR_EVERYBODY,
    FOR_MEMBERS,
    FOR_RESIDENTS,
    MEMBER,
    RESIDENT,
    STATUS,
    places_of,
    unused_token,
    write_as_guest,
)
from tests.serving import Site

APPEARANCE = {"locale": "de-DE", "reduced_motion": "reduce"}


@dataclass
class Visitor:
    """Opens pages, as a guest, a resident or a council member; remembers what a page asked for and complained of."""

    site: Site
    places: dict[str, str]
    guest: BrowserContext
    resident: BrowserContext
    member: BrowserContext
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, name: str, width: int, language: str = "de") -> Page:
        """Open a page by its name, in a window of this width, in this language."""
        self.complaints.clear()
        self.requests.clear()
        deed = AFTER_A_DEED.get(name)
        first = deed.page if deed else name
        page = self._browser_for(first).new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.on("console", lambda said: self._note(page, said))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        answers: list[Response] = []
        page.on("response", lambda got: got.request.is_navigation_request() and answers.append(got))
        page.goto(self.address_of(first, language))
        if deed:
            with translation.override(language):
                deed.do(page)
        assert answers[-1].status == STATUS.get(name, 200)
        return page

    def address_of(self, name: str, language: str = "de") -> str:
        """The whole address of a page in a language."""
        address = {**FOR_EVERYBODY, **FOR_RESIDENTS, **FOR_MEMBERS}[name].format_map(self.places)
        return self.site.url + (address if address.startswith("/") else f"/{language}/{address}")

    def _browser_for(self, name: str) -> BrowserContext:
        if name in FOR_MEMBERS:
            return self.member
        return self.resident if name in FOR_RESIDENTS else self.guest

    def _note(self, page: Page, said: ConsoleMessage) -> None:
        # That the page itself was refused is what some of them are for.
        is_status = "Failed to load resource" in said.text and said.location["url"] == page.url
        if said.type in {"error", "warning"} and not is_status:
            self.complaints.append(said.text)


@pytest.fixture(scope="module")
def visitor(city: str, city_site: Site, chromium: Browser) -> Iterator[Visitor]:
    """A visitor of the demo city; a guest has written something and not confirmed it yet."""
    guest, resident, member = (chromium.new_context(**APPEARANCE) for _ in range(3))
    found = Visitor(city_site, places_of(city), guest, resident, member)
    _log_in(found, resident, RESIDENT)
    _log_in(found, member, MEMBER)
    page = found.open("comment form of a guest", 1280)
    write_as_guest(page)
    page.close()
    with psycopg.connect(city) as database:
        found.places["token"] = unused_token(database)
    yield found
    guest.close()
    resident.close()
    member.close()


def _log_in(visitor: Visitor, browser: BrowserContext, login: tuple[str, str]) -> None:
    page = browser.new_page()
    page.goto(visitor.address_of("login"))
    email, password = login
    page.get_by_label("E-Mail").fill(email)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("main").get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/meine-beitraege/")
    page.close()
