"""What the council could do instead: written with the paper, frozen with it at submission."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.council.models import Alternative, AmendmentMotion, GoalOption, Paper
from consult.council.predicates import may_prepare_papers, works_on_papers
from consult.council.services.access import PaperStepRefused, lock_draft, lock_paper, require
from consult.council.states import MOTION_PUBLIC, RECORDABLE

# From B to Z.
MOST_OPTIONS = 25


@transaction.atomic
def add_alternative(*, paper: Paper, text: str, actor, **fields) -> Alternative:
    """Add an alternative to a paper that is being prepared, behind the others.

    `fields` are `follows`, `one_off`, `yearly` and `cost_note`. Refused without a text.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    last = paper.alternatives.aggregate(last=Max("position"))["last"] or 0
    alternative = Alternative(paper=paper, position=last + 1)
    _write(alternative, text=text, **fields)
    log(paper, "paper.add_alternative", user=actor, data={"text": alternative.text})
    return alternative


@transaction.atomic
def change_alternative(*, alternative: Alternative, text: str, actor, **fields) -> Alternative:
    """Change the words or the costs of an alternative while the paper is being prepared."""
    require(may_prepare_papers(actor))
    paper = lock_draft(alternative.paper)
    alternative = paper.alternatives.get(pk=alternative.pk)
    _write(alternative, text=text, **fields)
    log(paper, "paper.change_alternative", user=actor, data={"text": alternative.text})
    return alternative


@transaction.atomic
def remove_alternative(*, alternative: Alternative, actor) -> None:
    """Take an alternative out of a paper that is being prepared."""
    require(may_prepare_papers(actor))
    paper = lock_draft(alternative.paper)
    log(paper, "paper.remove_alternative", user=actor, data={"text": alternative.text})
    alternative.delete()


@transaction.atomic
def add_goal_option(*, paper: Paper, goal_wid: str, text: str, actor, **fields) -> GoalOption:
    """Add what could be decided at a goal in place of the submitted wording; its letter is the next.

    `fields` are `one_off`, `yearly` and `cost_note`. Refused without a text and for a goal that the
    edition lacks.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    if not paper.edition.goals.filter(wid=goal_wid).exists():
        raise PaperStepRefused("no_such_goal")
    beside = paper.goal_options.filter(goal_wid=goal_wid)
    last = beside.aggregate(last=Max("position"))["last"] or 0
    if last == MOST_OPTIONS:
        raise PaperStepRefused("too_many_options")
    option = GoalOption(paper=paper, goal_wid=goal_wid, position=last + 1)
    _write(option, text=text, **fields)
    log(paper, "paper.add_option", user=actor, data={"text": option.text})
    return option


@transaction.atomic
def change_goal_option(*, option: GoalOption, text: str, actor, **fields) -> GoalOption:
    """Change the words or the costs of an option; its goal and its letter stay."""
    require(may_prepare_papers(actor))
    paper = lock_draft(option.paper)
    option = paper.goal_options.get(pk=option.pk)
    _write(option, text=text, **fields)
    log(paper, "paper.change_option", user=actor, data={"text": option.text})
    return option


@transaction.atomic
def remove_goal_option(*, option: GoalOption, actor) -> None:
    """Take an option out of a paper that is being prepared; those behind it move up a letter."""
    require(may_prepare_papers(actor))
    paper = lock_draft(option.paper)
    log(paper, "paper.remove_option", user=actor, data={"text": option.text})
    option.delete()
    others = list(paper.goal_options.filter(goal_wid=option.goal_wid))
    for position, other in enumerate(others, start=1):
        other.position = position
    GoalOption.objects.bulk_update(others, ["position"])


@transaction.atomic
def link_goal_option(*, option: GoalOption, motion: AmendmentMotion | None, actor) -> GoalOption:
    """Name the filed motion that asks for the same as an option, or none any more.

    Both offices may, once the paper was submitted. Refused for a draft, for a motion on another
    paper and for one on an item.
    """
    require(works_on_papers(actor))
    paper = lock_paper(option.paper, RECORDABLE, "not_submitted")
    option = paper.goal_options.get(pk=option.pk)
    if motion is not None and not _is_on_text(motion, paper):
        raise PaperStepRefused("motion_elsewhere")
    option.motion = motion
    option.save(update_fields=["motion"])
    name = motion.name if motion else ""
    log(paper, "paper.link_option", user=actor, data={"text": option.text, "motion": name})
    return option


def _is_on_text(motion: AmendmentMotion, paper: Paper) -> bool:
    return motion.paper_id == paper.pk and motion.status in MOTION_PUBLIC and motion.item_id is None


def _write(choice: Alternative | GoalOption, *, text: str, **fields: Any) -> None:
    if not text.strip():
        raise PaperStepRefused("no_choice")
    choice.text = text.strip()
    for name, value in fields.items():
        setattr(choice, name, value.strip() if isinstance(value, str) else value)
    choice.full_clean(exclude=["paper"])
    choice.save()
