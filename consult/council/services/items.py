"""The numbered items of a paper that is being prepared."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from consult.council.models import Paper, ResolutionItem
from consult.council.predicates import may_prepare_papers
from consult.council.services.access import PaperStepRefused, lock_draft, require
from consult.council.states import Effect


@transaction.atomic
def add_item(*, paper: Paper, text: str, effect: Effect, actor, **fields) -> ResolutionItem:
    """Add the next numbered item to a paper that is being prepared.

    Refused without a text, and where another item puts the edition in force already.
    """
    require(may_prepare_papers(actor))
    paper = lock_draft(paper)
    highest = paper.items.aggregate(highest=Max("number"))["highest"] or 0
    item = ResolutionItem(paper=paper, number=highest + 1)
    _write(item, text=text, effect=effect, **fields)
    log(paper, "paper.add_item", user=actor, data={"number": item.number})
    return item


@transaction.atomic
def change_item(
    *, item: ResolutionItem, text: str, effect: Effect, actor, **fields
) -> ResolutionItem:
    """Change the words, the alternatives or the effect of an item; its number stays."""
    require(may_prepare_papers(actor))
    paper = lock_draft(item.paper)
    item = paper.items.get(pk=item.pk)
    _write(item, text=text, effect=effect, **fields)
    log(paper, "paper.change_item", user=actor, data={"number": item.number})
    return item


@transaction.atomic
def move_item(*, item: ResolutionItem, to: int, actor) -> list[ResolutionItem]:
    """Put an item at the number `to`, counted from 1; the others are numbered around it."""
    require(may_prepare_papers(actor))
    paper = lock_draft(item.paper)
    items = list(paper.items.order_by("number"))
    if not 1 <= to <= len(items):
        raise PaperStepRefused("no_such_position")
    moved = next(found for found in items if found.pk == item.pk)
    log(paper, "paper.move_item", user=actor, data={"from": moved.number, "to": to})
    items.remove(moved)
    items.insert(to - 1, moved)
    return _number(items)


@transaction.atomic
def remove_item(*, item: ResolutionItem, actor) -> None:
    """Take an item out of a paper that is being prepared; the others are numbered anew."""
    require(may_prepare_papers(actor))
    paper = lock_draft(item.paper)
    log(paper, "paper.remove_item", user=actor, data={"number": item.number})
    item.delete()
    _number(list(paper.items.order_by("number")))


def _write(item: ResolutionItem, *, text: str, effect: Effect, **fields: Any) -> None:
    if not text.strip():
        raise PaperStepRefused("no_text")
    others = item.paper.items.exclude(pk=item.pk)
    if effect == Effect.ADOPT_EDITION and others.filter(effect=effect).exists():
        raise PaperStepRefused("adopts_already")
    item.text, item.effect = text.strip(), effect
    for name, value in fields.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    if bool(item.duty) != bool(item.duty_months and item.duty_to):
        raise PaperStepRefused("duty_incomplete")
    item.full_clean()
    item.save()


def _number(items: list[ResolutionItem]) -> list[ResolutionItem]:
    for number, item in enumerate(items, start=1):
        item.number = number
    ResolutionItem.objects.bulk_update(items, ["number"])
    return items
