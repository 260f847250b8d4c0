"""Calendar files: all dates, or one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from site_content.pages.presenters.calendar import Entry, calendar_of, entries

KIND = "text/calendar; charset=utf-8"


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All deadlines and public meetings, to subscribe to."""
    return _file(request, entries())


@require_safe
def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One date, to take along."""
    found = [entry for entry in entries() if entry.uid == uid]
    if not found:
        raise Http404
    return _file(request, found)


def _file(request: HttpRequest, found: list[Entry]) -> HttpResponse:
    site = request.build_absolute_uri("/").rstrip("/")
    return HttpResponse(calendar_of(found, site), content_type=KIND)
