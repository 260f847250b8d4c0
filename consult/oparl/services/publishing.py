"""Comparing what is public now with what was published, and noting since when it is so."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from wagtail.models import ModelLogEntry

from consult.oparl.models import PublishedObject, PublishingState
from consult.oparl.selectors import part_names, row_name
from consult.oparl.services.drafts import Draft
from consult.oparl.services.objects import council_objects
from consult.oparl.services.packs import made_packs
from consult.oparl.states import ObjectKind
from drafts.concept.snapshots import content_hash

CHANGING = ("data", "parts", "fingerprint", "modified_at", "deleted_at")
# Kinds that this app knows all objects of: what is not among them any more was withdrawn.
OURS = (
    ObjectKind.ORGANIZATION, ObjectKind.MEETING, ObjectKind.AGENDA_ITEM, ObjectKind.PAPER,
    ObjectKind.CONSULTATION, ObjectKind.FILE, ObjectKind.LOCATION,
)  # fmt: skip


def publish_if_changed(*, at: datetime, more: Iterable[Draft] = ()) -> int:
    """Publish unless nothing was logged or made since the last time; return how many changed.

    Every deed writes the log, so that a reader sees what is public now; a pack that was made is
    another file. Objects that this app
    cannot know, such as the city, are handed in as `more`.
    """
    more = list(more)
    stamp = _stamp(more)
    if PublishingState.objects.filter(pk=1, seen=stamp).exists():
        return 0
    return publish(at=at, more=more, stamp=stamp)


@transaction.atomic
def publish(*, at: datetime, more: Iterable[Draft] = (), stamp: str = "") -> int:
    """Write each object that says something else than before; return how many.

    What is not public any more keeps its address and times and says nothing else (OParl 1.1,
    chapter 2.8). Times are whole seconds, as OParl writes them.
    """
    at = at.replace(microsecond=0)
    PublishingState.objects.get_or_create(pk=1)
    state = PublishingState.objects.select_for_update().get(pk=1)
    with translation.override("de"):
        drafts = {_name(draft): draft for draft in [*more, *council_objects()]}
    rows = {row_name(row): row for row in PublishedObject.objects.all()}
    prints = _fingerprints(drafts)
    changed = [
        _row(rows.get(name), draft, prints[name], at)
        for name, draft in drafts.items()
        if name not in rows or rows[name].fingerprint != prints[name]
    ]
    gone = [
        _mark(row, at)
        for name, row in rows.items()
        if name not in drafts and row.kind in OURS and row.deleted_at is None
    ]
    PublishedObject.objects.bulk_create([row for row in changed if row.pk is None])
    known = [row for row in [*changed, *gone] if row_name(row) in rows]
    PublishedObject.objects.bulk_update(known, CHANGING, batch_size=500)
    state.seen, state.at = stamp or state.seen, at
    state.save(update_fields=["seen", "at"])
    return len(changed) + len(gone)


def _stamp(more: list[Draft]) -> str:
    last = ModelLogEntry.objects.aggregate(last=Max("pk"))["last"]
    packs = sorted((subject, pack.sha256) for subject, pack in made_packs().items())
    return f"{last} {content_hash([packs, [draft.data for draft in more]])}"


def _name(draft: Draft) -> str:
    return f"{draft.kind.value}/{draft.key}"


def _fingerprints(drafts: dict[str, Draft]) -> dict[str, str]:
    """The hash of what each object says, with all that is shown inside of it."""
    prints: dict[str, str] = {}

    def fingerprint(name: str) -> str:
        if name not in prints:
            draft = drafts[name]
            inside = [fingerprint(part) for part in part_names(draft.parts)]
            prints[name] = content_hash([draft.data, draft.parts, inside])
        return prints[name]

    return {name: fingerprint(name) for name in drafts}


def _row(
    row: PublishedObject | None, draft: Draft, fingerprint: str, at: datetime
) -> PublishedObject:
    if row is None:
        created = min(draft.created_at or at, at).replace(microsecond=0)
        row = PublishedObject(kind=draft.kind, key=draft.key, created_at=created)
    row.data, row.parts, row.fingerprint = draft.data, draft.parts, fingerprint
    row.modified_at, row.deleted_at = at, None
    return row


def _mark(row: PublishedObject, at: datetime) -> PublishedObject:
    row.data, row.parts, row.fingerprint = {}, {}, ""
    row.modified_at = row.deleted_at = at
    return row
