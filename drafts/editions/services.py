"""Deeds that freeze text: each is one transaction and writes the audit log.

Released text never changes: nothing here updates a section, a goal, a measure or its words.
"""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from wagtail.log_actions import log

from drafts.concept.addresses import address_word
from drafts.concept.models import ConceptPage, SectionPage
from drafts.concept.snapshots import Data, content_hash
from drafts.editions.freezing import (
    UnableToRelease,
    doubled_paragraphs,
    frozen_text,
    keep_files,
    reviewed,
    unreviewed,
)
from drafts.editions.languages import BINDING
from drafts.editions.models import (
    Edition,
    EditionGoal,
    EditionMeasure,
    EditionSection,
    EditionText,
)
from drafts.editions.selectors import section_data
from drafts.editions.states import TRANSITIONS, EditionStatus
from drafts.editions.version_services import carry_versions


class EditionStepRefused(Exception):
    """The edition cannot go from its status to the wanted one."""


@transaction.atomic
def open_edition(*, concept: ConceptPage, title: str, origin: str, actor, at: datetime) -> Edition:
    """Create the next edition, into which sections are released one by one.

    Raises EditionStepRefused while another edition of the concept is open.
    """
    editions = Edition.objects.select_for_update().filter(concept=concept).order_by("-number")
    latest = editions.first()
    if latest and latest.status == EditionStatus.OPEN:
        raise EditionStepRefused(f"edition {latest.number} is still open")
    edition = Edition.objects.create(
        concept=concept,
        number=latest.number + 1 if latest else 1,
        title=title,
        origin=origin,
        based_on=latest,
        created_at=at,
    )
    log(edition, "edition.open", user=actor)
    return edition


@transaction.atomic
def release_section(
    *, section: SectionPage, edition: Edition, actor, at: datetime
) -> EditionSection:
    """Freeze one reviewed section with its goals and measures into the open edition.

    Raises UnableToRelease, naming every page with unpublished changes or an open workflow, every
    block with more than one paragraph, every key and every goal number that the edition holds
    already.
    """
    edition = _lock_open(edition)
    page = reviewed(section)
    snapshot = page.snapshot()
    obstacles = [
        *unreviewed(section),
        *_unfit(page, snapshot),
        *_taken(edition, snapshot),
        *_numbers_taken(edition, snapshot),
    ]
    if obstacles:
        raise UnableToRelease(obstacles)
    frozen = _write_section(edition, snapshot, section, actor, at)
    log(edition, "edition.release_section", user=actor, data={"wid": frozen.wid})
    return frozen


@transaction.atomic
def release_edition(*, edition: Edition, actor, at: datetime) -> Edition:
    """Release all sections that remain, then seal the edition."""
    edition = _lock_open(edition)
    released = set(edition.sections.values_list("wid", flat=True))
    remaining = [page for page in edition.concept.specific.sections() if page.wid not in released]
    obstacles = [pair for page in remaining for pair in unreviewed(page)]
    if obstacles:
        raise UnableToRelease(obstacles)
    for page in remaining:
        release_section(section=page, edition=edition, actor=actor, at=at)
    return seal_edition(edition=edition, actor=actor, at=at)


@transaction.atomic
def seal_edition(*, edition: Edition, actor, at: datetime) -> Edition:
    """Fix the edition's hash over the canonical bytes of all its binding texts.

    An edition that is sealed already is returned unchanged. Raises UnableToRelease where nothing
    was released.
    """
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.status != EditionStatus.OPEN:
        return edition
    sections = section_data(edition, BINDING)
    if not sections:
        raise UnableToRelease([("nothing_released", edition.title)])
    edition.content_hash = content_hash(sections)
    edition.sealed_at = at
    return set_edition_status(edition=edition, status=EditionStatus.SEALED, actor=actor)


@transaction.atomic
def set_edition_status(*, edition: Edition, status: EditionStatus, actor) -> Edition:
    """The one gate of an edition's status. Raises EditionStepRefused for a step not allowed."""
    locked = Edition.objects.select_for_update().get(pk=edition.pk)
    step = (EditionStatus(locked.status), status)
    if step not in TRANSITIONS:
        raise EditionStepRefused(f"{step[0]} -> {step[1]}")
    log(edition, "edition.status", user=actor, data={"from": step[0], "to": status})
    edition.status = status
    edition.save()
    return edition


@transaction.atomic
def put_in_force(*, edition: Edition, actor, on) -> Edition:
    """Make the edition the one in force; the former one is superseded."""
    former = (
        Edition.objects.select_for_update()
        .filter(concept=edition.concept, status=EditionStatus.IN_FORCE)
        .first()
    )
    if former:
        set_edition_status(edition=former, status=EditionStatus.SUPERSEDED, actor=actor)
    edition.in_force_on = on
    return set_edition_status(edition=edition, status=EditionStatus.IN_FORCE, actor=actor)


def _lock_open(edition: Edition) -> Edition:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.status != EditionStatus.OPEN:
        raise EditionStepRefused(f"edition {edition.number} is {edition.status}, not open")
    return edition


def _unfit(page: SectionPage, snapshot: Data) -> list[tuple[str, str]]:
    twice = [wid for wid, count in Counter(_wids(snapshot)).items() if count > 1]
    return doubled_paragraphs(page) + [("key_twice", wid) for wid in twice]


def _wids(snapshot: Data) -> list[str]:
    wids = [snapshot["wid"], *(block["wid"] for block in snapshot["text"]["blocks"])]
    for goal in snapshot["goals"]:
        wids += [goal["wid"], *(measure["wid"] for measure in goal["measures"])]
    return wids


def _taken(edition: Edition, snapshot: Data) -> list[tuple[str, str]]:
    taken = {wid for section in section_data(edition, BINDING) for wid in _wids(section)}
    return [("key_taken", wid) for wid in _wids(snapshot) if wid in taken]


def _numbers_taken(edition: Edition, snapshot: Data) -> list[tuple[str, str]]:
    # A goal's number is its address, so two goals of an edition never share one.
    slugs = Counter(edition.goals.values_list("slug", flat=True))
    numbers = [goal["number"] for goal in snapshot["goals"]]
    slugs.update(goal_slug(number) for number in numbers)
    twice = {number: None for number in numbers if slugs[goal_slug(number)] > 1}
    return [("number_twice", number) for number in twice]


def _write_section(edition, snapshot: Data, page, actor, at) -> EditionSection:
    frozen = EditionSection.objects.create(
        edition=edition,
        wid=snapshot["wid"],
        slug=address_word(page.slug) or str(page.pk),
        number=snapshot["number"],
        position=list(edition.concept.get_children().values_list("pk", flat=True)).index(page.pk),
        kind=snapshot["kind"],
        openness=snapshot["openness"],
        released_at=at,
        released_by=actor,
        source_revision=page.latest_revision_id,
    )
    texts = [frozen_text(snapshot["text"], BINDING, section=frozen)]
    for position, goal in enumerate(snapshot["goals"]):
        texts += _write_goal(frozen, goal, position)
    EditionText.objects.bulk_create(texts)
    carry_versions(texts, edition.based_on)
    keep_files(page)
    return frozen


def _write_goal(section: EditionSection, goal: Data, position: int) -> list[EditionText]:
    frozen = EditionGoal.objects.create(
        edition=section.edition,
        section=section,
        wid=goal["wid"],
        slug=goal_slug(goal["number"]),
        number=goal["number"],
        position=position,
        level=goal["level"],
        openness=goal["openness"],
    )
    measures = EditionMeasure.objects.bulk_create(
        EditionMeasure(
            edition=section.edition,
            goal=frozen,
            position=place,
            **{name: value for name, value in measure.items() if name != "text"},
        )
        for place, measure in enumerate(goal["measures"])
    )
    return [
        frozen_text(goal["text"], BINDING, goal=frozen),
        *(
            frozen_text(data["text"], BINDING, measure=row)
            for row, data in zip(measures, goal["measures"], strict=True)
        ),
    ]


def goal_slug(number: str) -> str:
    """The goal's name in addresses: 3.1 becomes ziel-3-1."""
    return "ziel-" + slugify(number.replace(".", "-"))
