"""Two amendment motions that cannot both hold, from phones without scripts to the text in force."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from consult.council.models import CouncilGroup, GroupMembership, Paper
from consult.council.states import ItemOutcome
from consult.participants.models import User
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import Edition
from tests.factories import make_concept, make_edition
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_member
from tests.journeys.people import Person, log_in_as_staff, newcomer
from tests.journeys.resident_deeds import log_in_again
from tests.serving import Site

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
GOAL = "/de/konzept/fassung-1/ziel/ziel-1-1/"


def test_one_of_two_conflicting_motions_becomes_the_text(town: Site, chromium: Browser) -> None:
    now = timezone.now()
    paper = make_submitted(make_paper(make_edition(make_concept(goals=2), at=now)), at=now)
    first = _in_group(chromium, town, "Fraktion Gemeinsam")
    second = _in_group(chromium, town, "Offene Liste")
    _draft(first, "Wortlaut von vielen.", reason="Weil es viele sind.")
    # The other group reads nothing of it, and drafts its own.
    second.go(f"/de/rat/{paper.pk}/")
    second.does_not_read("Wortlaut von vielen.")
    _draft(second, "Wortlaut von wenigen.", reason="Weil es wenige sind.")
    _hand_in(first, "Ä 1")
    _hand_in(second, "Ä 2")
    visitor = _on_a_phone(chromium, town)
    visitor.go(f"/de/rat/{paper.pk}/")
    sentence = "Ä 1 und Ä 2 betreffen dieselben Worte. Wird Ä 1 angenommen, ist Ä 2 erledigt"
    visitor.reads(sentence, "Weil es viele sind.", "Fraktion Gemeinsam")
    _fits(visitor)
    visitor.go(GOAL)
    visitor.page.get_by_text("Änderungsanträge: Ä 1, Ä 2").click()
    expect(visitor.page.get_by_role("insertion").first).to_contain_text("Eingefügt:")
    _fits(visitor)

    offices = [
        log_in_as_staff(newcomer(chromium, town, scripts=False), name)
        for name in ("ratsbuero", "ratsbuero2")
    ]
    _vote(*offices, paper)
    _release(log_in_as_staff(newcomer(chromium, town, scripts=False), "koordination"), paper)
    offices[1].go(f"/admin/vorlagen/{paper.pk}/")
    offices[1].choose(edition="Fassung 2")
    offices[1].press("In Kraft setzen")
    offices[1].reads("Die Fassung mit dem beschlossenen Wortlaut ist in Kraft.")
    visitor.go("/de/fassungen/2/aenderungen/")
    visitor.reads("Änderungsantrag Ä 1, Fraktion Gemeinsam, beschlossen am")
    _fits(visitor)
    # Visitors share a page for some seconds: under another address it is made anew.
    visitor.go(f"/de/rat/{paper.pk}/?danach=1")
    visitor.reads("erledigt, weil Ä 1 angenommen ist", "Ä 1 von Fraktion Gemeinsam: Ziel 1.1")
    assert Edition.objects.get(number=2).status == "in_force"


def _in_group(chromium: Browser, town: Site, name: str) -> Person:
    person = _on_a_phone(chromium, town)
    member = make_member(CouncilGroup.objects.create(name=name))
    assert GroupMembership.objects.filter(user=member).count() == 1
    log_in_again(person, member.email)
    return person


def _on_a_phone(chromium: Browser, town: Site) -> Person:
    person = newcomer(chromium, town, scripts=False)
    person.page.set_viewport_size(PHONE)
    return person


def _draft(member: Person, words: str, *, reason: str) -> None:
    member.go(GOAL)
    member.follow("Änderungsantrag entwerfen")
    member.fill(new_text=words)
    member.press("Entwurf speichern")
    member.reads("Der Entwurf ist gespeichert. Nur Ihre Fraktion sieht ihn.")
    member.press("Einreichen")
    member.reads("Begründen Sie den Antrag in einem Satz.")
    member.fill(reason=reason)
    member.press("Entwurf speichern")
    expect(member.page.get_by_role("insertion").first).to_contain_text("Eingefügt:")
    _fits(member)


def _hand_in(member: Person, name: str) -> None:
    member.press("Einreichen")
    member.reads(f"{name} ist eingereicht und jetzt öffentlich.")


def _vote(office: Person, second: Person, paper: Paper) -> None:
    """The council accepts the first motion; the second is settled; another person confirms."""
    desk = f"/admin/vorlagen/{paper.pk}/antraege/"
    office.go(desk)
    office.reads("Vor der Abstimmung klären")
    for _motion in range(2):
        office.page.get_by_role("button", name="Zur Abstimmung zulassen").first.click()
        office.reads("ist zur Abstimmung zugelassen.")
    now = timezone.now() - timedelta(minutes=1)
    make_decision(
        paper.route.get(authoritative=True),
        ItemOutcome.ADOPTED_AS_AMENDED,
        at=now,
        resolution_text="Mit Ä 1.",
    )
    office.go(desk)
    office.follow("Abstimmung über Ä 1 eintragen")
    office.pick("angenommen")
    office.fill(note="38 Ja, 12 Nein")
    office.press("Ergebnis eintragen")
    office.reads("Damit sind erledigt: Ä 2 (Offene Liste).")
    office.press("Als erledigt durch Ä 1 eintragen")
    office.reads("Erledigt sind die Anträge, denen Ä 1 zuvorgekommen ist.")
    second.go(desk)
    second.press("Nach Niederschrift bestätigen")
    second.reads("Bestätigt: Ä 1.")
    second.go(f"/admin/vorlagen/{paper.pk}/")
    second.page.get_by_role("button", name="Nach Niederschrift bestätigen").first.click()
    second.reads("Bestätigt. Das Ergebnis ist jetzt endgültig.")


def _release(coordination: Person, paper: Paper) -> None:
    """The text is written, reviewed by a second person, compared and released."""
    desk = f"/admin/vorlagen/{paper.pk}/antraege/"
    coordination.go(desk)
    coordination.press("Angenommene Anträge auf die Seiten schreiben")
    coordination.reads("als Entwurf geschrieben, Prüfung steht aus")
    reviewer = User.objects.get(email="koordination2@lindenau.example")
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if page.has_unpublished_changes:
            page.get_latest_revision().publish(user=reviewer)
    coordination.go(desk)
    coordination.press("Vergleichen und Gründe eintragen")
    coordination.follow("Als nächste Fassung freigeben")
    coordination.reads("Änderungsantrag Ä 1, Fraktion Gemeinsam, beschlossen am")
    coordination.fill(title="Beschlossene Fassung", origin="Stadtverordnetenversammlung")
    coordination.press("Nächste Fassung freigeben")


def _fits(person: Person) -> None:
    assert not person.page.evaluate(TOO_WIDE)
