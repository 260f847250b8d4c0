"""Which goals are contested: a rule that is published before a round opens.

A goal is contested if at least a third of those who agreed or disagreed disagreed, or if in one of
the opinion groups not more people agreed than disagreed. "Don't know" counts for neither.
Goals and groups with fewer than ten such votes give no verdict, so that none of the ten can be
guessed from it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Prefetch, prefetch_related_objects

from consult.contributions.models import Contribution, ContributionTranslation
from consult.contributions.states import Stance
from consult.evaluation.disclosure import SMALLEST_CELL, PublicTable, Tally, public_table
from consult.evaluation.models import GoalResult, Summary
from consult.evaluation.selectors import goal_results_of
from consult.evaluation.states import SummaryStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.editions.models import Edition

CONTESTED_FROM = Fraction(1, 3)
GROUP = "group:"
CLASS = "class:"


SIDES = (Stance.SUPPORT, Stance.CONCERN)


@dataclass(frozen=True)
class Verdict:
    """What the votes of a closed round say about a goal.

    `table` holds what may be shown by opinion group, `classes` by verification class.
    """

    round: ConsultationRound
    wid: str
    is_contested: bool
    table: PublicTable
    classes: PublicTable


def rounds_on(edition: Edition) -> list[ConsultationRound]:
    """The rounds on this edition and the ones before it that are open or closed, in the order in
    which they close."""
    return list(
        ConsultationRound.objects.filter(
            edition__concept=edition.concept_id,
            edition__number__lte=edition.number,
            status__in=TALLIES_READABLE | {RoundStatus.OPEN},
        )
        .select_related("edition")
        .order_by("closes_at")
    )


def heard_rounds(edition: Edition) -> list[ConsultationRound]:
    """Those of them that are closed, oldest first."""
    return [row for row in rounds_on(edition) if row.status in TALLIES_READABLE]


def verdicts(rounds: Iterable[ConsultationRound]) -> dict[str, Verdict]:
    """The verdict on each goal by its key; where several rounds voted on it, the latest counts."""
    found: dict[str, Verdict] = {}
    rounds = list(rounds)
    results = goal_results_of(rounds)
    for round_ in rounds:
        for scopes in results[round_.pk].values():
            verdict = _verdict(round_, scopes)
            if verdict is not None:
                found[verdict.wid] = verdict
    return found


def is_contested(total: Tally, groups: Iterable[Tally]) -> bool:
    """Apply the rule to a total and the groups in it."""
    return _share_against(total) >= CONTESTED_FROM or any(
        group.agree <= group.disagree for group in groups if _decided(group) >= SMALLEST_CELL
    )


def both_sides(
    rounds: Iterable[ConsultationRound], wids: Iterable[str]
) -> dict[str, dict[str, Contribution]]:
    """One contribution that agrees and one with concerns for each goal, by key and stance.

    Words that a person released as a quote come first, then a lot decides: the hash of the
    number, so that nobody picks and everybody sees the same. The words are in `comment_row`, what
    a service made of them in other languages in `translations`.
    """
    rounds = list(rounds)
    quoted = _quoted(rounds)
    written = (
        Contribution.objects.published()
        .filter(round__in=rounds, target_wid__in=wids, stance__in=SIDES, comment_row__level=0)
        .select_related("comment_row")
    )
    sides: dict[str, dict[str, Contribution]] = defaultdict(dict)
    for found in sorted(written, key=lambda row: (row.ref not in quoted, _lot(row.ref))):
        sides[found.target_wid].setdefault(found.stance, found)
    chosen = [found for side in sides.values() for found in side.values()]
    made = ContributionTranslation.objects.filter(made_at__isnull=False)
    prefetch_related_objects(chosen, Prefetch("translations", made))
    return sides


def _quoted(rounds: list[ConsultationRound]) -> set[str]:
    released = Summary.objects.filter(theme__round__in=rounds, status=SummaryStatus.RELEASED)
    return {
        quote["ref"] for quotes in released.values_list("quotes", flat=True) for quote in quotes
    }


def _lot(ref: str) -> str:
    return hashlib.sha256(ref.encode()).hexdigest()


def _verdict(round_: ConsultationRound, scopes: dict[str, GoalResult]) -> Verdict | None:
    row = scopes.get("total")
    if row is None or _decided(_tally(row)) < SMALLEST_CELL:
        return None
    groups = _parts(scopes, GROUP)
    return Verdict(
        round=round_,
        wid=row.goal.wid,
        is_contested=is_contested(_tally(row), groups.values()),
        table=public_table(_tally(row), groups),
        classes=public_table(_tally(row), _parts(scopes, CLASS)),
    )


def _parts(scopes: dict[str, GoalResult], kind: str) -> dict[str, Tally]:
    return {
        name.removeprefix(kind): _tally(found)
        for name, found in sorted(scopes.items())
        if name.startswith(kind)
    }


def _tally(row: GoalResult) -> Tally:
    return Tally(row.agree, row.disagree, row.passed)


def _decided(tally: Tally) -> int:
    return tally.agree + tally.disagree


def _share_against(tally: Tally) -> Fraction:
    return Fraction(tally.disagree, _decided(tally)) if _decided(tally) else Fraction(0)
