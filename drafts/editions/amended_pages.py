"""The working pages beside a text that shall stand on them: written by one action, or by hand.

Pages that read as one of the former texts are written as drafts, which a second person reviews:
other words, new goals and sections, and those that are dropped. Pages stand where the text wants
them as soon as it is written. What somebody has edited since is never overwritten: it is listed,
and a person merges it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from drafts.concept.models import ConceptPage, GoalPage, SectionPage
from drafts.concept.snapshots import Data, block_text, content_hash, goal_snapshot, section_snapshot
from drafts.editions.amended_writing import Raw, arrange, create, drop, write
from drafts.editions.models import Edition
from drafts.editions.word_matching import common


class PageState(TextChoices):
    """How a working page stands to the text that shall stand on it."""

    DONE = "done", _("liest sich so und ist geprüft")
    TO_REVIEW = "to_review", _("als Entwurf geschrieben, Prüfung steht aus")
    TO_WRITE = "to_write", _("wird geschrieben")
    TO_MOVE = "to_move", _("kommt an die neue Stelle")
    EDITED = "edited", _("seit der Vorlage bearbeitet")
    BUSY = "busy", _("wird gerade geprüft oder ist gesperrt")
    MISSING = "missing", _("Die Seite gibt es nicht mehr")


# What a person has to do before the text can be released.
BY_HAND = frozenset({PageState.EDITED, PageState.BUSY, PageState.MISSING})


@dataclass(frozen=True)
class AmendedPage:
    """A working page, and how it stands to the text; `page` is None for one that is new."""

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
    submitted = _parts(formers[0])
    wanted = _parts(target)
    return [
        row
        for row in _rows(_Working(concept), target, formers)
        if row.state != PageState.DONE or wanted.get(row.page.wid) != submitted.get(row.page.wid)
    ]


@transaction.atomic
def write_amended(
    *,
    edition: Edition,
    target: Sequence[Data],
    formers: Sequence[Sequence[Data]],
    actor,
    reasons: Mapping[str, str],
) -> list[AmendedPage]:
    """Write the target as drafts where nobody has edited; return how all pages stand now.

    `reasons` say by key why a goal or section is dropped.
    """
    concept = edition.concept.specific
    working = _Working(concept, edition)
    wanted = _parts(target)
    for row in _rows(working, target, formers):
        if row.state != PageState.TO_WRITE or row.page is None:
            continue
        if row.page.wid in wanted:
            write(row.page, wanted[row.page.wid], working.raw, actor)
        elif working.homes.get(row.page.wid, "") in {"", *wanted}:
            drop(row.page, reasons.get(row.page.wid, ""), actor)
    _create_new(concept, working, target, actor)
    arrange(concept, working.pages, target, actor)
    return amended_pages(concept, target, formers)


class _Working:
    """All pages of a concept with their newest drafts, read once; {} for what is dropped.

    `homes` is the key of the section that a goal's page stands in.
    """

    def __init__(self, concept: ConceptPage, edition: Edition | None = None):
        self.pages: dict[str, Any] = {}
        self.drafts: dict[str, Data] = {}
        self.reviewed: dict[str, Data] = {}
        self.homes: dict[str, str] = {}
        self.raw = Raw()
        for section in SectionPage.objects.child_of(concept).select_related("lead_department"):
            self._read(section, section_snapshot, None)
            goals = GoalPage.objects.child_of(section).select_related("lead_department")
            for goal in goals:
                self.homes[goal.wid] = section.wid
                self._read(goal, lambda page, _goals: goal_snapshot(page), section)
        if edition is not None:
            self._read_submitted(edition)

    def out_of_place(self, target: Sequence[Data]) -> list[str]:
        """The keys of the pages that do not stand where the target has them."""
        homes = {goal["wid"]: section["wid"] for section in target for goal in section["goals"]}
        wids = [wid for wid in _parts(target) if wid in self.pages]
        wanted = [f"{homes.get(wid, '')}/{wid}" for wid in wids]
        there = [f"{self.homes.get(wid, '')}/{wid}" for wid in self.pages if wid in set(wids)]
        in_place = {at for _place, at in common(there, wanted)}
        return [wid for at, wid in enumerate(wids) if at not in in_place]

    def _read(self, page: Any, snapshot: Any, home: Any) -> None:
        draft = page.get_latest_revision_as_object()
        data = snapshot(draft, [])
        in_draft = home is None or self.drafts[home.wid]
        in_review = home is None or not home.dropped_because
        self.pages[page.wid] = page
        self.drafts[page.wid] = data if in_draft and not draft.dropped_because else {}
        is_text = page.live and in_review and not page.dropped_because
        self.reviewed[page.wid] = snapshot(page, []) if is_text else {}
        self._keep(draft, data)

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
        self.raw.blocks |= {child["id"]: dict(child) for child in stream.get_prep_value()}
        for block in data["text"].get("blocks", []):
            self.raw.words[block["wid"]] = block_text(block)


def _rows(
    working: _Working, target: Sequence[Data], formers: Sequence[Sequence[Data]]
) -> Iterable[AmendedPage]:
    former = [_parts(text) for text in formers]
    wanted = _parts(target)
    for wid, part in wanted.items():
        yield _row(wid, part, working, [text.get(wid, {}) for text in former])
    for wid in working.pages:
        if wid not in wanted:
            yield _row(wid, {}, working, [text.get(wid, {}) for text in former])
    for wid in working.out_of_place(target):
        page = working.pages[wid]
        yield AmendedPage(PageState.TO_MOVE, _title(wanted[wid]), page)


def _row(wid: str, part: Data, working: _Working, formers: list[Data]) -> AmendedPage:
    page = working.pages.get(wid)
    if page is None:
        state = PageState.MISSING if any(formers) else PageState.TO_WRITE
        return AmendedPage(state, _title(part), None)
    title = _title(part) if part else str(_("%(title)s (entfällt)") % {"title": page.title})
    draft = working.drafts[wid]
    if draft == part:
        is_done = working.reviewed[wid] == part and not page.has_unpublished_changes
        return AmendedPage(PageState.DONE if is_done else PageState.TO_REVIEW, title, page)
    if draft not in formers:
        return AmendedPage(PageState.EDITED, title, page)
    busy = page.workflow_in_progress or page.get_lock()
    return AmendedPage(PageState.BUSY if busy else PageState.TO_WRITE, title, page)


def _title(part: Data) -> str:
    return part["text"].get("title") or f"Ziel {part['number']}"


def _parts(sections: Sequence[Data]) -> dict[str, Data]:
    """Sections without their goals, and goals, by key in reading order."""
    found: dict[str, Data] = {}
    for section in sections:
        found[section["wid"]] = {**section, "goals": []}
        found |= {goal["wid"]: goal for goal in section["goals"]}
    return found


def _create_new(concept: ConceptPage, working: _Working, target: Sequence[Data], actor) -> None:
    """Write a page for each section and goal that has none."""
    for section in target:
        if section["wid"] not in working.pages:
            working.pages[section["wid"]] = create(concept, section, working.raw, actor)
        for goal in section["goals"]:
            if goal["wid"] not in working.pages:
                home = working.pages[section["wid"]]
                working.pages[goal["wid"]] = create(home, goal, working.raw, actor)
