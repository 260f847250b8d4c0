"""Meetings of the bodies in the words of OParl."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from consult.council.models import Meeting, RouteStep
from consult.council.selectors import public_meetings
from consult.council.states import MeetingStatus
from consult.oparl.services.drafts import (
    Data,
    Draft,
    address,
    file_object,
    organization_address,
    own_attributes,
    published_rows,
)
from consult.oparl.states import ObjectKind

_FILES = {"invitation": "Einladung", "resultsProtocol": "Niederschrift"}


def meetings(steps: list[RouteStep], known: dict[str, Data]) -> Iterator[Draft]:
    """Meetings with public items on their agenda, their places, invitations and minutes."""
    on_agenda: dict[int | None, list[RouteStep]] = defaultdict(list)
    for step in steps:
        on_agenda[step.meeting_id].append(step)
    shown = [meeting for meeting in _without_contents(public_meetings()) if on_agenda[meeting.pk]]
    for meeting in shown:
        yield from _meeting_objects(meeting, on_agenda[meeting.pk], known)
    # Whoever heard of a meeting hears that it was cancelled, wherever its papers went.
    cancelled = Meeting.objects.filter(
        status=MeetingStatus.CANCELLED,
        pk__in=[int(r.key) for r in published_rows(ObjectKind.MEETING)],
    ).exclude(pk__in=[meeting.pk for meeting in shown])
    for meeting in cancelled.select_related("body").order_by("pk"):
        data = _meeting(meeting)
        del data["web"]
        yield Draft(ObjectKind.MEETING, str(meeting.pk), data)


def _without_contents(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return meetings.defer("invitation__content", "minutes__content").order_by("pk")


def _meeting_objects(
    meeting: Meeting, steps: list[RouteStep], known: dict[str, Data]
) -> Iterator[Draft]:
    key, since = str(meeting.pk), _since(steps)
    parts: dict[str, str | list[str]] = {
        "agendaItem": [f"agendaitem/{step.pk}" for step in in_agenda_order(steps)]
    }
    if meeting.place:
        parts["location"] = f"location/sitzung-{key}"
        yield _location(meeting, since)
    files = {"invitation": meeting.invitation, "resultsProtocol": meeting.minutes}
    for name, file in files.items():
        if file is not None and file.taken_back_at is None:
            parts[name] = f"file/{file.pk}"
            yield file_object(
                file, _FILES[name], {"meeting": address(ObjectKind.MEETING, key)}, known
            )
    yield Draft(ObjectKind.MEETING, key, _meeting(meeting), parts, since)


def _meeting(meeting: Meeting) -> Data:
    is_cancelled = meeting.status == MeetingStatus.CANCELLED
    data = {
        **own_attributes(ObjectKind.MEETING, str(meeting.pk)),
        "name": f"{meeting.body.name}, {meeting.day:%d.%m.%Y}",
        "organization": [organization_address(meeting.body_id)],
        "cancelled": is_cancelled,
        "web": reverse("meeting", args=[meeting.pk]),
        "consult:day": meeting.day.isoformat(),
    }
    # OParl has no state for a cancelled meeting, and no start without an hour.
    if not is_cancelled:
        data["meetingState"] = meeting.get_status_display()
    if meeting.starts_at is not None:
        data["start"] = meeting.starts_at.isoformat(timespec="seconds")
    return data


def _location(meeting: Meeting, since: datetime | None) -> Draft:
    key = f"sitzung-{meeting.pk}"
    data = {
        **own_attributes(ObjectKind.LOCATION, key),
        "description": meeting.place,
        "meetings": [address(ObjectKind.MEETING, str(meeting.pk))],
    }
    return Draft(ObjectKind.LOCATION, key, data, created_at=since)


def in_agenda_order(steps: list[RouteStep]) -> list[RouteStep]:
    """By the numbers of the items as people read them (2 before 10), those without one last."""
    return sorted(steps, key=lambda step: (*_number(step.agenda_item), step.pk))


def _number(text: str) -> tuple[bool, list[int], str]:
    return not text, [int(part) for part in re.findall(r"[0-9]{1,9}", text)], text


def _since(steps: list[RouteStep]) -> datetime | None:
    times = [step.paper.submitted_at for step in steps if step.paper.submitted_at]
    return min(times, default=None)
