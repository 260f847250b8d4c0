"""An Arabic contribution, written on a phone by somebody without an account, and its answer.

Nothing is looked up by words of the interface: the way has to hold in any language.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from consult.contributions.models import Contribution
from consult.evaluation.services.answer_texts import write_answer_text
from consult.evaluation.services.responses import publish_response
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_signed, make_theme
from tests.factories.versions import make_released_version
from tests.journeys.people import PATIENCE, Person
from tests.journeys.resident_deeds import link_in_mail
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]

EMAIL = "samira@example.org"
WORDS = "نحتاج إلى دورات لغة في عطلة نهاية الأسبوع لأنني أعمل طوال الأسبوع."
ANSWER = "ستكون هناك أربع دورات يوم السبت، مع رعاية للأطفال."
GOAL = "[بالعربية] Wortlaut von Ziel 1.1."


def test_an_arabic_contribution_is_followed_to_its_arabic_answer(
    town: Site, chromium: Browser
) -> None:
    now = timezone.now()
    concept = make_concept()
    edition = make_edition(concept, at=now - timedelta(days=1))
    make_released_version(edition, concept.sections().get(), "ar", at=now)
    round_ = make_open_round(at=now, edition=edition)
    guest = _on_a_phone(chromium, town)
    with working(town):
        _write(guest)
        contribution = Contribution.objects.get(round=round_)
        assert (contribution.language, contribution.quote_language) == ("ar", "ar")
        assert contribution.quote == GOAL
        _answer(contribution)
        link = link_in_mail(guest, to=EMAIL, about=ANSWER, part="beitrag/")
    assert "/ar/" in link
    guest.go(link)
    guest.reads(WORDS, ANSWER)
    _is_arabic(guest)
    answer = guest.page.locator(".answer p[lang=ar]", has_text=ANSWER)
    expect(answer).to_have_attribute("dir", "rtl")
    guest.page.locator(".answer details summary").click()
    expect(guest.page.locator(".answer p[lang=de]", has_text="Vier Kurse")).to_be_visible()


def _on_a_phone(chromium: Browser, town: Site) -> Person:
    context = chromium.new_context(
        locale="ar", java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    context.set_default_timeout(PATIENCE)
    return Person(town, context.new_page())


def _write(guest: Person) -> None:
    guest.go("/ar/konzept/fassung-1/ziel/ziel-1-1/")
    guest.reads(GOAL)
    _is_arabic(guest)
    guest.page.get_by_role("main").locator("a[href*='/mitreden/']").first.click()
    guest.reads(GOAL)
    _is_arabic(guest)
    guest.fill(text=WORDS, email=EMAIL)
    guest.page.locator("[name=stance][value=idea]").check()
    guest.page.get_by_role("main").locator("#beitrag .btn:not([name])").click()
    guest.page.wait_for_url(re.compile("gesendet"))
    guest.go(link_in_mail(guest, to=EMAIL, about="bestaetigen/", part="bestaetigen/"))
    guest.reads(WORDS)
    guest.page.get_by_role("main").locator("form button").click()
    guest.page.wait_for_url(re.compile("/ar/beleg/"))
    _is_arabic(guest)


def _answer(contribution: Contribution) -> None:
    """The city closes the round, and a department answers in German and Arabic."""
    coordination, now = make_staff(Role.COORDINATION), timezone.now()
    make_closed(contribution.round)
    theme = make_theme([contribution], title="Kurse am Samstag", actor=coordination, at=now)
    signed = make_signed(theme, reason="Vier Kurse am Samstag.", actor=coordination, at=now)
    write_answer_text(response=signed, language="ar", reason=ANSWER, actor=coordination, at=now)
    publish_response(response=signed, actor=coordination, at=now)


def _is_arabic(person: Person) -> None:
    """The page is written from right to left and nothing of it lies outside the phone."""
    root = person.page.locator("html")
    expect(root).to_have_attribute("lang", "ar")
    expect(root).to_have_attribute("dir", "rtl")
    assert person.page.locator("html").evaluate("found => found.scrollWidth") <= 360
