"""Where votes are recorded: what was typed stays when a deed is refused; votes are taken over."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.models import CouncilGroup, GroupVote, ProceduralMotion
from consult.council.services.items import add_item
from consult.council.services.route import set_step_status
from consult.council.states import Effect, ItemOutcome, Position, StepOutcome, StepStatus
from consult.participants.states import Role
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_motion

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def office(client):
    user = make_staff(Role.COUNCIL_OFFICE)
    client.force_login(user)
    return user


@pytest.fixture
def paper():
    found = make_paper(make_edition(make_concept(), at=timezone.now()))
    add_item(
        paper=found, text="Ein Bericht.", effect=Effect.NONE, actor=make_staff(Role.COORDINATION)
    )
    return make_submitted(found, at=timezone.now())


@pytest.fixture
def groups():
    return [CouncilGroup.objects.create(name=name) for name in ("Bürgerliste", "Offene Liste")]


def held(step, outcome=StepOutcome.VOTED):
    office = make_staff(Role.COUNCIL_OFFICE)
    return set_step_status(step=step, status=StepStatus.HELD, outcome=outcome, actor=office)


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def test_who_was_slower_reads_why_and_keeps_every_word(client, office, paper, groups):
    step, item = held(paper.route.get(authoritative=True)), paper.items.get(number=2)
    url = address("record", paper.pk, step.pk, item.pk)
    client.post(url, {"outcome": "adopted"})
    page = client.post(
        url, {"outcome": "rejected", "conditions": "Nur mit Geld", f"{groups[0].pk}-for": "12"}
    )
    assert page.status_code == 422
    told = page.content.decode()
    assert "Zu diesem Punkt ist hier schon etwas eingetragen." in told
    assert "Nur mit Geld" in told
    assert page.context["votes"][f"{groups[0].pk}-for"].value() == "12"
    assert item.decisions.count() == 1


def test_a_procedural_motion_that_contradicts_the_meeting_is_not_lost(client, office, paper):
    step = held(paper.route.get(authoritative=False))
    data = {"kind": "without_vote", "moved_by": "Fraktion Mitte", "result": "accepted"}
    page = client.post(address("procedural", paper.pk, step.pk), data)
    assert page.status_code == 422
    assert page.context["form"]["moved_by"].value() == "Fraktion Mitte"
    assert not ProceduralMotion.objects.exists()


def test_votes_are_taken_over_from_another_item_of_the_meeting(client, office, paper, groups):
    step, item = held(paper.route.get(authoritative=True)), paper.items.get(number=2)
    first = paper.items.get(number=1)
    client.post(
        address("record", paper.pk, step.pk, first.pk),
        {"outcome": "adopted", f"{groups[0].pk}-for": "12", f"{groups[1].pk}-against": "X"},
    )
    decision = first.decisions.get()
    url = address("record", paper.pk, step.pk, item.pk)
    page = client.get(url)
    assert f'<a href="?wie={decision.pk}">Punkt 1</a>' in page.content.decode()
    assert page.context["votes"][f"{groups[0].pk}-for"].value() == ""
    page = client.get(url, {"wie": decision.pk})
    assert page.context["votes"][f"{groups[0].pk}-for"].value() == "12"
    assert page.context["votes"][f"{groups[1].pk}-against"].value() == "x"


def test_votes_are_taken_over_from_another_motion_of_the_meeting(client, office, paper, groups):
    wid = paper.edition.goals.first().wid
    one, two = (make_motion(paper, wid, at=timezone.now(), text=f"Satz {n}.") for n in (1, 2))
    step = held(paper.route.get(authoritative=True))
    client.post(
        address("vote_motion", paper.pk, one.pk, step.pk),
        {"outcome": "rejected", f"{groups[0].pk}-against": "9"},
    )
    url = address("vote_motion", paper.pk, two.pk, step.pk)
    page = client.get(url, {"wie": one.votes.get().pk})
    assert page.context["votes"][f"{groups[0].pk}-against"].value() == "9"
    assert client.get(url, {"wie": "999x"}).status_code == 200


def test_what_an_advising_body_did_is_never_called_a_resolution(client, office, paper):
    step = paper.route.get(authoritative=False)
    form = client.get(
        address("record", paper.pk, held(step).pk, paper.items.get(number=1).pk)
    ).content.decode()
    assert "stimmt zu" in form
    assert ">beschlossen<" not in form


def test_a_correction_shows_the_votes_of_what_it_corrects(client, office, groups, paper):
    paper.items.get(number=2).delete()
    step = paper.route.get(authoritative=True)
    votes = [GroupVote(group=groups[0], position=Position.FOR, count=7)]
    decision = make_decision(step, ItemOutcome.ADOPTED, at=timezone.now(), group_votes=votes)
    page = client.get(address("correct", paper.pk, decision.pk))
    assert page.context["votes"][f"{groups[0].pk}-for"].value() == "7"
