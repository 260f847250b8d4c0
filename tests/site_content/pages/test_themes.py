import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Contribution
from consult.contributions.services.status import set_status
from consult.contributions.states import Visibility
from consult.evaluation.models import AnalysisRun, AnalysisShard, Summary
from consult.evaluation.services.closing import answer_round, correct_ledgers
from consult.evaluation.services.responses import draft_response, request_response
from consult.evaluation.services.themes import merge_themes
from consult.evaluation.states import Outcome, RunStatus
from consult.intake.states import OccasionKind
from consult.participants.states import Role
from site_content.pages.frame import moment
from site_content.pages.presenters.taking_part import taking_part
from tests.factories import (
    make_contribution,
    make_department,
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
from tests.factories.intake import make_occasion, make_received_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION, name="Miriam")


@pytest.fixture
def open_round(now, actor):
    return make_open_round(at=now, actor=actor)


@pytest.fixture
def clock(monkeypatch):
    """Set the time that views read."""

    def set_to(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    return set_to


def get(url: str, status: int = 200) -> str:
    response = Client().get(url)
    assert response.status_code == status
    return response.content.decode()


def report(round_, query: str = "") -> str:
    return get(reverse("round_themes", args=[round_.ref]) + query)


def titles(page: str) -> list[str]:
    """Names of the listed themes in their order."""
    return re.findall(r'<h3 class="theme__name"[^>]*>(.*?)</h3>', page)


def write(round_, now, words: list[str]) -> list[Contribution]:
    return [make_contribution(round_, at=now, text=text) for text in words]


# --- before there is anything to tell ------------------------------------------------------------


def test_without_a_round_the_page_says_what_will_come():
    assert "Noch hat keine Beteiligung begonnen." in get(reverse("themes"))


def test_the_short_address_leads_to_the_round(open_round):
    response = Client().get(reverse("themes"))
    assert response["Location"] == reverse("round_themes", args=[open_round.ref])


def test_a_planned_round_does_not_exist(now):
    get(reverse("round_themes", args=[make_round(at=now).ref]), 404)


def test_while_the_round_is_open_nothing_is_told(open_round, now):
    write(open_round, now, ["Ein Beitrag von vielen."])
    page = report(open_round)
    assert "Die Themen kommen nach dem Ende der Runde" in page
    assert "Ein Beitrag von vielen." not in page
    assert "eingegangen" not in page
    get(reverse("theme", args=[open_round.ref, 1]), 404)


# --- while it is evaluated -----------------------------------------------------------------------


def test_the_ledger_adds_up_and_names_what_is_in_review(open_round, now):
    found = write(open_round, now, [f"Beitrag {n}." for n in range(7)])
    for contribution, status in zip(
        found, [Visibility.HIDDEN, Visibility.WITHDRAWN, Visibility.HELD], strict=False
    ):
        Contribution.objects.filter(pk=contribution.pk).update(status=status)
    page = report(make_closed(open_round))
    shown = re.findall(r'<dd( data-op="[=+] ")?><span class="big">(\d+)</span>', page)
    assert [int(number) for _op, number in shown] == [7, 4, 1, 1, 0, 1]
    assert "4 veröffentlicht, 1 verborgen, 1 zurückgezogen, 0 gelöscht, 1 in Prüfung" in page
    for code in ("received", "published", "hidden", "withdrawn", "erased", "in_review"):
        assert f'href="#zahl-{code}"' in page
        assert f'id="zahl-{code}"' in page


def test_stored_states_and_later_corrections_are_dated(open_round, now):
    found = write(open_round, now, ["Eins.", "Zwei."])
    closed = make_closed(open_round)
    assert "Oben stehen die Zahlen von heute." not in report(closed)
    erased_at = closed.closes_at + timedelta(days=3)
    set_status(contribution=found[0], status=Visibility.ERASED, actor=None, at=erased_at)
    page = report(closed)
    assert "Oben stehen die Zahlen von heute." in page
    assert "Berichtigung" not in page
    correct_ledgers()
    page = report(closed)
    assert "Oben stehen die Zahlen von heute." not in page
    assert "beim Schließen" in page
    assert f'Berichtigung<br><span class="meta">{moment(erased_at)}' in page


def test_progress_is_told_in_words(open_round, now):
    write(open_round, now, ["Eins."])
    closed = make_closed(open_round)
    assert "hat noch nicht begonnen" in report(closed)
    run = AnalysisRun.objects.get()
    AnalysisRun.objects.update(status=RunStatus.RUNNING)
    shard = AnalysisShard.objects.filter(run=run).first()
    AnalysisShard.objects.filter(pk=shard.pk).update(status=RunStatus.DONE)
    assert "1 von 2 Schritten sind fertig" in report(closed)
    AnalysisRun.objects.update(status=RunStatus.DONE)
    assert "Jetzt prüfen Menschen jeden Vorschlag" in report(closed)


def test_only_what_people_confirmed_and_released_is_shown(open_round, now, actor, clock):
    found = write(open_round, now, ["Kurse am Abend.", "Kurse am Samstag."])
    closed = make_closed(open_round)
    clock(closed.closes_at)
    assert "Noch hat niemand ein Thema bestätigt." in report(closed)
    theme = make_theme(found, title="Kurszeiten", actor=actor, at=closed.closes_at)
    theme.summaries.all().delete()
    Summary.objects.create(
        theme=theme,
        sentences=[{"sentence": "Das sagt eine Maschine.", "cites": [found[0].ref]}],
        quotes=[{"ref": found[0].ref, "text": "Kurse am Abend."}],
        status="machine_draft",
        requested_at=now,
    )
    page = report(closed)
    assert titles(page) == ["Kurszeiten"]
    assert "Das sagt eine Maschine." not in page
    assert "<q>Kurse am Abend.</q>" not in page
    theme.summaries.all().delete()
    make_summary(theme, found[:1], actor=actor, at=closed.closes_at)
    page = report(closed)
    assert "<q>Kurse am Abend.</q>" in page
    assert "Freigegeben von Miriam Beispiel" in page


def test_a_draft_answer_stays_inside_and_becomes_overdue_in_public(open_round, now, actor, clock):
    found = write(open_round, now, ["Kurse am Abend.", "Kurse am Samstag."])
    closed = make_closed(open_round)
    theme = make_theme(found, title="Kurszeiten", actor=actor, at=closed.closes_at)
    response = request_response(
        theme=theme,
        lead_department=make_department("Amt für Sprache"),
        due_on=(closed.closes_at + timedelta(days=5)).date(),
        actor=actor,
    )
    draft_response(response=response, outcome="adopted", reason="Geheimer Entwurf.", actor=actor)
    clock(closed.closes_at)
    page = report(closed)
    assert "Antwort bis" in page
    assert "Zuständig: Amt für Sprache" in page
    assert "Geheimer Entwurf." not in page
    assert "überfällig" not in page
    clock(closed.closes_at + timedelta(days=10))
    assert "Überfällig: Die Antwort war bis" in report(closed)


# --- themes with their answers -------------------------------------------------------------------


@pytest.fixture
def answered(open_round, now, actor, clock):
    """Two themes and a single voice, all answered; the first one changed the text."""
    courses = write(open_round, now, ["Kurse am Abend.", "Kurse am Samstag.", "Kurse im Betrieb."])
    office = write(open_round, now, ["Eine Behörde!", "Ein Amt für Wohnungen!"])
    alone = write(open_round, now, ["Ein Brunnen wäre schön."])
    closed = make_closed(open_round)
    at = closed.closes_at
    clock(at)
    themes = [
        make_theme(found, title=title, actor=actor, at=at)
        for found, title in [(courses, "Kurszeiten"), (office, "Behörde"), (alone, "Brunnen")]
    ]
    make_summary(themes[0], courses[:2], actor=actor, at=at)
    answers = [
        make_answer(theme, outcome=outcome, reason=f"Grund zu {theme.title}.", actor=actor, at=at)
        for theme, outcome in zip(
            themes, [Outcome.PARTLY, Outcome.NOT_ADOPTED, Outcome.ADOPTED], strict=True
        )
    ]
    closed = answer_round(round_=closed, actor=actor, at=at)
    make_revised_edition(
        closed, wording="Es gibt Kurse am Abend.", answers=(answers[0],), actor=actor, at=at
    )
    return {"round": closed, "courses": courses, "alone": alone[0], "themes": themes}


def test_every_theme_shows_numbers_answer_and_changes(answered):
    page = report(answered["round"])
    assert titles(page) == ["Kurszeiten", "Behörde"]
    assert "Beiträge von 3 Personen" in page
    assert "0 Zustimmung, 0 Bedenken, 0 Fragen, 3 Ideen" in page
    assert "Grund zu Kurszeiten." in page
    assert "i-partly" in page
    assert f"{reverse('changes', args=[2])}#aenderung-1" in page
    assert "Antworten der Stadt: 1 teilweise übernommen, 1 nicht übernommen." in page


def test_sentences_lead_to_the_contributions_they_cite(answered):
    page = report(answered["round"])
    for contribution in answered["courses"][:2]:
        assert reverse("contribution", args=[contribution.ref]) in page


def test_a_single_voice_has_its_own_place_and_all_its_words(answered):
    page = report(answered["round"])
    place = page.index('id="einzelstimmen"')
    assert page.index("<q>Ein Brunnen wäre schön.</q>") > place
    assert page.index("Grund zu Brunnen.") > place
    assert "1 Einzelstimme" in page


def test_words_that_are_no_longer_public_are_not_quoted(answered):
    hidden = [answered["courses"][0].pk, answered["alone"].pk]
    Contribution.objects.filter(pk__in=hidden).update(status=Visibility.HIDDEN)
    page = report(answered["round"])
    assert "Kurse am Abend.</q>" not in page
    assert "<q>Kurse am Samstag.</q>" in page
    assert "Ein Brunnen" not in page
    assert "Der Beitrag ist nicht mehr öffentlich." in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=KURS", ["Kurszeiten"]),
        ("?antwort=not_adopted", ["Behörde"]),
        ("?antwort=offen", []),
        ("?reihenfolge=wenige", ["Behörde", "Kurszeiten"]),
        ("?reihenfolge=personen", ["Kurszeiten", "Behörde"]),
        ("?antwort=quatsch&abschnitt=quatsch&seite=x", ["Kurszeiten", "Behörde"]),
    ],
)
def test_filter_and_order(answered, query, expected):
    assert titles(report(answered["round"], query)) == expected


def test_the_filter_escapes_what_was_typed(answered):
    page = report(answered["round"], '?q="><script>')
    assert "<script>" not in page
    assert "Kein Thema passt zu Ihrer Auswahl." in page


def test_all_published_contributions_have_their_place(answered, now):
    page = report(answered["round"])
    assert "Jeder Beitrag ist zugeordnet" in page
    summe = re.search(r"<tfoot.*?</tfoot>", page, re.DOTALL)[0]
    assert re.findall(r">(\d+)</td>", summe) == ["2", "1", "6"]


def test_unassigned_contributions_are_counted_openly(open_round, now):
    write(open_round, now, ["Eins.", "Zwei."])
    page = report(make_closed(open_round))
    assert "Wohin die Beiträge gehören" in page
    assert re.search(r"Ohne Thema</th>.*?>2</td>", page, re.DOTALL)


def test_themes_come_in_pages_of_ten(open_round, now, actor):
    found = write(open_round, now, [f"Beitrag Nummer {n}." for n in range(22)])
    closed = make_closed(open_round)
    for number in range(11):
        pair = found[2 * number : 2 * number + 2]
        make_theme(pair, title=f"Thema {number:02}", actor=actor, at=closed.closes_at)
    first = report(closed)
    assert len(titles(first)) == 10
    assert 'href="?seite=2#themen"' in first
    assert titles(report(closed, "?seite=2")) == ["Thema 10"]


def test_queries_do_not_grow_with_themes(open_round, now, actor):
    found = write(open_round, now, [f"Beitrag Nummer {n}." for n in range(16)])
    closed = make_closed(open_round)
    counts = []
    report(closed)
    for number in range(8):
        pair = found[2 * number : 2 * number + 2]
        theme = make_theme(pair, title=f"Thema {number}", actor=actor, at=closed.closes_at)
        make_summary(theme, pair, actor=actor, at=closed.closes_at)
        make_answer(theme, outcome=Outcome.ADOPTED, actor=actor, at=closed.closes_at)
        if number in {1, 7}:
            with CaptureQueriesContext(connection) as queries:
                report(closed)
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 35


# --- one theme -----------------------------------------------------------------------------------


def test_a_theme_lists_all_its_contributions(answered):
    page = get(reverse("theme", args=[answered["round"].ref, answered["themes"][0].number]))
    for words in ("Kurse am Abend.", "Kurse am Samstag.", "Kurse im Betrieb."):
        assert words in page
    assert "Eine Behörde!" not in page
    assert "Beiträge 1 bis 3 von 3" in page


def test_fifty_contributions_a_page(open_round, now, actor):
    found = write(open_round, now, [f"Beitrag Nummer {n}." for n in range(51)])
    closed = make_closed(open_round)
    theme = make_theme(found, title="Groß", actor=actor, at=closed.closes_at)
    url = reverse("theme", args=[closed.ref, theme.number])
    with CaptureQueriesContext(connection) as queries:
        page = get(url)
    assert page.count('class="post"') == 50
    assert len(queries) <= 26
    page = get(f"{url}?seite=2")
    assert page.count('class="post"') == 1
    assert "Beitrag Nummer 50." in page


def test_a_merged_theme_leads_to_where_it_went(open_round, now, actor):
    found = write(open_round, now, [f"Beitrag {n}." for n in range(4)])
    closed = make_closed(open_round)
    at = closed.closes_at
    former = make_theme(found[:2], title="Früher", actor=actor, at=at)
    into = make_theme(found[2:], title="Heute", actor=actor, at=at)
    merge_themes(themes=[former], into=into, actor=actor, at=at)
    page = get(reverse("theme", args=[closed.ref, former.number]))
    assert reverse("theme", args=[closed.ref, into.number]) in page
    assert "Hierin ist das frühere Thema 1 „Früher“ aufgegangen." in get(
        reverse("theme", args=[closed.ref, into.number])
    )


def test_an_unknown_theme_does_not_exist(answered):
    get(reverse("theme", args=[answered["round"].ref, 99]), 404)


def test_a_reworded_sentence_shows_the_computed_one_and_who_wrote_it(open_round, now, actor):
    found = write(open_round, now, ["Mehr Kurse."])
    closed = make_closed(open_round)
    theme = make_theme(found, title="Kurse", actor=actor, at=now)
    summary = make_summary(theme, found, actor=actor, at=now)
    line = {**summary.sentences[0], "template": summary.sentences[0]["sentence"]}
    line["sentence"] = "Jemand wünscht sich mehr Kurse."
    how = {"model": "local-model", "instruction": "a" * 64, "input": "b" * 64, "outcomes": {}}
    Summary.objects.filter(pk=summary.pk).update(sentences=[line], method={"rewording": how})
    page = get(reverse("theme", args=[closed.ref, theme.number]))
    assert "Jemand wünscht sich mehr Kurse." in page
    assert "Es geht um Kurse." in page
    assert "Ein Sprachmodell (local-model)" in page
    assert "Anweisung aaaaaaaaaaaaaaaa, Eingabe bbbbbbbbbbbbbbbb." in page


def test_who_was_asked_away_from_the_site_is_named(open_round, now):
    for kind in (OccasionKind.EVENT, OccasionKind.LETTERS):
        make_received_note(make_occasion(open_round, at=now, kind=kind), at=now)
    make_occasion(open_round, at=now, kind=OccasionKind.CALLS)
    assert taking_part(open_round)["away"] == (
        "Veranstaltung oder Treffen (1), Briefe und E-Mails (1)"
    )
