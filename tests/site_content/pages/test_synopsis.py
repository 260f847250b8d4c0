import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.contributions.models import Contribution, SuggestionBundle
from consult.contributions.states import Visibility
from consult.council.services.route import schedule_step
from consult.council.states import ItemOutcome
from consult.evaluation.models import Change, ChangeCause, Response
from consult.evaluation.selectors import ledger_sums
from consult.evaluation.services.responses import (
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.states import Cause, Outcome, ResponseStatus
from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from tests.factories import make_contribution, make_department, make_open_round, make_staff
from tests.factories.council import make_decision
from tests.factories.evaluation import make_answer, make_closed, make_summary, make_theme
from tests.factories.synopsis import ARABIC, make_synopsis

pytestmark = pytest.mark.django_db


def page_of(round_, query: str = "", *, user=None, status: int = 200) -> str:
    """The page as this person sees it."""
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(reverse("synopsis", args=[round_.ref]) + query)
    assert response.status_code == status
    return response.content.decode()


def lines(page: str) -> list[str]:
    """The names of the lines in their order."""
    return re.findall(r'<p class="synopsis__title" lang="de">(.*?)</p>', page)


def line(page: str, title: str) -> str:
    """One line as HTML."""
    rows = re.findall(r'<tr role="row" id="t\d+">.*?</tr>', page, re.DOTALL)
    return next(row for row in rows if f">{title}</p>" in row)


def sums(page: str) -> list[int]:
    """All lines, then the lines of each outcome."""
    ledger = re.search(r'<dl class="ledger mt" aria-label="Zeilen.*?</dl>', page, re.DOTALL)[0]
    return [int(n) for n in re.findall(r'<span class="big">(\d+)</span>', ledger)]


@pytest.fixture
def clock(monkeypatch):
    """Set the time that views read."""

    def set_to(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    return set_to


@pytest.fixture
def answered(now):
    return make_synopsis(at=now)


def test_every_column_is_filled_from_the_rows(answered):
    page = page_of(answered.round)
    assert lines(page) == ["Kurszeiten", "Behörde", "Wortlaut", "Abendkurse"]
    courses = line(page, "Kurszeiten")
    number = answered.themes["Kurszeiten"].number
    assert f"{answered.round.ref}-T{number}" in courses
    goal = answered.round.edition.goals.order_by("position").first()
    assert reverse("goal", args=[answered.round.edition.number, goal.slug]) in courses
    assert "11 teilnehmende Personen" in courses
    assert "Kita-Elternbeirat Süd" in courses
    assert "Veranstaltung oder Treffen: Stadtteilcafé Süd" in courses
    assert "13 Beiträge von 13 Personen" in courses
    assert "12 online, 1 bei einem Treffen mitgeschrieben" in courses
    assert "Es geht um Kurszeiten." in courses
    assert reverse("theme", args=[answered.round.ref, number]) + "#beitraege" in courses
    assert "Grund zu Kurszeiten." in courses
    assert "Teilweise übernommen" in courses
    assert f"{reverse('changes', args=[answered.edition.number])}#aenderung-1" in courses
    assert "Es gibt" in courses
    assert Response.objects.get(theme__number=number).lead_department.name in courses
    assert "Fassung 2: noch nicht entschieden" in courses
    assert "Keine Änderung des Textes." in line(page, "Behörde")


def test_a_single_voice_stands_in_full_in_its_own_language(answered):
    page = page_of(answered.round)
    arabic = line(page, "Abendkurse")
    assert f'lang="ar" dir="rtl">{ARABIC}</p>' in arabic
    assert "im Original auf Arabisch" in arabic
    wording = line(page, "Wortlaut")
    assert "Das versteht man besser." in wording
    assert "lernen bald" in wording


def test_small_classes_are_not_shown(answered):
    """Invariant 34: of thirteen people two are in another class; nobody can tell which."""
    courses = line(page_of(answered.round), "Kurszeiten")
    assert "ohne Nachweis der Person" not in courses
    assert "E-Mail bestätigt" not in courses


def test_the_council_is_quoted_with_day_and_agenda_item(answered, now):
    step = answered.paper.route.get(authoritative=True)
    step = schedule_step(
        step=step, meeting_on=now.date(), agenda_item="TOP 7", actor=answered.actor
    )
    make_decision(step, ItemOutcome.NOTED, at=now)
    row = line(page_of(answered.round), "Kurszeiten")
    assert "Fassung 2: vorläufig: zur Kenntnis genommen" in row
    assert "beschlossen" not in row
    assert "Stadtverordnetenversammlung, 10. Februar 2027, TOP 7" in row
    assert reverse("paper", args=[answered.paper.pk]) in row


def test_the_sums_add_up_to_all_lines_and_all_contributions(answered):
    page = page_of(answered.round)
    total, *parts = sums(page)
    assert total == sum(parts) == 4
    published = ledger_sums(answered.round)["published"]
    assert published == 17
    assert "Alle 17 veröffentlichten Beiträge stehen in einer Zeile." in page
    for code in re.findall(r'href="#zahl-([a-z-]+)"', page):
        assert f'id="zahl-{code}"' in page


def test_what_does_not_fit_is_reported_openly(answered):
    page = page_of(answered.round)
    without = page[page.index('id="ohne-aenderung"') : page.index('id="ohne-grund"')]
    assert "Wortlaut" in without
    assert "Kurszeiten" not in without
    assert "Keine. Jede Änderung des Textes nennt ihren Grund." in page
    ChangeCause.objects.all().delete()
    page = page_of(answered.round, "?neu=1")
    without = page[page.index('id="ohne-aenderung"') : page.index('id="ohne-grund"')]
    assert "Kurszeiten" in without
    assert "Geändert, aber ohne Grund (1)" in " ".join(page.split())
    assert reverse("changes", args=[answered.edition.number]) + "#aenderung-1" in page


def test_a_suggestion_in_the_text_is_the_change_of_its_theme(answered):
    changes = reverse("changes", args=[answered.edition.number])
    assert 'id="ohne-aenderung"' in Client().get(changes).content.decode()
    ChangeCause.objects.create(
        change=Change.objects.get(),
        kind=Cause.SUGGESTION,
        suggestion=SuggestionBundle.objects.get(),
        by=answered.actor,
        at=answered.round.closes_at,
    )
    row = line(page_of(answered.round), "Wortlaut")
    assert "Änderung Nr. 1" in row
    assert "Zugesagt." not in row
    assert 'id="ohne-aenderung"' not in Client().get(f"{changes}?neu=1").content.decode()


def test_the_filter_stands_in_the_address(answered):
    lead = Response.objects.get(theme=answered.themes["Behörde"]).lead_department.pk
    section = answered.themes["Behörde"].section_wid
    everything = ["Kurszeiten", "Behörde", "Wortlaut", "Abendkurse"]
    for query, expected in [
        ("?ergebnis=not_adopted", ["Behörde"]),
        (f"?federfuehrung={lead}", ["Behörde"]),
        (f"?abschnitt={section}", everything),
        ("?ueberfaellig=1", []),
        ("?ergebnis=quatsch&abschnitt=x&federfuehrung=y&ueberfaellig=z&seite=w", everything),
    ]:
        page = page_of(answered.round, query)
        assert lines(page) == expected, query
        assert f"{len(expected)} von 4 Zeilen" in page
    assert "Keine Zeile passt zu Ihrer Auswahl." in page_of(answered.round, "?ueberfaellig=1")


def test_words_that_are_hidden_later_are_gone(answered):
    Contribution.objects.filter(language="ar").update(status=Visibility.HIDDEN)
    page = page_of(answered.round)
    assert ARABIC not in page
    assert "Kein Beitrag ist noch öffentlich." in line(page, "Abendkurse")


def test_themes_changes_editions_and_paper_lead_to_the_table(answered):
    url = f'href="{reverse("synopsis", args=[answered.round.ref])}"'
    for address in (
        reverse("round_themes", args=[answered.round.ref]),
        reverse("changes", args=[answered.edition.number]),
        reverse("editions"),
        reverse("paper", args=[answered.paper.pk]),
    ):
        assert url in Client().get(address).content.decode(), address
    theme = answered.themes["Wortlaut"]
    own = Client().get(reverse("theme", args=[answered.round.ref, theme.number])).content.decode()
    link = f"?abschnitt={theme.section_wid}#t{theme.number}"
    assert link in own
    assert f'id="t{theme.number}"' in page_of(answered.round, link.split("#")[0])


# --- before everything is answered ---------------------------------------------------------------


def test_until_an_answer_is_published_only_the_coordination_office_reads_it(now, clock):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    found = [make_contribution(round_, at=now, text=f"Kurse {n}.") for n in range(2)]
    page_of(round_, user=actor, status=404)
    closed = make_closed(round_)
    clock(closed.closes_at)
    theme = make_theme(found, title="Kurszeiten", actor=actor, at=closed.closes_at)
    response = _requested(theme, actor, closed)
    signer = make_staff(Role.DEPARTMENT)
    DepartmentMember.objects.create(user=signer, department=response.lead_department)
    draft_response(
        response=response, outcome=Outcome.ADOPTED, reason="Geheimer Entwurf.", actor=signer
    )
    for user in (None, make_staff(Role.COUNCIL_MEMBER), make_staff(Role.AUDITOR)):
        page_of(closed, user=user, status=404)
    page = page_of(closed, user=actor)
    assert "Geheimer Entwurf." in page
    assert "Arbeitsstand der Koordinierungsstelle, nicht öffentlich." in page
    client = Client()
    client.force_login(actor)
    answer = client.get(reverse("synopsis", args=[closed.ref]))
    assert answer["Cache-Control"] == "private, no-store"
    signed = sign_response(response=response, actor=signer, at=closed.closes_at)
    publish_response(response=signed, actor=actor, at=closed.closes_at)
    assert "Geheimer Entwurf." in page_of(closed)
    assert "Arbeitsstand" not in page_of(closed)


def test_late_answers_are_found_by_everybody(now, clock):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    found = [make_contribution(round_, at=now, text=f"Kurse {n}.") for n in range(2)]
    closed = make_closed(round_)
    at = closed.closes_at
    late = make_theme(found[:1], title="Zu spät", actor=actor, at=at)
    make_answer(
        make_theme(found[1:], title="Da", actor=actor, at=at),
        outcome=Outcome.ADOPTED, actor=actor, at=at,
    )  # fmt: skip
    response = _requested(late, actor, closed)
    draft_response(response=response, outcome=Outcome.PARTLY, reason="Nicht fertig.", actor=actor)
    clock(at + timedelta(days=60))
    page = page_of(closed, "?ueberfaellig=1")
    assert lines(page) == ["Zu spät"]
    assert "überfällig" in line(page, "Zu spät")
    assert "Nicht fertig." not in page
    assert lines(page_of(closed, "?ergebnis=offen")) == ["Zu spät"]
    assert response.status == ResponseStatus.DUE


def test_a_round_without_themes_says_so(now):
    actor = make_staff(Role.COORDINATION)
    closed = make_closed(make_open_round(at=now, actor=actor))
    assert "Deshalb hat die Tabelle keine Zeile." in page_of(closed, user=actor)


def test_lines_come_in_pages_and_queries_do_not_grow(now, clock, monkeypatch):
    monkeypatch.setattr("site_content.pages.presenters.synopsis.LINES_A_PAGE", 3)
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    found = [make_contribution(round_, at=now, text=f"Beitrag {n}.") for n in range(10)]
    closed = make_closed(round_)
    clock(closed.closes_at)
    counts = []
    for number in range(5):
        pair = found[2 * number : 2 * number + 2]
        theme = make_theme(pair, title=f"Thema {number}", actor=actor, at=closed.closes_at)
        make_summary(theme, pair, actor=actor, at=closed.closes_at)
        make_answer(theme, outcome=Outcome.ADOPTED, actor=actor, at=closed.closes_at)
        if number in {0, 4}:
            page_of(closed)
            with CaptureQueriesContext(connection) as queries:
                page = page_of(closed, f"?n={number}")
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 46
    assert lines(page) == ["Thema 0", "Thema 1", "Thema 2"]
    assert "seite=2#tabelle" in page
    assert lines(page_of(closed, "?seite=2")) == ["Thema 3", "Thema 4"]


def _requested(theme, actor, round_) -> Response:
    return request_response(
        theme=theme,
        lead_department=make_department("Amt für Sprache"),
        due_on=(round_.closes_at + timedelta(days=5)).date(),
        actor=actor,
    )
