"""All public dates on one page: what comes, and what was."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from site_content.pages.presenters.calendar import Entry, entries
from site_content.pages.presenters.figures import day

Shown = dict[str, Any]
PAST_SHOWN = 30


def shown_dates(today: date) -> Shown:
    """What comes in the order of its days, after what is owed since; then the latest that was."""
    found = sorted(entries(today), key=lambda entry: (entry.day, entry.uid))
    coming = [entry for entry in found if entry.day >= today or entry.is_owed]
    past = [entry for entry in found if entry.day < today and not entry.is_owed]
    return {
        "coming": [_shown(entry) for entry in coming],
        "past": [_shown(entry) for entry in reversed(past[-PAST_SHOWN:])],
    }


def _shown(entry: Entry) -> Shown:
    is_moment = isinstance(entry.start, datetime)
    return {
        "title": entry.title,
        "url": entry.url,
        "day": day(entry.start),
        "hour": date_format(timezone.localtime(entry.start), "TIME_FORMAT") if is_moment else "",
        # Where no place is known, the name of the body stands for it, which the title says.
        "place": "" if entry.title.startswith(f"{entry.place}:") else entry.place,
        "details": entry.details,
        "is_cancelled": entry.is_cancelled,
        "is_owed": entry.is_owed,
        "calendar": reverse("calendar_entry", args=[entry.uid]),
    }
