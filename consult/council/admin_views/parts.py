"""What the page of a paper says beside its items and route: finances, earlier resolutions, files."""

from collections import defaultdict
from typing import Any

from django.utils.formats import number_format

from consult.council.finance import Sums, differs, statement_of, sums_of
from consult.council.models import FinanceStatement, Paper, ProceduralMotion
from consult.council.predicates import may_prepare_papers, may_record_decisions
from consult.council.selectors import standing_decisions
from consult.council.states import REROUTABLE, ROUTABLE, DecisionStatus, PaperStatus
from drafts.editions.documents import posts_word


def paper_parts(paper: Paper, user) -> dict[str, Any]:
    """The parts and what this person may do with them."""
    statement, sums = statement_of(paper), sums_of(paper.edition)
    return {
        "annexes": list(paper.annexes.select_related("file")),
        "may_annex": may_prepare_papers(user) and paper.status in ROUTABLE,
        "may_take_back": may_prepare_papers(user),
        "priors": list(paper.prior_resolutions.all()),
        "statement": statement,
        "written": _amounts(statement) if statement else None,
        "counted": _amounts(sums),
        "sums": sums,
        "sums_differ": statement is not None and differs(statement, sums),
        "may_close": may_record_decisions(user) and _is_through(paper),
    }


def _amounts(costs: FinanceStatement | Sums) -> dict[str, str]:
    """One-off and yearly costs and posts in words; empty where nobody has estimated them."""
    return {
        "one_off": _number(costs.one_off),
        "yearly": _number(costs.yearly),
        "posts": "" if costs.posts is None else posts_word(costs.posts),
    }


def _number(amount: int | None) -> str:
    return "" if amount is None else number_format(amount, force_grouping=True)


def procedural_motions(paper: Paper) -> dict[int, list[ProceduralMotion]]:
    """The records that stand, by step."""
    rows: dict[int, list[ProceduralMotion]] = defaultdict(list)
    standing = ProceduralMotion.objects.filter(step__paper=paper, corrected_by_motion=None)
    for motion in standing.select_related("corrects"):
        rows[motion.step_id].append(motion)
    return rows


def _is_through(paper: Paper) -> bool:
    """Whether nobody is to meet any more while items were deferred or sent elsewhere."""
    if paper.status != PaperStatus.SUBMITTED or paper.route.filter(status__in=REROUTABLE).exists():
        return False
    confirmed = standing_decisions(paper).filter(
        step__authoritative=True, status=DecisionStatus.CONFIRMED
    )
    dealt_with = set(confirmed.values_list("item_id", flat=True))
    return dealt_with == set(paper.items.values_list("pk", flat=True))
