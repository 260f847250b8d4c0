"""The audit log is chained, so that a changed or removed entry is noticed (decision 10).

Each link seals one entry of Wagtail's logs: digest = SHA-256(former digest + canonical bytes of
the entry). The bytes hold numbers, the action, the time and states, but no label and no free
text: those are what an erasure may change. The head is noted in a file outside the database and
published, so that a restored or shortened chain does not match it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from wagtail.models import ModelLogEntry, PageLogEntry

from consult.records.models import AuditLink
from consult.records.selectors import audit_head
from consult.records.services.witness import append_line, lines_of
from consult.records.states import LogKind
from drafts.concept.snapshots import canonical_bytes

GENESIS = "0" * 64
HEADS = "audit-heads.txt"
LINKS_AT_ONCE = 1_000
LOGS: dict[str, Any] = {LogKind.MODEL: ModelLogEntry, LogKind.PAGE: PageLogEntry}
# What an entry's data may add: states and numbers, under these names.
FACTS = ("count", "edition", "from", "outcome", "position", "to")


@dataclass(frozen=True)
class Root:
    """A head that somebody has noted: so many links, the last one with this digest."""

    position: int
    digest: str


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold; `code` is gap, removed, changed, shortened or rewritten."""

    position: int
    code: str


def seal_entries(*, at: datetime) -> int:
    """Add a link for every entry without one and note the new head; return how many.

    Only one process at a time adds links.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('consult audit chain'))")
        links = list(_new_links(at))
        AuditLink.objects.bulk_create(links, batch_size=LINKS_AT_ONCE)
        if links:
            # After the commit: a head that never came to be must not stand in the file.
            head = links[-1]
            transaction.on_commit(
                lambda: append_line(HEADS, f"{head.position} {head.digest} {at.isoformat()}")
            )
    return len(links)


def noted_roots() -> list[Root]:
    """The heads in the file outside the database, oldest first."""
    rows = [line.split() for line in lines_of(HEADS)]
    return [Root(int(position), digest) for position, digest, *_at in rows]


def first_break(roots: Iterable[Root]) -> Break | None:
    """Walk the chain from its beginning and compare it with noted heads; None where it holds."""
    wanted = {root.position: root.digest for root in roots}
    former, last = GENESIS, 0
    for link, entry in _sealed():
        if link.position != last + 1:
            return Break(last + 1, "gap")
        if entry is None:
            return Break(link.position, "removed")
        if link.digest != digest_of(former, link.log, entry):
            return Break(link.position, "changed")
        if wanted.get(link.position, link.digest) != link.digest:
            return Break(link.position, "rewritten")
        former, last = link.digest, link.position
    return Break(last, "shortened") if max(wanted, default=0) > last else None


def digest_of(former: str, log: str, entry: Any) -> str:
    """SHA-256 over the former digest and the entry's canonical bytes, in hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(former) + entry_bytes(log, entry)).hexdigest()


def entry_bytes(log: str, entry: Any) -> bytes:
    """What of an entry is sealed: nothing that says who somebody is or what was written."""
    kind = entry.content_type_id
    facts = {key: entry.data[key] for key in FACTS if isinstance(entry.data.get(key), str | int)}
    return canonical_bytes(
        {
            "log": log,
            "id": entry.pk,
            "type": ".".join(ContentType.objects.get_for_id(kind).natural_key()) if kind else "",
            "object": str(entry.object_id),
            "action": entry.action,
            "at": entry.timestamp.astimezone(UTC).isoformat(),
            "user": entry.user_id,
            "facts": facts,
        }
    )


def _new_links(at: datetime) -> Iterator[AuditLink]:
    head = audit_head()
    former, position = (head.digest, head.position) if head else (GENESIS, 0)
    for log, entry in _unsealed():
        position += 1
        former = digest_of(former, log, entry)
        yield AuditLink(position=position, log=log, entry=entry.pk, digest=former, sealed_at=at)


def _unsealed() -> list[tuple[str, Any]]:
    found = []
    for log, model in LOGS.items():
        link = AuditLink.objects.filter(log=log, entry=OuterRef("pk"))
        found += [(log, entry) for entry in model.objects.filter(~Exists(link))]
    return sorted(found, key=lambda pair: (pair[1].timestamp, pair[0], pair[1].pk))


def _sealed() -> Iterator[tuple[AuditLink, Any]]:
    batch: list[AuditLink] = []
    for link in AuditLink.objects.order_by("position").iterator(LINKS_AT_ONCE):
        batch.append(link)
        if len(batch) == LINKS_AT_ONCE:
            yield from _with_entries(batch)
            batch = []
    yield from _with_entries(batch)


def _with_entries(links: list[AuditLink]) -> Iterator[tuple[AuditLink, Any]]:
    entries = {
        log: model.objects.in_bulk([link.entry for link in links if link.log == log])
        for log, model in LOGS.items()
    }
    for link in links:
        yield link, entries[link.log].get(link.entry)
