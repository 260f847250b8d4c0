"""Voting: one counted ballot a person, goal and round; a new vote replaces the old one.

A ballot is stored under HMAC(round key, account). The round key is a file outside the database
and its backups (setting BALLOT_KEY_DIR) and is destroyed after the objection period, from when on
nobody can link a ballot to an account. Nothing here writes a log line or an audit event.
"""

import csv
import hashlib
import hmac
import io
import secrets
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from consult.contributions.models import Ballot
from consult.contributions.predicates import may_export_ballots, may_vote_on
from consult.contributions.states import Choice
from consult.rounds.models import ConsultationRound
from consult.rounds.services import hold_open_round
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.models import EditionGoal

OBJECTION_PERIOD = timedelta(days=30)


class UnableToVote(Exception):
    """The vote cannot be counted; `code` is closed or fixed."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class BallotsSealed(Exception):
    """The key of the round is destroyed, or the round is not closed yet."""


@transaction.atomic
def cast_vote(*, goal: EditionGoal, participant, choice: Choice, at: datetime) -> None:
    """Count the person's vote on the goal; a former vote in this round is replaced.

    Raises UnableToVote outside the window and for a goal that is not open.
    """
    round_ = hold_open_round(goal.edition, at)
    if round_ is None:
        raise UnableToVote("closed")
    if not may_vote_on(goal, round_, at):
        raise UnableToVote("fixed")
    ballot = Ballot(
        round=round_,
        goal=goal,
        voter=voter_hash(round_, participant.pk),
        choice=Choice(choice),
        verification_class=participant.verification_class,
        cast_on=timezone.localdate(at),
    )
    # One statement, so that eight requests at once still leave one ballot.
    Ballot.objects.bulk_create(
        [ballot],
        update_conflicts=True,
        unique_fields=["goal", "round", "voter"],
        update_fields=["choice", "verification_class", "cast_on"],
    )


def own_votes(*, round_: ConsultationRound, participant, goal_wids: list[str]) -> dict[str, str]:
    """The person's own choices by goal wid; nobody else's can be asked for."""
    if not key_path(round_).exists():
        return {}
    return dict(
        Ballot.objects.filter(
            round=round_, voter=voter_hash(round_, participant.pk), goal__wid__in=goal_wids
        ).values_list("goal__wid", "choice")
    )


def own_ballots(*, round_: ConsultationRound, participant) -> dict[int, int]:
    """All votes of the person in a round by goal: 1 for, -1 against, 0 for neither.

    Nothing once the round's key is destroyed; nobody else's can be asked for.
    """
    if not key_path(round_).exists():
        return {}
    own = Ballot.objects.filter(round=round_, voter=voter_hash(round_, participant.pk))
    return {goal: _NUMBER[Choice(choice)] for goal, choice in own.values_list("goal_id", "choice")}


def withdraw_votes(*, participant) -> int:
    """Delete the person's ballots of running rounds (erasure); return how many."""
    deleted = 0
    for round_ in ConsultationRound.objects.exclude(status__in=TALLIES_READABLE):
        if key_path(round_).exists():
            voter = voter_hash(round_, participant.pk)
            deleted += Ballot.objects.filter(round=round_, voter=voter).delete()[0]
    return deleted


def export_ballots(*, round_: ConsultationRound, actor) -> str:
    """All ballots of a closed round as CSV with fresh random ids, for an auditor; logged.

    Raises BallotsSealed before closing and PermissionError for anybody else.
    """
    if not may_export_ballots(actor):
        raise PermissionError("only auditors export ballots")
    if round_.status not in TALLIES_READABLE:
        raise BallotsSealed
    fresh: dict[str, str] = {}
    rows = [
        (fresh.setdefault(voter, uuid.uuid4().hex), wid, choice, verification_class)
        for voter, wid, choice, verification_class in Ballot.objects.filter(round=round_)
        .order_by("id")
        .values_list("voter", "goal__wid", "choice", "verification_class")
    ]
    log(round_, "round.export_ballots", user=actor, data={"count": len(rows)})
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["participant", "statement", "vote", "class"])
    writer.writerows(
        (who, goal, _NUMBER[Choice(choice)], known) for who, goal, choice, known in rows
    )
    return out.getvalue()


def destroy_ballot_keys(*, at: datetime) -> list[str]:
    """Delete the keys of rounds whose objection period has passed; return their refs."""
    destroyed = []
    due = ConsultationRound.objects.filter(
        status__in=TALLIES_READABLE, closes_at__lte=at - OBJECTION_PERIOD
    )
    for round_ in due:
        path = key_path(round_)
        if path.exists():
            path.write_bytes(secrets.token_bytes(32))
            path.unlink()
            log(round_, "round.destroy_ballot_key")
            destroyed.append(round_.ref)
    return destroyed


def voter_hash(round_: ConsultationRound, account_id: int) -> str:
    """HMAC-SHA-256 of the account under the round key, in hexadecimal digits."""
    return hmac.new(_round_key(round_), str(account_id).encode(), hashlib.sha256).hexdigest()


def key_path(round_: ConsultationRound) -> Path:
    """Where the key of a round lies."""
    return Path(settings.BALLOT_KEY_DIR) / f"round-{round_.pk}.key"


def _round_key(round_: ConsultationRound) -> bytes:
    path = key_path(round_)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if round_.status in TALLIES_READABLE:
            raise BallotsSealed from None
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(f".{uuid.uuid4().hex}")
    draft.touch(mode=0o600)
    draft.write_bytes(secrets.token_bytes(32))
    try:
        # A hard link fails where another process was first, so there is only ever one key.
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


_NUMBER = {Choice.AGREE: 1, Choice.DISAGREE: -1, Choice.PASS: 0}
