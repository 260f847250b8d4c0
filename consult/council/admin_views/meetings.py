"""The meetings: when and where a body meets, its agenda, invitation and minutes."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.council.admin_views.desk import (
    answer_forms,
    carry_out_at,
    desk_only,
    form_page,
    found_meeting,
    meeting_crumbs,
    recording_only,
    sent,
)
from consult.council.forms import CouncilFileForm, MeetingForm, NewMeetingForm
from consult.council.models import Meeting
from consult.council.predicates import may_record_decisions
from consult.council.selectors import every_meeting
from consult.council.services.meetings import (
    attach_invitation,
    attach_minutes,
    change_meeting,
    plan_meeting,
    set_meeting_status,
)
from consult.council.services.route import invite_to_meeting
from consult.council.states import AHEAD, MeetingStatus

TONES = {MeetingStatus.INVITED: "warn", MeetingStatus.HELD: "ok"}


@require_GET
@desk_only
def meetings(request: HttpRequest) -> HttpResponse:
    """All meetings, the latest first."""
    return render(
        request,
        "council_desk/meetings.html",
        {
            "header_title": _("Sitzungen"),
            "breadcrumbs_items": meeting_crumbs(),
            "rows": [_row(meeting) for meeting in every_meeting()],
        },
    )


@desk_only
def create(request: HttpRequest) -> HttpResponse:
    """Plan a meeting."""
    form = NewMeetingForm(request.POST or None)
    answer = answer_forms(
        request,
        [form],
        lambda: plan_meeting(actor=request.user, **form.cleaned_data),
        _(
            "Die Sitzung ist angelegt. Auf ihre Tagesordnung kommt eine Vorlage, wenn Sie bei der "
            "Vorlage diesen Tag eintragen."
        ),
        back=reverse("council_desk:meetings"),
    )
    title = _("Sitzung anlegen")
    return answer or form_page(request, title, form, button=title)


@require_GET
@desk_only
def one(request: HttpRequest, meeting: int) -> HttpResponse:
    """One meeting with its agenda and its files."""
    found = found_meeting(meeting)
    records = may_record_decisions(request.user)
    ahead = found.status in AHEAD
    return render(
        request,
        "council_desk/meeting.html",
        {
            "header_title": str(found),
            "breadcrumbs_items": meeting_crumbs(found),
            **_row(found),
            "may_change": ahead,
            "may_invite": records and found.status == MeetingStatus.SCHEDULED,
            "may_end": records and ahead,
            "may_attach_invitation": records and found.status != MeetingStatus.CANCELLED,
            "may_attach_minutes": records and found.status == MeetingStatus.HELD,
        },
    )


@desk_only
def change(request: HttpRequest, meeting: int) -> HttpResponse:
    """Change day, hour and place."""
    found = found_meeting(meeting)
    form = MeetingForm(request.POST or None, instance=found)
    answer = answer_forms(
        request,
        [form],
        lambda: change_meeting(meeting=found, actor=request.user, **form.cleaned_data),
        _("Tag, Uhrzeit und Ort sind gespeichert."),
        back=reverse("council_desk:meeting", args=[meeting]),
    )
    return answer or form_page(
        request, _("Sitzung ändern"), form, meeting=found_meeting(meeting), button=_("Speichern")
    )


@recording_only
def cancel(request: HttpRequest, meeting: int) -> HttpResponse:
    """Ask once more, then say that a body will not meet."""
    found = found_meeting(meeting)
    form = Form(request.POST if request.method == "POST" else None)
    answer = answer_forms(
        request,
        [form],
        lambda: set_meeting_status(
            meeting=found, status=MeetingStatus.CANCELLED, actor=request.user
        ),
        _("Die Sitzung ist abgesagt. Ihre Vorlagen brauchen einen anderen Tag."),
        back=reverse("council_desk:meeting", args=[meeting]),
    )
    note = _("Die Absage ist öffentlich und lässt sich nicht rückgängig machen.")
    title = _("Sitzung absagen")
    return answer or form_page(request, title, form, meeting=found, button=title, note=note)


@require_POST
@recording_only
def deed(request: HttpRequest, meeting: int, name: str) -> HttpResponse:
    """Say that the body was invited or has met."""
    found = found_meeting(meeting)
    if name not in DEEDS:
        raise Http404
    act, done = DEEDS[name]
    return _do(request, meeting, lambda: act(found, request.user), done)


@recording_only
def attach(request: HttpRequest, meeting: int, part: str) -> HttpResponse:
    """Publish the invitation or the minutes."""
    found = found_meeting(meeting)
    if part not in FILES:
        raise Http404
    act, title, done = FILES[part]
    form = CouncilFileForm(*sent(request))
    answer = answer_forms(
        request,
        [form],
        lambda: act(
            meeting=found,
            name=form.cleaned_data["file"].name,
            content=form.cleaned_data["file"].read(),
            actor=request.user,
            at=timezone.now(),
        ),
        done,
        back=reverse("council_desk:meeting", args=[meeting]),
    )
    return answer or form_page(
        request, str(title), form, meeting=found, button=_("Veröffentlichen")
    )


def _do(
    request: HttpRequest, meeting: int, act: Callable[[], object], done: object
) -> HttpResponse:
    return carry_out_at(request, reverse("council_desk:meeting", args=[meeting]), act, done)


def _row(meeting: Meeting) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "tone": TONES.get(MeetingStatus(meeting.status), "plain"),
        "ahead": meeting.status in AHEAD,
        "agenda": sorted(meeting.items, key=lambda step: (step.agenda_item, step.pk)),
    }


def _hold(meeting: Meeting, actor) -> object:
    return set_meeting_status(meeting=meeting, status=MeetingStatus.HELD, actor=actor)


def _invite(meeting: Meeting, actor) -> object:
    return invite_to_meeting(meeting=meeting, actor=actor)


DEEDS = {
    "einladen": (
        _invite,
        gettext_lazy("Die Einladung ist eingetragen, auch bei den Vorlagen auf der Tagesordnung."),
    ),
    "durchgefuehrt": (
        _hold,
        gettext_lazy("Die Sitzung ist als durchgeführt eingetragen."),
    ),
}
FILES = {
    "einladung": (
        attach_invitation,
        gettext_lazy("Einladung veröffentlichen"),
        gettext_lazy("Die Einladung ist veröffentlicht."),
    ),
    "niederschrift": (
        attach_minutes,
        gettext_lazy("Niederschrift veröffentlichen"),
        gettext_lazy("Die Niederschrift ist veröffentlicht."),
    ),
}
