"""What residents and guests do."""

import re
import time

from playwright.sync_api import expect

from tests.journeys.people import Person, newest_mail

MAIL_WITHIN = 60.0  # seconds
REF = re.compile(r"\d{4}-R\d+-\d{4}")


def link_in_mail(person: Person, *, to: str, about: str, part: str) -> str:
    """Wait for a mail and return the link in it that holds `part`."""
    end = time.monotonic() + MAIL_WITHIN
    while time.monotonic() < end:
        mail = newest_mail(person.site.mails, to=to, about=about)
        if mail:
            return re.search(rf"http\S*{part}\S*", mail).group()
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to} about {about!r} in {MAIL_WITHIN:.0f} s")


def register(resident: Person, *, email: str, name: str) -> None:
    """Make an account, confirm the address by the link in the mail, log in."""
    resident.go("/de/konto/signup/")
    resident.fill(email=email, password1="gemeinsam-schreiben", pseudonym=name)
    resident.pick("Ich wohne in dieser Stadt.")
    resident.press("Konto anlegen")
    resident.reads("Schauen Sie in Ihr Postfach")
    resident.go(link_in_mail(resident, to=email, about="bestätigen Sie die Adresse", part="konto/"))
    resident.press("Ja, Adresse bestätigen")
    log_in_again(resident, email)


def log_in_again(resident: Person, email: str) -> None:
    """Log in with the password of the registration."""
    resident.go("/de/konto/login/")
    resident.fill(login=email, password="gemeinsam-schreiben")
    resident.press("Anmelden")
    resident.reads("Meine Beiträge")


def comment_on_paragraph(resident: Person, section: str, number: int, text: str) -> str:
    """Write to a paragraph from the section's page; return the contribution's reference."""
    resident.go(f"/de/konzept/fassung-1/{section}/")
    resident.page.get_by_role("link", name=re.compile(f" zu Absatz {number}$")).click()
    _write(resident, text)
    return _received(resident)


def comment_on_goal(resident: Person, goal: str, text: str) -> str:
    """Write to a goal from its page; return the contribution's reference."""
    resident.go(f"/de/konzept/fassung-1/ziel/{goal}/")
    resident.follow("Dazu schreiben")
    _write(resident, text)
    return _received(resident)


def comment_as_guest(guest: Person, goal: str, text: str, *, email: str) -> str:
    """Write to a goal without an account, confirm by the link in the mail; return the reference."""
    guest.go(f"/de/konzept/fassung-1/ziel/{goal}/")
    guest.follow("Dazu schreiben")
    guest.fill(email=email)
    _write(guest, text)
    guest.reads("Wir haben Ihnen eine E-Mail geschickt.")
    guest.go(link_in_mail(guest, to=email, about="Waren Sie das?", part="bestaetigen/"))
    guest.reads(text)
    guest.press("Beitrag bestätigen")
    return _received(guest)


def vote(resident: Person, goal: str, choice: str, *, said: str) -> None:
    """Vote on a goal's page, and see there what one has chosen."""
    resident.go(f"/de/konzept/fassung-1/ziel/{goal}/")
    resident.press(choice)
    button = resident.page.get_by_role("button", name=choice, exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    resident.reads(said)


def report(guest: Person, ref: str, *, rule: str, text: str) -> None:
    """Report a contribution, as anybody may."""
    guest.go(f"/de/beitrag/{ref}/")
    guest.follow(f"Beitrag {ref} melden")
    guest.pick(rule)
    guest.fill(text=text)
    guest.press("Meldung absenden")


def _write(person: Person, text: str) -> None:
    person.pick("Idee")
    person.fill(text=text)
    person.press("Beitrag abgeben")


def _received(person: Person) -> str:
    said = person.page.get_by_text("Ihr Beitrag ist da.").first
    expect(said).to_be_visible()
    return REF.search(said.inner_text()).group()
