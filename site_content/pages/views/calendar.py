"""All public dates as a page and as calendar files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from site_content.pages.presenters.calendar import Entry, calendar_of, entries
from site_content.pages.presenters.dates import shown_dates

KIND = "text/calendar; charset=utf-8"


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """What comes and what was: deadlines, public meetings, reports that are due."""
    return render(request, "pages/dates.html", shown_dates(timezone.localdate()))


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All deadlines, public meetings and promised reports, to subscribe to."""
    return _file(request, entries(timezone.localdate()))


@require_safe
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One date, to take along."""
    found = [entry for entry in entries(timezone.localdate()) if entry.uid == uid]
    if not found:
        raise Http404
    return _file(request, found)


def _file(request: HttpRequest, found: list[Entry]) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    return HttpResponse(calendar_of(found, site), content_type=KIND)
