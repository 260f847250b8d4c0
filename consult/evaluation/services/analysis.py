"""Runs of the analysis: rows are the jobs, any number of workers claims them.

A shard is claimed in two steps. First it is marked as running, so that progress can be seen; then
its row stays locked while the worker computes. A worker that is killed loses its lock at once, and
the next one finds a running shard that nobody holds. Results, status and proposals are written
in the transaction that holds the lock: all of it or nothing, once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from consult.contributions.selectors import unconfirmed_texts, undecided_in_time
from consult.evaluation.models import AnalysisRun, AnalysisShard
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import latest_run, left_out_of_analysis
from consult.evaluation.services.proposals import propose_for_section, write_proposals
from consult.evaluation.services.votes import sum_votes, voter_ranges, write_goal_results
from consult.evaluation.services.words import without_theme, written
from consult.evaluation.states import RUN_TRANSITIONS, RunStatus, Step
from consult.intake.selectors import is_importing
from consult.participants.services import wake_worker
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from drafts.concept.snapshots import content_hash

ATTEMPTS = 3
# Between marking a step as running and locking its row a worker holds nothing for a moment.
CLAIM_SETTLES = timedelta(seconds=5)
JOB = "workers.analyse"


class RunStepRefused(Exception):
    """The run cannot be retried now."""


@transaction.atomic
def queue_run(*, round_, at: datetime, extends: AnalysisRun | None = None) -> AnalysisRun:
    """Write a run over all published contributions that nobody has assigned, and wake workers.

    A run that extends another one looks for the places of late contributions only; otherwise
    themes are proposed anew, section by section. The same input gives the run that exists already
    (invariant 24).
    """
    rows = list(written(without_theme(round_)))
    input_hash = content_hash([[row.ref, row.text] for row in rows])
    run, created = AnalysisRun.objects.get_or_create(
        round=round_, input_hash=input_hash, defaults={"queued_at": at, "extends": extends}
    )
    if created:
        sections = sorted({row.section_wid for row in rows}) if extends is None else []
        AnalysisShard.objects.bulk_create(_steps(run, sections))
        wake_worker(JOB)
    return run


def queue_follow_up_runs(*, at: datetime) -> list[AnalysisRun]:
    """Queue a run for each closed round in which something came in too late for the last one.

    That is what guests confirmed, and what the moderation published, after the round was closed.
    A round waits until no link is open, no decision is due in time and no table is being taken
    over, so that one run takes them all, and until its last run is done. The run extends the last one: what people decided, and
    proposals that gain nobody, stay as they are.
    """
    rounds = ConsultationRound.objects.filter(status=RoundStatus.CLOSED).order_by("pk")
    return [
        queue_run(round_=round_, at=at, extends=last)
        for round_ in rounds
        if (last := _overtaken_run(round_, at)) is not None
    ]


def _overtaken_run(round_: ConsultationRound, at: datetime) -> AnalysisRun | None:
    last = latest_run(round_)
    if last is None or last.status != RunStatus.DONE:
        return None
    if unconfirmed_texts(round_, at) or undecided_in_time(round_, at) or is_importing(round_):
        return None
    return last if left_out_of_analysis(round_).exists() else None


def _steps(run: AnalysisRun, sections: list[str]) -> list[AnalysisShard]:
    at = run.queued_at
    return [
        *(
            AnalysisShard(run=run, step=Step.SECTION, section_wid=wid, queued_at=at)
            for wid in sections
        ),
        *(
            AnalysisShard(run=run, step=Step.VOTES, voters=voters, queued_at=at)
            for voters in voter_ranges(run.round)
        ),
        AnalysisShard(run=run, step=Step.REDUCE, queued_at=at),
    ]


@transaction.atomic
def retry_run(*, run: AnalysisRun, actor) -> AnalysisRun:
    """Queue the failed steps of a run again. Raises NotPermitted or RunStepRefused."""
    if not may_evaluate(actor, run.round):
        raise NotPermitted
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    if run.status != RunStatus.FAILED:
        raise RunStepRefused(f"{run.status} is not failed")
    _set_status(run, RunStatus.QUEUED)
    run.error = ""
    run.save()
    run.shards.filter(status=RunStatus.FAILED).update(status=RunStatus.QUEUED, attempts=0, error="")
    wake_worker(JOB)
    return run


def run_next_shard(*, clock=timezone.now) -> bool:
    """Claim and compute one step that is due; return whether there was one."""
    claim = _claim(clock())
    if claim is None:
        return False
    pk, attempt = claim
    try:
        with transaction.atomic():
            shard = _hold(pk, attempt)
            if shard is not None:
                _compute(shard, clock)
    except Exception as problem:  # noqa: BLE001 - the row says what went wrong
        _give_back(pk, f"{type(problem).__name__}: {problem}", clock())
    return True


@transaction.atomic
def _claim(at: datetime) -> tuple[int, int] | None:
    unfinished = (
        AnalysisShard.objects.filter(run=OuterRef("run"))
        .exclude(step=Step.REDUCE)
        .exclude(status=RunStatus.DONE)
    )
    shard = (
        AnalysisShard.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Q(status=RunStatus.QUEUED)
            | Q(status=RunStatus.RUNNING, claimed_at__lte=at - CLAIM_SETTLES)
        )
        .filter(~Q(step=Step.REDUCE) | ~Exists(unfinished))
        .order_by("queued_at", "pk")
        .first()
    )
    if shard is None:
        return None
    if shard.attempts >= ATTEMPTS:
        _fail(shard, shard.error or "the worker died several times in this step", at)
        return shard.pk, -1
    if shard.status != RunStatus.RUNNING:
        _set_status(shard, RunStatus.RUNNING)
    shard.attempts += 1
    shard.claimed_at = at
    shard.save()
    AnalysisRun.objects.filter(pk=shard.run_id, status=RunStatus.QUEUED).update(
        status=RunStatus.RUNNING, claimed_at=at, attempts=F("attempts") + 1
    )
    return shard.pk, shard.attempts


def _hold(pk: int, attempt: int) -> AnalysisShard | None:
    return (
        AnalysisShard.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("run__round")
        .filter(pk=pk, status=RunStatus.RUNNING, attempts=attempt)
        .first()
    )


def _compute(shard: AnalysisShard, clock) -> None:
    _DEEDS[Step(shard.step)](shard)
    _set_status(shard, RunStatus.DONE)
    shard.error, shard.finished_at = "", clock()
    shard.save()
    wake_worker(JOB)


@transaction.atomic
def _give_back(pk: int, error: str, at: datetime) -> None:
    shard = AnalysisShard.objects.select_for_update().get(pk=pk)
    if shard.attempts >= ATTEMPTS:
        _fail(shard, error, at)
    else:
        _set_status(shard, RunStatus.QUEUED)
        shard.error = error
        shard.save()
        wake_worker(JOB)


def _fail(shard: AnalysisShard, error: str, at: datetime) -> None:
    if shard.status == RunStatus.QUEUED:
        _set_status(shard, RunStatus.RUNNING)
    _set_status(shard, RunStatus.FAILED)
    shard.error, shard.finished_at = error, at
    shard.save()
    run = AnalysisRun.objects.select_for_update().get(pk=shard.run_id)
    if run.status == RunStatus.RUNNING:
        _set_status(run, RunStatus.FAILED)
        run.error, run.finished_at = error, at
        run.save()


def _set_status(job, status: RunStatus) -> None:
    step = (RunStatus(job.status), status)
    if step not in RUN_TRANSITIONS:
        raise RunStepRefused(f"{step[0]} -> {step[1]}")
    job.status = status


def _reduce(shard: AnalysisShard) -> None:
    """Join what the steps have found, write proposals and goal results, finish the run."""
    method = {"themes": write_proposals(shard.run), **write_goal_results(shard.run)}
    run = AnalysisRun.objects.select_for_update().get(pk=shard.run_id)
    run.method = method
    if run.status == RunStatus.QUEUED:
        _set_status(run, RunStatus.RUNNING)
    _set_status(run, RunStatus.DONE)
    run.finished_at = timezone.now()
    run.save()


_DEEDS: dict[Step, Callable[[AnalysisShard], None]] = {
    Step.SECTION: propose_for_section,
    Step.VOTES: sum_votes,
    Step.REDUCE: _reduce,
}
