"""What runs have found: proposals for the workshop, results of votes once a round is closed."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    AnalysisShard,
    Assignment,
    GoalResult,
    ProposalMember,
    ThemeProposal,
)
from consult.evaluation.selectors.themes import settled_proposals, unassigned
from consult.evaluation.states import RunStatus, Step
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE


def latest_run(round_: ConsultationRound) -> AnalysisRun | None:
    """The newest evaluation of a round, whatever its state."""
    return AnalysisRun.objects.filter(round=round_).order_by("-queued_at", "-pk").first()


def latest_done_run(round_: ConsultationRound) -> AnalysisRun | None:
    """The newest evaluation of a round that is finished."""
    done = AnalysisRun.objects.filter(round=round_, status=RunStatus.DONE)
    return done.order_by("-queued_at", "-pk").first()


def steps_are_due() -> bool:
    """Whether a step of any run waits for a worker or is with one."""
    unfinished = [RunStatus.QUEUED, RunStatus.RUNNING]
    return AnalysisShard.objects.filter(status__in=unfinished).exists()


def progress(run: AnalysisRun) -> dict[str, int]:
    """How many steps of a run are done: {done, total}."""
    states = Counter(run.shards.values_list("status", flat=True))
    return {"done": states[RunStatus.DONE], "total": sum(states.values())}


def progress_by_step(run: AnalysisRun) -> dict[Step, dict[str, int]]:
    """How many steps of each kind are done, kind by kind: {done, total}."""
    rows = run.shards.values("step").annotate(
        total=Count("pk"), done=Count("pk", filter=Q(status=RunStatus.DONE))
    )
    found = {row["step"]: {"done": row["done"], "total": row["total"]} for row in rows}
    return {step: found[step] for step in Step if step in found}


def open_proposals(round_: ConsultationRound) -> QuerySet[ThemeProposal]:
    """What the newest finished run proposes and nobody has settled. For the workshop only."""
    return (
        ThemeProposal.objects.filter(run=latest_done_run(round_), dismissed_at=None)
        .exclude(pk__in=settled_proposals(round_))
        .annotate(size=Count("members"))
        .order_by("position")
    )


def doubtful_places(round_: ConsultationRound) -> QuerySet[ProposalMember]:
    """Where the program doubts what it proposed last, most doubtful first. For the workshop only.

    A contribution that a person has put elsewhere is in no doubt any more; one whose proposal was
    confirmed as it was still is.
    """
    done = ProposalMember.objects.filter(run__round=round_, run__status=RunStatus.DONE)
    later = done.filter(contribution=OuterRef("contribution"), run__gt=OuterRef("run"))
    elsewhere = Assignment.objects.filter(
        contribution=OuterRef("contribution"), is_current=True
    ).exclude(theme__from_proposal=OuterRef("proposal"))
    return (
        done.exclude(doubt="")
        .filter(contribution__status=Visibility.PUBLISHED, proposal__dismissed_at=None)
        .filter(~Exists(later), ~Exists(elsewhere))
        .order_by("-doubt_strength", "contribution")
    )


def doubtful_contributions(round_: ConsultationRound) -> QuerySet[Contribution]:
    """The contributions at these places in the same order."""
    places = doubtful_places(round_)
    own = places.filter(contribution=OuterRef("pk")).values("doubt_strength")
    return (
        Contribution.objects.published()
        .filter(pk__in=places.order_by().values("contribution"))
        .annotate(doubt_strength=Subquery(own[:1]))
        .order_by("-doubt_strength", "pk")
    )


def left_out_of_analysis(round_: ConsultationRound) -> QuerySet[Contribution]:
    """Contributions without a theme that no run has made a proposal for."""
    proposed = ProposalMember.objects.filter(run__round=round_)
    return unassigned(round_).exclude(pk__in=proposed.values("contribution"))


def goal_results(round_: ConsultationRound) -> dict[int, dict[str, GoalResult]]:
    """Results by goal pk and scope; empty before the round is closed. No cell is under ten."""
    return goal_results_of([round_])[round_.pk]


def goal_results_of(
    rounds: Iterable[ConsultationRound],
) -> dict[int, dict[int, dict[str, GoalResult]]]:
    """The same of several rounds by their key, in one query."""
    readable = [row.pk for row in rounds if row.status in TALLIES_READABLE]
    runs = AnalysisRun.objects.filter(round__in=readable, status=RunStatus.DONE)
    latest = runs.order_by("round", "-queued_at", "-pk").distinct("round")
    found: dict[int, dict[int, dict[str, GoalResult]]] = defaultdict(lambda: defaultdict(dict))
    rows = GoalResult.objects.filter(run__in=latest.values("pk")).select_related("goal")
    for row in rows.annotate(round_id=F("run__round_id")):
        found[row.round_id][row.goal_id][row.scope] = row
    return found


def opinion_method(round_: ConsultationRound) -> dict[str, Any]:
    """How the opinion groups of a closed round were found, with their map; empty before."""
    if round_.status not in TALLIES_READABLE:
        return {}
    run = latest_done_run(round_)
    return run.method.get("opinions", {}) if run else {}


def opinion_plane(round_: ConsultationRound) -> dict[str, list[float]]:
    """Mean vote and directions of each goal on the map of a closed round; empty before."""
    if round_.status not in TALLIES_READABLE:
        return {}
    run = latest_done_run(round_)
    return run.method.get("plane", {}) if run else {}
