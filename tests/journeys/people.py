"""People in front of a browser: what they can do on any page."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from consult.project.demo.people import PASSWORD
from tests.serving import Site

PATIENCE = 15_000  # milliseconds


@dataclass(frozen=True)
class Person:
    """Somebody with a browser of their own."""

    site: Site
    page: Page

    def go(self, address: str) -> None:
        """Open an address of the site, or a whole one from a mail."""
        self.page.goto(address if address.startswith("http") else f"{self.site.url}{address}")

    def press(self, name: str, *, inside: Locator | None = None) -> None:
        """Press the one button whose name begins so, and wait for the next page."""
        within = inside or self.page.get_by_role("main")
        with self.page.expect_navigation():
            within.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).click()

    def follow(self, name: str) -> None:
        """Follow the first link of the page's main part whose name begins so."""
        main = self.page.get_by_role("main")
        with self.page.expect_navigation():
            main.get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first.click()

    def fill(self, **fields: str) -> None:
        """Fill in fields of the page's form by their names."""
        for name, value in fields.items():
            self._field(name).fill(value)

    def choose(self, **fields: str) -> None:
        """Choose the first option with these words, in selects by their names."""
        for name, words in fields.items():
            field = self._field(name)
            option = field.locator("option", has_text=words).first
            field.select_option(option.get_attribute("value"))

    def pick(self, label: str, *, inside: Locator | None = None) -> None:
        """Pick the radio button or tick the box whose label begins so."""
        within = inside or self.page.get_by_role("main")
        name = re.compile(f"^{re.escape(label)}")
        radio, box = (within.get_by_role(role, name=name) for role in ("radio", "checkbox"))
        radio.or_(box).first.check()

    def reads(self, *sentences: str) -> None:
        """Find each sentence on the page."""
        for sentence in sentences:
            expect(self.page.get_by_text(sentence).first).to_be_visible()

    def does_not_read(self, sentence: str) -> None:
        """Find the sentence nowhere on the page."""
        expect(self.page.get_by_text(sentence)).to_have_count(0)

    def _field(self, name: str) -> Locator:
        return self.page.get_by_role("main").locator(f"[name={name}]").first


def newcomer(browser: Browser, site: Site, *, scripts: bool = True) -> Person:
    """Somebody who opens the site for the first time."""
    context = browser.new_context(
        locale="de-DE", java_script_enabled=scripts, viewport={"width": 1280, "height": 1000}
    )
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    return Person(site, context.new_page())


def log_in_as_staff(person: Person, login: str) -> Person:
    """Log in with one of the accounts that work in the town."""
    person.go("/de/konto/login/")
    person.fill(login=f"{login}@lindenau.example", password=PASSWORD)
    person.press("Anmelden")
    return person


def newest_mail(directory: Path, *, to: str, about: str) -> str:
    """The text of the newest mail to an address that holds these words; "" if there is none."""
    files = sorted(directory.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    for file in files:
        for part in reversed(file.read_bytes().split(b"\n" + b"-" * 79)):
            mail = message_from_bytes(part.lstrip(), policy=policy.default)
            plain = mail.get_body(preferencelist=("plain",))
            text = plain.get_content() if plain else ""
            if mail["To"] == to and about in text:
                return text
    return ""
