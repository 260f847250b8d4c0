"""Search reaches what is public, in German word forms, and survives any query."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Locale

from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure, Rule
from consult.participants.states import Role
from consult.rounds.services import start_pre_moderation
from drafts.concept.models import GoalPage
from site_content.pages.models import HomePage, InfoPage
from site_content.pages.views.search import HITS_A_PAGE, pieces
from tests.factories import make_contribution, make_open_round, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make_open_round(at=timezone.now())


def _get(client, words: str, **more):
    return client.get(reverse("search"), {"q": words, **more})


def _info_page(lede: str) -> InfoPage:
    page = HomePage.objects.get().add_child(
        instance=InfoPage(title="Hilfe", slug="hilfe", lede=lede, body="<p>Text</p>")
    )
    page.save_revision().publish()
    return page


def test_without_words_there_is_only_the_form(client):
    content = client.get(reverse("search")).content.decode()
    assert 'name="q"' in content
    assert "Treffer" not in content


def test_finds_frozen_text_contributions_and_pages_in_groups(client, round_):
    contribution = make_contribution(round_, at=timezone.now(), text="Der Wortlaut ist gut.")
    _info_page("Was ein Wortlaut ist.")
    content = _get(client, "Wortlaut").content.decode()
    assert reverse("goal", args=[1, "ziel-1-1"]) in content
    assert reverse("contribution", args=[contribution.ref]) in content
    assert "/de/hilfe/" in content
    assert content.count(">1 Treffer<") == 3
    assert "Der <mark>Wortlaut</mark> ist gut." in content


@pytest.mark.parametrize(("word", "written"), [("Kurs", "Kurse"), ("Haus", "Häuser")])
def test_finds_other_word_forms(client, round_, word, written):
    make_contribution(round_, at=timezone.now(), text=f"Hier fehlen {written}.")
    assert f"<mark>{written}</mark>" in _get(client, word).content.decode()


@pytest.mark.parametrize("word", ["Kurs", "kurse", "Deutsch Kurs"])
def test_finds_words_inside_compounds(client, round_, word):
    make_contribution(round_, at=timezone.now(), text="Der Deutschkurs ist voll.")
    content = _get(client, word).content.decode()
    assert "<mark>kurs</mark> ist voll" in content


def test_a_compound_comes_after_the_word_itself(client, round_):
    now = timezone.now()
    make_contribution(round_, at=now, text="Alle Deutschkurse sind voll.")
    make_contribution(round_, at=now, text="Ein Kurs am Abend fehlt.")
    make_contribution(round_, at=now, text="Noch mehr Sprachkurse, bitte.")
    content = _get(client, "Kurs").content.decode()
    assert content.count("<mark>") == 3
    assert content.index("<mark>Kurs</mark> am Abend") < content.index("Deutsch<mark>kurs</mark>")


@pytest.mark.parametrize("word", ['"Kurs"', "Kurs -Abend", "Uhr"])
def test_quotes_a_minus_and_short_words_mean_the_word_itself(client, round_, word):
    make_contribution(round_, at=timezone.now(), text="Deutschkurse und Kuckucksuhren.")
    assert "Nichts gefunden" in _get(client, word).content.decode()


def test_a_hit_inside_a_word_of_the_concept_is_shown_with_its_surroundings(client, round_):
    content = _get(client, "laut").content.decode()
    assert "Wort<mark>laut</mark>" in content


def test_a_word_in_front_of_a_minus_is_left_out(client, round_):
    make_contribution(round_, at=timezone.now(), text="Kurse am Samstag.")
    assert "Nichts gefunden" in _get(client, "Samstag -Kurse").content.decode()


def test_finds_nothing_that_is_not_public(client, round_):
    now = timezone.now()
    hidden = make_contribution(round_, at=now, text="Ein Quittenbaum.")
    decide(
        contribution=hidden,
        measure=Measure.HIDE,
        rule=Rule.OFF_TOPIC,
        reason="Kein Bezug.",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    start_pre_moderation(
        round_=round_,
        actor=make_staff(Role.COORDINATION),
        section_wid="",
        reason="Streit.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    make_contribution(round_, at=now, text="Noch ein Quittenbaum.")
    goal = GoalPage.objects.get()
    goal.wording = "Jeder bekommt einen Quittenbaum."
    goal.save_revision().publish()
    _info_page("Quittenbaum").unpublish()
    content = _get(client, "Quittenbaum").content.decode()
    assert "Nichts gefunden zu „Quittenbaum“" in content
    assert "Noch ein" not in content


def test_pages_are_found_in_the_reader_s_language(client, round_):
    page = _info_page("Baum")
    english = page.copy_for_translation(
        Locale.objects.get_or_create(language_code="en")[0], copy_parents=True
    )
    english.lede = "Baum in English"
    english.save_revision().publish()
    assert "Baum in English" not in _get(client, "Baum").content.decode()
    with translation.override("en"):
        assert "Baum in English" in _get(client, "Baum").content.decode()


def test_many_hits_come_in_pages(client, round_):
    for number in range(HITS_A_PAGE + 1):
        make_contribution(round_, at=timezone.now(), text=f"Samstag {number}")
    overview = _get(client, "Samstag").content.decode()
    assert overview.count("<mark>") == 5
    assert "?q=Samstag&amp;in=beitraege" in overview
    last = _get(client, "Samstag", **{"in": "beitraege", "seite": "2"}).content.decode()
    assert last.count("<mark>") == 1
    assert "Seite 2 von 2" in last


def test_words_are_shown_as_text(client, round_):
    make_contribution(round_, at=timezone.now(), text="Ein <script>alert(1)</script> Birnbaum")
    content = _get(client, "Birnbaum").content.decode()
    assert "<script>alert" not in content
    assert "<mark>Birnbaum</mark>" in content


@pytest.mark.parametrize(
    "words",
    ["\x00", "a" * 5_000, "'; DROP TABLE x; --", "((((", "\\", "🙂", "-", '"', "or or", "\u202e"],
)
def test_any_query_gets_a_page(client, round_, words):
    response = client.get(f"{reverse('search')}?q={quote(words)}&seite=99&in=x")
    assert response.status_code == 200
    assert "set-cookie" not in response.headers


def test_a_long_query_is_cut_and_says_so(client, round_):
    content = _get(client, "Baum " * 100).content.decode()
    assert "Wir haben nach den ersten 100 Zeichen gesucht." in content


def test_pieces_mark_the_hits():
    assert pieces("a \x02b\x03 c") == [(False, "a "), (True, "b"), (False, " c")]
    assert pieces("\x02b\x03") == [(True, "b")]
