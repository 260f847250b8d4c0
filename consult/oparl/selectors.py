"""What everybody can read through OParl."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from consult.oparl.models import PublishedObject
from consult.oparl.states import ObjectKind


@dataclass(frozen=True)
class Span:
    """Which times a reader asks for; both ends belong to it, None is open."""

    created_since: datetime | None = None
    created_until: datetime | None = None
    modified_since: datetime | None = None
    modified_until: datetime | None = None


def published(kind: ObjectKind, key: str) -> PublishedObject | None:
    """An object, also a deleted one."""
    return PublishedObject.objects.filter(kind=kind, key=key).first()


def published_list(
    kind: ObjectKind, span: Span, *, organization: str = ""
) -> QuerySet[PublishedObject]:
    """Objects of a kind in the order of their publication; deleted ones with `modified_since` alone.

    `organization` is the address of one whose meetings or consultations are wanted.
    """
    rows = PublishedObject.objects.filter(_within(span), kind=kind).order_by("pk")
    if span.modified_since is None:
        rows = rows.filter(deleted_at__isnull=True)
    if organization:
        rows = rows.filter(data__organization__contains=[organization])
    return rows


def inside_of(rows: Iterable[PublishedObject]) -> dict[str, PublishedObject]:
    """The objects that are shown inside of others, by "kind/key", in two queries at most."""
    found: dict[str, PublishedObject] = {}
    wanted = _named(rows)
    for _depth in range(2):
        more = {row_name(row): row for row in _rows(wanted)}
        found |= more
        wanted = _named(more.values()) - found.keys()
    return found


def part_names(parts: Mapping[str, str | list[str]]) -> list[str]:
    """The names of all objects that are shown inside of one."""
    return [name for part in parts.values() for name in ([part] if isinstance(part, str) else part)]


def row_name(row: PublishedObject) -> str:
    """The name of an object among the parts of another one."""
    return f"{row.kind}/{row.key}"


def _within(span: Span) -> Q:
    bounds = {
        "created_at__gte": span.created_since,
        "created_at__lte": span.created_until,
        "modified_at__gte": span.modified_since,
        "modified_at__lte": span.modified_until,
    }
    return Q(**{name: at for name, at in bounds.items() if at is not None})


def _named(rows: Iterable[PublishedObject]) -> set[str]:
    return {name for row in rows for name in part_names(row.parts)}


def _rows(names: set[str]) -> list[PublishedObject]:
    if not names:
        return []
    by_kind: dict[str, list[str]] = {}
    for name in names:
        kind, _slash, key = name.partition("/")
        by_kind.setdefault(kind, []).append(key)
    wanted = Q()
    for kind, keys in by_kind.items():
        wanted |= Q(kind=kind, key__in=keys)
    return list(PublishedObject.objects.filter(wanted, deleted_at__isnull=True))
