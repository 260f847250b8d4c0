"""The revision desk: every change gets its cause, or nothing is released."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.evaluation.models import CarryOver, Change, ChangeCause, Revision
from consult.evaluation.services.revision import add_cause
from consult.evaluation.states import CarryState, Cause
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import Edition
from drafts.editions.services import open_edition
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_section,
    make_staff,
)
from tests.factories.evaluation import make_answer, make_closed, make_revised_edition, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordination(settings, client, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    user = make_staff(Role.COORDINATION)
    client.force_login(user)
    return user


@pytest.fixture
def today():
    return timezone.now()


@pytest.fixture(scope="module")
def closed_round(kept_for_the_file):
    at = timezone.now()
    edition = make_edition(make_concept(sections=2, goals=1), at=at)
    opened = make_open_round(at=at, edition=edition)
    goal = edition.goals.order_by("number").first()
    for number in range(2):
        make_contribution(opened, at=at, text=f"Satz {number}.", target_wid=goal.wid)
    return make_closed(opened).pk


@pytest.fixture
def round_(closed_round, db):
    return ConsultationRound.objects.get(pk=closed_round)


@pytest.fixture
def answer(round_, coordination, today):
    theme = make_theme(
        list(round_.contributions.all()), title="Samstag", actor=coordination, at=today
    )
    return make_answer(theme, outcome="adopted", actor=coordination, at=today)


@pytest.fixture
def revision(client, round_, answer):
    """An open revision with two changes."""
    reword(round_, "1.1", "Neu gefasst.")
    reword(round_, "2.1", "Auch neu.")
    return prepared(client, round_)


def reword(round_, number, wording):
    goal = GoalPage.objects.descendant_of(round_.edition.concept).get(number=number)
    goal.wording = wording
    goal.save()


def prepared(client, round_):
    url = reverse("revision:prepare", args=[round_.edition_id])
    client.post(url, {"round": round_.pk})
    return Revision.objects.get(status="open")


def page_of(client, revision, **query):
    return client.get(reverse("revision:revision", args=[revision.pk]), query)


def give(client, change, **data):
    url = reverse("revision:cause", args=[change.revision_id, change.pk])
    return client.post(url, data)


def release(client, revision, *, follow=False, **changed):
    data = {"title": "Zweiter Entwurf", "origin": "Entwurf des Amtes", **changed}
    return client.post(reverse("revision:release", args=[revision.pk]), data, follow=follow)


def explain_all(revision, actor, at):
    for change in revision.changes.filter(causes=None):
        add_cause(change=change, kind=Cause.EDITORIAL, note="Klarer.", actor=actor, at=at)


def test_comparing_lists_every_change_without_a_cause_first(client, revision):
    page = page_of(client, revision)
    assert [row["change"].place for row in page.context["rows"]] == ["Ziel 1.1", "Ziel 2.1"]
    assert page.context["bare"] == 2
    assert "muss 0 sein" in page.content.decode()


def test_the_words_that_differ_are_marked(client, revision):
    row = page_of(client, revision).context["rows"][0]
    assert "".join(text for _op, text in row["old"]) == row["change"].old
    assert "".join(text for _op, text in row["new"]) == row["change"].new
    assert ("insert", "Neu gefasst") in [(op, text.strip(" .")) for op, text in row["new"]]


def test_an_answer_of_the_round_becomes_a_cause(client, revision, answer):
    change = revision.changes.first()
    give(client, change, kind="response", response=answer.pk, note="")
    assert ChangeCause.objects.get().response == answer
    page = page_of(client, revision, liste="alle").content.decode()
    assert "Antwort auf Thema 1 „Samstag“: Übernommen" in page


def test_the_same_answer_is_not_named_twice(client, revision, answer):
    change = revision.changes.first()
    give(client, change, kind="response", response=answer.pk)
    give(client, change, kind="response", response=answer.pk)
    assert change.causes.count() == 1
    row = page_of(client, revision, liste="alle").context["rows"][0]
    assert str(answer.pk) not in dict(row["form"].fields["response"].choices)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "kind"),
        ({"kind": "response"}, "response"),
        ({"kind": "editorial", "note": "  "}, "note"),
        ({"kind": "legal"}, "note"),
        ({"kind": "response", "response": "99999"}, "response"),
    ],
)
def test_a_cause_without_what_it_needs_is_refused_at_its_field(client, revision, data, field):
    page = give(client, revision.changes.first(), **data)
    assert page.status_code == 422
    assert field in page.context["rows"][0]["form"].errors
    assert not ChangeCause.objects.exists()


def test_an_answer_that_is_not_published_is_not_offered(client, revision, answer):
    type(answer).objects.update(status="signed")
    page = give(client, revision.changes.first(), kind="response", response=answer.pk)
    assert page.status_code == 422
    assert "Möglich sind redaktionelle und rechtliche Gründe." in page.content.decode()


def test_a_cause_is_taken_back(client, revision, coordination, today):
    explain_all(revision, coordination, today)
    cause = ChangeCause.objects.first()
    client.post(reverse("revision:remove", args=[revision.pk, cause.pk]))
    assert page_of(client, revision).context["bare"] == 1


def test_comparing_again_keeps_causes_that_still_fit(client, revision, round_, coordination, today):
    explain_all(revision, coordination, today)
    reword(round_, "2.1", "Noch einmal anders.")
    prepared(client, round_)
    bare = Change.objects.filter(causes=None)
    assert [change.place for change in bare] == ["Ziel 2.1"]


def test_a_promise_without_a_change_is_listed_openly(client, revision, answer):
    page = page_of(client, revision, liste="themen")
    assert page.context["unchanged"] == [answer]
    give(client, revision.changes.first(), kind="response", response=answer.pk)
    assert page_of(client, revision, liste="themen").context["unchanged"] == []


def test_nothing_is_released_while_a_change_has_no_cause(client, revision):
    page = release(client, revision)
    assert page.status_code == 422
    assert page.context["refusals"][0]["places"] == ["Ziel 1.1", "Ziel 2.1"]
    assert Edition.objects.count() == 1


def test_the_next_edition_is_released_with_title_and_origin(client, revision, coordination, today):
    explain_all(revision, coordination, today)
    page = release(client, revision, follow=True, origin="Überarbeitet vom Amt")
    edition = Edition.objects.get(number=2)
    assert (edition.status, edition.origin) == ("sealed", "Überarbeitet vom Amt")
    assert "Fassung 2 ist freigegeben." in page.content.decode()
    assert [row["now"] for row in page.context["rows"]] == ["Ziel 1.1", "Ziel 1.1"]


def test_text_that_moved_on_since_the_comparison_is_refused(
    client, revision, round_, coordination, today
):
    explain_all(revision, coordination, today)
    reword(round_, "1.1", "Heimlich geändert.")
    page = release(client, revision)
    assert "Vergleichen Sie neu" in page.content.decode()
    assert Edition.objects.count() == 1


def test_a_page_that_is_not_reviewed_is_named(client, revision, coordination, today):
    explain_all(revision, coordination, today)
    section = SectionPage.objects.first()
    SectionPage.objects.filter(pk=section.pk).update(live=False)
    page = release(client, revision)
    assert "„Abschnitt 1“ wurde noch nicht geprüft." in page.content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[section.pk]) in page.content.decode()


def test_an_open_edition_keeps_the_next_one_back(client, revision, round_, coordination, today):
    explain_all(revision, coordination, today)
    open_edition(
        concept=round_.edition.concept, title="Offen", origin="Amt", actor=coordination, at=today
    )
    page = release(client, revision)
    assert page.status_code == 422
    assert "ist gerade offen" in page.content.decode()


def test_nothing_changed_is_said_and_not_released(client, round_):
    revision = prepared(client, round_)
    page = release(client, revision)
    assert "derselbe wie in der Fassung" in page.content.decode()


def test_a_missing_title_is_refused_at_its_field(client, revision):
    assert release(client, revision, title="").context["release_form"].errors["title"]


def test_a_released_revision_takes_no_more_causes(client, round_, coordination, today):
    make_revised_edition(round_, wording="Anders.", actor=coordination, at=today)
    revision = Revision.objects.get()
    page = page_of(client, revision).content.decode()
    assert "Grund nennen" not in page
    give(client, revision.changes.first(), kind="editorial", note="Zu spät.")
    assert not ChangeCause.objects.filter(note="Zu spät.").exists()


def test_only_the_newest_edition_is_revised(client, round_, coordination, today):
    make_revised_edition(round_, wording="Anders.", actor=coordination, at=today)
    url = reverse("revision:prepare", args=[round_.edition_id])
    page = client.post(url, {"round": round_.pk}, follow=True)
    assert "nur die neueste Fassung" in page.content.decode()
    assert Revision.objects.count() == 1


def test_a_round_on_another_edition_is_not_taken(client, round_, today):
    other = make_closed(make_open_round(at=today))
    url = reverse("revision:prepare", args=[round_.edition_id])
    client.post(url, {"round": other.pk})
    assert not Revision.objects.exists()


def test_a_person_puts_a_contribution_to_another_place(client, round_, coordination, today):
    edition = make_revised_edition(round_, wording="Anders.", actor=coordination, at=today)
    row = CarryOver.objects.filter(edition=edition).first()
    goal = edition.goals.get(number="2.1")
    url = reverse("revision:correct", args=[Revision.objects.get().pk, row.pk])
    page = client.post(url, {"place": goal.wid}, follow=True)
    row.refresh_from_db()
    assert (row.state, row.target_wid) == (CarryState.MOVED, goal.wid)
    assert (row.section_wid, row.corrected_by) == (goal.section.wid, coordination)
    assert "gehört jetzt zu „Ziel 2.1“." in page.content.decode()
    assert client.post(url, {"place": "nirgends"}).status_code == 422


def test_the_words_of_a_hidden_contribution_are_not_shown(client, round_, coordination, today):
    edition = make_revised_edition(round_, wording="Anders.", actor=coordination, at=today)
    row = CarryOver.objects.filter(edition=edition).select_related("contribution").first()
    url = reverse("revision:correct", args=[Revision.objects.get().pk, row.pk])
    words = row.contribution.comment_row.comment
    assert words in client.get(url).content.decode()
    type(row.contribution).objects.filter(pk=row.contribution_id).update(status="hidden")
    assert words not in client.get(url).content.decode()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.DEPARTMENT, Role.COUNCIL_OFFICE])
def test_other_roles_can_neither_see_nor_do(client, revision, role):
    client.force_login(make_staff(role))
    assert page_of(client, revision).status_code != 200
    assert client.get(reverse("revision:desk")).status_code != 200
    give(client, revision.changes.first(), kind="editorial", note="Klarer.")
    release(client, revision)
    assert not ChangeCause.objects.exists()
    assert Edition.objects.count() == 1
    assert b"/ueberarbeitung/" not in client.get(reverse("wagtailadmin_home")).content


def test_the_list_asks_no_more_for_more_changes(client, revision, round_):
    page_of(client, revision)
    with CaptureQueriesContext(connection) as few:
        page_of(client, revision)
    for number in range(3, 6):
        make_section(round_.edition.concept, str(number), goals=2)
    prepared(client, round_)
    page_of(client, revision)
    with CaptureQueriesContext(connection) as many:
        page_of(client, revision)
    assert len(many) == len(few)
