"""What the bodies did with each item: recorded, corrected by another record, confirmed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import Decision, GroupVote, Paper, ResolutionItem, RouteStep
from consult.council.predicates import may_confirm, may_record_decisions
from consult.council.selectors import settled_items, standing_decisions, was_confirmed
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.services.adoption import take_effect
from consult.council.services.duties import settle_duty
from consult.council.services.papers import set_paper_status
from consult.council.states import (
    DECISION_TRANSITIONS,
    PENDING,
    RECORDABLE,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    StepOutcome,
    StepStatus,
)


@transaction.atomic
def record_decision(
    *,
    item: ResolutionItem,
    step: RouteStep,
    outcome: ItemOutcome,
    actor,
    at: datetime,
    group_votes: Sequence[GroupVote] = (),
    **fields,
) -> Decision:
    """Record what a body did with one item; provisional until the minutes confirm it.

    Only the council office may (invariant 25), and only for a step that was held and voted. An
    item that has a record at this step is corrected by `correct_decision`; one that a deciding
    body has settled is not decided again. `group_votes` are unsaved rows without a decision.
    """
    require(may_record_decisions(actor))
    _lock(item.paper)
    step = RouteStep.objects.get(pk=step.pk)
    if step.paper_id != item.paper_id or step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    if step.outcome != StepOutcome.VOTED:
        raise PaperStepRefused("step_without_vote")
    if item.decisions.filter(step=step).exists():
        raise PaperStepRefused("recorded_already")
    if step.authoritative and item.pk in settled_items(item.paper):
        raise PaperStepRefused("settled_already")
    _require_target(outcome, fields)
    decision = Decision(item=item, step=step, outcome=outcome, **fields)
    return _record(decision, group_votes, actor, at)


@transaction.atomic
def correct_decision(
    *,
    decision: Decision,
    outcome: ItemOutcome,
    reason: str,
    actor,
    at: datetime,
    group_votes: Sequence[GroupVote] = (),
    **fields,
) -> Decision:
    """Add a record that corrects another one; the old one stays readable (invariant 26).

    The new one is provisional again, and a second person confirms it. Where a confirmed outcome
    has put an edition in force or ended it, only "adopted" can become "adopted as amended": the
    decided wording then follows in an edition of its own.
    """
    require(may_record_decisions(actor))
    _lock(decision.item.paper)
    decision = Decision.objects.select_related("item__paper", "step").get(pk=decision.pk)
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if hasattr(decision, "corrected_by_decision"):
        raise PaperStepRefused("corrected_already")
    if _reverses_the_text(decision, outcome):
        raise PaperStepRefused("outcome_took_effect")
    _require_target(outcome, fields)
    correction = Decision(
        item=decision.item,
        step=decision.step,
        outcome=outcome,
        corrects=decision,
        correction_reason=reason.strip(),
        **fields,
    )
    return _record(correction, group_votes, actor, at)


@transaction.atomic
def confirm_decision(*, decision: Decision, actor, at: datetime) -> Decision:
    """Confirm after the minutes, by a second person; an adoption then takes effect.

    Raises NotPermitted for the person who recorded it and PaperStepRefused for a record that was
    corrected.
    """
    require(may_record_decisions(actor))
    paper = _lock(decision.item.paper)
    decision = Decision.objects.select_related("item__paper__edition", "step").get(pk=decision.pk)
    require(may_confirm(actor, decision))
    if hasattr(decision, "corrected_by_decision"):
        raise PaperStepRefused("corrected_already")
    step = (DecisionStatus(decision.status), DecisionStatus.CONFIRMED)
    if step not in DECISION_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    decision.status = DecisionStatus.CONFIRMED
    decision.confirmed_by, decision.confirmed_at = actor, at
    decision.save()
    log(decision, "decision.confirm", user=actor)
    if decision.step.authoritative:
        if not was_confirmed(decision.corrects):
            take_effect(decision, actor, at)
        settle_duty(decision, actor, at)
        _close_if_decided(paper, actor)
    return decision


def _reverses_the_text(decision: Decision, outcome: ItemOutcome) -> bool:
    """Whether a confirmed outcome that changed what text is in force would become another one."""
    if outcome == decision.outcome or not was_confirmed(decision):
        return False
    if not decision.step.authoritative or decision.item.effect == Effect.NONE:
        return False
    return (decision.outcome, outcome) != (ItemOutcome.ADOPTED, ItemOutcome.ADOPTED_AS_AMENDED)


def _require_target(outcome: ItemOutcome, fields: dict[str, Any]) -> None:
    if outcome == ItemOutcome.REFERRED and not fields.get("referred_to", "").strip():
        raise PaperStepRefused("no_target")


def _lock(paper: Paper) -> Paper:
    return lock_paper(paper, RECORDABLE, "not_submitted")


def _record(decision: Decision, votes: Sequence[GroupVote], actor, at: datetime) -> Decision:
    decision.recorded_by, decision.recorded_at = actor, at
    decision.full_clean()
    decision.save()
    for vote in votes:
        vote.decision = decision
        vote.full_clean()
        vote.save()
    log(decision, "decision.record", user=actor, data={"outcome": decision.outcome})
    return decision


def _close_if_decided(paper: Paper, actor) -> None:
    if paper.status == PaperStatus.DECIDED:
        return
    settled = {
        decision.item_id
        for decision in standing_decisions(paper)
        if decision.step.authoritative
        and decision.status == DecisionStatus.CONFIRMED
        and decision.outcome not in PENDING
    }
    if settled == set(paper.items.values_list("pk", flat=True)):
        set_paper_status(paper, PaperStatus.DECIDED, actor)
