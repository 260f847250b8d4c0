"""The release desk: what is not reviewed is named, what is frozen stays, others stay out."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import Edition
from drafts.editions.services import open_edition
from tests.factories import make_concept, make_edition, make_section, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordination(settings, client, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def edition(coordination, now):
    concept = make_concept(sections=2)
    return open_edition(
        concept=concept, title="Entwurf", origin="Entwurf des Amtes", actor=coordination, at=now
    )


def page_of(client, edition):
    return client.get(reverse("release:edition", args=[edition.pk]))


def sections_of(edition):
    return list(SectionPage.objects.child_of(edition.concept))


def release(client, edition, section):
    return client.post(reverse("release:section", args=[edition.pk, section.pk]))


def test_the_next_edition_is_opened_with_its_origin(client):
    concept = make_concept()
    client.post(
        reverse("release:open", args=[concept.pk]),
        {"title": "Entwurf", "origin": "Entwurf der Stabsstelle"},
    )
    edition = Edition.objects.get()
    assert (edition.number, edition.origin) == (1, "Entwurf der Stabsstelle")


def test_an_edition_without_origin_is_not_opened(client):
    concept = make_concept()
    page = client.post(reverse("release:open", args=[concept.pk]), {"title": "Entwurf"})
    assert page.status_code == 422
    assert "Sagen Sie, wessen Entwurf das ist." in page.content.decode()
    assert not Edition.objects.exists()


def test_a_second_open_edition_is_refused_with_a_sentence(client, edition):
    page = client.post(
        reverse("release:open", args=[edition.concept_id]),
        {"title": "Noch eine", "origin": "Amt"},
        follow=True,
    )
    assert "Eine Fassung ist schon offen." in page.content.decode()
    assert Edition.objects.count() == 1


def test_every_state_of_a_section_is_told(client, edition, coordination):
    first, second = sections_of(edition)
    goal = first.goals().get()
    goal.reason = "Neu begründet."
    goal.save_revision()
    SectionPage.objects.filter(pk=second.pk).update(live=False)
    rows = page_of(client, edition).context["sections"]
    assert [row["ready"] for row in rows] == [False, False]
    assert [(p["title"], str(p["state"])) for row in rows for p in row["problems"]] == [
        ("Ziel 1.1", "ungeprüfte Änderungen"),
        ("Abschnitt 2", "noch nicht geprüft"),
    ]


def test_a_page_in_its_workflow_is_told_apart(client, edition, coordination):
    first = sections_of(edition)[0]
    first.save_revision(user=coordination)
    first.get_workflow().start(first, coordination)
    rows = page_of(client, edition).context["sections"]
    assert "in Prüfung" in [str(problem["state"]) for problem in rows[0]["problems"]]


def test_releasing_a_section_freezes_it_and_keeps_the_order(client, edition):
    second = sections_of(edition)[1]
    release(client, edition, second)
    rows = page_of(client, edition).context["sections"]
    assert [row["released_at"] is not None for row in rows] == [False, True]
    assert [row["label"] for row in rows] == ["1 Abschnitt 1", "2 Abschnitt 2"]


def test_a_refusal_names_the_page_and_leads_there(client, edition):
    first = sections_of(edition)[0]
    goal = first.goals().get()
    GoalPage.objects.filter(pk=goal.pk).update(live=False)
    page = release(client, edition, first)
    refusal = page.context["refusals"][0]
    assert page.status_code == 409
    assert refusal["sentence"].startswith("„Ziel 1.1“ wurde noch nicht geprüft.")
    assert refusal["url"] == reverse("wagtailadmin_pages:edit", args=[goal.pk])
    assert not edition.sections.exists()


def test_a_key_that_stands_twice_is_named_by_its_place(client, edition):
    first, second = sections_of(edition)
    release(client, edition, first)
    taken = [
        {"id": first.body[0].id, "type": "paragraph", "value": "<p>Kopiert.</p>"},
        {"id": str(uuid.uuid4()), "type": "paragraph", "value": "<p>Eigen.</p>"},
    ]
    second.body = SectionPage._meta.get_field("body").stream_block.to_python(taken)
    second.save()
    page = release(client, edition, second)
    assert [row["sentence"] for row in page.context["refusals"]] == [
        "„2 Abschnitt 2, Absatz 1“ steht in dieser Fassung schon an einer anderen Stelle. "
        "Löschen Sie die Stelle hier, legen Sie sie neu an und lassen Sie die Seite neu prüfen."
    ]


def test_two_goals_with_one_number_are_refused_not_broken(client, edition):
    first, second = sections_of(edition)
    release(client, edition, first)
    GoalPage.objects.child_of(second).update(number="1.1")
    page = release(client, edition, second)
    assert "Die Nummer 1.1 haben in dieser Fassung zwei Ziele." in page.content.decode()
    assert edition.sections.count() == 1


def test_all_that_remains_is_released_and_the_edition_is_closed(client, edition):
    release(client, edition, sections_of(edition)[0])
    client.post(reverse("release:all", args=[edition.pk]))
    edition.refresh_from_db()
    assert (edition.status, edition.sections.count()) == ("sealed", 2)
    page = page_of(client, edition)
    assert edition.content_hash in page.content.decode()
    assert "Abschnitt freigeben" not in page.content.decode()


def test_nothing_is_released_while_one_page_is_not_reviewed(client, edition):
    SectionPage.objects.filter(pk=sections_of(edition)[1].pk).update(live=False)
    page = client.post(reverse("release:all", args=[edition.pk]))
    assert page.status_code == 409
    assert not edition.sections.exists()


def test_a_concept_without_sections_cannot_be_closed(client, coordination, now):
    concept = make_concept(sections=0)
    edition = open_edition(concept=concept, title="Leer", origin="Amt", actor=coordination, at=now)
    page = client.post(reverse("release:all", args=[edition.pk]))
    assert "In „Leer“ gibt es noch keinen Abschnitt." in page.content.decode()


def test_a_closed_edition_takes_nothing_more(client, now):
    edition = make_edition(make_concept(), at=now)
    later = make_section(edition.concept, "9")
    page = client.post(
        reverse("release:section", args=[edition.pk, later.pk]), follow=True
    ).content.decode()
    assert "nicht mehr offen" in page
    assert "Abschnitt 9" not in page


def test_a_section_of_another_concept_is_not_found(client, edition):
    stranger = make_concept().sections().get()
    assert (
        client.post(
            reverse("release:section", args=[edition.pk, stranger.pk]), follow=True
        ).status_code
        == 404
    )
    assert not edition.sections.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATION, Role.COUNCIL_OFFICE])
def test_who_may_not_publish_the_concept_is_denied(client, edition, role):
    client.force_login(make_staff(role))
    assert page_of(client, edition).status_code != 200
    release(client, edition, sections_of(edition)[0])
    assert not edition.sections.exists()
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert f'"{reverse("release:desk")}"' not in home


def test_the_list_asks_no_more_for_more_sections(client, edition):
    page_of(client, edition)
    with CaptureQueriesContext(connection) as few:
        page_of(client, edition)
    for number in range(3, 9):
        make_section(edition.concept, str(number), goals=3)
    with CaptureQueriesContext(connection) as many:
        page_of(client, edition)
    assert len(many) == len(few)
