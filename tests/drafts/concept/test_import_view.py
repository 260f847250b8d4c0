"""Reading a concept in the admin: nothing is written before it was looked at and confirmed."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction

from consult.participants.states import Role
from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from tests.factories import make_concept, make_resident, make_staff

pytestmark = pytest.mark.django_db

TEXT = """# Gemeinsam in Neustadt

## 1 Sprache

Wer Deutsch lernt, soll es überall üben können.

**Ziel 1.1:** Kurse gibt es auch am Samstag.

## 2 Wohnen

Wohnungen sind knapp .
"""


@pytest.fixture(autouse=True)
def _roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    cache.clear()


@pytest.fixture
def editor(client):
    user = make_staff(Role.EDITOR)
    client.force_login(user)
    return user


def send(client, *, text=TEXT, name="konzept.md", concept=""):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post(reverse("concept_import:upload"), {"file": file, "concept": concept})


def kinds(page, **changed):
    fields = {
        name: field.initial
        for name, field in page.context["sections"][0]["kind"].form.fields.items()
    }
    return {**fields, **changed}


def test_the_preview_shows_sections_and_goals_and_writes_nothing(client, editor):
    page = client.get(send(client).url)
    assert [section["label"] for section in page.context["sections"]] == ["1 Sprache", "2 Wohnen"]
    assert page.context["sections"][0]["goal_count"] == 1
    assert len(page.context["report"].lines) == 6
    assert "Kurse gibt es auch am Samstag." in page.content.decode()
    assert not ConceptPage.objects.exists()


def test_confirming_writes_drafts_that_nobody_can_release_unreviewed(client, editor):
    url = send(client).url
    answer = client.post(url, {**kinds(client.get(url)), "write": "1"})
    concept = ConceptPage.objects.get()
    assert answer.url == reverse("wagtailadmin_explore", args=[concept.pk])
    assert not SectionPage.objects.filter(live=True).exists()
    assert GoalPage.objects.get().latest_revision.user == editor


def test_a_corrected_kind_is_shown_again_and_written(client, editor):
    url = send(client).url
    client.post(url, kinds(client.get(url), **{"kind-1": "annex"}))
    again = client.get(url)
    assert again.context["sections"][1]["kind"].initial == "annex"
    client.post(url, {**kinds(again), "write": "1"})
    assert SectionPage.objects.get(number="2").kind == "annex"


def test_an_existing_concept_keeps_what_the_file_does_not_hold(client, editor):
    concept = make_concept(sections=3)
    url = send(client, concept=concept.pk).url
    page = client.get(url)
    states = [str(section["state"]["label"]) for section in page.context["sections"]]
    assert states == ["geändert", "geändert"]
    assert [row.title for row in page.context["missing"]] == ["Abschnitt 3"]
    client.post(url, {**kinds(page), "write": "1"})
    assert concept.sections().count() == 3
    assert concept.sections().first().live


def test_a_second_confirmation_of_the_same_file_writes_nothing(client, editor):
    url = send(client).url
    data = {**kinds(client.get(url)), "write": "1"}
    client.post(url, data)
    again = client.post(url, data, follow=True)
    assert ConceptPage.objects.count() == 1
    assert "Laden Sie die Datei noch einmal hoch." in again.content.decode()


def test_a_file_that_was_discarded_is_gone(client, editor):
    url = send(client).url
    client.post(url, {"discard": "1"})
    assert client.get(url).url == reverse("concept_import:upload")


def test_the_preview_of_somebody_else_cannot_be_opened(client, editor):
    url = send(client).url
    client.force_login(make_staff(Role.EDITOR))
    assert client.get(url).status_code == 302


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("konzept.pdf", b"%PDF-1.7", "weder ein Word-Dokument"),
        ("konzept.md", b"   \n", "steht kein Text"),
        ("konzept.docx", b"PK not a package", "Datei"),
        ("konzept.md", b"x" * (20 * 1024 * 1024 + 1), "größer als 20 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_way_out(client, editor, name, data, sentence):
    page = send(client, name=name, text=data)
    assert page.status_code == 422
    assert sentence in page.context["form"].errors["file"][0]


def test_a_title_that_no_page_can_hold_is_refused_as_a_whole(client, editor):
    url = send(client, text=TEXT.replace("## 2 Wohnen", "## 2 " + "Wohnen " * 60)).url
    page = client.post(url, {**kinds(client.get(url)), "write": "1"}, follow=True)
    assert "Nichts wurde geschrieben" in page.content.decode()
    assert not ConceptPage.objects.exists()


@pytest.mark.parametrize("role", [Role.MODERATION, Role.DEPARTMENT, Role.COUNCIL_OFFICE])
def test_other_roles_are_denied_and_see_no_menu_item(client, role):
    client.force_login(make_staff(role))
    assert client.get(reverse("concept_import:upload")).status_code != 200
    assert b"konzept-einlesen" not in client.get(reverse("wagtailadmin_home")).content


def test_a_resident_is_turned_away(client):
    client.force_login(make_resident())
    assert client.get(reverse("concept_import:upload")).status_code == 403


def test_the_right_is_asked_again_when_the_drafts_are_written(client, editor):
    url = send(client).url
    data = {**kinds(client.get(url)), "write": "1"}
    editor.groups.clear()
    editor.groups.add(*make_staff(Role.MODERATION).groups.all())
    assert client.post(url, data).status_code in {302, 403}
    assert not ConceptPage.objects.exists()


def test_a_copied_section_gets_new_block_keys_in_every_revision(client):
    concept = make_concept(sections=1, goals=1)
    section = concept.sections().get()
    section.save_revision()
    client.force_login(make_staff(Role.COORDINATION))
    client.post(
        reverse("wagtailadmin_pages:copy", args=[section.pk]),
        {
            "new_title": "Kopie",
            "new_slug": "kopie",
            "new_parent_page": concept.pk,
            "copy_subpages": "on",
        },
    )
    copy = SectionPage.objects.get(slug="kopie")
    before = {block.id for block in section.body}
    after = [block.id for block in copy.body]
    assert before.isdisjoint(after)
    assert [block.id for block in copy.get_latest_revision_as_object().body] == after
    assert [str(block.value) for block in copy.body] == [str(block.value) for block in section.body]
    measures = [goal.measures[0].id for goal in GoalPage.objects.all()]
    assert len(set(measures)) == 2


def test_a_copy_without_the_hook_would_share_its_keys():
    """The hook above is needed: Wagtail alone copies the ids of blocks."""
    section = make_concept().sections().get()
    copy = CopyPageAction(section, update_attrs={"slug": "kopie"}).execute()
    assert [block.id for block in copy.body] == [block.id for block in section.body]
