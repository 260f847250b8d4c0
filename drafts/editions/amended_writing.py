"""Writing parts of a computed text onto the working pages: as drafts, each with its place."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from wagtail.actions.move_page import MovePageAction
from wagtail.models import Page

from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.snapshots import Data, block_text
from drafts.editions.rewording import NEW_VALUE

LONGEST_REASON = 300


@dataclass
class Raw:
    """What stands behind the frozen blocks and measures in the editor, by key.

    `blocks` are values of streams, `words` those of the frozen blocks.
    """

    blocks: dict[str, Data] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


def write(page: Any, part: Data, raw: Raw, actor) -> None:
    """Write a section or goal as a draft of its page; a dropped one stands in the text again."""
    draft = page.get_latest_revision_as_object()
    _fill(draft, part, raw)
    draft.save_revision(user=actor, log_action=True)


def drop(page: Any, reason: str, actor) -> None:
    """Write as a draft that the page is not in the text any more, and why."""
    draft = page.get_latest_revision_as_object()
    draft.dropped_because = (reason or "Beschluss des Rates")[:LONGEST_REASON]
    draft.save_revision(user=actor, log_action=True)


def create(home: Any, part: Data, raw: Raw, actor) -> Any:
    """Add a page for a new section or goal, last in its home, as a draft."""
    fields = {"number": part["number"], "live": False}
    page: Any
    if "level" in part:
        page = GoalPage(title=f"Ziel {part['number']}", level=part["level"], **fields)
    else:
        page = SectionPage(kind=part["kind"], **fields)
    page.translation_key = uuid.UUID(part["wid"])
    _fill(page, part, raw)
    # The home at hand does not know of pages that were put below it meanwhile.
    type(home).objects.get(pk=home.pk).add_child(instance=page)
    page.save_revision(user=actor, log_action=True)
    return page


def arrange(concept: ConceptPage, pages: Mapping[str, Any], target: Sequence[Data], actor) -> None:
    """Put the pages where the target has them; each step stands in the log."""
    _order(concept, [pages[section["wid"]] for section in target if section["wid"] in pages], actor)
    for section in target:
        if section["wid"] in pages:
            goals = [pages[goal["wid"]] for goal in section["goals"] if goal["wid"] in pages]
            _order(pages[section["wid"]], goals, actor)


def _order(home: Page, wanted: list[Any], actor) -> None:
    """Put the wanted pages into the home in this order, among what else stands there."""
    keys = [page.pk for page in wanted]
    there = [pk for pk in _children(home) if pk in set(keys)]
    for at, pk in enumerate(keys):
        if there[at : at + 1] == [pk]:
            continue
        if pk in there:
            there.remove(pk)
        beside, pos = _target(home, keys, there, at)
        _move(pk, beside, pos, actor)
        there.insert(at, pk)


def _target(home: Page, keys: list[int], there: list[int], at: int) -> tuple[Page, str]:
    if at:
        return Page.objects.get(pk=keys[at - 1]), "right"
    if there:
        return Page.objects.get(pk=there[0]), "left"
    return Page.objects.get(pk=home.pk), "last-child"


def _move(pk: int, beside: Page, pos: str, actor) -> None:
    page = Page.objects.get(pk=pk)
    home = beside if pos == "last-child" else beside.get_parent()
    if not Page._slug_is_available(page.slug, home, page):
        page = _renamed(page, actor)
    MovePageAction(page, beside, pos=pos, user=actor).execute(skip_permission_checks=True)


def _renamed(page: Page, actor) -> Page:
    """Another page of the new home has the same last part of the address."""
    slug = f"{page.slug}-{page.pk}"
    draft = page.get_latest_revision_as_object()
    Page.objects.filter(pk=page.pk).update(slug=slug)
    draft.slug = slug
    draft.save_revision(user=actor, changed=False)
    return Page.objects.get(pk=page.pk)


def _children(home: Page) -> list[int]:
    fresh = Page.objects.get(pk=home.pk)
    return list(fresh.get_children().values_list("pk", flat=True))


def _fill(draft: Any, part: Data, raw: Raw) -> None:
    words = part["text"]
    draft.dropped_because = ""
    if "level" in part:
        for name in ("wording", "reason", "target_groups"):
            setattr(draft, name, words[name])
        measures = [_raw_measure(measure, raw) for measure in part["measures"]]
        draft.measures = GoalPage._meta.get_field("measures").stream_block.to_python(measures)
    else:
        draft.title, draft.lede = words["title"], words["lede"]
        blocks = [_raw_block(block, raw) for block in words["blocks"]]
        draft.body = SectionPage._meta.get_field("body").stream_block.to_python(blocks)


def _raw_block(block: Data, raw: Raw) -> Data:
    wid, words = block["wid"], block_text(block)
    if wid not in raw.blocks:
        return {"id": wid, "type": "paragraph", "value": f"<p>{escape(words)}</p>"}
    known = raw.blocks[wid]
    if words == raw.words[wid]:
        return known
    if known["type"] == "table":
        return {**known, "value": _table(known["value"], block)}
    return {**known, "value": NEW_VALUE[known["type"]](known["value"], words)}


def _table(value: Data, block: Data) -> Data:
    columns = [
        {**column, "heading": heading}
        for column, heading in zip(value["columns"], block["head"], strict=True)
    ]
    rows = [{"values": list(cells)} for cells in block["rows"]]
    return {**value, "columns": columns, "rows": rows, "caption": block["caption"]}


def _raw_measure(measure: Data, raw: Raw) -> Data:
    wid = measure["wid"]
    known = raw.blocks.get(wid, {"id": wid, "type": "measure", "value": {"also_serves": []}})
    left = {"wid", "text", "also_serves"}
    facts = {name: value for name, value in measure.items() if name not in left}
    return {**known, "value": known["value"] | facts | measure["text"]}
