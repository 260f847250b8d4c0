import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consult.evaluation.states import Outcome
from consult.participants.states import Role
from consult.project.setup import create_home
from consult.rounds.services import announce_round, extend_round, suspend_round
from tests.consult.records.chain import Chain
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_round,
    make_staff,
)
from tests.factories.evaluation import (
    make_answer,
    make_closed,
    make_revised_edition,
    make_summary,
    make_theme,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch, now):
    """Let every view believe that it is `now`."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


def get() -> str:
    response = Client().get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


def present(page: str) -> str:
    """The name of the one step that is now."""
    [name] = re.findall(r'aria-current="step"><b>(.*?)</b>', page)
    return name.replace("\N{SOFT HYPHEN}", "")


def actions(page: str) -> list[str]:
    return re.findall(r'<div class="do"><h3>(.*?)</h3>', page)


def test_an_empty_site_is_friendly(before_setup):
    page = get()
    assert "Noch ist nichts veröffentlicht." in page
    assert present(page) == "Entwurf"
    assert page.count("kommt</span>") == 8
    assert actions(page) == []


def test_the_words_come_from_the_start_page(before_setup):
    create_home(claim="Wir schreiben zusammen.", lede="Lesen Sie & reden Sie mit.")
    page = get()
    assert "<h1>Wir schreiben zusammen.</h1>" in page
    assert "Lesen Sie &amp; reden Sie mit." in page
    assert "Noch ist kein Entwurf veröffentlicht." in page


def test_an_announced_round_gives_reading_first(clock):
    round_ = make_round(at=clock)
    announce_round(round_=round_, actor=make_staff(Role.COORDINATION))
    page = get()
    assert present(page) == "Entwurf"
    assert actions(page) == ["Den Entwurf lesen", "Wissen, wie es abläuft"]


def test_while_a_round_is_open_there_are_three_things_to_do(clock):
    round_ = make_open_round(at=clock)
    make_contribution(round_, at=clock, text="Ein Satz, der hier nicht stehen soll.")
    page = get()
    assert present(page) == "Beteiligung"
    assert actions(page) == [
        "In zwei Minuten mitmachen",
        "Einen Abschnitt lesen",
        "Über Ziele abstimmen",
    ]
    assert reverse("goal", args=[1, "ziel-1-1"]) in page
    assert "Ein Satz, der hier nicht stehen soll." not in page
    assert "Was sich durch Sie schon geändert hat" not in page


def test_an_overdue_promise_is_called_overdue(clock, monkeypatch):
    round_ = make_open_round(at=clock)
    assert "eine begründete Antwort" in get()
    closed = make_closed(round_)
    late = closed.closes_at + timedelta(days=90)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    page = get()
    assert present(page) == "Auswertung"
    assert actions(page)[-1] == "Haben wir Sie verstanden?"
    assert "sind überfällig" in page


@pytest.fixture
def told(clock):
    """Two themes with a change of the text, one refused, and the next edition."""
    actor = make_staff(Role.COORDINATION)
    concept = make_concept()
    round_ = make_open_round(at=clock, edition=make_edition(concept, at=clock), actor=actor)
    wanted = [make_contribution(round_, at=clock, text=f"Kurs {n}, bitte.") for n in range(3)]
    refused = [make_contribution(round_, at=clock, text=f"Behörde {n}, bitte.") for n in range(2)]
    closed = make_closed(round_)
    at = closed.closes_at
    answers = {}
    for title, found, outcome in [
        ("Mehr Kurse", wanted, Outcome.PARTLY),
        ("Eine Behörde", refused, Outcome.NOT_ADOPTED),
    ]:
        theme = make_theme(found, title=title, actor=actor, at=at)
        make_summary(theme, found[:1], actor=actor, at=at)
        answers[title] = make_answer(
            theme,
            outcome=outcome,
            reason="Das ist der erste Satz dazu. Und das der zweite.",
            actor=actor,
            at=at,
        )
    make_revised_edition(
        closed, wording="Es gibt Kurse.", answers=(answers["Mehr Kurse"],), actor=actor, at=at
    )
    return {"wanted": wanted, "refused": refused}


def test_what_has_changed_is_told_with_a_refusal(told):
    page = get()
    assert present(page) == "Überarbeitung"
    assert "<q>Kurs 0, bitte.</q>" in page
    assert "<q>Behörde 0, bitte.</q>" in page
    assert "Nicht übernommen" in page
    assert "3 Beiträge von 3 Personen" in page
    assert "Das ist der erste Satz dazu." in page
    assert "Und das der zweite." not in page
    assert f"{reverse('changes', args=[2])}#aenderung-1" in page


def test_the_specimen_shows_what_was_struck_and_inserted(told):
    page = get()
    assert re.search(r"<del><span class=\"vh\">Gestrichen: </span>.+?</del>", page, re.DOTALL)
    assert re.search(r"<ins><span class=\"vh\">Eingefügt: </span>Es gibt Kurse", page)


def test_a_quote_disappears_with_its_contribution(told):
    hidden = told["wanted"][0]
    type(hidden).objects.filter(pk=hidden.pk).update(status="erased")
    assert "Kurs 0, bitte." not in get()


def test_everybody_gets_the_same_page_without_cookie_or_token(told):
    response = Client().get(reverse("home"))
    assert not response.cookies
    assert b"csrf" not in response.content
    assert "public" in response["Cache-Control"]


def test_queries_do_not_grow_with_contributions(told, clock, django_assert_max_num_queries):
    with django_assert_max_num_queries(32):
        get()


def test_a_longer_round_says_why_and_from_when(clock, now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    extend_round(
        round_=round_, new_end=round_.closes_at + timedelta(days=7), reason="Wegen der Ferien.",
        actor=actor, at=now,
    )  # fmt: skip
    page = get()
    assert "statt 24. Februar 2027 bis 3. März 2027" in page
    assert "Der Grund: Wegen der Ferien." in page


def test_while_a_round_is_suspended_nobody_is_asked_to_write_or_vote(clock, now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    suspend_round(round_=round_, reason="Der Server zieht um.", actor=actor, at=now)
    assert actions(get()) == [
        "Den Entwurf lesen", "Wissen, wie es abläuft", "Ihren Beitrag verfolgen",
    ]  # fmt: skip


def test_the_deadline_is_said_in_words_and_midnight_belongs_to_the_evening_before(clock, now):
    round_ = make_open_round(at=now)
    end = timezone.localtime(round_.closes_at).replace(hour=0, minute=0)
    type(round_).objects.update(closes_at=end)
    page = get()
    assert "bis Dienstag, 23. Februar 2027, 24 Uhr. Noch 13 Tage." in page
    type(round_).objects.update(closes_at=end.replace(hour=18))
    assert "bis Mittwoch, 24. Februar 2027, 18:00 Uhr. Noch 14 Tage." in get()
    type(round_).objects.update(
        closes_at=timezone.localtime(now).replace(hour=0, minute=0) + timedelta(days=1)
    )
    assert "Heute ist der letzte Tag." in get()


def test_each_phase_has_its_step_and_its_deeds(clock, now):
    """The whole cycle: open, evaluated, answered, before the council, in force."""
    chain = Chain(at=now)
    assert present(get()) == "Beteiligung"
    theme = chain.close()
    assert present(get()) == "Auswertung"
    assert actions(get()) == [
        "Den Entwurf lesen", "Themen und Antworten", "Haben wir Sie verstanden?",
    ]  # fmt: skip
    response = chain.answer(theme)
    chain.finish()
    assert present(get()) == "Überarbeitung"
    assert actions(get()) == [
        "Den Entwurf lesen", "Themen und Antworten", "Ihren Beitrag verfolgen",
    ]  # fmt: skip
    edition = chain.revise(response)
    assert "Was sich durch Sie schon geändert hat" in get()
    step = chain.submit(edition)
    assert present(get()) in {"Rat", "Beschluss"}
    assert "Den Weg durch den Rat verfolgen" in actions(get())
    chain.confirm(chain.decide(step))
    assert present(get()) == "Handlungsplan"
    assert "Die geltende Fassung lesen" in actions(get())
    assert "In zwei Minuten mitmachen" not in get()


def test_the_next_edition_begins_the_cycle_anew(clock, now):
    chain = Chain(at=now)
    response = chain.answer(chain.close())
    chain.finish()
    edition = chain.revise(response)
    make_open_round(at=now, edition=edition, actor=chain.coordination)
    page = get()
    assert present(page) == "Beteiligung"
    assert "Was sich durch Sie schon geändert hat" in page
    assert reverse("first_steps") in page


def test_easy_german_is_offered_where_the_site_has_it(settings):
    assert 'hreflang="de-x-ls">Leichte Sprache' in get()
    settings.LANGUAGES = [found for found in settings.LANGUAGES if found[0] != "de-x-ls"]
    assert "Leichte Sprache" not in get()
