"""The ballots of a closed round: summed in shards of voters, joined, counted by goal.

Workers read the ballots, nobody else does before they are counted. A shard is a range of the
voters' hashes; its sums hold no voter.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat

from consult.contributions.models import Ballot
from consult.contributions.states import Choice
from consult.evaluation.models import AnalysisRun, AnalysisShard, GoalResult
from consult.evaluation.states import Step
from consult.rounds.models import ConsultationRound
from drafts.concept.snapshots import content_hash
from workers.analysis.opinion_map import opinion_map
from workers.analysis.opinions import Opinions
from workers.analysis.planes import Matrix, VoteSums, principal_plane, vote_sums
from workers.analysis.tallies import (
    input_hash,
    join,
    opinions_on,
    pack,
    plane_as_json,
    read_ballots,
    unpack,
)

BALLOTS_A_SHARD = 100_000
PREFIXES = 256  # of two hexadecimal digits
ROWS_AT_ONCE = 20_000
EVERYBODY = "00-100"
VOTE = {Choice.AGREE: 1, Choice.DISAGREE: -1, Choice.PASS: 0}


def voter_ranges(round_: ConsultationRound) -> list[str]:
    """Ranges of voters, each of about as many ballots; none where nobody has voted."""
    shards = min(-(-_ballots(round_).count() // BALLOTS_A_SHARD), PREFIXES)
    edges = [PREFIXES * number // shards for number in range(shards + 1)] if shards else []
    return [f"{first:02x}-{end:02x}" for first, end in pairwise(edges)]


def sum_votes(shard: AnalysisShard) -> None:
    """Store on the row what its range of voters adds to the plane, and what it was made of.

    The sums stay good as long as the range has these ballots (`input`, `digest`). What an earlier
    run of the round has counted of the same ballots is taken over without reading them.
    """
    digest = _digest(shard.run.round, shard.voters)
    counted = AnalysisShard.objects.filter(
        run__round=shard.run.round, voters=shard.voters, result__digest=digest
    )
    if (before := counted.exclude(pk=shard.pk).order_by("pk").last()) is not None:
        shard.sums, shard.result = before.sums, before.result
        return
    matrix = _read(shard.run.round, shard.voters)
    shard.sums = pack(vote_sums(matrix))
    shard.result = {
        "input": input_hash(matrix), "digest": digest, "ballots": int(matrix.seen.nnz),
    }  # fmt: skip


def write_goal_results(run: AnalysisRun) -> dict[str, Any]:
    """Join the sums, count by goal, class and opinion group; return what the run keeps of it.

    That is `opinions`, how the groups were found with their map, and `plane`, from which people
    can learn their own place.
    """
    matrix, sums = _joined(run)
    plane = principal_plane(sums)
    found = opinions_on(matrix, plane)
    run.goal_results.all().delete()
    GoalResult.objects.bulk_create(
        [*_results_of_all(run, found), *_results_of_classes(run), *_results_of_groups(run, found)]
    )
    return {"opinions": _method(found), "plane": plane_as_json(plane, matrix.statements)}


def _ballots(round_: ConsultationRound) -> QuerySet[Ballot]:
    return Ballot.objects.filter(round=round_).order_by()


def _goals(round_: ConsultationRound) -> list[str]:
    goals = sorted(_ballots(round_).values_list("goal_id", flat=True).distinct())
    return [str(goal) for goal in goals]


def _digest(round_: ConsultationRound, voters: str) -> str:
    """A hash over the goals of a round and the ballots of a range, computed by the database."""
    line = Concat("voter", Value(" "), Cast("goal_id", CharField()), Value(" "), "choice")
    lines = StringAgg(line, delimiter="\n", order_by=("voter", "goal_id"), default=Value(""))
    counted = _in_range(round_, voters).aggregate(digest=MD5(lines))
    return content_hash([_goals(round_), counted["digest"]])


def _read(round_: ConsultationRound, voters: str) -> Matrix:
    ballots = _in_range(round_, voters).values_list("voter", "goal_id", "choice")
    rows = ballots.iterator(chunk_size=ROWS_AT_ONCE)
    return read_ballots(
        ((voter, str(goal), VOTE[Choice(choice)]) for voter, goal, choice in rows), _goals(round_)
    )


def _in_range(round_: ConsultationRound, voters: str) -> QuerySet[Ballot]:
    first, end = voters.split("-")
    ballots = _ballots(round_)
    if int(first, 16):
        ballots = ballots.filter(voter__gte=first)
    if int(end, 16) < PREFIXES:
        ballots = ballots.filter(voter__lt=end)
    return ballots


def _joined(run: AnalysisRun) -> tuple[Matrix, VoteSums]:
    """All votes, and the sums that the steps have made of them."""
    shards = list(run.shards.filter(step=Step.VOTES).order_by("voters"))
    if not shards:
        whole = _read(run.round, EVERYBODY)
        return whole, vote_sums(whole)
    parts = [_read(run.round, shard.voters) for shard in shards]
    first, *others = (_sums(shard, part) for shard, part in zip(shards, parts, strict=True))
    return join(parts), sum(others, first)


def _sums(shard: AnalysisShard, ballots: Matrix) -> VoteSums:
    if shard.result["input"] != input_hash(ballots):
        return vote_sums(ballots)
    return unpack(bytes(shard.sums), len(ballots.statements))


def _results_of_all(run: AnalysisRun, found: Opinions) -> Iterator[GoalResult]:
    for row in found.statements:
        yield GoalResult(
            run=run, goal_id=int(row.statement), scope="total", agree=row.agree,
            disagree=row.disagree, passed=row.passed, consensus=row.group_aware_consensus,
        )  # fmt: skip


def _results_of_classes(run: AnalysisRun) -> Iterator[GoalResult]:
    counts: dict[tuple[int, str], Counter[str]] = {}
    counted = _ballots(run.round).values_list("goal_id", "verification_class", "choice")
    for goal, known, choice, number in counted.annotate(number=Count("pk")):
        counts.setdefault((goal, known), Counter())[choice] = number
    for (goal, known), number in sorted(counts.items()):
        yield GoalResult(
            run=run, goal_id=goal, scope=f"class:{known}", agree=number[Choice.AGREE],
            disagree=number[Choice.DISAGREE], passed=number[Choice.PASS],
        )  # fmt: skip


def _results_of_groups(run: AnalysisRun, found: Opinions) -> Iterator[GoalResult]:
    for row in found.statements:
        for name, said in row.by_group.items():
            if said["seen"]:
                yield GoalResult(
                    run=run, goal_id=int(row.statement), scope=f"group:{name}",
                    agree=said["agree"], disagree=said["disagree"],
                    passed=said["seen"] - said["agree"] - said["disagree"],
                )  # fmt: skip


def _method(found: Opinions) -> dict[str, Any]:
    sizes = Counter(found.groups.values())
    return {
        **found.method,
        "k": found.k,
        "sizes": dict(sorted(sizes.items())),
        "map": opinion_map(found.coordinates, found.groups).as_json(),
        "typical": {
            name: [int(row.statement) for row in found.statements if name in row.representative_for]
            for name in sorted(sizes)
        },
    }
