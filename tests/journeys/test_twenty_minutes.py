"""Twenty minutes of a council member, on a phone without scripts: read, mark, ask, be answered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from consult.council.models import CouncilGroup, GroupMembership
from consult.participants.models import User
from consult.participants.states import Role
from tests.factories import make_staff
from tests.factories.council import make_heard_edition, make_paper
from tests.journeys.people import Person, log_in_as_staff, newcomer, newest_mail
from tests.journeys.resident_deeds import link_in_mail
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]

PHONE = {"width": 360, "height": 740}
MEMBER = "rat@lindenau.example"
QUESTION = "Reicht das Geld auch im Jahr 2031?"


def _on_a_phone(chromium: Browser, town: Site) -> Person:
    person = newcomer(chromium, town, scripts=False)
    person.page.set_viewport_size(PHONE)
    return log_in_as_staff(person, "rat")


def _fits(person: Person) -> None:
    assert person.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_member_reads_marks_asks_and_gets_the_answer(
    town: Site, chromium: Browser, settings
) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False
    at = timezone.now() - timedelta(days=40)
    paper = make_paper(make_heard_edition(at=at, actor=make_staff(Role.COORDINATION)))
    group = CouncilGroup.objects.create(name="Offene Liste")
    GroupMembership.objects.create(user=User.objects.get(email=MEMBER), group=group)
    pack = f"/de/rat/{paper.pk}/"
    member, office = _on_a_phone(chromium, town), newcomer(chromium, town)
    log_in_as_staff(office, "ratsbuero")

    # The draft does not exist for the member before the office has given it to the group.
    member.go(pack)
    member.does_not_read(paper.title)
    office.go(f"/admin/vorlagen/{paper.pk}/")
    office.choose(group="Offene Liste")
    office.press("Entwurf geben")
    office.reads("Die Mitglieder der Fraktion können den Entwurf jetzt lesen.")

    with working(town):
        member.go(pack)
        member.reads(paper.title, "Lesezeit", "nicht öffentlich")
        _fits(member)
        _mark_the_goal(member)
        _ask_about_money(member)
        _answer(office)
        member.go(pack)
        member.reads(QUESTION, "Ja, bis 2032.", "1 Mitglied möchte hierzu sprechen: Offene Liste")
        member.does_not_read("noch nicht beantwortet")
        _fits(member)
        # The mail leads back to the answer and holds no word of a draft.
        member.go(link_in_mail(member, to=MEMBER, about="Ihre Frage", part=f"{pack}#frage-"))
        member.reads("Ja, bis 2032.")
    mail = newest_mail(town.mails, to=MEMBER, about="Ihre Frage")
    assert QUESTION not in mail
    assert paper.title not in mail


def _mark_the_goal(member: Person) -> None:
    member.reads("1 Ziel: Vorschlag, gemeinsam abzustimmen")
    member.press("Zur Debatte vormerken Ziel 1.2")
    member.does_not_read("1 Ziel: Vorschlag, gemeinsam abzustimmen")
    member.reads("1 Ziel rufen Mitglieder einzeln auf")
    _fits(member)


def _ask_about_money(member: Person) -> None:
    member.follow("Verwaltung fragen Was es kostet")
    _fits(member)
    member.press("Frage abschicken")
    member.reads("Schreiben Sie Ihre Frage.")
    member.fill(text=QUESTION)
    member.choose(shown_as="Fraktion")
    member.press("Frage abschicken")
    member.reads("Ihre Frage ist bei der Verwaltung.", "noch nicht beantwortet")
    _fits(member)


def _answer(office: Person) -> None:
    office.go("/admin/")
    office.follow("Fragen aus dem Rat ohne Antwort")
    office.follow("STV")
    office.reads(QUESTION, "Offene Liste")
    office.fill(answer="Ja, bis 2032.")
    office.press("Antwort veröffentlichen")
    office.reads("Die Antwort steht in der Beschlussmappe.")
