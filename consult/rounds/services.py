"""Deeds on a round up to its end of window. Closing needs the ledger: see evaluation."""

from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from consult.rounds.models import (
    ConsultationRound,
    PreModeration,
    PreModerationChange,
    RoundExtension,
    RoundSuspension,
)
from consult.rounds.predicates import may_run_rounds
from consult.rounds.states import EDITABLE, TRANSITIONS, RoundStatus
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.selectors import contents


class NotPermitted(Exception):
    """The person has no right to do this."""


class RoundStepRefused(Exception):
    """The round cannot go from its status to the wanted one; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def plan_round(*, actor, **fields) -> ConsultationRound:
    """Create a round in state planned. Raises NotPermitted."""
    _require_coordination(actor)
    planned = ConsultationRound(**fields)
    planned.full_clean()
    planned.save()
    log(planned, "round.plan", user=actor)
    return planned


@transaction.atomic
def retract_announcement(*, round_, actor) -> ConsultationRound:
    """Take an announced round out of public sight. Raises NotPermitted or RoundStepRefused."""
    _require_coordination(actor)
    return set_round_status(round_=round_, status=RoundStatus.PLANNED, actor=actor)


@transaction.atomic
def announce_round(*, round_, actor) -> ConsultationRound:
    """Make the round public before it opens. Raises NotPermitted or RoundStepRefused."""
    _require_coordination(actor)
    return set_round_status(round_=round_, status=RoundStatus.ANNOUNCED, actor=actor)


@transaction.atomic
def open_round(*, round_, actor, at: datetime) -> ConsultationRound:
    """Open the round and fix its rules by their hash.

    `actor` is None when the clock opens it. Raises RoundStepRefused before the window begins,
    after it has ended, and while the edition has no released section.
    """
    if actor is not None:
        _require_coordination(actor)
    round_ = _lock(round_)
    if not round_.opens_at <= at < round_.closes_at:
        raise RoundStepRefused("outside_window")
    if not contents(round_.edition):
        raise RoundStepRefused("nothing_released")
    if _others_running(round_).exists():
        raise RoundStepRefused("another_runs")
    round_.rules_hash = content_hash(rules_of(round_))
    round_.save(update_fields=["rules_hash"])
    return set_round_status(round_=round_, status=RoundStatus.OPEN, actor=actor)


@transaction.atomic
def change_rules(*, round_, actor, **fields) -> ConsultationRound:
    """Change a round that has not been opened. Raises RoundStepRefused afterwards."""
    _require_coordination(actor)
    locked = _lock(round_)
    if locked.status not in EDITABLE:
        raise RoundStepRefused("rules_fixed")
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    log(locked, "round.change", user=actor, data={"fields": sorted(fields)})
    return locked


@transaction.atomic
def extend_round(*, round_, new_end: datetime, reason: str, actor, at: datetime) -> RoundExtension:
    """Prolong an open round with a public reason, only before its end."""
    _require_coordination(actor)
    locked = _lock(round_)
    if not locked.is_open(at):
        raise RoundStepRefused("not_open")
    if new_end <= locked.closes_at:
        raise RoundStepRefused("not_later")
    extension = RoundExtension.objects.create(
        round=locked, former_end=locked.closes_at, new_end=new_end, reason=reason, at=at, by=actor
    )
    locked.closes_at = new_end
    locked.save(update_fields=["closes_at"])
    log(locked, "round.extend", user=actor, data={"to": new_end.isoformat()})
    return extension


@transaction.atomic
def suspend_round(*, round_, reason: str, actor, at: datetime) -> RoundSuspension:
    """Let nobody take part until the round is resumed; the reason is public, the end stays.

    Raises NotPermitted, and RoundStepRefused without a reason or where the round is not open.
    """
    _require_coordination(actor)
    if not reason.strip():
        raise RoundStepRefused("no_reason")
    suspended = set_round_status(round_=round_, status=RoundStatus.SUSPENDED, actor=actor)
    return RoundSuspension.objects.create(
        round=suspended, reason=reason.strip(), since=at, by=actor
    )


@transaction.atomic
def resume_round(*, round_, actor, at: datetime) -> ConsultationRound:
    """Take contributions and votes again. Raises NotPermitted, and RoundStepRefused after the end."""
    _require_coordination(actor)
    locked = _lock(round_)
    if at >= locked.closes_at:
        raise RoundStepRefused("over")
    resumed = set_round_status(round_=locked, status=RoundStatus.OPEN, actor=actor)
    lift_suspension(round_=resumed, actor=actor, at=at)
    return resumed


def lift_suspension(*, round_: ConsultationRound, actor, at: datetime) -> None:
    """Write down when a suspension ended, if there is one; the caller holds the transaction."""
    round_.suspensions.filter(until=None).update(until=at, resumed_by=actor)


@transaction.atomic
def start_pre_moderation(*, round_, actor, **fields) -> PreModeration:
    """Read new contributions before they appear, for a time and with a public reason."""
    _require_coordination(actor)
    pre_moderation = PreModeration(round=round_, by=actor, **fields)
    pre_moderation.full_clean()
    pre_moderation.save()
    log(round_, "round.pre_moderate", user=actor, data={"section": pre_moderation.section_wid})
    return pre_moderation


@transaction.atomic
def extend_pre_moderation(
    *, pre_moderation: PreModeration, new_end: datetime, reason: str, actor, at: datetime
) -> PreModeration:
    """Prolong a pre-moderation with a public reason, only before its end.

    Raises NotPermitted, and RoundStepRefused without a reason, for an earlier end and afterwards.
    """
    _require_coordination(actor)
    locked = PreModeration.objects.select_for_update().get(pk=pre_moderation.pk)
    if not reason.strip():
        raise RoundStepRefused("no_reason")
    if at >= locked.ends_at:
        raise RoundStepRefused("over")
    if new_end <= locked.ends_at:
        raise RoundStepRefused("not_later")
    return _set_end(locked, new_end, reason.strip(), actor, at)


@transaction.atomic
def end_pre_moderation(*, pre_moderation: PreModeration, actor, at: datetime) -> None:
    """Let new contributions appear at once again; those that are held still wait for a decision.

    A pre-moderation that has not begun is given up: it touched nobody. Raises NotPermitted, and
    RoundStepRefused once it has ended.
    """
    _require_coordination(actor)
    locked = PreModeration.objects.select_for_update().get(pk=pre_moderation.pk)
    if at >= locked.ends_at:
        raise RoundStepRefused("over")
    if at > locked.starts_at:
        _set_end(locked, at, "", actor, at)
        return
    _log_end(locked, at, actor)
    locked.delete()


def _set_end(
    pre_moderation: PreModeration, new_end: datetime, reason: str, actor, at: datetime
) -> PreModeration:
    PreModerationChange.objects.create(
        pre_moderation=pre_moderation,
        former_end=pre_moderation.ends_at,
        new_end=new_end,
        reason=reason,
        at=at,
        by=actor,
    )
    pre_moderation.ends_at = new_end
    pre_moderation.save(update_fields=["ends_at"])
    _log_end(pre_moderation, new_end, actor)
    return pre_moderation


def _log_end(pre_moderation: PreModeration, new_end: datetime, actor) -> None:
    log(
        pre_moderation.round,
        "round.pre_moderate_end",
        user=actor,
        data={"section": pre_moderation.section_wid, "to": new_end.isoformat()},
    )


def take_number(*, round_: ConsultationRound) -> int:
    """Give out the next number of a contribution, whatever the round's state.

    The caller holds the transaction: the row lock puts numbers in order, none is used twice.
    """
    return _count_up("id = %s", [round_.pk])[0].last_number


def take_number_while_open(edition: Edition, at: datetime) -> ConsultationRound | None:
    """Give out the next number of the round that is open on an edition at this moment.

    It is the `last_number` of the round that is returned; None where no round is open. Closing
    waits until the caller's transaction has ended, so that what got a number is in the ledger.
    """
    window = "edition_id = %s AND status = %s AND opens_at <= %s AND closes_at > %s"
    found = _count_up(window, [edition.pk, RoundStatus.OPEN, at, at])
    return found[0] if found else None


def _count_up(condition: str, values: list[Any]) -> list[ConsultationRound]:
    # Django has no UPDATE … RETURNING. The conditions are the two constants above.
    return list(
        ConsultationRound.objects.raw(
            "UPDATE rounds_consultationround SET last_number = last_number + 1 "  # noqa: S608
            f"WHERE {condition} RETURNING *",
            values,
        )
    )


def hold_open_round(edition: Edition, at: datetime) -> ConsultationRound | None:
    """The open round of an edition as open_round_of gives it, kept open by the transaction.

    Closing waits until the caller has written; other callers do not wait for each other.
    """
    # Django knows no FOR SHARE.
    found = ConsultationRound.objects.raw(
        "SELECT * FROM rounds_consultationround WHERE edition_id = %s AND status = %s FOR SHARE",
        [edition.pk, RoundStatus.OPEN],
    )
    return next((round_ for round_ in found if round_.is_open(at)), None)


def set_round_status(*, round_, status: RoundStatus, actor) -> ConsultationRound:
    """The one gate of a round's status. Raises RoundStepRefused for a step not allowed."""
    locked = _lock(round_)
    step = (RoundStatus(locked.status), status)
    if step not in TRANSITIONS:
        raise RoundStepRefused("step_not_allowed")
    log(locked, "round.status", user=actor, data={"from": step[0], "to": status})
    locked.status = status
    locked.save(update_fields=["status"])
    return locked


def rules_of(round_: ConsultationRound) -> dict[str, str]:
    """What is fixed at opening."""
    return {
        "scope": round_.scope,
        "influence": round_.influence,
        "afterwards": round_.afterwards,
        "rules": round_.rules,
        "edition": str(round_.edition_id),
    }


def _others_running(round_: ConsultationRound):
    return ConsultationRound.objects.filter(
        edition=round_.edition_id, status__in=[RoundStatus.OPEN, RoundStatus.SUSPENDED]
    ).exclude(pk=round_.pk)


def _lock(round_: ConsultationRound) -> ConsultationRound:
    return ConsultationRound.objects.select_for_update().get(pk=round_.pk)


def _require_coordination(actor) -> None:
    if not may_run_rounds(actor):
        raise NotPermitted
