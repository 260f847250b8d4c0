"""Deeds on a paper that is still being prepared, and on the dates of its route."""

from datetime import date

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import Paper, RouteStep
from consult.council.predicates import may_prepare_papers, may_record_decisions
from consult.council.services import PaperStepRefused
from consult.council.states import REROUTABLE, PaperStatus
from consult.rounds.services import NotPermitted


@transaction.atomic
def change_paper(*, paper: Paper, actor, **fields) -> Paper:
    """Change what a paper says. Raises PaperStepRefused once it was submitted."""
    paper = _lock_draft(paper, actor)
    for name, value in fields.items():
        setattr(paper, name, value)
    paper.full_clean()
    paper.save()
    log(paper, "paper.change", user=actor, data={"fields": sorted(fields)})
    return paper


@transaction.atomic
def remove_step(*, step: RouteStep, actor) -> None:
    """Take a body out of the route of a paper that is being prepared; the others move up.

    After submission a step is dropped instead (`set_step_status`), so that it stays readable.
    """
    paper = _lock_draft(step.paper, actor)
    log(paper, "paper.remove_step", user=actor, data={"body": step.body.name})
    step.delete()
    steps = list(paper.route.order_by("position"))
    for position, left in enumerate(steps, start=1):
        left.position = position
    RouteStep.objects.bulk_update(steps, ["position"])


@transaction.atomic
def schedule_step(
    *, step: RouteStep, meeting_on: date | None, agenda_item: str, actor
) -> RouteStep:
    """Say when a body meets and under which item; refused once it has met or was dropped."""
    if not (may_prepare_papers(actor) or may_record_decisions(actor)):
        raise NotPermitted
    step = RouteStep.objects.select_for_update(of=("self",)).select_related("body").get(pk=step.pk)
    if step.status not in REROUTABLE:
        raise PaperStepRefused("held_already")
    step.meeting_on, step.agenda_item = meeting_on, agenda_item.strip()
    step.full_clean()
    step.save(update_fields=["meeting_on", "agenda_item"])
    log(step.paper, "paper.schedule_step", user=actor, data={"body": step.body.name})
    return step


def _lock_draft(paper: Paper, actor) -> Paper:
    if not may_prepare_papers(actor):
        raise NotPermitted
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if paper.status != PaperStatus.PREPARING:
        raise PaperStepRefused("submitted_already")
    return paper
