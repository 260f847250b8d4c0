"""Runs of the analysis: rows are the jobs, each is done once, and a failure is told."""

from collections import Counter
from datetime import timedelta

import pytest

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.confirming import GUEST_HOURS_AFTER_CLOSE
from consult.contributions.services.voting import cast_vote
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    GoalResult,
    ProposalMember,
    ThemeProposal,
)
from consult.evaluation.selectors import progress
from consult.evaluation.services.analysis import (
    ATTEMPTS,
    RunStepRefused,
    _set_status,
    queue_follow_up_runs,
    queue_run,
    retry_run,
    run_next_shard,
)
from consult.evaluation.services.themes import make_single_voice
from consult.evaluation.states import RUN_TRANSITIONS, RunStatus, Step
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written

TEXTS = [
    "Deutschkurse am Abend mit Kinderbetreuung fehlen in unserem Viertel.",
    "Abends gibt es keinen Deutschkurs, bei dem die Kinder betreut werden.",
    "Der Nachtbus fährt nicht bis zur Siedlung am Wald.",
]


@pytest.mark.parametrize("model", [AnalysisRun, AnalysisShard])
@pytest.mark.parametrize("before", RunStatus)
def test_run_and_step_take_only_the_steps_of_the_table(before, model, subtests):
    for after in RunStatus:
        with subtests.test(after=after):
            job = model(status=before)
            if (before, after) in RUN_TRANSITIONS:
                _set_status(job, after)
                assert job.status == after
            else:
                with pytest.raises(RunStepRefused):
                    _set_status(job, after)
                assert job.status == before


@pytest.fixture
def closed(db, now):
    """A closed round with three comments in each of two sections."""
    edition = make_edition(make_concept(sections=2), at=now - timedelta(days=1))
    round_ = make_open_round(at=now, edition=edition)
    for section in edition.sections.order_by("position"):
        for text in TEXTS:
            make_contribution(round_, at=now, text=text, section_wid=section.wid)
    return make_closed(round_)


@pytest.fixture
def run(closed) -> AnalysisRun:
    return AnalysisRun.objects.get()


def _work(at) -> None:
    while run_next_shard(clock=lambda: at):
        pass


def test_closing_writes_a_step_for_each_section_and_one_for_all(run):
    assert Counter(run.shards.values_list("step", flat=True)) == {Step.SECTION: 2, Step.REDUCE: 1}
    assert progress(run) == {"done": 0, "total": 3}


def test_every_contribution_is_in_exactly_one_proposal(run, now):
    _work(now)
    run.refresh_from_db()
    assert (run.status, run.error, run.attempts) == (RunStatus.DONE, "", 1)
    assert progress(run) == {"done": 3, "total": 3}
    placed = Counter(ProposalMember.objects.values_list("contribution__ref", flat=True))
    assert placed == Counter(Contribution.objects.values_list("ref", flat=True))
    assert not run_next_shard(clock=lambda: now)


def test_the_step_for_all_waits_for_every_section(run, now):
    for _section in range(2):
        assert AnalysisShard.objects.get(step=Step.REDUCE).status == RunStatus.QUEUED
        run_next_shard(clock=lambda: now)
    run_next_shard(clock=lambda: now)
    assert AnalysisShard.objects.get(step=Step.REDUCE).status == RunStatus.DONE


def test_the_same_input_is_not_analysed_twice(run, closed, now):
    _work(now)
    with nothing_written():
        assert queue_run(round_=closed, at=now + timedelta(hours=1)) == run
        _work(now)


def test_another_run_proposes_only_what_nobody_has_assigned(closed, now):
    _work(now)
    chosen = Contribution.objects.order_by("pk").first()
    actor = make_staff(Role.COORDINATION)
    make_single_voice(contribution=chosen, title="Kurse", actor=actor, at=now)
    again = queue_run(round_=closed, at=now)
    _work(now)
    refs = set(ProposalMember.objects.filter(run=again).values_list("contribution__ref", flat=True))
    assert refs == set(Contribution.objects.exclude(pk=chosen.pk).values_list("ref", flat=True))


@pytest.fixture
def late(db, now):
    """A closed round and the links of two guests who have not confirmed yet."""
    round_ = make_open_round(at=now)
    for text in TEXTS:
        make_contribution(round_, at=now, text=text)
    tokens = [
        submit_as_guest(
            place=find_place(round_.edition, round_.edition.sections.get().wid),
            words=Words(text=f"Der Nachtbus {number} soll bis zum Wald fahren.", stance="idea"),
            email=f"gast{number}@example.org",
            language="de",
            at=now,
        )
        for number in range(2)
    ]
    return make_closed(round_), tokens


def test_what_guests_confirm_after_closing_is_analysed_without_anybody_asking(late):
    closed, tokens = late
    end = closed.closes_at
    _work(end)
    chosen = Contribution.objects.order_by("pk").first()
    actor = make_staff(Role.COORDINATION)
    theme = make_single_voice(contribution=chosen, title="Kurse", actor=actor, at=end)
    confirmed = confirm_submission(token=tokens[0], at=end + timedelta(hours=1)).contribution
    with nothing_written():
        queue_follow_up_runs(at=end + timedelta(hours=2))  # the other guest may still confirm

    last_moment = end + timedelta(hours=GUEST_HOURS_AFTER_CLOSE)
    [run] = queue_follow_up_runs(at=last_moment)
    with nothing_written():
        queue_follow_up_runs(at=last_moment)  # one run at a time
    _work(last_moment)

    refs = set(ProposalMember.objects.filter(run=run).values_list("contribution__ref", flat=True))
    assert confirmed.ref in refs
    assert chosen.ref not in refs
    assert theme.assignments.get(is_current=True).contribution == chosen
    with nothing_written():
        queue_follow_up_runs(at=last_moment)


def test_when_the_last_guest_has_confirmed_nobody_waits(late):
    closed, tokens = late
    _work(closed.closes_at)
    for token in tokens:
        confirm_submission(token=token, at=closed.closes_at)
    assert len(queue_follow_up_runs(at=closed.closes_at)) == 1


def test_a_held_text_is_waited_for_until_its_decision_is_overdue(late):
    closed, tokens = late
    _work(closed.closes_at)
    for token in tokens:
        held = confirm_submission(token=token, at=closed.closes_at).contribution
    due = closed.closes_at + timedelta(hours=12)
    Contribution.objects.filter(pk=held.pk).update(status="held", decide_by=due)
    with nothing_written():
        queue_follow_up_runs(at=due - timedelta(minutes=1))
    assert len(queue_follow_up_runs(at=due)) == 1


def test_nothing_follows_a_run_that_took_all(closed, now):
    with nothing_written():
        queue_follow_up_runs(at=now)  # it is not done yet
    _work(now)
    with nothing_written():
        queue_follow_up_runs(at=now)


def test_hidden_texts_are_no_input(closed, now):
    Contribution.objects.order_by("pk").update(status="hidden")
    run = queue_run(round_=closed, at=now)
    _work(now)
    assert not ProposalMember.objects.filter(run=run).exists()


# --- failing and trying again ------------------------------------------------------------------


@pytest.fixture
def broken(run) -> AnalysisRun:
    """A run with a contribution whose section is in no edition."""
    last = Contribution.objects.order_by("pk").last()
    AnalysisShard.objects.filter(section_wid=last.section_wid).update(section_wid="lost")
    Contribution.objects.filter(pk=last.pk).update(section_wid="lost")
    return run


def _repair() -> None:
    wid = Contribution.objects.exclude(section_wid="lost").last().section_wid
    Contribution.objects.filter(section_wid="lost").update(section_wid=wid)


def test_a_step_that_fails_is_tried_again_then_the_run_says_why(broken, now):
    _work(now)
    broken.refresh_from_db()
    assert broken.status == RunStatus.FAILED
    assert "lost" in broken.error
    assert broken.finished_at == now
    shard = AnalysisShard.objects.get(section_wid="lost")
    assert (shard.status, shard.attempts) == (RunStatus.FAILED, ATTEMPTS)
    assert not ThemeProposal.objects.exists()


def test_what_failed_can_be_retried_and_only_that(broken, now):
    _work(now)
    _repair()
    done = AnalysisShard.objects.get(status=RunStatus.DONE)
    retry_run(run=broken, actor=make_staff(Role.COORDINATION))
    _work(now)
    broken.refresh_from_db()
    assert (broken.status, broken.error) == (RunStatus.DONE, "")
    assert ProposalMember.objects.count() == Contribution.objects.count()
    attempts, done.attempts = done.attempts, AnalysisShard.objects.get(pk=done.pk).attempts
    assert attempts == done.attempts


def test_only_a_failed_run_is_retried_and_only_by_coordination(run, now, subtests):
    for status in RunStatus:
        AnalysisRun.objects.update(status=status)
        with subtests.test(status=status):
            with nothing_written(), pytest.raises(NotPermitted):
                retry_run(run=run, actor=make_staff(Role.MODERATION))
            if status != RunStatus.FAILED:
                with nothing_written(), pytest.raises(RunStepRefused):
                    retry_run(run=run, actor=make_staff(Role.COORDINATION))


def test_a_step_in_which_the_worker_died_again_and_again_fails(run, now):
    AnalysisShard.objects.filter(step=Step.SECTION).update(
        status=RunStatus.RUNNING, attempts=ATTEMPTS, claimed_at=now
    )
    AnalysisRun.objects.update(status=RunStatus.RUNNING)
    _work(now + timedelta(minutes=1))
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert "died" in run.error


def test_a_step_that_was_claimed_just_now_is_left_to_its_worker(run, now):
    AnalysisShard.objects.update(status=RunStatus.RUNNING, attempts=1, claimed_at=now)
    with nothing_written():
        assert not run_next_shard(clock=lambda: now + timedelta(seconds=1))
    assert run_next_shard(clock=lambda: now + timedelta(seconds=10))
    assert AnalysisShard.objects.filter(status=RunStatus.DONE).count() == 1


# --- votes -------------------------------------------------------------------------------------


def test_goal_results_are_the_recount_of_the_ballots(db, now):
    round_ = make_open_round(at=now)
    goal = round_.edition.goals.get()
    for number, choice in enumerate(["agree"] * 5 + ["disagree"] * 3 + ["pass"] * 2):
        voter = make_resident(residence_at=now if number % 2 else None)
        cast_vote(goal=goal, participant=voter, choice=choice, at=now)
    make_closed(round_)
    _work(now)
    rows = {row.scope: (row.agree, row.disagree, row.passed) for row in GoalResult.objects.all()}
    classes = [row for scope, row in rows.items() if scope.startswith("class:")]
    assert rows["total"] == (5, 3, 2)
    assert len(classes) == 2
    assert tuple(map(sum, zip(*classes, strict=True))) == rows["total"]
