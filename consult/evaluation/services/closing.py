"""Closing and answering a round: the ledger is stored, the evaluation is queued.

What changes afterwards (a complaint is granted, a guest confirms, a person is erased) is written
down as a dated correction. The deeds behind it live below this app and know no ledger; the row of
the contribution says since when it is as it is, and a sweep compares the sums.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from consult.contributions.selectors import unconfirmed_texts
from consult.contributions.services.confirming import end_links_early
from consult.contributions.services.voting import key_path
from consult.evaluation.models import LedgerEntry
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import (
    ledger_history,
    ledger_sums,
    open_objections,
    sums_of,
    unanswered_themes,
    unassigned,
)
from consult.evaluation.services.analysis import queue_run
from consult.intake.selectors import not_entered
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_run_rounds
from consult.rounds.services import (
    NotPermitted,
    RoundStepRefused,
    lift_suspension,
    set_round_status,
)
from consult.rounds.states import TALLIES_READABLE, RoundStatus
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
    lift_suspension(round_=closed, actor=actor, at=at)
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
    """Declare a round answered once nothing can come in, is in review, unassigned or unanswered,
    and no author waits because the own point is missing.

    Raises RoundNotAnswered with what is missing.
    """
    if not may_evaluate(actor, round_):
        raise NotPermitted
    obstacles = [
        ("unconfirmed", unconfirmed_texts(round_, at)),
        ("not_entered", not_entered(round_)),
        ("in_review", ledger_sums(round_)["in_review"]),
        ("unassigned", unassigned(round_).count()),
        ("unanswered", unanswered_themes(round_).count()),
        ("objections", open_objections(round_).count()),
    ]
    missing = [(code, number) for code, number in obstacles if number]
    if missing:
        raise RoundNotAnswered(missing)
    store_ledger(round_=round_, occasion="answering", at=at)
    return set_round_status(round_=round_, status=RoundStatus.ANSWERED, actor=actor)


def store_ledger(*, round_: ConsultationRound, occasion: str, at: datetime) -> LedgerEntry:
    """Keep the sums as they are now; they add up or the database refuses them."""
    return LedgerEntry.objects.create(round=round_, occasion=occasion, at=at, **ledger_sums(round_))


def correct_ledgers() -> list[LedgerEntry]:
    """Write a correction for each closed round whose sums are not those last stored."""
    rounds = ConsultationRound.objects.filter(status__in=TALLIES_READABLE).order_by("pk")
    corrections = [correct_ledger(round_=round_) for round_ in rounds]
    return [entry for entry in corrections if entry is not None]


@transaction.atomic
def correct_ledger(*, round_: ConsultationRound) -> LedgerEntry | None:
    """Store the sums of a closed round anew if they have changed; return None if not.

    The correction bears the time of the latest change, not that of the sweep which found it. Two
    sweeps at once write one.
    """
    ConsultationRound.objects.select_for_update().get(pk=round_.pk)
    last = ledger_history(round_).last()
    if last is None or sums_of(last) == ledger_sums(round_):
        return None
    changed_at = round_.contributions.aggregate(at=Max("status_since"))["at"]
    return store_ledger(round_=round_, occasion="correction", at=max(changed_at, last.at))


def ballots_can_be_linked(round_: ConsultationRound) -> bool:
    """Whether the round's key still exists; the round's page says so openly."""
    return key_path(round_).exists()
