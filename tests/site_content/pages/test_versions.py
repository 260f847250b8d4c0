"""Reading in another language: what is shown, what is said about it, where it can be found."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from consult.contributions.models import Contribution
from drafts.concept.models import GoalPage, SectionPage
from tests.factories import make_concept, make_contribution, make_edition, make_open_round
from tests.factories.versions import make_released_version

pytestmark = pytest.mark.django_db
TRANSLATED = "Übersetzung vom {day} der Fassung {number}. Verbindlich ist der deutsche Text."
OUTDATED = (
    "Übersetzung der Fassung {number} vom {day}. Der deutsche Text wurde seitdem geändert: Die "
    "geänderten Stellen stehen hier auf Deutsch. Verbindlich ist der deutsche Text."
)
IN_PART = (
    "Ein Teil dieses Textes ist übersetzt, der Rest steht auf Deutsch. Verbindlich ist der "
    "deutsche Text."
)
ONLY_GERMAN = "Dieser Text liegt nur auf Deutsch vor. Verbindlich ist die deutsche Fassung."


@pytest.fixture(autouse=True)
def german_afterwards():
    """A request leaves its language behind in the thread."""
    with translation.override("de"):
        yield


@pytest.fixture
def section(now) -> SectionPage:
    return make_concept(sections=2).sections().first()


@pytest.fixture
def edition(section, now):
    return make_edition(section.concept, at=now)


@pytest.fixture
def turkish(edition, section, now) -> SectionPage:
    return make_released_version(edition, section, "tr", at=now)


def _url(language: str, name: str, *args) -> str:
    with translation.override(language):
        return reverse(name, args=args)


def _read(language: str, name: str, *args) -> str:
    response = Client().get(_url(language, name, *args))
    assert response.status_code == 200
    return response.content.decode()


def _said(language: str, words: str, **values: object) -> str:
    """The sentence as a page in this language says it."""
    with translation.override(language):
        return translation.gettext(words).format(**values)


def _one_at_the_first_paragraph(language: str) -> str:
    with translation.override(language):
        one = translation.ngettext("{n} Beitrag", "{n} Beiträge", 1).format(n=1)
    place = _said(language, "Absatz {no}", no=1)
    return _said(language, "{label} zu {place}", label=one, place=place)


def _next_edition(section: SectionPage, now):
    """The next edition, with other words in the first paragraph and the goal."""
    first, *others = section.body.get_prep_value()
    changed = {**first, "value": "<p>Ganz anders gesagt.</p>"}
    section.body = section.body.stream_block.to_python([changed, *others])
    section.save_revision().publish()
    goal = section.goals().get()
    goal.wording = "Ein anderes Ziel."
    goal.save_revision().publish()
    return make_edition(section.concept, at=now)


def test_a_section_is_shown_in_the_reader_s_language_with_its_note(edition, turkish):
    page = _read("tr", "section", 1, "abschnitt-1")
    assert "[Türkçe] Erster Absatz von 1." in page
    assert "Erster Absatz von 1.</p>" in page
    assert "[Türkçe] Wortlaut von Ziel 1.1." in page
    assert _said("tr", TRANSLATED, day="10 Şubat 2027", number=1) in page
    assert f'<a href="{_url("de", "section", 1, "abschnitt-1")}" hreflang="de">' in page
    assert 'class="para__text" lang="de"' not in page


def test_german_readers_learn_which_languages_there_are(edition, turkish):
    page = _read("de", "section", 1, "abschnitt-1")
    assert "Diesen Abschnitt gibt es auch in:" in page
    assert '<span lang="tr" dir="ltr">Türkçe</span>' in page
    assert "Übersetzung" not in page
    assert "Diesen Abschnitt gibt es auch in:" not in _read("de", "section", 1, "abschnitt-2")


def test_without_a_version_the_german_says_that_it_is_german(edition, turkish):
    page = _read("ar", "section", 1, "abschnitt-1")
    assert _said("ar", ONLY_GERMAN) in page
    assert '<p class="para__text" lang="de" dir="ltr">Erster Absatz von 1.</p>' in page
    assert '<span lang="tr" dir="ltr">Türkçe</span>' in page


def test_changed_places_of_the_next_edition_stand_in_german(section, edition, turkish, now):
    _next_edition(section, now)
    page = _read("tr", "section", 2, "abschnitt-1")
    assert '<p class="para__text" lang="de" dir="ltr">Ganz anders gesagt.</p>' in page
    assert '<p class="para__text">[Türkçe] Zweiter Absatz von 1.</p>' in page
    assert '<p class="goal__text" lang="de" dir="ltr">Ein anderes Ziel.</p>' in page
    assert _said("tr", OUTDATED, day="10 Şubat 2027", number=1) in page
    # The older edition still shows what was released for it.
    assert "[Türkçe] Erster Absatz von 1." in _read("tr", "section", 1, "abschnitt-1")


def test_a_goal_and_its_measures_are_shown_in_the_reader_s_language(edition, turkish):
    page = _read("tr", "goal", 1, "ziel-1-1")
    assert '<p class="goal__text goal__text--l">[Türkçe] Wortlaut von Ziel 1.1.</p>' in page
    assert "[Türkçe] Maßnahme zu 1.1" in page
    assert _said("tr", TRANSLATED, day="10 Şubat 2027", number=1) in page
    german = _read("ar", "goal", 1, "ziel-1-1")
    assert '<p class="goal__text goal__text--l" lang="de" dir="ltr">Wortlaut' in german


def test_contents_and_print_say_how_much_is_translated(edition, turkish):
    for name in ("edition", "edition_print"):
        page = _read("tr", name, 1)
        assert _said("tr", IN_PART) in page
        assert "[Türkçe] Abschnitt 1" in page
        assert re.search(r'<h\d[^>]* lang="de" dir="ltr">(<a [^>]*>)?2 Abschnitt 2', page)
        assert _said("ar", ONLY_GERMAN) in _read("ar", name, 1)
        assert "Übersetzung" not in _read("de", name, 1)


def test_search_engines_are_told_of_languages_that_there_are(edition, turkish):
    page = _read("tr", "section", 1, "abschnitt-1")
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)"', page) == ["de", "tr"]
    page = _read("tr", "section", 1, "abschnitt-2")
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)"', page) == ["de"]
    listed = Client().get(reverse("sitemap")).content.decode()
    locations = re.findall(r"<loc>[^<]*(/\w[\w-]*/konzept/fassung-1/abschnitt-\d/)</loc>", listed)
    assert sorted(locations) == [
        "/de/konzept/fassung-1/abschnitt-1/",
        "/de/konzept/fassung-1/abschnitt-2/",
        "/tr/konzept/fassung-1/abschnitt-1/",
    ]
    goals = re.findall(r"<loc>[^<]*/(\w+)/konzept/fassung-1/ziel/ziel-1-1/</loc>", listed)
    assert sorted(goals) == ["de", "tr"]


def test_comments_from_every_version_count_on_the_same_place(section, edition, turkish, now):
    round_ = make_open_round(at=now, edition=edition)
    wid = section.body[0].id
    make_contribution(round_, at=now, target_wid=wid)
    for language in ("de", "tr"):
        assert _one_at_the_first_paragraph(language) in _read(language, "section", 1, "abschnitt-1")


def test_a_quote_of_a_version_keeps_its_language(section, edition, turkish, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    make_open_round(at=now, edition=edition)
    wid = section.body[0].id
    url = _url("tr", "comment", 1, "abschnitt-1")
    form = {"stance": "idea", "text": "Kurslar cumartesi de olmalı.", "stelle": wid}
    sent = Client().post(url, {**form, "email": "ayse@example.org"})
    assert sent.status_code == 302
    from consult.participants.models import Notice

    token = Notice.objects.get(template="confirm_contribution").context["token"]
    confirm = _url("tr", "confirm", token)
    assert "[Türkçe] Erster Absatz von 1." in Client().get(confirm).content.decode()
    Client().post(confirm)
    found = Contribution.objects.get()
    assert (found.quote, found.quote_language) == ("[Türkçe] Erster Absatz von 1.", "tr")
    page = _read("de", "section", 1, "abschnitt-1")
    assert '<span lang="tr" dir="auto">„[Türkçe] Erster Absatz von 1.“</span>' in page
    assert "<span>„[Türkçe] Erster Absatz von 1.“</span>" in _read(
        "tr", "section", 1, "abschnitt-1"
    )


def test_a_section_in_another_language_asks_as_often_as_in_german(section, edition, turkish, now):
    def queries(language: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            _read(language, "section", 1, "abschnitt-1")
        return len(asked)

    queries("de")
    one = queries("de")
    for language in ("ar", "uk", "en"):
        make_released_version(edition, section, language, at=now)
    assert queries("de") == one
    assert queries("ar") == one


def test_the_working_pages_of_a_version_are_never_public(turkish):
    goal = GoalPage.objects.child_of(turkish).get()
    for page in (turkish, goal):
        assert page.get_sitemap_urls() == []
        response = Client().get(page.get_url() or f"/tr/{page.slug}/")
        assert response.status_code in {302, 404}


def test_search_finds_words_of_a_version_in_their_forms(section, edition, turkish):
    page = Client().get(_url("tr", "search"), {"q": "Türkçe"}).content.decode()
    assert '<p class="exact" lang="tr" dir="ltr">' in page
    assert "[<mark>Türkçe</mark>]" in page
    # What is not translated is found in German, and nothing twice.
    page = Client().get(_url("tr", "search"), {"q": "Wortlaut von Ziel"}).content.decode()
    for number in ("1.1", "2.1"):
        name = _said("tr", "Ziel {number}", number=number)
        assert page.count(f"{name}</a>") == 1
    german = Client().get(_url("de", "search"), {"q": "Türkçe"}).content.decode()
    assert "haben wir nichts gefunden" in german
