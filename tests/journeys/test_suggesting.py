"""Other wording, from the phone of a resident without scripts to the text of the next edition."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.states import Kind, SuggestionStatus
from consult.evaluation.services.closing import close_round
from consult.participants.models import User
from drafts.concept.models import SectionPage
from drafts.concept.snapshots import plain
from tests.factories import make_concept, make_edition, make_open_round, make_resident
from tests.factories.conversation import make_suggestion
from tests.journeys.people import Person, log_in_as_staff, newcomer
from tests.journeys.resident_deeds import log_in_again
from tests.serving import Site

pytestmark = pytest.mark.browser
NEW = "Erster Absatz, der jetzt mehr sagt."
PHONE = {"width": 360, "height": 740}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_wording_of_132_people_reaches_the_text(town: Site, chromium: Browser) -> None:
    now = timezone.now()
    edition = make_edition(make_concept(), at=now - timedelta(days=1))
    round_ = make_open_round(at=now, edition=edition)
    emails = [f"person-{number}@example.org" for number in range(131)]
    for person in User.objects.bulk_create(User(email=email) for email in emails):
        make_suggestion(round_, at=now, new_text=NEW, participant=person)
    author, other = (_on_a_phone(chromium, town) for _person in range(2))
    ref = _propose(author)
    assert SuggestionBundle.objects.get().suggestions.count() == 132
    _meet_the_bundle(other)
    close_round(round_=round_, actor=None, at=round_.closes_at)
    _adopt(newcomer(chromium, town), ref)
    author.go(f"/de/beitrag/{ref}/")
    author.reads("Vorschlag in den Arbeitstext übernommen", "132 Personen schlagen das vor")
    _fits(author)


def _on_a_phone(chromium: Browser, town: Site) -> Person:
    person = newcomer(chromium, town, scripts=False)
    person.page.set_viewport_size(PHONE)
    log_in_again(person, make_resident("Amal").email)
    return person


def _propose(author: Person) -> str:
    author.go("/de/konzept/fassung-1/abschnitt-1/")
    _fits(author)
    author.follow("Anderer Wortlaut (Absatz 1)")
    wording = author.page.get_by_role("textbox", name="So soll die Stelle lauten")
    expect(wording).to_have_value("Erster Absatz von 1.")
    expect(wording).to_have_accessible_description(
        "Hier steht der jetzige Wortlaut. Ändern Sie, was anders sein soll."
    )
    wording.fill(NEW)
    author.press("Unterschied ansehen")
    compared = author.page.get_by_role("region", name="Ihr Vorschlag im Vergleich")
    expect(compared.get_by_role("deletion")).to_contain_text("Gestrichen:")
    expect(compared.get_by_role("insertion")).to_contain_text("Eingefügt:")
    assert "Ende der Einfügung." in compared.aria_snapshot()
    assert _lines(author, "ins") == "underline"
    assert _lines(author, "del") == "line-through"
    _fits(author)
    author.press("Vorschlag abgeben")
    author.reads("Sagen Sie in einem Satz, warum.")
    expect(wording).to_have_value(NEW)
    author.fill(text="Damit man es beim ersten Lesen versteht.")
    author.pick("Mein Name darf beim geänderten Text stehen")
    _fits(author)
    author.press("Vorschlag abgeben")
    author.reads("Ihr Beitrag ist da.", "Ihr Beleg")
    _fits(author)
    return Contribution.objects.filter(kind=Kind.SUGGESTION).latest("pk").ref


def _meet_the_bundle(other: Person) -> None:
    other.go("/de/konzept/fassung-1/abschnitt-1/")
    fold = other.page.get_by_text("1 Vorschlag zum Wortlaut")
    expect(other.page.get_by_text("132 Personen schlagen das vor").first).to_be_hidden()
    fold.click()
    bundle = other.page.get_by_role("article", name="Vorschlag: anderer Wortlaut").first
    expect(bundle).to_contain_text("132 Personen schlagen das vor")
    apart = bundle.get_by_text("Bisher und neu getrennt lesen")
    apart.click()
    expect(bundle.get_by_role("definition").last).to_have_text(NEW)
    button = bundle.get_by_role("button", name="Ich unterstütze das")
    expect(button).to_have_attribute("aria-pressed", "false")
    _fits(other)
    with other.page.expect_navigation():
        button.click()
    # The address leads back to the bundle, so that the fold is open.
    expect(button).to_have_attribute("aria-pressed", "true")
    other.follow("Vorschläge mit ihren Gründen")
    other.reads("Noch 129 Beiträge mit demselben Vorschlag stehen in der Diskussion.")
    _fits(other)


def _adopt(staff: Person, ref: str) -> None:
    log_in_as_staff(staff, "koordination")
    staff.go("/admin/aenderungsvorschlaege/")
    staff.follow("1 Abschnitt 1")
    staff.reads("Arbeitstext jetzt", "132 Personen schlagen das vor, 1 weitere unterstützt es")
    staff.press("In den Arbeitstext übernehmen")
    staff.reads("Der Entwurf der Seite ist geändert.")
    assert SuggestionBundle.objects.get().status == SuggestionStatus.ADOPTED
    draft = SectionPage.objects.get().get_latest_revision_as_object()
    assert plain(draft.body[0].value.source) == NEW
    assert ref


def _fits(person: Person) -> None:
    assert not person.page.evaluate(TOO_WIDE)


def _lines(person: Person, element: str) -> str:
    found = person.page.locator(element).first
    return found.evaluate("found => getComputedStyle(found).textDecorationLine")
