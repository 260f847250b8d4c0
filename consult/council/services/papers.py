"""A paper from its first draft to the council, or to its withdrawal."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import Paper
from consult.council.predicates import may_prepare_papers, may_record_decisions
from consult.council.selectors import standing_decisions, unsettled_rounds
from consult.council.services.access import PaperStepRefused, lock_draft, lock_paper, require
from consult.council.states import (
    PAPER_TRANSITIONS,
    REROUTABLE,
    DecisionStatus,
    Effect,
    PaperStatus,
    StepStatus,
)
from drafts.editions.services import set_edition_status
from drafts.editions.states import EditionStatus


@transaction.atomic
def prepare_paper(*, actor, **fields) -> Paper:
    """Create a paper that only staff and council members can read. Raises NotPermitted."""
    require(may_prepare_papers(actor))
    paper = Paper(**fields)
    paper.originator = paper.originator.strip() or _who_submits(paper)
    paper.full_clean()
    paper.save()
    log(paper, "paper.prepare", user=actor)
    return paper


@transaction.atomic
def change_paper(*, paper: Paper, actor, **fields) -> Paper:
    """Change what a paper says. Raises PaperStepRefused once it was submitted."""
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    for name, value in fields.items():
        setattr(paper, name, value)
    paper.originator = paper.originator.strip() or _who_submits(paper)
    paper.full_clean()
    paper.save()
    log(paper, "paper.change", user=actor, data={"fields": sorted(fields)})
    return paper


@transaction.atomic
def submit_to_council(*, paper: Paper, actor, at: datetime) -> Paper:
    """Make the paper public and lay the edition before the council.

    Refused without items or without a deciding step, while the edition is not sealed, and while a
    round on this or an earlier edition has not been answered (invariant 16); also while an option
    stands at a goal that the edition lacks.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    if not paper.items.exists():
        raise PaperStepRefused("no_items")
    if not paper.route.filter(authoritative=True).exclude(status=StepStatus.DROPPED).exists():
        raise PaperStepRefused("no_deciding_step")
    if paper.edition.status == EditionStatus.OPEN:
        raise PaperStepRefused("edition_not_sealed")
    goals = paper.edition.goals.values("wid")
    if paper.goal_options.exclude(goal_wid__in=goals).exists():
        raise PaperStepRefused("option_without_goal")
    if unsettled_rounds(paper.edition).exists():
        raise PaperStepRefused("round_not_answered")
    if _adopts(paper):
        set_edition_status(edition=paper.edition, status=EditionStatus.SUBMITTED, actor=actor)
    paper.submitted_at = at
    return set_paper_status(paper, PaperStatus.SUBMITTED, actor)


@transaction.atomic
def withdraw_paper(*, paper: Paper, actor) -> Paper:
    """Withdraw a paper that was not decided; its edition can be submitted with another one."""
    require(may_prepare_papers(actor))
    paper = lock_paper(paper, {PaperStatus.PREPARING, PaperStatus.SUBMITTED}, "step_not_allowed")
    if paper.status == PaperStatus.SUBMITTED and _adopts(paper):
        set_edition_status(edition=paper.edition, status=EditionStatus.SEALED, actor=actor)
    return set_paper_status(paper, PaperStatus.WITHDRAWN, actor)


@transaction.atomic
def close_paper(*, paper: Paper, actor) -> Paper:
    """End the debate on a paper of which items were deferred or sent elsewhere for good.

    A paper whose items are all settled closes by itself. Only the council office may; refused while
    a body is still to meet or the deciding body's record on an item is missing or provisional.
    """
    require(may_record_decisions(actor))
    paper = lock_paper(paper, {PaperStatus.SUBMITTED}, "not_submitted")
    if paper.route.filter(status__in=REROUTABLE).exists():
        raise PaperStepRefused("bodies_ahead")
    confirmed = standing_decisions(paper).filter(
        step__authoritative=True, status=DecisionStatus.CONFIRMED
    )
    dealt_with = set(confirmed.values_list("item_id", flat=True))
    if dealt_with != set(paper.items.values_list("pk", flat=True)):
        raise PaperStepRefused("items_undecided")
    return set_paper_status(paper, PaperStatus.DECIDED, actor)


def set_paper_status(paper: Paper, status: PaperStatus, actor) -> Paper:
    """The one gate of a paper, for the deeds of this app: check, log, set."""
    step = (PaperStatus(paper.status), status)
    if step not in PAPER_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    log(paper, "paper.status", user=actor, data={"from": step[0], "to": status})
    paper.status = status
    paper.save()
    return paper


def _who_submits(paper: Paper) -> str:
    parts = [paper.submitted_by, paper.under_direction_of]
    return ", ".join(str(part) for part in parts if part is not None)


def _adopts(paper: Paper) -> bool:
    return paper.items.filter(effect=Effect.ADOPT_EDITION).exists()
