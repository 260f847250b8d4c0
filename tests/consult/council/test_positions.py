"""What bodies say to single goals: recorded, corrected, confirmed, counted."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consult.council.models import GoalPosition
from consult.council.positions import agreed_to_all, not_agreed, positions_at
from consult.council.services.access import PaperStepRefused
from consult.council.services.positions import (
    confirm_goal_positions,
    correct_goal_position,
    record_goal_positions,
)
from consult.council.services.route import add_reading, set_step_status
from consult.council.states import BodyPosition, DecisionStatus, Effect, StepOutcome, StepStatus
from consult.participants.states import Role
from consult.records.tasks import tasks_of
from consult.rounds.services import NotPermitted
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_paper, make_position, make_positions, make_submitted

pytestmark = pytest.mark.django_db
FOR, AGAINST, OPEN = BodyPosition.FOR, BodyPosition.AGAINST, BodyPosition.OPEN


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def paper(now):
    return make_submitted(make_paper(make_edition(make_concept(goals=2), at=now)), at=now)


@pytest.fixture
def hearing(paper):
    return paper.route.select_related("paper__edition", "body").get(authoritative=False)


@pytest.fixture
def wids(paper):
    return list(paper.edition.goals.order_by("position").values_list("wid", flat=True))


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


def refusal(deed, **given) -> str:
    with pytest.raises(PaperStepRefused) as refused, transaction.atomic():
        deed(**given)
    return refused.value.code


# --- records ---------------------------------------------------------------------------------


def test_positions_are_provisional_until_a_second_person_confirms(hearing, wids, office, now):
    first, second = make_positions(
        hearing, make_position(wids[0], votes="7 zu 4"), make_position(wids[1], AGAINST),
        at=now, actor=office,
    )  # fmt: skip
    assert {first.status, second.status} == {DecisionStatus.PROVISIONAL}
    with pytest.raises(NotPermitted):
        confirm_goal_positions(step=hearing, actor=office, at=now)
    assert confirm_goal_positions(step=hearing, actor=make_staff(Role.COUNCIL_OFFICE), at=now) == 2
    first.refresh_from_db()
    assert (first.status, first.votes) == (DecisionStatus.CONFIRMED, "7 zu 4")
    other = make_staff(Role.COUNCIL_OFFICE)
    given = {"step": hearing, "actor": other, "at": now}
    assert refusal(confirm_goal_positions, **given) == "step_not_allowed"


def test_a_position_is_recorded_once_and_corrected_by_another_record(hearing, wids, office, now):
    [former] = make_positions(hearing, make_position(wids[0], votes="6 zu 5"), at=now, actor=office)
    again = {"step": hearing, "positions": [make_position(wids[0])], "actor": office, "at": now}
    hearing.refresh_from_db()
    assert refusal(record_goal_positions, **again) == "goal_recorded_already"
    corrected = {"position": former, "said": OPEN, "actor": office, "at": now}
    assert refusal(correct_goal_position, reason=" ", **corrected) == "no_reason"
    found = correct_goal_position(reason="Verzählt.", votes="6 zu 6", **corrected)
    assert refusal(correct_goal_position, reason="Noch mal.", **corrected) == "corrected_already"
    former.refresh_from_db()
    assert (former.position, former.votes, found.corrects) == (FOR, "6 zu 5", former)
    assert [row.pk for row in positions_at([hearing])[wids[0]]] == [found.pk]
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalPosition.objects.filter(pk=found.pk).update(
            status=DecisionStatus.CONFIRMED, confirmed_by=office
        )


def test_only_bodies_that_advise_and_voted_have_positions(paper, hearing, wids, office, now):
    deciding = paper.route.select_related("paper").get(authoritative=True)
    given = {"positions": [make_position(wids[0])], "actor": office, "at": now}
    assert refusal(record_goal_positions, step=hearing, **given) == "step_not_held"
    assert refusal(record_goal_positions, step=deciding, **given) == "decides_on_items"
    held = set_step_status(
        step=hearing, status=StepStatus.HELD, outcome=StepOutcome.WITHOUT_VOTE, actor=office
    )
    assert refusal(record_goal_positions, step=held, **given) == "step_without_vote"


def test_a_position_is_about_a_goal_of_a_text_that_is_adopted(hearing, wids, office, now):
    held = set_step_status(step=hearing, status=StepStatus.HELD, actor=office)
    given = {"step": held, "actor": office, "at": now}
    assert refusal(record_goal_positions, positions=[], **given) == "no_position"
    assert refusal(record_goal_positions, positions=[make_position("x")], **given) == "no_such_goal"
    held.paper.items.update(effect=Effect.NONE)
    rows = [make_position(wids[0])]
    assert refusal(record_goal_positions, positions=rows, **given) == "no_such_goal"


def test_of_two_readings_the_later_counts(paper, hearing, wids, office, now):
    make_positions(hearing, *[make_position(wid) for wid in wids], at=now)
    hearing.refresh_from_db()
    again = add_reading(step=hearing, actor=office)
    make_positions(again, make_position(wids[1], AGAINST), at=now)
    found = positions_at(paper.route.all())
    assert [row.position for row in found[wids[1]]] == [AGAINST]
    assert not_agreed(found[wids[1]]) == ["Ausländerbeirat"]
    assert agreed_to_all(found, wids[:1]) == ["Ausländerbeirat"]
    assert agreed_to_all(found, wids) == []


# --- the desk --------------------------------------------------------------------------------


@pytest.fixture
def desk(settings, client, office):
    settings.STAFF_NEED_SECOND_FACTOR = False
    client.force_login(office)
    return client


def address(name, *args):
    return reverse(f"council_desk:{name}", args=args)


def test_the_office_enters_many_goals_at_once_and_another_confirms(desk, paper, hearing, wids, now):
    office = make_staff(Role.COUNCIL_OFFICE)
    set_step_status(step=hearing, status=StepStatus.HELD, actor=office)
    url = address("record_positions", paper.pk, hearing.pk)
    assert url in desk.get(address("paper", paper.pk)).content.decode()
    form = desk.get(url).content.decode()
    first, second = paper.edition.goals.order_by("position")
    assert f"Ziel {first.number}:" in form
    empty = desk.post(url, {"rest": ""})
    assert empty.status_code == 422
    assert "Wählen Sie, was das Gremium zu den Zielen sagt." in empty.content.decode()
    words_alone = desk.post(url, {f"{first.pk}-votes": "7 zu 4"})
    assert 'value="7 zu 4"' in words_alone.content.decode()
    sent = {
        "rest": "for", "rest_votes": "9 zu 0", f"{second.pk}-position": "against",
        f"{second.pk}-votes": "5 zu 6", f"{second.pk}-note": "Bittet um Zahlen.",
    }  # fmt: skip
    page = desk.post(url, sent, follow=True).content.decode()
    assert "Positionen zu 2 Zielen" in page
    assert "Positionen zu Zielen eintragen<" not in page
    rows = GoalPosition.objects.order_by("pk").values_list("goal_wid", "position", "votes", "note")
    assert list(rows) == [
        (wids[0], "for", "9 zu 0", ""), (wids[1], "against", "5 zu 6", "Bittet um Zahlen."),
    ]  # fmt: skip
    assert "Zu jedem Ziel ist schon etwas eingetragen." in desk.get(url).content.decode()
    confirm = address("confirm_positions", paper.pk, hearing.pk)
    assert confirm not in page
    desk.force_login(office)
    [task] = [task for task in tasks_of(office, now.date()) if "bestätigen" in task.label]
    assert task.count == 1
    assert confirm in desk.get(address("paper", paper.pk)).content.decode()
    desk.post(confirm)
    assert not GoalPosition.objects.exclude(status=DecisionStatus.CONFIRMED).exists()


def test_the_office_corrects_with_a_reason(desk, paper, hearing, wids, now):
    [former] = make_positions(hearing, make_position(wids[0], votes="7 zu 4"), at=now)
    url = address("correct_position", paper.pk, former.pk)
    assert 'value="7 zu 4"' in desk.get(url).content.decode()
    assert desk.post(url, {"position": "open", "votes": "6 zu 6"}).status_code == 422
    sent = {"position": "open", "votes": "6 zu 6", "reason": "Verzählt."}
    page = desk.post(url, sent, follow=True).content.decode()
    assert "offen, keine Mehrheit" in page
    assert "Verzählt. (dafür)" in page


def test_queries_of_the_paper_at_the_desk_do_not_grow(
    desk, paper, hearing, wids, now, django_assert_num_queries, django_assert_max_num_queries
):
    url = address("paper", paper.pk)
    make_positions(hearing, make_position(wids[0]), at=now)
    desk.get(url)
    with django_assert_max_num_queries(60) as few:
        desk.get(url)
    hearing.refresh_from_db()
    make_positions(hearing, make_position(wids[1]), at=now)
    with django_assert_num_queries(len(few)):
        desk.get(url)
