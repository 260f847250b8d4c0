"""Deadlines, meetings and promised reports as calendar entries (RFC 5545). Public ones only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from consult.council.models import Meeting, RouteStep
from consult.council.selectors import public_meetings
from consult.council.states import MeetingStatus, StepStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import rounds_with_changes
from consult.rounds.states import RoundStatus
from drafts.actionplan.models import DeliveredReport
from drafts.actionplan.selectors import Owed, obligations
from drafts.actionplan.states import DutyState
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.meetings import by_number


@dataclass(frozen=True)
class Entry:
    """A date or a moment. `sequence` grows with every change, so that calendars follow.

    `details` are what is dealt with, a line each; `is_owed` says that it waits although its day is
    over.
    """

    uid: str
    title: str
    start: datetime | date
    url: str
    changed: datetime
    sequence: int = 0
    place: str = ""
    details: tuple[str, ...] = ()
    is_cancelled: bool = False
    is_owed: bool = False

    @property
    def day(self) -> date:
        """The day in the city's time."""
        if isinstance(self.start, datetime):
            return timezone.localdate(self.start)
        return self.start


def entries(today: date) -> list[Entry]:
    """All public dates as they stand on a day, also past ones: none vanishes from a calendar."""
    return [
        *(entry for round_ in rounds_with_changes() for entry in _round(round_)),
        *(_meeting(found) for found in public_meetings()),
        *(entry for owed in obligations(today) for entry in _reports(owed)),
    ]


def calendar_of(found: list[Entry], site: str) -> bytes:
    """The entries as a file. `site` begins the links."""
    calendar = Calendar()
    calendar.add("prodid", "-//Consult//Termine//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Termine der Beteiligung"))
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    for entry in found:
        calendar.add_component(_event(entry, site))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, site: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{_host()}")
    event.add("summary", entry.title)
    is_moment = isinstance(entry.start, datetime)
    event.add("dtstart", timezone.localtime(entry.start) if is_moment else entry.start)
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("url", site + entry.url)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.details:
        event.add("description", "\n".join(entry.details))
    return event


def _host() -> str:
    return urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"


def _round(round_: ConsultationRound) -> list[Entry]:
    title, changes = round_.title, list(round_.extensions.all())
    changed = max([round_.opens_at, *(row.at for row in changes)])
    url = reverse("edition", args=[round_.edition.number])
    themes = reverse("round_themes", args=[round_.ref])
    key = f"round-{round_.pk}"
    if round_.status == RoundStatus.ANNOUNCED:
        url = reverse("home")
    return [
        Entry(
            f"{key}-opens", _("Beteiligung beginnt: {title}").format(title=title), round_.opens_at,
            url, round_.opens_at,
        ),
        Entry(
            f"{key}-closes", _("Beteiligung endet: {title}").format(title=title), round_.closes_at,
            url, changed, len(changes),
        ),
        Entry(
            f"{key}-answers", _("Antworten der Stadt fällig: {title}").format(title=title),
            round_.answer_due, themes, round_.opens_at,
        ),
    ]  # fmt: skip


def _meeting(meeting: Meeting) -> Entry:
    """A meeting with what of its agenda is public; nothing is left of it once that was dropped."""
    items = meeting.items
    left = [step for step in items if step.status != StepStatus.DROPPED]
    papers = list(dict.fromkeys(step.paper for step in left or items))
    submitted = [paper.submitted_at for paper in papers if paper.submitted_at is not None]
    return Entry(
        f"sitting-{meeting.pk}",
        _("{body}: {title}").format(
            body=meeting.body.name, title="; ".join(paper.title for paper in papers)
        ),
        meeting.starts_at or meeting.day,
        reverse("meeting", args=[meeting.pk]),
        meeting.changed_at or max(submitted),
        meeting.changes,
        place=meeting.place or meeting.body.name,
        details=tuple(_agenda_item(step) for step in by_number(left or items)),
        is_cancelled=meeting.status == MeetingStatus.CANCELLED or not left,
    )


def _agenda_item(step: RouteStep) -> str:
    words = _("{paper}, {role}").format(paper=step.paper, role=step.get_role_display())
    if not step.agenda_item:
        return words
    return _("TOP {n}: {words}").format(n=step.agenda_item.removeprefix("TOP "), words=words)


def _reports(owed: Owed) -> Iterator[Entry]:
    """The day of each report: those that were laid before the council, and the next one."""
    duty = owed.obligation
    for number, report in enumerate(owed.reports, start=1):
        yield _report(owed, number, report.recorded_at, _delivered(report))
    number = len(owed.reports) + 1
    if owed.due_on is not None:
        yield _report(owed, number, _begin_of(duty.begins_on), is_owed=_is_late(owed))
    elif duty.ended_on is not None:
        yield _report(owed, number, _begin_of(duty.ended_on), duty.end_reason, is_cancelled=True)


def _report(owed: Owed, number: int, changed: datetime, said: str = "", **state: bool) -> Entry:
    duty = owed.obligation
    about = _("{source}, an {body}").format(source=duty.resolved_as, body=duty.recipient)
    return Entry(
        f"report-{duty.pk}-{number}",
        _("Bericht fällig: {subject}").format(subject=duty.subject),
        duty.day_of(number),
        f"{reverse('papers')}#berichte",
        changed,
        sequence=int(bool(said or state.get("is_cancelled"))),
        details=(about, said) if said else (about,),
        **state,
    )


def _delivered(report: DeliveredReport) -> str:
    return _("Vorgelegt am {day}: {title}").format(day=day(report.delivered_on), title=report.title)


def _is_late(owed: Owed) -> bool:
    return owed.state == DutyState.OVERDUE


def _begin_of(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))
