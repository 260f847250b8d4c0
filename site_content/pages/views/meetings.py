"""Meetings of the bodies, and the public files of the council."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.council.selectors import private_file, public_file, public_meetings
from site_content.pages.presenters.meetings import shown_meeting
from site_content.pages.views.form_pages import message_page


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting; without a public agenda item it does not exist."""
    found = public_meetings().filter(pk=pk).first()
    if found is None:
        raise Http404
    return render(request, "council/meeting.html", {"meeting": shown_meeting(found)})


@require_safe
def file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A file, shown in place, or with `?herunterladen` to be kept; 410 once taken back.

    One that is not public, as an annex of a draft, exists for those alone who may read its paper.
    """
    public = public_file(pk)
    found = public or private_file(pk, request.user)
    if found is None or found.name != name:
        raise Http404
    if found.taken_back_at is not None:
        return _gone(request)
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    # Shared like pages are; said here because the store of shared pages keeps no other headers.
    shared = f"public, max-age=0, s-maxage={settings.SHARED_PAGE_SECONDS}"
    response["Cache-Control"] = shared if public else "private, no-store"
    if not public:
        response["X-Robots-Tag"] = "noindex, nofollow"
    response["ETag"] = f'"{found.sha256}"'
    keep = "herunterladen" in request.GET
    response["Content-Disposition"] = content_disposition_header(keep, found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return message_page(
        request,
        _("Diese Datei gibt es nicht mehr"),
        _("Sie wurde ersetzt oder zurückgenommen. Was jetzt gilt, steht bei den Vorlagen."),
        back=reverse("papers"),
        back_label=_("Zu Rat und Beschluss"),
        status=410,
    )
