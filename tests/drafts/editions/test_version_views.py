"""The desk of language versions: who may, what is shown, what is refused with a sentence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import EditionText
from tests.factories import make_concept, make_edition, make_section, make_staff
from tests.factories.versions import make_released_version, translate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordination(settings, client, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def concept():
    return make_concept(sections=2)


@pytest.fixture
def section(concept) -> SectionPage:
    return concept.sections().first()


@pytest.fixture
def edition(concept, now):
    return make_edition(concept, at=now)


def _url(section: SectionPage, language: str = "tr") -> str:
    return reverse("release:version", args=[section.pk, language])


def _do(client, section, deed, **more):
    return client.post(_url(section), {"deed": deed}, **more)


def _version(section: SectionPage) -> SectionPage:
    return SectionPage.objects.translation_of(section).get()


def test_a_version_is_begun_translated_and_released(client, section, edition):
    assert "Sprachfassung anlegen: Türkisch" in client.get(_url(section)).content.decode()
    _do(client, section, "start")
    translate(_version(section), "tr")
    response = _do(client, section, "release", follow=True)
    assert "Die Sprachfassung ist freigegeben und öffentlich." in response.content.decode()
    assert EditionText.objects.filter(language="tr", section__isnull=False).count() == 1
    overview = client.get(reverse("release:versions")).content.decode()
    assert overview.count("freigegeben am") == 1
    assert "nicht angelegt" in overview


def test_what_keeps_a_release_back_is_said_in_sentences(client, section, edition):
    _do(client, section, "start")
    response = _do(client, section, "release")
    assert response.status_code == 409
    assert "„Abschnitt 1“ wurde noch nicht geprüft." in response.content.decode()
    assert not EditionText.objects.filter(language="tr").exists()


def test_without_an_edition_the_section_comes_first(client, section):
    _do(client, section, "start")
    assert "Geben Sie zuerst den deutschen Abschnitt frei." in (
        _do(client, section, "release").content.decode()
    )


def test_a_changed_source_shows_its_words_until_somebody_confirms(client, section, edition, now):
    make_released_version(edition, section, "tr", at=now)
    goal = section.goals().get()
    goal.wording = "Wortlaut vom Ziel 1.1."
    goal.save_revision().publish()
    page = client.get(_url(section)).content.decode()
    assert "Vorlage geändert" in page
    assert "Gestrichen: </span>von" in page
    assert "Eingefügt: </span>vom" in page
    editor = client.get(
        reverse("wagtailadmin_pages:edit", args=[_version(section).pk])
    ).content.decode()
    assert "Vorlage geändert: Der deutsche Text lautet seit der Übersetzung anders." in editor
    assert _url(section) in editor
    _do(client, section, "confirm")
    assert "Vorlage geändert" not in client.get(_url(section)).content.decode()
    german = client.get(reverse("wagtailadmin_pages:edit", args=[section.pk])).content.decode()
    assert "Vorlage geändert" not in german


def test_new_places_of_the_source_are_taken_over(client, section, edition, now):
    version = make_released_version(edition, section, "tr", at=now)
    child = section.body.get_prep_value()[0]
    fresh = {**child, "id": "fresh", "value": "<p>Ein neuer Absatz.</p>"}
    section.body = section.body.stream_block.to_python([*section.body.get_prep_value(), fresh])
    section.save_revision().publish()
    _do(client, section, "renew")
    draft = SectionPage.objects.get(pk=version.pk).get_latest_revision_as_object()
    assert draft.body[2].value.source == "<p>Ein neuer Absatz.</p>"
    assert draft.body[0].value.source.startswith("<p>[Türkçe]")


def test_an_editor_writes_versions_and_coordination_releases_them(client, section, edition):
    editor = make_staff(Role.EDITOR)
    client.force_login(editor)
    _do(client, section, "start")
    version = _version(section)
    for page in (version, GoalPage.objects.child_of(version).get()):
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert "Die Koordinierungsstelle gibt Sprachfassungen frei." in (
        client.get(_url(section)).content.decode()
    )
    translate(version, "tr")
    assert _do(client, section, "release").status_code == 302
    assert not EditionText.objects.filter(language="tr").exists()


@pytest.mark.parametrize("role", [Role.MODERATION, Role.COUNCIL_OFFICE])
def test_others_see_no_versions(client, section, role):
    client.force_login(make_staff(role))
    for url in (reverse("release:versions"), _url(section)):
        assert client.get(url).status_code == 302
    assert "Sprachfassungen" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_unknown_languages_and_deeds_lead_nowhere(client, section):
    for language in ("de", "xx"):
        assert client.get(_url(section, language), follow=True).status_code == 404
    assert _do(client, section, "burn").status_code == 400
    assert _do(client, section, "confirm", follow=True).status_code == 404


def test_the_overview_asks_as_often_for_many_sections(client, concept, edition, now):
    url = reverse("release:versions")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(url)
        return len(asked)

    queries()
    few = queries()
    for number in "345":
        make_section(concept, number)
    make_released_version(edition, concept.sections().first(), "tr", at=now)
    assert queries() == few
