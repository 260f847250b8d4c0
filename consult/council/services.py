"""Political approval: paper, route, decisions for each item, the adopted edition."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from consult.council.models import Body, Decision, Paper, ResolutionItem, RouteStep
from consult.council.predicates import may_confirm, may_prepare_papers, may_record_decisions
from consult.council.selectors import standing_decisions
from consult.council.states import (
    DECISION_TRANSITIONS,
    PAPER_TRANSITIONS,
    PENDING,
    REROUTABLE,
    STEP_TRANSITIONS,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    StepStatus,
)
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from drafts.actionplan.services import create_measures
from drafts.editions.models import Edition
from drafts.editions.services import put_in_force, set_edition_status
from drafts.editions.states import EditionStatus

SETTLED_ROUNDS = frozenset({RoundStatus.ANSWERED, RoundStatus.ARCHIVED, RoundStatus.PLANNED})


class PaperStepRefused(Exception):
    """The deed does not fit the paper now; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def prepare_paper(*, actor, **fields) -> Paper:
    """Create a paper that only staff and council members can read. Raises NotPermitted."""
    _require(may_prepare_papers(actor))
    paper = Paper(**fields)
    paper.full_clean()
    paper.save()
    log(paper, "paper.prepare", user=actor)
    return paper


@transaction.atomic
def add_item(*, paper: Paper, text: str, effect: Effect, actor) -> ResolutionItem:
    """Add the next numbered item to a paper that is being prepared."""
    _require(may_prepare_papers(actor))
    paper = _lock(paper)
    if paper.status != PaperStatus.PREPARING:
        raise PaperStepRefused("submitted_already")
    if not text.strip():
        raise PaperStepRefused("no_text")
    highest = paper.items.aggregate(highest=Max("number"))["highest"] or 0
    return ResolutionItem.objects.create(
        paper=paper, number=highest + 1, text=text.strip(), effect=effect
    )


@transaction.atomic
def remove_item(*, item: ResolutionItem, actor) -> None:
    """Take an item out of a paper that is being prepared; the others are numbered anew."""
    _require(may_prepare_papers(actor))
    paper = _lock(item.paper)
    if paper.status != PaperStatus.PREPARING:
        raise PaperStepRefused("submitted_already")
    item.delete()
    for number, left in enumerate(paper.items.order_by("number"), start=1):
        left.number = number
        left.save(update_fields=["number"])


@transaction.atomic
def add_step(*, paper: Paper, body: Body, role: str, actor, **fields) -> RouteStep:
    """Put a body at the end of the route, also after submission (a second reading)."""
    _require(may_prepare_papers(actor) or may_record_decisions(actor))
    paper = _lock(paper)
    last = paper.route.aggregate(last=Max("position"))["last"] or 0
    step = RouteStep(paper=paper, body=body, role=role, position=last + 1, **fields)
    step.full_clean(exclude=["paper"])
    step.save()
    log(paper, "paper.add_step", user=actor, data={"body": body.name, "position": step.position})
    return step


@transaction.atomic
def move_step(*, step: RouteStep, to: int, actor) -> list[RouteStep]:
    """Move a step that was not held to another position; held steps keep theirs."""
    _require(may_prepare_papers(actor) or may_record_decisions(actor))
    paper = _lock(step.paper)
    steps = list(paper.route.select_for_update().order_by("position"))
    held = sum(found.status not in REROUTABLE for found in steps)
    if step.status not in REROUTABLE:
        raise PaperStepRefused("held_already")
    if not 1 <= to <= len(steps):
        raise PaperStepRefused("no_such_position")
    if to <= held and steps[to - 1].status not in REROUTABLE:
        raise PaperStepRefused("before_a_held_step")
    steps.insert(to - 1, steps.pop(next(i for i, s in enumerate(steps) if s.pk == step.pk)))
    for position, found in enumerate(steps, start=1):
        found.position = position
    RouteStep.objects.bulk_update(steps, ["position"])
    log(paper, "paper.move_step", user=actor, data={"body": step.body.name, "to": to})
    return steps


@transaction.atomic
def set_step_status(*, step: RouteStep, status: StepStatus, actor, result: str = "") -> RouteStep:
    """The one gate of a step: invited, held with its result, or dropped."""
    _require(may_record_decisions(actor))
    step = RouteStep.objects.select_for_update().select_related("paper").get(pk=step.pk)
    if step.paper.status != PaperStatus.SUBMITTED:
        raise PaperStepRefused("not_submitted")
    if (StepStatus(step.status), status) not in STEP_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    log(step, "route_step.status", user=actor, data={"from": step.status, "to": status})
    step.status = status
    step.result = result.strip() or step.result
    step.save(update_fields=["status", "result"])
    return step


@transaction.atomic
def submit_to_council(*, paper: Paper, actor, at: datetime) -> Paper:
    """Make the paper public and lay the edition before the council.

    Refused without items or without a deciding step, while the edition is not sealed, and while a
    round on this or an earlier edition has not been answered (invariant 16).
    """
    _require(may_prepare_papers(actor))
    paper = _lock(paper)
    if paper.status != PaperStatus.PREPARING:
        raise PaperStepRefused("submitted_already")
    if not paper.items.exists():
        raise PaperStepRefused("no_items")
    if not paper.route.filter(authoritative=True).exclude(status=StepStatus.DROPPED).exists():
        raise PaperStepRefused("no_deciding_step")
    if paper.edition.status == EditionStatus.OPEN:
        raise PaperStepRefused("edition_not_sealed")
    if _unsettled_rounds(paper.edition).exists():
        raise PaperStepRefused("round_not_answered")
    if _adopts(paper):
        set_edition_status(edition=paper.edition, status=EditionStatus.SUBMITTED, actor=actor)
    paper.submitted_at = at
    return _set_status(paper, PaperStatus.SUBMITTED, actor)


@transaction.atomic
def withdraw_paper(*, paper: Paper, actor) -> Paper:
    """Withdraw a paper that was not decided; its edition can be submitted with another one."""
    _require(may_prepare_papers(actor))
    paper = _lock(paper)
    if paper.status == PaperStatus.SUBMITTED and _adopts(paper):
        set_edition_status(edition=paper.edition, status=EditionStatus.SEALED, actor=actor)
    return _set_status(paper, PaperStatus.WITHDRAWN, actor)


@transaction.atomic
def record_decision(
    *, item: ResolutionItem, step: RouteStep, outcome: ItemOutcome, actor, at: datetime, **fields
) -> Decision:
    """Record what a body did with one item; provisional until the minutes confirm it.

    Only the council office may (invariant 25), and only for a step that was held. An item that
    has a record at this step is corrected by `correct_decision`.
    """
    _require(may_record_decisions(actor))
    if step.paper_id != item.paper_id or step.status != StepStatus.HELD:
        raise PaperStepRefused("step_not_held")
    if item.decisions.filter(step=step).exists():
        raise PaperStepRefused("recorded_already")
    return _record(item, step, outcome, actor, at, **fields)


@transaction.atomic
def correct_decision(
    *, decision: Decision, outcome: ItemOutcome, reason: str, actor, at: datetime, **fields
) -> Decision:
    """Add a record that corrects another one; the old one stays readable (invariant 26)."""
    _require(may_record_decisions(actor))
    if not reason.strip():
        raise PaperStepRefused("no_reason")
    if hasattr(decision, "corrected_by_decision"):
        raise PaperStepRefused("corrected_already")
    if outcome != decision.outcome and _was_confirmed(decision):
        raise PaperStepRefused("outcome_took_effect")
    return _record(
        decision.item,
        decision.step,
        outcome,
        actor,
        at,
        corrects=decision,
        correction_reason=reason.strip(),
        **fields,
    )


@transaction.atomic
def confirm_decision(*, decision: Decision, actor, at: datetime) -> Decision:
    """Confirm after the minutes, by a second person; an adoption then takes effect.

    Raises NotPermitted for the person who recorded it and PaperStepRefused for a record that was
    corrected.
    """
    decision = (
        Decision.objects.select_for_update(of=("self",))
        .select_related("item__paper__edition", "step")
        .get(pk=decision.pk)
    )
    _require(may_confirm(actor, decision))
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
        if not _was_confirmed(decision.corrects):
            _take_effect(decision, actor, at)
        _close_if_decided(decision.item.paper, actor)
    return decision


@transaction.atomic
def adopt_amended_edition(*, paper: Paper, edition: Edition, actor, at: datetime) -> Edition:
    """Put the consolidated text of an "adopted as amended" decision in force.

    The edition must have been revised from the submitted one; the council office confirms it.
    """
    _require(may_record_decisions(actor))
    outcomes = {
        decision.outcome
        for decision in standing_decisions(paper)
        if decision.item.effect == Effect.ADOPT_EDITION
        and decision.step.authoritative
        and decision.status == DecisionStatus.CONFIRMED
    }
    if outcomes != {ItemOutcome.ADOPTED_AS_AMENDED}:
        raise PaperStepRefused("not_adopted_as_amended")
    if edition.based_on_id != paper.edition_id:
        raise PaperStepRefused("not_based_on_submitted_edition")
    set_edition_status(edition=paper.edition, status=EditionStatus.SUPERSEDED, actor=actor)
    edition = put_in_force(edition=edition, actor=actor, on=timezone.localdate(at))
    create_measures(edition=edition, actor=actor)
    return edition


def _record(item, step, outcome, actor, at, **fields) -> Decision:
    decision = Decision(
        item=item, step=step, outcome=outcome, recorded_by=actor, recorded_at=at, **fields
    )
    decision.full_clean()
    decision.save()
    log(decision, "decision.record", user=actor, data={"outcome": outcome})
    return decision


def _take_effect(decision: Decision, actor, at: datetime) -> None:
    edition = decision.item.paper.edition
    if decision.item.effect != Effect.ADOPT_EDITION:
        return
    if decision.outcome == ItemOutcome.ADOPTED:
        edition = put_in_force(edition=edition, actor=actor, on=timezone.localdate(at))
        create_measures(edition=edition, actor=actor)
    elif decision.outcome == ItemOutcome.REJECTED:
        set_edition_status(edition=edition, status=EditionStatus.NOT_ADOPTED, actor=actor)


def _was_confirmed(decision: Decision | None) -> bool:
    """Whether the record or one that it corrects was confirmed, so that it took effect."""
    while decision is not None:
        if decision.status == DecisionStatus.CONFIRMED:
            return True
        decision = decision.corrects
    return False


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
        _set_status(_lock(paper), PaperStatus.DECIDED, actor)


def _adopts(paper: Paper) -> bool:
    return paper.items.filter(effect=Effect.ADOPT_EDITION).exists()


def _unsettled_rounds(edition: Edition):
    return ConsultationRound.objects.filter(
        edition__concept=edition.concept, edition__number__lte=edition.number
    ).exclude(status__in=SETTLED_ROUNDS)


def _set_status(paper: Paper, status: PaperStatus, actor) -> Paper:
    step = (PaperStatus(paper.status), status)
    if step not in PAPER_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    log(paper, "paper.status", user=actor, data={"from": step[0], "to": status})
    paper.status = status
    paper.save()
    return paper


def _lock(paper: Paper) -> Paper:
    return Paper.objects.select_for_update(of=("self",)).select_related("edition").get(pk=paper.pk)


def _require(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence at its callers
    if not allowed:
        raise NotPermitted
