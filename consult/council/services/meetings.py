"""When and where the bodies meet, and the files of a meeting."""

from datetime import date, datetime, time

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import Body, Meeting
from consult.council.predicates import may_record_decisions, may_route
from consult.council.services.access import PaperStepRefused, require
from consult.council.services.files import keep_file, take_back
from consult.council.states import AHEAD, MEETING_TRANSITIONS, MeetingStatus


@transaction.atomic
def plan_meeting(
    *, body: Body, day: date, actor, begins_at: time | None = None, place: str = ""
) -> Meeting:
    """Plan a meeting of a body. Refused where the body meets on that day already."""
    require(may_route(actor))
    _refuse_second(body, day)
    meeting = Meeting(body=body, day=day, begins_at=begins_at, place=place.strip())
    meeting.full_clean()
    meeting.save()
    log(meeting, "meeting.plan", user=actor, data={"to": day.isoformat()})
    return meeting


@transaction.atomic
def change_meeting(
    *, meeting: Meeting, day: date, begins_at: time | None, place: str, actor
) -> Meeting:
    """Change day, hour and place, with all papers on the agenda; refused once it was held."""
    require(may_route(actor))
    meeting = _locked(meeting)
    if meeting.status not in AHEAD:
        raise PaperStepRefused("meeting_over")
    if day != meeting.day:
        _refuse_second(meeting.body, day)
    data = {"from": meeting.day.isoformat(), "to": day.isoformat()}
    meeting.day, meeting.begins_at, meeting.place = day, begins_at, place.strip()
    meeting.full_clean()
    meeting.save(update_fields=["day", "begins_at", "place"])
    log(meeting, "meeting.change", user=actor, data=data)
    return meeting


@transaction.atomic
def set_meeting_status(*, meeting: Meeting, status: MeetingStatus, actor) -> Meeting:
    """The one gate of a meeting: invited, held or cancelled. Only the council office may.

    Papers on the agenda of a cancelled meeting wait for another day.
    """
    require(may_record_decisions(actor))
    meeting = _locked(meeting)
    if (MeetingStatus(meeting.status), status) not in MEETING_TRANSITIONS:
        raise PaperStepRefused("step_not_allowed")
    log(meeting, "meeting.status", user=actor, data={"from": meeting.status, "to": status})
    meeting.status = status
    meeting.save(update_fields=["status"])
    return meeting


@transaction.atomic
def attach_invitation(
    *, meeting: Meeting, name: str, content: bytes, actor, at: datetime
) -> Meeting:
    """Publish the invitation, in place of an earlier one. Raises FileRefused."""
    require(may_record_decisions(actor))
    meeting = _locked(meeting)
    if meeting.status == MeetingStatus.CANCELLED:
        raise PaperStepRefused("meeting_over")
    return _attach(meeting, "invitation", name, content, actor, at)


@transaction.atomic
def attach_minutes(*, meeting: Meeting, name: str, content: bytes, actor, at: datetime) -> Meeting:
    """Publish the minutes of a meeting that was held, in place of earlier ones.

    Raises FileRefused.
    """
    require(may_record_decisions(actor))
    meeting = _locked(meeting)
    if meeting.status != MeetingStatus.HELD:
        raise PaperStepRefused("meeting_not_held")
    return _attach(meeting, "minutes", name, content, actor, at)


def meeting_of(body: Body, day: date | None, actor) -> Meeting | None:
    """The meeting of a body on a day, planned now if there is none; None without a day."""
    if day is None:
        return None
    found = _standing(body, day)
    return found or plan_meeting(body=body, day=day, actor=actor)


def _attach(meeting: Meeting, part: str, name: str, content: bytes, actor, at: datetime) -> Meeting:
    former = getattr(meeting, part)
    file = keep_file(name=name, content=content, at=at)
    setattr(meeting, part, file)
    meeting.save(update_fields=[part])
    if former is not None:
        take_back(former, actor, at)
    log(meeting, f"meeting.{part}", user=actor, data={"file": file.name, "sha256": file.sha256})
    return meeting


def _locked(meeting: Meeting) -> Meeting:
    rows = Meeting.objects.select_for_update(of=("self",))
    return rows.select_related("body", "invitation", "minutes").get(pk=meeting.pk)


def _standing(body: Body, day: date) -> Meeting | None:
    return body.meetings.filter(day=day).exclude(status=MeetingStatus.CANCELLED).first()


def _refuse_second(body: Body, day: date) -> None:
    if _standing(body, day) is not None:
        raise PaperStepRefused("meets_already")
