"""The city's objects for OParl 1.1, and how objects and lists are written.

Chapters of the specification: 2.4 (JSON), 2.5 (lists and filters), 2.8 (deleted objects).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Min, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from consult.oparl.models import PublishedObject
from consult.oparl.selectors import Span, inside_of
from consult.oparl.services.drafts import ADDRESSES, BODY, Draft, address, own_attributes
from consult.oparl.states import ObjectKind, type_of
from site_content.pages.models import City

Data = dict[str, Any]

VERSION = "https://schema.oparl.org/1.1/"
MOST = 100
# Which list of the body is of which kind; `legislativeTerm` itself is no list of its own.
LISTS = {
    "organization": ObjectKind.ORGANIZATION,
    "person": ObjectKind.PERSON,
    "meeting": ObjectKind.MEETING,
    "paper": ObjectKind.PAPER,
    "agendaItem": ObjectKind.AGENDA_ITEM,
    "consultation": ObjectKind.CONSULTATION,
    "file": ObjectKind.FILE,
    "locationList": ObjectKind.LOCATION,
    "legislativeTermList": ObjectKind.LEGISLATIVE_TERM,
    "membership": ObjectKind.MEMBERSHIP,
}
# What an object leaves out inside of another: the way back to that one.
BACK = {
    (ObjectKind.MEETING, ObjectKind.AGENDA_ITEM): "meeting",
    (ObjectKind.MEETING, ObjectKind.FILE): "meeting",
    (ObjectKind.MEETING, ObjectKind.LOCATION): "meetings",
    (ObjectKind.PAPER, ObjectKind.CONSULTATION): "paper",
    (ObjectKind.PAPER, ObjectKind.FILE): "paper",
}
# Lists inside of objects that a reader can do without (`omit_internal`).
INTERNAL = {"agendaItem", "auxiliaryFile"}


class BadFilter(ValueError):
    """A parameter of a list that cannot be read; the message is a sentence for people."""


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of a list."""

    span: Span
    page: int
    limit: int
    omits_internal: bool
    kept: tuple[tuple[str, str], ...]

    @classmethod
    def from_query(cls, query: QueryDict) -> "Wanted":
        """Read the parameters of a list. Raises BadFilter."""
        times = ("created_since", "created_until", "modified_since", "modified_until")
        names = sorted({*times, "limit", "omit_internal"} & query.keys())
        return cls(
            span=Span(**{name: _moment(name, query[name]) for name in times if name in query}),
            page=_number("page", query.get("page", "1")),
            limit=min(_number("limit", query.get("limit", str(MOST))), MOST),
            omits_internal=query.get("omit_internal") == "true",
            kept=tuple((name, query[name]) for name in names),
        )


# --- the city ------------------------------------------------------------------------------------


def city_objects() -> list[Draft]:
    """The body, which the council's app cannot know."""
    city = City.objects.first()
    data = {
        **own_attributes(ObjectKind.BODY, BODY),
        "system": reverse("oparl_system"),
        "name": city.name if city else "Stadt",
        "website": "/",
        "classification": "Kommune",
        "legislativeTerm": [],
        "web": "/de/rat/",
        **{
            name: reverse("oparl_body_list", args=[BODY, kind.value])
            for name, kind in LISTS.items()
        },
    }
    if city:
        data |= {"contactEmail": city.email, "contactName": city.office}
    return [Draft(ObjectKind.BODY, BODY, data)]


def system(body: PublishedObject) -> Data:
    """The entrance. It came with the body, and says the same of the city."""
    contact = {
        name: body.data[name] for name in ("contactEmail", "contactName") if name in body.data
    }
    first = PublishedObject.objects.aggregate(first=Min("created_at"))["first"]
    return _absolute(
        {
            "id": reverse("oparl_system"),
            "type": f"{VERSION}System",
            "oparlVersion": VERSION,
            "body": reverse("oparl_bodies"),
            "name": body.data["name"],
            **{name: value for name, value in contact.items() if value},
            "website": "/",
            "created": _time(min(first, body.created_at)),
            "modified": _time(body.modified_at),
        }
    )


# --- objects and lists ---------------------------------------------------------------------------


def one_object(row: PublishedObject) -> Data:
    """An object by itself, or what is left of a deleted one."""
    return _written(row, inside_of([row]), omits_internal=False)


def one_page(rows: QuerySet[PublishedObject], wanted: Wanted, path: str) -> Data:
    """A page of a list with its links; filters stay in them. Raises BadFilter past the end."""
    pages = Paginator(rows, wanted.limit)
    try:
        page = pages.page(wanted.page)
    except EmptyPage as error:
        raise BadFilter(f"Diese Liste hat {pages.num_pages} Seiten.") from error
    found = list(page.object_list)
    inside = inside_of(found)
    numbers = {"first": 1, "self": wanted.page, "last": pages.num_pages}
    if page.has_previous():
        numbers["prev"] = wanted.page - 1
    if page.has_next():
        numbers["next"] = wanted.page + 1
    return {
        "data": [_written(row, inside, omits_internal=wanted.omits_internal) for row in found],
        "pagination": {
            "totalElements": pages.count,
            "elementsPerPage": wanted.limit,
            "currentPage": wanted.page,
            "totalPages": pages.num_pages,
        },
        "links": {name: _page_address(path, wanted, n) for name, n in numbers.items()},
    }


def error_object(message: str) -> Data:
    """What is said of an address that cannot be answered (chapter 2.9)."""
    return {"type": f"{VERSION}Error", "message": message, "debug": ""}


def _written(
    row: PublishedObject, inside: dict[str, PublishedObject], *, omits_internal: bool
) -> Data:
    kind = ObjectKind(row.kind)
    times = {"created": _time(row.created_at), "modified": _time(row.modified_at)}
    if row.deleted_at is not None:
        left = {"id": address(kind, row.key), "type": type_of(kind)}
        return _absolute({**left, **times, "deleted": True})
    parts = {
        name: _part(kind, part, inside, omits_internal=omits_internal)
        for name, part in row.parts.items()
        if not (omits_internal and name in INTERNAL)
    }
    return {
        **_absolute({**row.data, **times}),
        **{name: part for name, part in parts.items() if part},
    }


def _part(
    outer: ObjectKind,
    part: str | list[str],
    inside: dict[str, PublishedObject],
    *,
    omits_internal: bool,
) -> Any:
    if isinstance(part, list):
        rows = [_part(outer, name, inside, omits_internal=omits_internal) for name in part]
        return [row for row in rows if row]
    row = inside.get(part)
    if row is None:
        return None
    data = _written(row, inside, omits_internal=omits_internal)
    data.pop(BACK.get((outer, ObjectKind(row.kind)), ""), None)
    return data


def _absolute(data: Data) -> Data:
    """The same attributes, with the host of this site before every address."""
    site = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return {
        name: _with_host(value, site) if name in ADDRESSES else value
        for name, value in data.items()
    }


def _with_host(value: Any, site: str) -> Any:
    if isinstance(value, list):
        return [_with_host(one, site) for one in value]
    return f"{site}{value}" if isinstance(value, str) and value.startswith("/") else value


def _page_address(path: str, wanted: Wanted, number: int) -> str:
    query = sorted([*wanted.kept, *([("page", str(number))] if number > 1 else [])])
    site = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    return f"{site}{path}?{urlencode(query)}" if query else f"{site}{path}"


def _time(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _moment(name: str, text: str) -> datetime:
    """A complete date-time; a plus sign that a client forgot to encode arrives as a blank."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        raise BadFilter(
            f"{name} braucht Datum, Uhrzeit und Zeitzone, zum Beispiel 2026-01-01T00:00:00+01:00."
        )
    return found


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        raise BadFilter(f"{name} braucht eine Zahl ab 1.")
    return int(text)
