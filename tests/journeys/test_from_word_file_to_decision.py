"""A concept begins as a Word file; a resident's sentence changes it; the council decides it."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from consult.project.demo.people import PASSWORD, create_logins
from consult.project.setup import set_up_site
from tests.journeys.people import Person, log_in, newcomer
from tests.journeys.resident_deeds import (
    comment_as_guest,
    comment_on_goal,
    comment_on_paragraph,
    register,
    report,
    vote,
)
from tests.journeys.round_deeds import (
    announce_round,
    close_round,
    hide_reported,
    open_round,
    plan_round,
)
from tests.journeys.text_deeds import import_word_file, publish_all_pages, release_first_edition
from tests.journeys.word_file import TITLE, write_concept
from tests.serving import Site, working

pytestmark = pytest.mark.browser


@pytest.mark.worker
def test_a_sentence_is_followed_to_the_decision(
    town: Site, chromium: Browser, tmp_path: Path
) -> None:
    with working(town):
        editor, coordination = (
            staff(chromium, town, "redaktion"),
            staff(chromium, town, "koordination"),
        )
        import_word_file(editor, write_concept(tmp_path / "konzept.docx"))
        publish_all_pages(coordination, TITLE)
        release_first_edition(coordination, TITLE)
        round_ = plan_round(coordination, now=timezone.now())
        announce_round(coordination, round_)
        open_round(coordination, round_)

        amal, boris, guest = (newcomer(chromium, town) for _ in range(3))
        register(amal, email="amal@example.org", name="Amal")
        register(boris, email="boris@example.org", name="Boris")
        first = comment_on_paragraph(amal, "sprache", 1, "Wer Schicht arbeitet, braucht Deutschkurse am Abend.")
        followed = comment_on_goal(amal, "ziel-1-1", "Bitte Deutschkurse auch am Abend und am Samstag anbieten.")
        comment_on_goal(boris, "ziel-1-1", "Deutschkurse am Abend und am Samstag wären für mich gut.")
        insult = comment_on_goal(boris, "ziel-1-2", "Die Leute im Amt sind alle faul und dumm.")
        vote(amal, "ziel-1-1", "Ich stimme nicht zu", said="Sie haben nicht zugestimmt.")
        vote(amal, "ziel-1-1", "Ich stimme zu", said="Sie haben zugestimmt.")
        vote(boris, "ziel-1-1", "Ich stimme zu", said="Sie haben zugestimmt.")
        comment_as_guest(
            guest, "ziel-2-1", "Ein Garten wäre schön.", email="gast@example.org"
        )
        report(guest, insult, rule="R1", text="Das verletzt die Beschäftigten.")
        hide_reported(
            moderation, insult, rule="R1", reason="„Faul und dumm“ setzt Menschen herab."
        )
        boris.go(f"/de/beleg/{insult}/")
        boris.reads("„Faul und dumm“ setzt Menschen herab.")
        close_round(coordination, round_)
        import time; time.sleep(15)
        coordination.go(f"/admin/themen-werkstatt/{round_}/")
        coordination.page.screenshot(path="/tmp/journeys/s1.png", full_page=True)


@pytest.fixture
def town(site: Site, settings) -> Site:
    """A site with its offices and people, before the first text."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    set_up_site(
        city="Stadt Musterstadt",
        office="Koordinierungsstelle Integration",
        email="beteiligung@musterstadt.example",
        claim="Wie wollen wir zusammenleben?",
        lede="Lesen Sie den Entwurf und schreiben Sie mit.",
    )
    create_logins(timezone.now())
    return site


def staff(browser: Browser, site: Site, name: str) -> Person:
    return log_in(newcomer(browser, site), f"{name}@lindenau.example", PASSWORD)
