"""Closing and answering a round: the ledger is stored, the evaluation is queued."""

from datetime import datetime

from django.db import transaction

from consult.contributions.services.commenting import end_links_early
from consult.contributions.services.voting import key_path
from consult.evaluation.models import LedgerEntry
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import ledger_sums, unanswered_themes, unassigned
from consult.evaluation.services.analysis import queue_run
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_run_rounds
from consult.rounds.services import NotPermitted, RoundStepRefused, set_round_status
from consult.rounds.states import RoundStatus
from drafts.editions.services import seal_edition


class RoundNotAnswered(Exception):
    """Something is still unsettled; `obstacles` are (code, number) pairs."""

    def __init__(self, obstacles: list[tuple[str, int]]):
        super().__init__(str(obstacles))
        self.obstacles = obstacles


@transaction.atomic
def close_round(*, round_: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    """Close the round for good, store its ledger, seal its edition, queue the evaluation.

    `actor` is None when the clock closes it. A person may close it early only by a role. Texts in
    review never keep a round open. Raises NotPermitted or RoundStepRefused.
    """
    if actor is not None and not may_run_rounds(actor):
        raise NotPermitted
    if actor is None and at < round_.closes_at:
        raise RoundStepRefused("window_runs")
    closed = set_round_status(round_=round_, status=RoundStatus.CLOSED, actor=actor)
    if at < closed.closes_at:
        closed.closes_at = at
        closed.save(update_fields=["closes_at"])
        end_links_early(round_=closed)
    seal_edition(edition=closed.edition, actor=actor, at=at)
    store_ledger(round_=closed, occasion="closing", at=at)
    queue_run(round_=closed, at=at)
    return closed


@transaction.atomic
def answer_round(*, round_: ConsultationRound, actor, at: datetime) -> ConsultationRound:
    """Declare a round answered once nothing is in review, unassigned or without an answer.

    Raises RoundNotAnswered with what is missing.
    """
    if not may_evaluate(actor, round_):
        raise NotPermitted
    obstacles = [
        ("in_review", ledger_sums(round_)["in_review"]),
        ("unassigned", unassigned(round_).count()),
        ("unanswered", unanswered_themes(round_).count()),
    ]
    missing = [(code, number) for code, number in obstacles if number]
    if missing:
        raise RoundNotAnswered(missing)
    store_ledger(round_=round_, occasion="answering", at=at)
    return set_round_status(round_=round_, status=RoundStatus.ANSWERED, actor=actor)


def store_ledger(*, round_: ConsultationRound, occasion: str, at: datetime) -> LedgerEntry:
    """Keep the sums as they are now; they add up or the database refuses them."""
    return LedgerEntry.objects.create(round=round_, occasion=occasion, at=at, **ledger_sums(round_))


def ballots_can_be_linked(round_: ConsultationRound) -> bool:
    """Whether the round's key still exists; the round's page says so openly."""
    return key_path(round_).exists()
