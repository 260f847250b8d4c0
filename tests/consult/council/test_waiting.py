"""What waits for the council office: named, counted, and led to."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.council.admin_views.waiting import waiting
from consult.council.models import Paper
from consult.council.services.decisions import confirm_decision
from consult.council.services.motion_votes import confirm_motion_vote
from consult.council.services.positions import confirm_goal_positions
from consult.council.services.route import schedule_step, set_step_status
from consult.council.states import ItemOutcome, MotionStatus, StepStatus
from consult.participants.states import Role
from consult.records.tasks import tasks_of
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import (
    make_decision,
    make_paper,
    make_position,
    make_positions,
    make_submitted,
)
from tests.factories.motions import make_motion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def paper(now) -> Paper:
    return make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)


def told(user, on) -> dict[str, list[str]]:
    return {kind.label: [link.text for link in kind.links] for kind in waiting(user, on)}


def test_a_meeting_waits_from_its_day_on_until_it_is_entered(paper, office, now):
    hearing, day = paper.route.get(authoritative=False), now.date()
    schedule_step(step=hearing, meeting_on=day, agenda_item="", actor=office)
    assert told(office, day - timedelta(days=1)) == {}
    assert list(told(office, day)) == ["Sitzungen eintragen"]
    assert told(office, day)["Sitzungen eintragen"][0].startswith(
        f"{paper.reference}: Ausländerbeirat"
    )
    set_step_status(step=hearing, status=StepStatus.HELD, actor=office)
    assert told(office, day) == {
        "Ergebnisse eintragen": [f"{paper.reference}: Ausländerbeirat, Punkt 1"]
    }


def test_a_second_person_is_led_to_what_waits_for_the_minutes(paper, office, now):
    decision = make_decision(paper.route.get(authoritative=True), ItemOutcome.DEFERRED, at=now)
    to_confirm = {
        "Nach der Niederschrift bestätigen": [
            f"{paper.reference}: Stadtverordnetenversammlung, Punkt 1"
        ]
    }
    assert told(office, now.date()) == to_confirm
    assert told(decision.recorded_by, now.date()) == {}
    confirm_decision(decision=decision, actor=office, at=now)
    assert told(office, now.date()) == {}


def test_positions_on_goals_wait_for_a_second_person(paper, office, now):
    hearing = paper.route.get(authoritative=False)
    wid = paper.edition.goals.first().wid
    said = make_positions(hearing, make_position(wid), at=now)
    waits = f"{paper.reference}: Ausländerbeirat, Positionen zu Zielen"
    assert waits in told(office, now.date())["Nach der Niederschrift bestätigen"]
    assert "Nach der Niederschrift bestätigen" not in told(said[0].recorded_by, now.date())
    confirm_goal_positions(step=hearing, actor=office, at=now)
    assert "Nach der Niederschrift bestätigen" not in told(office, now.date())


def test_motions_wait_for_admission_for_the_vote_and_for_the_second_person(paper, office, now):
    wid = paper.edition.goals.first().wid
    filed = make_motion(paper, wid, at=now, admitted=False)
    assert told(office, now.date()) == {
        "Über die Zulassung von Anträgen entscheiden": [
            f"{paper.reference}: {filed.name}, Die Mitte"
        ]
    }
    admitted = make_motion(paper, wid, at=now, text="Noch ein anderer Wortlaut.")
    set_step_status(step=paper.route.get(authoritative=True), status=StepStatus.HELD, actor=office)
    where = f"{paper.reference}: Stadtverordnetenversammlung"
    assert told(office, now.date())["Abstimmungen über Anträge eintragen"] == [
        f"{where}, {admitted.name}"
    ]
    vote = make_vote(admitted, MotionStatus.REJECTED, at=now, confirmed=False)
    assert told(office, now.date())["Nach der Niederschrift bestätigen"] == [
        f"{where}, {admitted.name}"
    ]
    confirm_motion_vote(vote=vote, actor=office, at=now)
    assert "Nach der Niederschrift bestätigen" not in told(office, now.date())


def test_what_a_deciding_body_has_settled_waits_nowhere(paper, office, now):
    make_decision(paper.route.get(authoritative=True), ItemOutcome.REJECTED, at=now)
    assert "Ergebnisse eintragen" not in told(office, now.date())


def test_the_start_and_the_desk_lead_there(client, settings, office):
    settings.STAFF_NEED_SECOND_FACTOR = False
    at = timezone.now()
    paper = make_submitted(make_paper(make_edition(make_concept(), at=at)), at=at)
    decision = make_decision(paper.route.get(authoritative=True), ItemOutcome.DEFERRED, at=at)
    make_motion(paper, paper.edition.goals.first().wid, at=at, admitted=False)
    counts = [task.count for task in tasks_of(office, timezone.localdate())]
    assert counts == [0, 0, 1, 1, 0]
    client.force_login(office)
    page = client.get(reverse("council_desk:papers")).content.decode()
    place = reverse("council_desk:paper", args=[paper.pk])
    assert f'href="{place}#ergebnis-{decision.pk}"' in page
    assert f'id="ergebnis-{decision.pk}"' in client.get(place).content.decode()


def test_both_offices_are_led_to_a_wording_that_is_not_in_force(paper, office, now):
    deciding = paper.route.get(authoritative=True)
    decision = make_decision(
        deciding, ItemOutcome.ADOPTED_AS_AMENDED, at=now, resolution_text="Mit anderem Wortlaut."
    )
    coordination = make_staff(Role.COORDINATION)
    assert told(coordination, now.date()) == {}
    confirm_decision(decision=decision, actor=office, at=now)
    wording = {"Den beschlossenen Wortlaut erstellen und in Kraft setzen": [str(paper)]}
    assert told(coordination, now.date()) == told(office, now.date()) == wording


def test_a_motion_that_came_after_the_meeting_is_not_voted_there(paper, office, now):
    deciding = paper.route.get(authoritative=True)
    earlier = now.date() - timedelta(days=3)
    schedule_step(step=deciding, meeting_on=earlier, agenda_item="", actor=office)
    make_motion(paper, paper.edition.goals.first().wid, at=now)
    set_step_status(step=deciding, status=StepStatus.HELD, actor=office)
    assert "Abstimmungen über Anträge eintragen" not in told(office, now.date())


def test_the_list_costs_the_same_however_much_waits(
    paper, office, now, django_assert_max_num_queries
):
    wid = paper.edition.goals.first().wid
    for n in range(5):
        make_motion(paper, wid, at=now, admitted=n % 2 == 0, text=f"Wortlaut {n}.")
    set_step_status(step=paper.route.get(authoritative=True), status=StepStatus.HELD, actor=office)
    with django_assert_max_num_queries(12):
        waiting(office, now.date())
