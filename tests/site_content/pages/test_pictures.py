"""A round in pictures: right numbers, nothing that could give away a person."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.evaluation.models import AnalysisRun, GoalResult
from consult.participants.states import Role
from drafts.editions.models import EditionGoal
from tests.factories import make_contribution, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_goal_results, make_theme
from workers.analysis.opinion_map import opinion_map

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def open_round(now, actor):
    return make_open_round(at=now, actor=actor)


def page(round_, status: int = 200) -> str:
    response = Client().get(reverse("round_pictures", args=[round_.ref]))
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_there_are_no_pictures_of_an_open_round(open_round):
    page(open_round, status=404)


def test_empty_pictures_say_why(open_round):
    content = page(make_closed(open_round))
    assert "In dieser Runde hat niemand geschrieben." in content
    assert "Noch hat niemand ein Thema bestätigt." in content
    assert "Es gibt keine Karte der Meinungsgruppen" in content


def test_columns_and_table_count_contributions_by_day(open_round, now):
    for _ in range(3):
        make_contribution(open_round, at=now)
    content = page(make_closed(open_round))
    assert "3 Beiträge. Die meisten am Tag Mi, 10. Februar: 3." in content
    assert '<th scope="row">Mi, 10. Februar</th><td class="num">3</td>' in content


def test_a_long_round_is_counted_by_week(now, actor):
    round_ = make_open_round(at=now, actor=actor, days=60)
    make_contribution(round_, at=now)
    assert "Beiträge je Woche" in page(make_closed(round_))


def test_themes_stand_by_size_with_their_kinds(open_round, now, actor):
    written = [make_contribution(open_round, at=now) for _ in range(5)]
    round_ = make_closed(open_round)
    make_theme(written[:2], title="Klein", actor=actor, at=now)
    make_theme(written[2:], title="Groß", actor=actor, at=now)
    content = page(round_)
    assert content.index(">Groß</a>") < content.index(">Klein</a>")
    assert 'aria-label="Groß: 3 Beiträge, davon' in content


def test_goals_that_all_groups_carry_come_first_and_shares_are_said(open_round, now):
    round_ = make_closed(open_round)
    wid = EditionGoal.objects.get(edition=round_.edition).wid
    scopes = {"total": (60, 20, 20), "group:A": (40, 10, 10), "group:B": (20, 10, 10)}
    make_goal_results(round_, wid, scopes, at=now)
    GoalResult.objects.filter(scope="total").update(consensus=0.34)
    content = page(round_)
    assert "Von allen Gruppen getragen: 34 von 100." in content
    assert "Gruppe A 67 Prozent, Gruppe B 50 Prozent" in content


def test_a_group_that_may_not_be_shown_gives_no_consensus(open_round, now):
    round_ = make_closed(open_round)
    wid = EditionGoal.objects.get(edition=round_.edition).wid
    scopes = {"total": (60, 20, 20), "group:A": (55, 18, 18), "group:B": (5, 2, 2)}
    make_goal_results(round_, wid, scopes, at=now)
    GoalResult.objects.filter(scope="total").update(consensus=0.34)
    assert "Von allen Gruppen getragen" not in page(round_)


def test_the_map_shows_groups_and_fields_but_no_person(open_round, now):
    round_ = make_closed(open_round)
    goal = EditionGoal.objects.get(edition=round_.edition)
    points = {f"A{n}": (0.0, 0.01 * n) for n in range(30)} | {
        f"B{n}": (9.0, 0.0) for n in range(12)
    }
    points |= {f"C{n}": (5.0, 9.0) for n in range(4)}
    drawn = opinion_map(points, {person: person[0] for person in points}).as_json()
    method = {"map": drawn, "typical": {"A": [goal.pk]}, "participants": 60, "fewest_votes": 7}
    AnalysisRun.objects.create(
        round=round_, input_hash="x", queued_at=now, status="done", method={"opinions": method}
    )
    content = page(round_)
    assert (
        "2 Gruppen: Gruppe A mit mindestens 30 Personen, Gruppe B mit mindestens 10 Personen."
        in content
    )
    assert "18 Personen gehören zu keiner gezeigten Gruppe" in content
    assert len(re.findall("<polygon", content)) == len(drawn["fields"]) > 1
    assert ">Ziel 1.1</a>" in content.split("Stimmt hier anders ab")[1]


def test_no_size_of_a_group_shows_by_subtraction_who_is_in_none(open_round, now):
    round_ = make_closed(open_round)
    points = {f"A{n}": (0.0, 0.01 * n) for n in range(33)} | {
        f"B{n}": (9.0, 0.0) for n in range(14)
    }
    drawn = opinion_map(points, {person: person[0] for person in points}).as_json()
    # Three more voted on too few goals; a goal on which all voted shows the sum of 50.
    method = {"map": drawn, "typical": {}, "participants": 50, "fewest_votes": 7}
    AnalysisRun.objects.create(
        round=round_, input_hash="x", queued_at=now, status="done", method={"opinions": method}
    )
    content = page(round_)
    assert "mindestens 30" in content
    assert "gehören zu keiner gezeigten Gruppe" not in content
    assert not re.findall(r"\b(?:33|14) Person|>(?:33|14)</td>", content)


def test_pictures_cost_the_same_however_many_wrote(open_round, now, actor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(round_)
        return len(captured)

    written = [make_contribution(open_round, at=now) for _ in range(6)]
    round_ = make_closed(open_round)
    make_theme(written[:1], title="Kurse", actor=actor, at=now)
    page(round_)  # fills what is kept between requests
    few = queries()
    for contribution in written[1:]:
        make_theme([contribution], title="Noch eines", actor=actor, at=now)
    assert queries() == few <= 20
