"""Votes are summed in shards; together they say what one count of all ballots says."""

import hashlib
import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from consult.contributions.models import Ballot
from consult.contributions.states import Choice
from consult.evaluation.models import AnalysisRun, AnalysisShard, GoalResult
from consult.evaluation.selectors import opinion_plane, progress, progress_by_step
from consult.evaluation.services import votes
from consult.evaluation.services.analysis import queue_run, run_next_shard
from consult.evaluation.services.votes import VOTE, voter_ranges
from consult.evaluation.states import RunStatus, Step
from consult.rounds.models import ConsultationRound
from tests.factories import make_concept, make_contribution, make_edition, make_open_round
from tests.factories.evaluation import make_closed
from workers.analysis.opinion_map import opinion_map
from workers.analysis.opinions import analyse_votes

pytestmark = pytest.mark.django_db
GOALS = 9


@pytest.fixture
def open_round(now):
    edition = make_edition(make_concept(goals=GOALS), at=now)
    return make_open_round(at=now + timedelta(minutes=2), edition=edition)


@pytest.fixture
def ballots(open_round, now) -> list[Ballot]:
    """Ballots of 60 people of two minds in two classes; one goal has none."""
    chance = random.Random(3)
    goals = list(open_round.edition.goals.order_by("pk"))[:-1]
    return Ballot.objects.bulk_create(
        Ballot(
            round=open_round,
            goal=goal,
            voter=hashlib.sha256(str(person).encode()).hexdigest(),
            choice=chance.choice(["agree"] * 6 + ["disagree" if person % 3 else "pass"])
            if (person + place) % 2
            else chance.choice(["disagree"] * 5 + ["agree"]),
            verification_class=["email_confirmed", "residence_declared"][person % 2],
            cast_on=now.date(),
        )
        for person in range(60)
        for place, goal in enumerate(goals)
        if chance.random() < 0.95
    )


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(votes, "BALLOTS_A_SHARD", 100)


def _work(at) -> AnalysisRun:
    while run_next_shard(clock=lambda: at):
        pass
    return AnalysisRun.objects.get()


def _as_before(ballots: list[Ballot]) -> tuple[dict, dict]:
    """What one count of all ballots in memory says."""
    found = analyse_votes({(b.voter, str(b.goal_id)): VOTE[Choice(b.choice)] for b in ballots})
    counts: dict[tuple[int, str], Counter] = defaultdict(Counter)
    for ballot in ballots:
        scopes = ["total", f"class:{ballot.verification_class}"]
        scopes += [f"group:{found.groups[ballot.voter]}"] if ballot.voter in found.groups else []
        for scope in scopes:
            counts[ballot.goal_id, scope][ballot.choice] += 1
    consensus = {int(s.statement): s.group_aware_consensus for s in found.statements}
    results = {
        key: (
            n["agree"],
            n["disagree"],
            n["pass"],
            consensus[key[0]] if key[1] == "total" else None,
        )
        for key, n in counts.items()
    }
    sizes = dict(sorted(Counter(found.groups.values()).items()))
    method = {
        **found.method,
        "k": found.k,
        "sizes": sizes,
        "map": opinion_map(found.coordinates, found.groups).as_json(),
        "typical": {
            name: [int(s.statement) for s in found.statements if name in s.representative_for]
            for name in sizes
        },
    }
    return method, results


def test_shards_give_the_results_and_the_method_of_one_count(
    ballots, open_round, now, small_shards
):
    make_closed(open_round)
    run = _work(now)
    assert run.shards.filter(step=Step.VOTES).count() == 5
    method, results = _as_before(ballots)
    assert method["k"] > 1
    assert run.method["opinions"] == method
    stored = {
        (row.goal_id, row.scope): (row.agree, row.disagree, row.passed, row.consensus)
        for row in GoalResult.objects.all()
    }
    assert stored == results


def test_ranges_hold_everybody_once(ballots, open_round, small_shards):
    ranges = voter_ranges(open_round)
    assert ranges[0].startswith("00-")
    assert ranges[-1].endswith("-100")
    voters = [name for part in ranges for name in votes._read(open_round, part).participants]
    assert sorted(voters) == sorted({ballot.voter for ballot in ballots})


def test_without_ballots_there_is_no_such_step(open_round, now):
    make_closed(open_round)
    run = _work(now)
    assert voter_ranges(open_round) == []
    assert (run.status, run.method["opinions"]["k"]) == (RunStatus.DONE, 0)
    assert not GoalResult.objects.exists()


def test_progress_is_told_for_each_kind_of_step(ballots, open_round, now, small_shards):
    make_closed(open_round)
    run = AnalysisRun.objects.get()
    run_next_shard(clock=lambda: now)
    assert progress(run) == {"done": 1, "total": 6}
    assert progress_by_step(run) == {
        Step.VOTES: {"done": 1, "total": 5}, Step.REDUCE: {"done": 0, "total": 1},
    }  # fmt: skip


def test_a_step_that_is_done_again_gives_the_same(ballots, open_round, now, small_shards):
    make_closed(open_round)
    run = _work(now)

    def found():
        run.refresh_from_db()
        rows = GoalResult.objects.order_by("goal", "scope").values_list("goal", "scope", "agree")
        return run.method, list(rows)

    first = found()
    AnalysisShard.objects.update(status=RunStatus.QUEUED, attempts=0)
    AnalysisRun.objects.update(status=RunStatus.QUEUED)
    _work(now)
    assert found() == first


def test_sums_of_other_ballots_are_not_used(ballots, open_round, now, small_shards):
    make_closed(open_round)
    for _step in range(5):
        run_next_shard(clock=lambda: now)
    ballots[0].delete()
    run = _work(now)
    assert run.status == RunStatus.DONE
    assert run.method["opinions"] == _as_before(ballots[1:])[0]


@pytest.fixture
def read_ranges(monkeypatch) -> list[str]:
    """The ranges whose sums were counted from ballots."""
    found: list[str] = []
    real = votes._read
    monkeypatch.setattr(
        votes, "_read", lambda round_, voters: found.append(voters) or real(round_, voters)
    )
    return found


def _second_run(round_, at) -> AnalysisRun:
    ConsultationRound.objects.update(status="open", closes_at=at + timedelta(days=1))
    make_contribution(round_, at=at, text="Das wurde erst später bekannt.")
    ConsultationRound.objects.update(status="closed", closes_at=at)
    run = queue_run(round_=round_, at=at, extends=AnalysisRun.objects.get())
    while run_next_shard(clock=lambda: at):
        pass
    run.refresh_from_db()
    return run


def test_a_later_run_takes_over_the_sums_of_ranges_whose_ballots_are_the_same(
    ballots, open_round, now, small_shards, read_ranges
):
    closed = make_closed(open_round)
    first = _work(now)
    reading = len(read_ranges)
    changed, ranges = ballots[0], voter_ranges(closed)
    Ballot.objects.filter(pk=changed.pk).update(
        choice="disagree" if changed.choice == "agree" else "agree"
    )
    second = _second_run(closed, now)
    assert second.status == RunStatus.DONE
    # Five by the last step, which places people, and one by a step of its own.
    assert len(read_ranges) - reading == len(ranges) + 1
    (own,) = (r for r in ranges if r.split("-")[0] <= changed.voter and
              (r.endswith("-100") or changed.voter < r.split("-")[1]))  # fmt: skip
    assert read_ranges[reading] == own
    assert second.method["opinions"] == _as_before(list(Ballot.objects.all()))[0]
    sums = {
        run.pk: dict(run.shards.filter(step=Step.VOTES).values_list("voters", "result__digest"))
        for run in (first, second)
    }
    different = [v for v in ranges if sums[first.pk][v] != sums[second.pk][v]]
    assert different == [own]


def test_a_goal_that_has_lost_its_last_ballot_makes_all_sums_new(
    ballots, open_round, now, small_shards, read_ranges
):
    closed = make_closed(open_round)
    _work(now)
    Ballot.objects.filter(goal=ballots[0].goal_id).delete()
    second = _second_run(closed, now)
    assert second.status == RunStatus.DONE
    assert second.method["opinions"] == _as_before(list(Ballot.objects.all()))[0]


def test_a_run_of_before_has_no_such_steps_and_counts_all_the_same(ballots, open_round, now):
    make_closed(open_round)
    AnalysisShard.objects.filter(step=Step.VOTES).delete()
    assert _work(now).method["opinions"] == _as_before(ballots)[0]


def test_the_plane_names_goals_and_no_person(ballots, open_round, now):
    closed = make_closed(open_round)
    assert opinion_plane(closed) == {}
    _work(now)
    plane = opinion_plane(closed)
    assert set(plane) == {str(ballot.goal_id) for ballot in ballots}
    assert all(len(row) == 3 for row in plane.values())
