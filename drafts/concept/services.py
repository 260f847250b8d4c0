"""Deeds on the working text: bringing in a concept from a file.

An import writes drafts for review, never public text. Into an existing concept it matches by
number, then by words, keeps the wid of everything that matches, and removes nothing.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.db import transaction
from wagtail.models import Page

from drafts.concept.addresses import address_word
from drafts.concept.importing import ParsedConcept, ParsedGoal, ParsedMeasure, ParsedSection
from drafts.concept.models import ConceptPage, Department, GoalPage, SectionPage
from drafts.concept.snapshots import block_text, inline_html, plain
from drafts.concept.states import CostStatus, DepartmentKind

# Below this share of equal characters two paragraphs are two, not one that was reworded.
SAME_PARAGRAPH = 0.6


@dataclass(frozen=True)
class Planned:
    """One line of an import's preview: state is new, changed, same or gone."""

    state: str
    kind: str
    number: str
    title: str


@transaction.atomic
def import_concept(
    *, parsed: ParsedConcept, parent: Page, actor, concept: ConceptPage | None = None
) -> ConceptPage:
    """Write a parsed concept as draft pages below `parent`, or into an existing concept.

    What the file does not hold stays untouched; `plan_import` lists it as gone, for an editor to
    delete or keep.
    """
    if concept is None:
        concept = ConceptPage(title=parsed.title, motto=parsed.motto, live=False)
        concept.slug = _free_slug(parent, address_word(parsed.title)[:60] or "konzept")
        parent.add_child(instance=concept)
        concept.save_revision(user=actor)
    known = list(concept.sections())
    for section in parsed.sections:
        page = _match(section, known, lambda found: found.title)
        _write_section(concept, section, page, actor)
    return concept


def plan_import(*, parsed: ParsedConcept, concept: ConceptPage | None) -> list[Planned]:
    """Say what an import would do, section by section and goal by goal; write nothing."""
    known = list(concept.sections()) if concept else []
    plan: list[Planned] = []
    met = set()
    for section in parsed.sections:
        page = _match(section, known, lambda found: found.title)
        met.add(page.pk if page else None)
        plan.append(
            Planned(_section_state(section, page), "section", section.number, section.title)
        )
        plan += _plan_goals(section, page)
    plan += [
        Planned("gone", "section", page.number, page.title) for page in known if page.pk not in met
    ]
    return plan


def _plan_goals(section: ParsedSection, page: SectionPage | None) -> Iterator[Planned]:
    known = list(page.goals()) if page else []
    met = set()
    for goal in section.goals:
        found = _match(goal, known, lambda row: row.wording)
        met.add(found.pk if found else None)
        state = "new" if found is None else _state(_goal_words(goal), _page_goal_words(found))
        yield Planned(state, "goal", goal.number, goal.wording)
    for row in known:
        if row.pk not in met:
            yield Planned("gone", "goal", row.number, row.wording)


def _section_state(section: ParsedSection, page: SectionPage | None) -> str:
    if page is None:
        return "new"
    latest = page.get_latest_revision_as_object()
    here = [section.title, section.lede, *(_parsed_text(block) for block in section.blocks)]
    there = [latest.title, latest.lede, *(_stream_text(child) for child in latest.body)]
    return _state(here, there)


def _state(here: list[str], there: list[str]) -> str:
    return "same" if here == there else "changed"


def _goal_words(goal: ParsedGoal) -> list[str]:
    measures = [f"{m.number} {m.title} {m.description}" for m in goal.measures]
    return [goal.wording, goal.reason, goal.target_groups, *measures]


def _page_goal_words(page: GoalPage) -> list[str]:
    latest = page.get_latest_revision_as_object()
    values = [child.value for child in latest.measures]
    measures = [f"{v['number']} {v['title']} {v['description']}" for v in values]
    return [latest.wording, latest.reason, latest.target_groups, *measures]


def _match(item, known: Iterable[Any], words) -> Any:
    """The page with the same number, else the one with the same words."""
    text = getattr(item, "wording", None) or item.title
    by_number = [page for page in known if item.number and page.number == item.number]
    by_words = [page for page in known if words(page) == text]
    return (by_number or by_words or [None])[0]


def _write_section(concept, section: ParsedSection, page: SectionPage | None, actor) -> None:
    is_new = page is None
    draft = SectionPage(live=False) if page is None else page.get_latest_revision_as_object()
    draft.number, draft.title, draft.kind = section.number, section.title, section.kind
    draft.lede = section.lede
    draft.body = _body(section, draft.body)
    draft.lead_department = _department(_common_lead(section)) or draft.lead_department
    if is_new:
        draft.slug = _free_slug(concept, address_word(section.title)[:60] or "abschnitt")
        concept.add_child(instance=draft)
    draft.save_revision(user=actor)
    known = [] if is_new else list(draft.goals())
    for goal in section.goals:
        _write_goal(draft, goal, _match(goal, known, lambda row: row.wording), actor)


def _write_goal(section, goal: ParsedGoal, page: GoalPage | None, actor) -> None:
    is_new = page is None
    draft = GoalPage(live=False) if page is None else page.get_latest_revision_as_object()
    draft.title = f"Ziel {goal.number}".strip()
    draft.number, draft.level, draft.wording = goal.number, goal.level, goal.wording
    draft.reason, draft.target_groups = goal.reason, goal.target_groups
    draft.openness, draft.openness_reason = goal.openness, goal.openness_reason
    draft.lead_department = _department(goal.lead)
    draft.measures = _measures(goal, draft.measures)
    if is_new:
        draft.slug = _free_slug(section, address_word(f"ziel-{goal.number.replace('.', '-')}"))
        section.add_child(instance=draft)
    draft.save_revision(user=actor)


def _body(section: ParsedSection, existing) -> list[dict[str, Any]]:
    free = [(child.id, child.block_type, _stream_text(child)) for child in existing]
    body = []
    for block in section.blocks:
        wid = _same_block(block, free) or str(uuid.uuid4())
        free = [row for row in free if row[0] != wid]
        body.append({"id": wid, "type": block.kind, "value": _block_value(block)})
    return _stream(SectionPage, "body", body)


def _same_block(block, free) -> str | None:
    text = _parsed_text(block)
    best, best_ratio = None, SAME_PARAGRAPH
    for wid, kind, words in free:
        if kind != block.kind:
            continue
        if words == text:
            return wid
        ratio = SequenceMatcher(None, words, text, autojunk=False).ratio()
        if ratio > best_ratio:
            best, best_ratio = wid, ratio
    return best


def _block_value(block) -> Any:
    match block.kind:
        case "heading":
            return plain(block.html)
        case "paragraph":
            return f"<p>{block.html}</p>"
        case "list":
            return [
                {"id": str(uuid.uuid4()), "type": "item", "value": f"<p>{item}</p>"}
                for item in block.items
            ]
    head = block.head or [""] * max((len(row) for row in block.rows), default=1)
    return {
        "columns": [{"type": "text", "heading": plain(cell)} for cell in head],
        "rows": [{"values": _row(row, len(head))} for row in block.rows],
        "caption": "",
    }


def _row(cells: list[str], width: int) -> list[str]:
    # A row that is longer than the head keeps its last cells in one, so that no word is lost.
    words = [plain(cell) for cell in cells]
    fitting = [*words[: width - 1], " ".join(words[width - 1 :])]
    return fitting + [""] * (width - len(fitting))


def _measures(goal: ParsedGoal, existing) -> list[dict[str, Any]]:
    known = {child.value["number"]: child.id for child in existing}
    measures = [
        {
            "id": known.get(measure.number) or str(uuid.uuid4()),
            "type": "measure",
            "value": _measure_value(measure),
        }
        for measure in goal.measures
    ]
    return _stream(GoalPage, "measures", measures)


def _measure_value(measure: ParsedMeasure) -> dict[str, Any]:
    estimated = measure.cost_one_off is not None or measure.cost_yearly is not None
    return {
        "number": measure.number,
        "title": measure.title,
        "description": measure.description,
        "kind": measure.kind,
        "responsible": measure.responsible,
        "period": measure.period,
        "cost_status": CostStatus.ESTIMATED if estimated else CostStatus.NOT_ESTIMATED,
        "cost_one_off": measure.cost_one_off,
        "cost_yearly": measure.cost_yearly,
        "posts": measure.posts,
        "funding": measure.funding,
        "also_serves": [
            {"id": str(uuid.uuid4()), "type": "item", "value": number}
            for number in measure.also_serves
        ],
    }


def _stream(model, field: str, raw: list[dict[str, Any]]):
    return model._meta.get_field(field).stream_block.to_python(raw)


def _parsed_text(block) -> str:
    data = {"kind": block.kind, "html": block.html, "items": block.items}
    cells = [[plain(cell) for cell in row] for row in block.rows]
    return block_text({**data, "head": [plain(cell) for cell in block.head], "rows": cells})


def _stream_text(child) -> str:
    match child.block_type:
        case "heading":
            return child.value
        case "paragraph":
            return plain(inline_html(child.value.source))
        case "list":
            return "\n".join(plain(inline_html(item.source)) for item in child.value)
        case "table":
            head = " | ".join(column["heading"] for column in child.value.columns)
            rows = [" | ".join(str(cell.value) for cell in row) for row in child.value.rows]
            return "\n".join([head, *rows])
    return child.value["alt"]


def _common_lead(section: ParsedSection) -> str:
    leads = [goal.lead for goal in section.goals if goal.lead]
    return max(leads, key=leads.count) if leads else ""


def _department(name: str) -> Department | None:
    if not name:
        return None
    kind = DepartmentKind.STAFF_UNIT if "stelle" in name.lower() else DepartmentKind.OFFICE
    return Department.objects.get_or_create(name=name[:160], defaults={"kind": kind})[0]


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    candidates = [wanted, *(f"{wanted}-{number}" for number in range(2, 500))]
    return next(slug for slug in candidates if slug not in taken)
