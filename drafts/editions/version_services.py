"""Deeds on language versions: each is one transaction and writes the audit log.

A version is written in Wagtail's editor, on pages of another locale with the same keys. It is
released for a section that is frozen already, adds rows for that language and leaves the German
rows and the hash that they make alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Locale, Page, WorkflowPage

from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import Data
from drafts.editions.freezing import (
    UnableToRelease,
    doubled_paragraphs,
    frozen_text,
    keep_files,
    reviewed,
    unreviewed,
)
from drafts.editions.languages import BINDING, carried_text, language_fields
from drafts.editions.models import Edition, EditionSection, EditionText, RenderedSource
from drafts.editions.version_obstacles import version_obstacles

# What a person translates of a measure; its money, kind and number are the German ones.
MEASURE_WORDS = ("title", "description", "responsible", "period")
HOME_DEPTH = 2


class VersionRefused(Exception):
    """The language version cannot be begun or brought up to date; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def start_version(*, section: SectionPage, language: str, actor, at: datetime) -> SectionPage:
    """Copy a reviewed section with its goals into another language, as drafts in German words.

    Keys of blocks and measures stay. Whoever may work on the German pages may work on these, with
    the same review. Raises VersionRefused for a section that is no source, was not reviewed or
    has a version in this language.
    """
    if section.locale.language_code != BINDING:
        raise VersionRefused("not_the_source")
    if unreviewed(section):
        raise VersionRefused("not_reviewed")
    locale = Locale.objects.get_or_create(language_code=language)[0]
    if section.has_translation(locale):
        raise VersionRefused("exists")
    copied = _copy(section, locale, actor, include_subtree=True)
    # The copy at hand does not know of the pages that were put below it.
    version = SectionPage.objects.get(pk=copied.pk)
    _share_rights(section, version)
    _note_source(version, section, actor, at)
    log(version, "version.start", user=actor, data={"language": language})
    return version


@transaction.atomic
def renew_version(*, version: SectionPage, actor) -> SectionPage:
    """Give the drafts of a version the blocks, goals and measures that its source has now.

    What is new stands there in German, what is gone is left out, and words that the version has
    stay. A goal is dropped with its source, and comes back with it; a page whose source is gone is
    left for an editor to delete. Raises VersionRefused where the source is gone or was not reviewed.
    """
    source = _reviewed_source(version)
    draft: Any = version.get_latest_revision_as_object()
    for name in ("number", "kind", "openness", "lead_department"):
        setattr(draft, name, getattr(source, name))
    draft.body = _merged(source.body, draft.body)
    draft.save_revision(user=actor)
    known = {goal.translation_key: goal for goal in GoalPage.objects.child_of(version)}
    for goal in GoalPage.objects.child_of(source).select_related("lead_department"):
        if goal.translation_key in known:
            _renew_goal(known[goal.translation_key], goal, actor)
        elif not goal.dropped_because:
            _copy(goal, version.locale, actor)
    log(version, "version.renew", user=actor)
    return version


@transaction.atomic
def confirm_version(*, version: SectionPage, actor, at: datetime) -> RenderedSource:
    """Note that the version renders the German words as they are reviewed now."""
    confirmed = _note_source(version, _reviewed_source(version), actor, at)
    log(version, "version.confirm", user=actor)
    return confirmed


@transaction.atomic
def release_translation(
    *, version: SectionPage, edition: Edition, actor, at: datetime
) -> list[EditionText]:
    """Freeze a reviewed version for a section that the edition holds; return the new rows.

    Words that were released before stay as they are; where they differ, the new row is the
    current one. Raises UnableToRelease, naming what was not reviewed, what was not translated,
    every place that only one of the two texts has, and every place whose German words are other
    ones than those that the version renders.
    """
    frozen = (
        EditionSection.objects.select_for_update().filter(edition=edition, wid=version.wid).first()
    )
    if frozen is None:
        raise UnableToRelease([("not_released", version.title)])
    page, language = reviewed(version), version.locale.language_code
    german = list(_texts_of(edition, [frozen.wid]).filter(language=BINDING))
    rendered = RenderedSource.objects.filter(page=version).first()
    snapshot = page.snapshot()
    obstacles = [
        *unreviewed(page),
        *doubled_paragraphs(page),
        *version_obstacles(snapshot, rendered.snapshot if rendered else None, german, language),
    ]
    if obstacles:
        raise UnableToRelease(obstacles)
    texts = _new_texts(german, _parts(snapshot), language, actor, at)
    if not texts:
        raise UnableToRelease([("nothing_new", version.title)])
    _replace(texts)
    keep_files(page)
    log(edition, "edition.release_version", user=actor, data=_named(frozen, language))
    return texts


def carry_versions(german: Sequence[EditionText], former: Edition | None) -> None:
    """Take over from the edition before what language versions say of unchanged German words.

    Called with the German rows of a section that is being released.
    """
    if former is None:
        return
    after = {_wid(text): text for text in german}
    before: dict[str, EditionText] = {}
    versions: list[EditionText] = []
    for text in _texts_of(former, list(after)):
        if text.language == BINDING:
            before[_wid(text)] = text
        else:
            versions.append(text)
    carried = [(text, before[_wid(text)], after[_wid(text)]) for text in versions]
    rows = [_carried(*row) for row in carried]
    EditionText.objects.bulk_create([row for row in rows if row.content])


def _carried(version: EditionText, before: EditionText, after: EditionText) -> EditionText:
    return frozen_text(
        carried_text(before.content, after.content, version.content),
        version.language,
        section=after.section,
        goal=after.goal,
        measure=after.measure,
        source_id=version.source_id,
        source_hash=version.source_hash,
        released_at=version.released_at,
        released_by_id=version.released_by_id,
    )


def _new_texts(
    german: Iterable[EditionText], words: dict[str, Data], language: str, actor, at: datetime
) -> list[EditionText]:
    found = []
    for source in german:
        part = {"section": source.section, "goal": source.goal, "measure": source.measure}
        text = frozen_text(
            words[_wid(source)],
            language,
            **part,
            source=source,
            source_hash=source.hash,
            released_at=at,
            released_by=actor,
        )
        same = EditionText.objects.filter(
            **part, language=language, is_current=True, hash=text.hash, source_hash=source.hash
        )
        if not same.exists():
            found.append(text)
    return found


def _replace(texts: Sequence[EditionText]) -> None:
    for text in texts:
        EditionText.objects.filter(
            section=text.section,
            goal=text.goal,
            measure=text.measure,
            language=text.language,
            is_current=True,
        ).update(is_current=False)
    EditionText.objects.bulk_create(texts)


def _parts(snapshot: Data) -> dict[str, Data]:
    """The words of a section, its goals and measures by key, without what is not translated."""
    head = snapshot["text"]
    parts = {snapshot["wid"]: {**language_fields(head), "blocks": head["blocks"]}}
    for goal in snapshot["goals"]:
        parts[goal["wid"]] = language_fields(goal["text"])
        for measure in goal["measures"]:
            parts[measure["wid"]] = language_fields(measure["text"])
    return parts


def _texts_of(edition: Edition, wids: list[str]):
    """The current words of these parts, and of the goals and measures of these sections."""
    texts = EditionText.objects.filter(
        Q(section__edition=edition, section__wid__in=wids)
        | Q(goal__edition=edition, goal__section__wid__in=wids)
        | Q(measure__edition=edition, measure__goal__section__wid__in=wids),
        is_current=True,
    )
    # They were written in reading order.
    return texts.select_related("section", "goal", "measure").order_by("pk")


def _wid(text: EditionText) -> str:
    part: Any = text.section or text.goal or text.measure
    return part.wid


def _reviewed_source(version: SectionPage) -> SectionPage:
    source = (
        SectionPage.objects.translation_of(version)
        .filter(locale__language_code=BINDING)
        .select_related("lead_department")
        .first()
    )
    if source is None:
        raise VersionRefused("no_source")
    if unreviewed(source):
        raise VersionRefused("not_reviewed")
    return source


def _copy(page: Page, locale: Locale, actor, *, include_subtree: bool = False) -> Any:
    action = CopyPageForTranslationAction(
        page=page, locale=locale, copy_parents=True, include_subtree=include_subtree, user=actor
    )
    return action.execute(skip_permission_checks=True)


def _note_source(version: SectionPage, source: SectionPage, actor, at: datetime) -> RenderedSource:
    return RenderedSource.objects.update_or_create(
        page=version,
        defaults={"snapshot": source.snapshot(), "confirmed_by": actor, "confirmed_at": at},
    )[0]


def _share_rights(source: SectionPage, version: SectionPage) -> None:
    home, its_version = (
        Page.objects.ancestor_of(page).get(depth=HOME_DEPTH) for page in (source, version)
    )
    for right in GroupPagePermission.objects.filter(page=home):
        GroupPagePermission.objects.get_or_create(
            group=right.group, page=its_version, permission=right.permission
        )
    for review in WorkflowPage.objects.filter(page=home):
        WorkflowPage.objects.get_or_create(page=its_version, defaults={"workflow": review.workflow})


def _renew_goal(page: GoalPage, source: GoalPage, actor) -> None:
    draft: Any = page.get_latest_revision_as_object()
    for name in ("number", "level", "openness", "lead_department", "dropped_because"):
        setattr(draft, name, getattr(source, name))
    draft.measures = _merged(source.measures, draft.measures, _with_own_words)
    draft.save_revision(user=actor)


def _merged(source, own, merge=None):
    """The blocks of the source in its order, with the words that the version has for them."""
    words = {child["id"]: child for child in own.get_prep_value()}
    blocks = []
    for child in source.get_prep_value():
        found = words.get(child["id"])
        if found is None or found["type"] != child["type"]:
            found = child
        blocks.append(merge(child, found) if merge else found)
    return source.stream_block.to_python(blocks)


def _with_own_words(child: Data, own: Data) -> Data:
    words = {name: own["value"][name] for name in MEASURE_WORDS}
    return {**child, "value": {**child["value"], **words}}


def _named(frozen: EditionSection, language: str) -> Data:
    return {"wid": frozen.wid, "language": language}
