"""A visitor who opens any page of the demo city by its name."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from django.utils import translation
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

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


# A tab of one page must not look like the next one.
AS_USUAL = {
    "media": "screen",
    "color_scheme": "light",
    "forced_colors": "none",
    "reduced_motion": "reduce",
}


@dataclass
class Visitor:
    """Opens pages, as a guest, a resident or a council member, each in one tab.

    Remembers what a page asked for and complained of.
    """

    site: Site
    places: dict[str, str]
    guest: Page
    resident: Page
    member: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        for tab in (self.guest, self.resident, self.member):
            self._listen(tab)

    def open(self, name: str, width: int, language: str = "de") -> Page:
        """Open a page by its name, in a window of this width, in this language."""
        deed = AFTER_A_DEED.get(name)
        first = deed.page if deed else name
        tab = self._tab_for(first)
        tab.set_viewport_size({"width": width, "height": 800})
        tab.emulate_media(**AS_USUAL)
        for former in (self.complaints, self.requests, self.answers):
            former.clear()
        tab.goto(self.address_of(first, language))
        if deed:
            with translation.override(language):
                deed.do(tab)
        assert self.answers[-1].status == STATUS.get(name, 200)
        return tab

    def address_of(self, name: str, language: str = "de") -> str:
        """The whole address of a page in a language."""
        address = {**FOR_EVERYBODY, **FOR_RESIDENTS, **FOR_MEMBERS}[name].format_map(self.places)
        return self.site.url + (address if address.startswith("/") else f"/{language}/{address}")

    def _tab_for(self, name: str) -> Page:
        if name in FOR_MEMBERS:
            return self.member
        return self.resident if name in FOR_RESIDENTS else self.guest

    def _listen(self, tab: Page) -> None:
        tab.on("console", lambda said: self._note(tab, said))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda request: self.requests.append(request.url))
        tab.on(
            "response",
            lambda got: got.request.is_navigation_request() and self.answers.append(got),
        )

    def _note(self, tab: Page, said: ConsoleMessage) -> None:
        # That the page itself was refused is what some of them are for.
        is_status = "Failed to load resource" in said.text and said.location["url"] == tab.url
        if said.type in {"error", "warning"} and not is_status:
            self.complaints.append(said.text)


@pytest.fixture(scope="module")
def visitor(city: str, city_site: Site, chromium: Browser) -> Iterator[Visitor]:
    """A visitor of the demo city; a guest has written something and not confirmed it yet."""
    contexts = [chromium.new_context(**APPEARANCE) for _ in range(3)]
    tabs = (context.new_page() for context in contexts)
    found = Visitor(city_site, places_of(city), *tabs)
    _log_in(found, found.resident, RESIDENT)
    _log_in(found, found.member, MEMBER)
    write_as_guest(found.open("comment form of a guest", 1280))
    with psycopg.connect(city) as database:
        found.places["token"] = unused_token(database)
    yield found
    for context in contexts:
        context.close()


def _log_in(visitor: Visitor, tab: Page, login: tuple[str, str]) -> None:
    tab.goto(visitor.address_of("login"))
    email, password = login
    tab.get_by_label("E-Mail").fill(email)
    tab.get_by_label("Passwort").fill(password)
    tab.get_by_role("main").get_by_role("button", name="Anmelden").click()
    tab.wait_for_url("**/meine-beitraege/")
