"""A public meeting: what of its agenda is public, and its files."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consult.council.models import CouncilFile, Meeting, RouteStep
from consult.council.states import AHEAD, MeetingStatus
from consult.council.wording import ending
from site_content.pages.presenters.figures import day

Shown = dict[str, Any]
KINDS = {"application/pdf": "PDF"}


def shown_meeting(meeting: Meeting) -> Shown:
    """A meeting of `selectors.public_meetings` in words."""
    return {
        "pk": meeting.pk,
        "body": meeting.body.name,
        "day": day(meeting.day),
        "hour": _hour(meeting),
        "place": meeting.place,
        "status": meeting.get_status_display(),
        "is_ahead": meeting.status in AHEAD,
        "is_cancelled": meeting.status == MeetingStatus.CANCELLED,
        "agenda": [_item(step) for step in by_number(meeting.items)],
        "files": [
            shown_file(file, title)
            for file, title in (
                (meeting.invitation, _("Einladung")),
                (meeting.minutes, _("Niederschrift")),
            )
            if file is not None
        ],
        "calendar": reverse("calendar_entry", args=[f"sitting-{meeting.pk}"]),
    }


def shown_file(file: CouncilFile, title: str) -> Shown:
    """A public file with its kind and its size, to be read before it is fetched."""
    return {
        "title": title,
        "kind": KINDS.get(file.media_type, "Word"),
        "size": filesizeformat(file.size),
        "url": reverse("council_file", args=[file.pk, file.name]),
    }


def _hour(meeting: Meeting) -> str:
    if meeting.starts_at is None:
        return ""
    return date_format(timezone.localtime(meeting.starts_at), "TIME_FORMAT")


def _item(step: RouteStep) -> Shown:
    return {
        "number": step.agenda_item,
        "paper": step.paper,
        "role": step.get_role_display(),
        "status": ending(step) or step.get_status_display(),
        "result": step.result,
    }


def by_number(steps: Iterable[RouteStep]) -> list[RouteStep]:
    """Agenda items in the order of their numbers."""
    return sorted(steps, key=_number)


def _number(step: RouteStep) -> tuple[int, str, int]:
    digits = "".join(filter(str.isdigit, step.agenda_item))
    return (int(digits or 0), step.agenda_item, step.pk)
