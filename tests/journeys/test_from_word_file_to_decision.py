"""A concept begins as a Word file, a resident's sentence changes it, the council decides it."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from consult.participants.models import User
from consult.project.demo.people import join_departments
from tests.journeys.council_deeds import (
    add_item,
    add_step,
    confirm,
    hold_meeting,
    name_body,
    prepare_paper,
    record,
    submit,
)
from tests.journeys.evaluation_deeds import (
    answer,
    approve,
    change_goal,
    confirm_single_voices,
    confirm_theme,
    give_cause,
    move_into_theme,
    prepare_revision,
    publish_answers,
    release_next_edition,
    release_summary,
    request_answers,
    wait_for_proposals,
)
from tests.journeys.people import Person, log_in_as_staff, newcomer
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
from tests.journeys.word_file import DEPARTMENT, MEASURE, TITLE, write_concept
from tests.serving import Site, working

pytestmark = [pytest.mark.browser, pytest.mark.worker]

COUNCIL = "Stadtverordnetenversammlung"
THEME = "Deutschkurse nach Feierabend"
WISH = "Bitte Deutschkurse auch am Abend und am Samstag anbieten."
LONELY_WISH = "Ein Garten neben dem Raum wäre schön."
INSULT = "Die Leute im Amt sind alle faul und dumm."
HIDING = "„Faul und dumm“ setzt Menschen herab."
REASON = (
    "Wer tagsüber arbeitet, findet bisher keinen Kurs. Das Ziel nennt deshalb jetzt auch den Abend "
    "und den Samstag."
)
NO_REASON = "Neben der Schule ist kein Platz für einen Garten, deshalb bleibt der Text, wie er ist."
NEW_GOAL = "Wer Deutsch lernen will, findet binnen acht Wochen einen Kurs, auch am Abend."


@dataclass(frozen=True)
class Cast:
    """Everybody who has a part in it, each at a browser of their own."""

    editor: Person
    coordination: Person
    moderation: Person
    department: Person
    council_office: Person
    second_person: Person
    amal: Person
    boris: Person
    guest: Person


@pytest.fixture
def cast(town: Site, chromium: Browser) -> Cast:
    """Staff are logged in; residents have not heard of the site."""
    logins = ("redaktion", "koordination", "moderation", "amt", "ratsbuero", "ratsbuero2")
    staff = [log_in_as_staff(newcomer(chromium, town), login) for login in logins]
    return Cast(*staff, *(newcomer(chromium, town) for _ in range(3)))


def test_a_resident_follows_a_sentence_to_the_decision(
    town: Site, cast: Cast, tmp_path: Path
) -> None:
    with working(town):
        _publish_the_draft(cast, write_concept(tmp_path / "konzept.docx"))
        round_ = _open_a_round(cast)
        followed, similar, insult = _take_part(cast)
        _hide(cast, insult)
        close_round(cast.coordination, round_)
        _evaluate(cast, round_, similar)
        _answer(cast, round_)
        _revise(cast)
        paper = _lay_before_the_council(cast)
        _decide(cast, paper)
        _read_the_trail(cast.amal, followed)


def _publish_the_draft(cast: Cast, file: Path) -> None:
    import_word_file(cast.editor, file)
    publish_all_pages(cast.coordination, TITLE)
    release_first_edition(cast.coordination, TITLE)


def _open_a_round(cast: Cast) -> str:
    round_ = plan_round(cast.coordination, now=timezone.now())
    announce_round(cast.coordination, round_)
    open_round(cast.coordination, round_)
    return round_


def _take_part(cast: Cast) -> tuple[str, list[str], str]:
    register(cast.amal, email="amal@example.org", name="Amal")
    register(cast.boris, email="boris@example.org", name="Boris")
    followed = comment_on_goal(cast.amal, "ziel-1-1", WISH)
    similar = [
        comment_on_paragraph(cast.boris, "sprache", 1, "Wer Schicht arbeitet, lernt am Abend."),
        comment_on_goal(cast.boris, "ziel-1-1", "Am Samstag könnte ich einen Kurs besuchen."),
    ]
    insult = comment_on_goal(cast.boris, "ziel-1-2", INSULT)
    comment_as_guest(cast.guest, "ziel-2-1", LONELY_WISH, email="gast@example.org")
    vote(cast.amal, "ziel-1-1", "Ich stimme nicht zu", said="Sie haben nicht zugestimmt.")
    vote(cast.amal, "ziel-1-1", "Ich stimme zu", said="Sie haben zugestimmt.")
    vote(cast.boris, "ziel-1-1", "Ich stimme zu", said="Sie haben zugestimmt.")
    return followed, similar, insult


def _hide(cast: Cast, insult: str) -> None:
    report(cast.guest, insult, rule="R1", text="Das verletzt die Beschäftigten.")
    hide_reported(cast.moderation, insult, rule="R1", reason=HIDING)
    cast.boris.go(f"/de/beleg/{insult}/")
    cast.boris.reads(INSULT, HIDING)
    cast.amal.go(f"/de/beitrag/{insult}/")
    cast.amal.reads("R1: Niemanden beleidigen oder herabsetzen")
    cast.amal.does_not_read(INSULT)


def _evaluate(cast: Cast, round_: str, similar: list[str]) -> None:
    wait_for_proposals(cast.coordination, round_)
    confirm_theme(
        cast.coordination, round_, WISH[:20], title=THEME, concern="Kurse, wenn andere frei haben."
    )
    move_into_theme(cast.coordination, round_, THEME, *similar)
    confirm_single_voices(cast.coordination, round_)
    release_summary(cast.coordination, round_, THEME)


def _answer(cast: Cast, round_: str) -> None:
    join_departments(User.objects.get(email="amt@lindenau.example"))
    request_answers(cast.coordination, round_, department=DEPARTMENT)
    answer(cast.department, THEME, outcome="Übernommen", reason=REASON)
    answer(cast.department, LONELY_WISH[:10], outcome="Nicht übernommen", reason=NO_REASON)
    publish_answers(cast.coordination, round_)


def _revise(cast: Cast) -> None:
    page = change_goal(
        cast.editor, concept=TITLE, section="Sprache", goal="Ziel 1.1", wording=NEW_GOAL
    )
    approve(cast.coordination, page)
    prepare_revision(cast.coordination)
    give_cause(cast.coordination, "Ziel 1.1", theme=THEME, note="Viele arbeiten tagsüber.")
    release_next_edition(cast.coordination)


def _lay_before_the_council(cast: Cast) -> str:
    name_body(cast.council_office, COUNCIL)
    paper = prepare_paper(cast.coordination, edition="Fassung 2", reference="STV 2027/118")
    add_item(
        cast.coordination, "Das Konzept wird beschlossen.", effect="Die Fassung tritt in Kraft"
    )
    add_item(cast.coordination, "Der Magistrat berichtet jährlich.", effect="keine Folge")
    add_step(cast.coordination, COUNCIL, role="Entscheidung", meeting=timezone.localdate())
    submit(cast.coordination)
    return paper


def _decide(cast: Cast, paper: str) -> None:
    hold_meeting(cast.council_office, paper, result="Das Konzept wird beschlossen.")
    record(cast.council_office, 1, outcome="beschlossen", number="118/1", votes="38 Ja, 12 Nein")
    record(cast.council_office, 2, outcome="beschlossen", number="118/2", votes="einstimmig")
    confirm(cast.second_person, paper)
    confirm(cast.second_person, paper)
    cast.guest.go("/de/fassungen/")
    cast.guest.reads("in Kraft")


def _read_the_trail(author: Person, ref: str) -> None:
    author.go(f"/de/beitrag/{ref}/")
    author.reads(WISH, THEME, "Übernommen", REASON, DEPARTMENT)
    author.reads("Vorher, Fassung 1: Ziel 1.1", "Nachher, Fassung 2: Ziel 1.1", "auch am Abend")
    author.reads("STV 2027/118", "Punkt 1: beschlossen", "Beschluss 118/1", "38 Ja, 12 Nein")
    author.reads(f"1.1.a {MEASURE}", "Volkshochschule")
    # The site has answered a request before it was set up, and yet says who is responsible.
    author.reads("Verantwortlich: Koordinierungsstelle Integration.")
