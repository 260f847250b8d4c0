"""The working pages beside a text that shall stand on them: written by one action, or by hand.

Pages that read as one of the former texts are written as drafts, which a second person reviews.
Pages that somebody has edited since are never overwritten: they are listed, and a person merges
them. Struck and moved goals are whole pages, which have no draft: a person does that too.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.snapshots import Data, block_text, content_hash, goal_snapshot, section_snapshot
from drafts.editions.models import Edition
from drafts.editions.rewording import NEW_VALUE


class PageState(TextChoices):
    """How a working page stands to the text that shall stand on it."""

    DONE = "done", _("liest sich so und ist geprüft")
    TO_REVIEW = "to_review", _("als Entwurf geschrieben, Prüfung steht aus")
    TO_WRITE = "to_write", _("wird geschrieben")
    EDITED = "edited", _("seit der Vorlage bearbeitet")
    BUSY = "busy", _("wird gerade geprüft oder ist gesperrt")
    STRIKE = "strike", _("Seite von Hand löschen")
    ORDER = "order", _("Ziele von Hand in die neue Reihenfolge bringen")
    MISSING = "missing", _("Die Seite gibt es nicht mehr")


# What a person has to do before the text can be released.
BY_HAND = frozenset(
    {PageState.EDITED, PageState.BUSY, PageState.STRIKE, PageState.ORDER, PageState.MISSING}
)


@dataclass(frozen=True)
class AmendedPage:
    """A working page, and how it stands to the text; `page` is None for a goal that is new."""

    state: PageState
    title: str
    page: Any


def is_reviewed(concept: ConceptPage, target: Sequence[Data]) -> bool:
    """Whether the reviewed working text is the target byte for byte."""
    return content_hash(concept.preview_sections()) == content_hash(list(target))


def amended_pages(
    concept: ConceptPage, target: Sequence[Data], formers: Sequence[Sequence[Data]]
) -> list[AmendedPage]:
    """Every page that has to do with a change, in reading order.

    `formers` are texts whose pages may be overwritten: the submitted one, and those that were
    written by this action before.
    """
    submitted = {part["wid"]: part for part in _parts(formers[0])}
    wanted = {part["wid"]: part for part in _parts(target)}
    return [
        row
        for row in _rows(_Working(concept), target, formers)
        if row.state != PageState.DONE or wanted[row.page.wid] != submitted.get(row.page.wid)
    ]


@transaction.atomic
def write_amended(
    *, edition: Edition, target: Sequence[Data], formers: Sequence[Sequence[Data]], actor
) -> list[AmendedPage]:
    """Write the target as drafts where nobody has edited; return how all pages stand now."""
    concept = edition.concept.specific
    working = _Working(concept, edition)
    wanted = {part["wid"]: part for part in _parts(target)}
    homes = {goal["wid"]: section for section in target for goal in section["goals"]}
    for row in _rows(working, target, formers):
        if row.state == PageState.TO_WRITE and row.page is not None:
            _write(row.page, wanted[row.page.wid], working, actor)
    for wid, section in homes.items():
        if wid not in working.pages and section["wid"] in working.pages:
            _add_goal(working, section, wanted[wid], actor)
    return amended_pages(concept, target, formers)


class _Working:
    """All pages of a concept with their newest drafts, read once."""

    def __init__(self, concept: ConceptPage, edition: Edition | None = None):
        self.pages: dict[str, Any] = {}
        self.drafts: dict[str, Data] = {}
        self.reviewed: dict[str, Data] = {}
        self.goals_of: dict[str, list[str]] = {}
        self.raw: dict[str, Data] = {}
        self.words: dict[str, str] = {}
        for section in concept.sections():
            self._read(section, section_snapshot)
            goals = list(section.goals())
            self.goals_of[section.wid] = [goal.wid for goal in goals]
            for goal in goals:
                self._read(goal, lambda page, _goals: goal_snapshot(page))
        if edition is not None:
            self._read_submitted(edition)

    def _read(self, page: Any, snapshot: Any) -> None:
        draft = page.get_latest_revision_as_object()
        self.pages[page.wid] = page
        self.drafts[page.wid] = snapshot(draft, [])
        self.reviewed[page.wid] = snapshot(page, []) if page.live else {}
        self._keep(draft, self.drafts[page.wid])

    def _read_submitted(self, edition: Edition) -> None:
        """The marks of the words are those that were submitted, whatever was written since."""
        rows = edition.sections.exclude(source_revision=None)
        for pk in rows.values_list("source_revision", flat=True):
            revision = Revision.objects.filter(pk=pk).first()
            if revision is not None:
                page = revision.as_object()
                self._keep(page, section_snapshot(page, []))

    def _keep(self, page: Any, data: Data) -> None:
        stream = page.body if isinstance(page, SectionPage) else page.measures
        self.raw |= {child["id"]: dict(child) for child in stream.get_prep_value()}
        for block in data["text"].get("blocks", []):
            self.words[block["wid"]] = block_text(block)


def _rows(
    working: _Working, target: Sequence[Data], formers: Sequence[Sequence[Data]]
) -> Iterable[AmendedPage]:
    former = [{part["wid"]: part for part in _parts(text)} for text in formers]
    wanted = {part["wid"]: part for part in _parts(target)}
    for section in target:
        for part in [_own(section), *section["goals"]]:
            yield _row(part, working, [text.get(part["wid"]) for text in former])
        there = [wid for wid in working.goals_of.get(section["wid"], []) if wid in wanted]
        if there != [goal["wid"] for goal in section["goals"] if goal["wid"] in working.pages]:
            page = working.pages.get(section["wid"])
            yield AmendedPage(PageState.ORDER, section["text"]["title"], page)
    for wid, page in working.pages.items():
        if wid not in wanted:
            yield AmendedPage(PageState.STRIKE, page.title, page)


def _row(part: Data, working: _Working, formers: list[Data | None]) -> AmendedPage:
    wid = part["wid"]
    page = working.pages.get(wid)
    title = part["text"].get("title") or f"Ziel {part['number']}"
    if page is None:
        state = PageState.MISSING if any(formers) or "level" not in part else PageState.TO_WRITE
        return AmendedPage(state, title, None)
    draft = working.drafts[wid]
    if draft == part:
        is_done = working.reviewed[wid] == part and not page.has_unpublished_changes
        return AmendedPage(PageState.DONE if is_done else PageState.TO_REVIEW, title, page)
    if draft not in formers:
        return AmendedPage(PageState.EDITED, title, page)
    busy = page.workflow_in_progress or page.get_lock()
    return AmendedPage(PageState.BUSY if busy else PageState.TO_WRITE, title, page)


def _parts(sections: Sequence[Data]) -> Iterable[Data]:
    for section in sections:
        yield _own(section)
        yield from section["goals"]


def _own(section: Data) -> Data:
    return {**section, "goals": []}


def _write(page: Any, part: Data, working: _Working, actor) -> None:
    draft = page.get_latest_revision_as_object()
    if isinstance(page, SectionPage):
        draft.title, draft.lede = part["text"]["title"], part["text"]["lede"]
        raw = [_raw_block(block, working) for block in part["text"]["blocks"]]
        draft.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    else:
        draft.wording = part["text"]["wording"]
        raw = [_raw_measure(measure, working) for measure in part["measures"]]
        draft.measures = GoalPage._meta.get_field("measures").stream_block.to_python(raw)
    draft.save_revision(user=actor, log_action=True)


def _raw_block(block: Data, working: _Working) -> Data:
    wid, words = block["wid"], block_text(block)
    if wid not in working.raw:
        return {"id": wid, "type": "paragraph", "value": f"<p>{escape(words)}</p>"}
    raw = working.raw[wid]
    if words == working.words[wid]:
        return raw
    return {**raw, "value": NEW_VALUE[raw["type"]](raw["value"], words)}


def _raw_measure(measure: Data, working: _Working) -> Data:
    raw = working.raw.get(measure["wid"], {"id": measure["wid"], "type": "measure", "value": {}})
    facts = {name: value for name, value in measure.items() if name not in {"wid", "text"}}
    value = raw["value"] | ({} if raw["value"] else facts | measure["text"])
    words = {name: measure["text"][name] for name in ("title", "description")}
    return {**raw, "value": value | words}


def _add_goal(working: _Working, section: Data, part: Data, actor) -> None:
    goal = GoalPage(
        title=f"Ziel {part['number']}",
        number=part["number"],
        level=part["level"],
        wording=part["text"]["wording"],
        translation_key=uuid.UUID(part["wid"]),
        live=False,
    )
    wids = [found["wid"] for found in section["goals"]]
    before = [wid for wid in wids[: wids.index(part["wid"])] if wid in working.pages]
    after = [wid for wid in wids[wids.index(part["wid"]) :] if wid in working.pages]
    if before:
        GoalPage.objects.get(pk=working.pages[before[-1]].pk).add_sibling(
            pos="right", instance=goal
        )
    elif after:
        GoalPage.objects.get(pk=working.pages[after[0]].pk).add_sibling(pos="left", instance=goal)
    else:
        SectionPage.objects.get(pk=working.pages[section["wid"]].pk).add_child(instance=goal)
    goal.save_revision(user=actor, log_action=True)
    working.pages[part["wid"]] = goal
