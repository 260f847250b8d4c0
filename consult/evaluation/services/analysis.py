"""Runs of the analysis: rows are the jobs, any number of workers claims them.

A shard is claimed in two steps. First it is marked as running, so that progress can be seen; then
its row stays locked while the worker computes. A worker that is killed loses its lock at once, and
the next one finds a running shard that nobody holds. Results, status and proposals are written
in the transaction that holds the lock: all of it or nothing, once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from consult.contributions.models import Ballot, Comment
from consult.contributions.selectors import unconfirmed_texts, undecided_in_time
from consult.contributions.states import Choice, Visibility
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    GoalResult,
    ProposalMember,
    TextVector,
    ThemeProposal,
)
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import latest_run, left_out_of_analysis
from consult.evaluation.states import RUN_TRANSITIONS, RunStatus, Step, ThemeKind
from consult.participants.services import wake_worker
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from drafts.concept.snapshots import content_hash
from drafts.editions.selectors import contents
from workers.analysis.opinion_map import opinion_map
from workers.analysis.opinions import analyse_votes
from workers.analysis.themes import Contribution as Words
from workers.analysis.themes import merge_across, propose_themes, vectors_of

ATTEMPTS = 3
# Between marking a step as running and locking its row a worker holds nothing for a moment.
CLAIM_SETTLES = timedelta(seconds=5)
JOB = "workers.analyse"
VOTE = {Choice.AGREE: 1, Choice.DISAGREE: -1, Choice.PASS: 0}


class RunStepRefused(Exception):
    """The run cannot be retried now."""


@transaction.atomic
def queue_run(*, round_, at: datetime) -> AnalysisRun:
    """Write a run over all published contributions that nobody has assigned, and wake workers.

    The same input gives the run that exists already (invariant 24).
    """
    rows = _input(round_)
    input_hash = content_hash([[row.contribution.ref, row.comment] for row in rows])
    run, created = AnalysisRun.objects.get_or_create(
        round=round_, input_hash=input_hash, defaults={"queued_at": at}
    )
    if created:
        sections = sorted({row.contribution.section_wid for row in rows})
        AnalysisShard.objects.bulk_create(
            [
                *(
                    AnalysisShard(run=run, step=Step.SECTION, section_wid=wid, queued_at=at)
                    for wid in sections
                ),
                AnalysisShard(run=run, step=Step.REDUCE, queued_at=at),
            ]
        )
        wake_worker(JOB)
    return run


def queue_follow_up_runs(*, at: datetime) -> list[AnalysisRun]:
    """Queue a run for each closed round in which something came in too late for the last one.

    That is what guests confirmed, and what the moderation published, after the round was closed.
    A round waits until no link is open and no decision is due in time, so that one run takes them
    all, and until its last run is done. Themes and assignments of people are not touched: a run
    proposes for contributions without a theme.
    """
    rounds = ConsultationRound.objects.filter(status=RoundStatus.CLOSED).order_by("pk")
    return [queue_run(round_=round_, at=at) for round_ in rounds if _needs_a_follow_up(round_, at)]


def _needs_a_follow_up(round_: ConsultationRound, at: datetime) -> bool:
    last = latest_run(round_)
    if last is None or last.status != RunStatus.DONE:
        return False
    if unconfirmed_texts(round_, at) or undecided_in_time(round_, at):
        return False
    return left_out_of_analysis(round_).exists()


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
    unfinished = AnalysisShard.objects.filter(run=OuterRef("run"), step=Step.SECTION).exclude(
        status=RunStatus.DONE
    )
    shard = (
        AnalysisShard.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            Q(status=RunStatus.QUEUED)
            | Q(status=RunStatus.RUNNING, claimed_at__lte=at - CLAIM_SETTLES)
        )
        .filter(Q(step=Step.SECTION) | ~Exists(unfinished))
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
    if shard.step == Step.SECTION:
        shard.result = _propose(shard)
    else:
        _reduce(shard)
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


def _input(round_) -> list[Comment]:
    return list(
        Comment.objects.filter(
            contribution__round=round_, contribution__status=Visibility.PUBLISHED
        )
        .exclude(contribution__assignments__is_current=True)
        .select_related("contribution")
        .order_by("contribution__ref")
    )


class StoredVectors:
    """Sentence vectors as rows, so that a text is computed once for all runs."""

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return what is known of the keys."""
        rows = TextVector.objects.filter(pk__in=keys).values_list("key", "value")
        return {key: bytes(value) for key, value in rows}

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors; another worker may have kept the same ones."""
        TextVector.objects.bulk_create(
            [TextVector(key=key, value=value) for key, value in vectors.items()],
            ignore_conflicts=True,
        )


def words_of(rows: Iterable[Comment], round_) -> list[Words]:
    """Contributions in the form that the analysis reads; people are counted by account."""
    names = {
        entry["wid"]: f"{entry['number']} {entry['title']}".strip()
        for entry in contents(round_.edition)
    }
    return [
        Words(
            id=row.contribution.ref,
            text=row.comment,
            kind=row.contribution.stance,
            language=row.contribution.language,
            section=names[row.contribution.section_wid],
            author=str(row.contribution.participant_id or row.contribution.ref),
        )
        for row in rows
    ]


def _propose(shard: AnalysisShard) -> dict[str, Any]:
    """The members of each theme of one section."""
    rows = [
        row for row in _input(shard.run.round) if row.contribution.section_wid == shard.section_wid
    ]
    words = words_of(rows, shard.run.round)
    found = propose_themes(words, vectors_of(words, StoredVectors()))
    return {"groups": [list(theme.members) for theme in found.themes]}


def _reduce(shard: AnalysisShard) -> None:
    """Join the themes of all sections, write proposals and goal results, finish the run."""
    run = shard.run
    rows = _input(run.round)
    words = words_of(rows, run.round)
    shards = run.shards.filter(step=Step.SECTION).order_by("section_wid")
    groups = [group for found in shards for group in found.result["groups"]]
    themes = merge_across(groups, words, vectors_of(words, StoredVectors())).as_json()
    _write_proposals(run, themes, rows)
    opinions = _write_goal_results(run)
    run = AnalysisRun.objects.select_for_update().get(pk=run.pk)
    run.method = {"themes": themes["method"], "opinions": opinions}
    if run.status == RunStatus.QUEUED:
        _set_status(run, RunStatus.RUNNING)
    _set_status(run, RunStatus.DONE)
    run.finished_at = timezone.now()
    run.save()


def _write_proposals(run: AnalysisRun, result: dict[str, Any], found: list[Comment]) -> None:
    run.proposals.all().delete()
    rows = {row.contribution.ref: row for row in found}
    bundle_of = {
        member: bundle["representative"]
        for bundle in result["bundles"]
        for member in bundle["members"]
    }
    for position, theme in enumerate([*result["themes"], *_single_voices(result, rows)]):
        sections = Counter(rows[ref].contribution.section_wid for ref in theme["members"])
        proposal = ThemeProposal.objects.create(
            run=run,
            key=theme["key"],
            kind=theme.get("kind", ThemeKind.THEME),
            label=theme["label"][:200],
            keywords=theme["keywords"],
            sections=[
                wid for wid, _number in sorted(sections.items(), key=lambda x: (-x[1], x[0]))
            ],
            quotes=[{"ref": quote["id"], "text": quote["text"]} for quote in theme["quotes"]],
            summary=theme["summary"],
            position=position,
        )
        ProposalMember.objects.bulk_create(
            ProposalMember(
                run=run,
                proposal=proposal,
                contribution=rows[ref].contribution,
                bundle=bundle_of.get(ref, ""),
            )
            for ref in theme["members"]
        )


def _single_voices(result, rows) -> list[dict[str, Any]]:
    return [
        {
            "key": f"single:{ref}",
            "kind": ThemeKind.SINGLE_VOICE,
            "label": " ".join(rows[ref].comment.split()[:8]),
            "keywords": [],
            "members": [ref],
            "quotes": [{"id": ref, "text": rows[ref].comment}],
            "summary": [],
        }
        for ref in result["single_voices"]
    ]


def _write_goal_results(run: AnalysisRun) -> dict[str, Any]:
    """Count the ballots by goal, class and opinion group; return how the groups were found."""
    run.goal_results.all().delete()
    ballots = list(
        Ballot.objects.filter(round=run.round).values_list(
            "voter", "goal_id", "choice", "verification_class"
        )
    )
    found = analyse_votes(
        {(voter, str(goal)): VOTE[Choice(choice)] for voter, goal, choice, _known in ballots}
    )
    opinions, groups = found.as_json(), found.groups
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for voter, goal, choice, known in ballots:
        counts[goal, "total"][choice] += 1
        counts[goal, f"class:{known}"][choice] += 1
        if voter in groups:
            counts[goal, f"group:{groups[voter]}"][choice] += 1
    consensus = {row["statement"]: row["group_aware_consensus"] for row in opinions["statements"]}
    GoalResult.objects.bulk_create(
        GoalResult(
            run=run,
            goal_id=goal,
            scope=scope,
            agree=number[Choice.AGREE],
            disagree=number[Choice.DISAGREE],
            passed=number[Choice.PASS],
            consensus=consensus.get(str(goal)) if scope == "total" else None,
        )
        for (goal, scope), number in sorted(counts.items())
    )
    sizes = Counter(groups.values())
    return {
        **opinions["method"],
        "k": opinions["k"],
        "sizes": dict(sorted(sizes.items())),
        "map": opinion_map(found.coordinates, groups).as_json(),
        "typical": {
            name: [int(row.statement) for row in found.statements if name in row.representative_for]
            for name in sorted(sizes)
        },
    }
