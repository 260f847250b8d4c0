"""Meetings: one a body and day with several papers, their states, files and what stays private."""

from datetime import time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from consult.council.models import Body, CouncilFile, Meeting, Paper, RouteStep
from consult.council.selectors import (
    public_decisions,
    public_file,
    public_meetings,
    route_of,
)
from consult.council.services.access import PaperStepRefused
from consult.council.services.decisions import record_decision
from consult.council.services.meetings import (
    attach_invitation,
    attach_minutes,
    change_meeting,
    plan_meeting,
    set_meeting_status,
)
from consult.council.services.route import (
    add_step,
    invite_to_meeting,
    schedule_step,
    set_step_status,
)
from consult.council.states import (
    MEETING_TRANSITIONS,
    ItemOutcome,
    MeetingStatus,
    Publicity,
    StepRole,
    StepStatus,
)
from consult.following.models import Occurrence
from consult.following.services.noting import note_occurrences
from consult.intake.services.files import LARGEST, FileRefused
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_paper, make_submitted
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 Tagesordnung"
SECRET = "Grundstück am Nordhafen"


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def day(now):
    return now.date() + timedelta(days=20)


@pytest.fixture
def papers(now) -> list[Paper]:
    edition = make_edition(make_concept(), at=now)
    first = make_submitted(make_paper(edition), at=now)
    second = make_paper(edition, effect="none")
    return [first, make_submitted(second, at=now)]


@pytest.fixture
def hearings(papers, office, day) -> list[RouteStep]:
    return [
        schedule_step(
            step=paper.route.get(authoritative=False), meeting_on=day, agenda_item=number,
            actor=office,
        )
        for paper, number in zip(papers, "34", strict=True)
    ]  # fmt: skip


def refused(deed) -> str:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    return found.value.code


def test_papers_that_come_up_on_a_day_share_the_meeting(hearings, day):
    meeting = Meeting.objects.get()
    assert {step.meeting for step in hearings} == {meeting}
    assert (meeting.body.name, meeting.day, meeting.starts_at) == ("Ausländerbeirat", day, None)
    assert [step.meeting_on for step in hearings] == [day, day]


def test_a_meeting_moves_with_all_that_is_on_its_agenda(hearings, office, day):
    change_meeting(
        meeting=Meeting.objects.get(), day=day + timedelta(days=7), begins_at=time(18, 30),
        place=" Rathaus, Saal 2 ", actor=office,
    )  # fmt: skip
    meeting = Meeting.objects.get()
    assert meeting.place == "Rathaus, Saal 2"
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M %z") == "18:30 +0100"
    assert {step.meeting_on for step in RouteStep.objects.filter(meeting=meeting)} == {
        day + timedelta(days=7)
    }


def test_a_body_meets_once_a_day_unless_cancelled(hearings, office, day):
    body = Meeting.objects.get().body
    again = {"body": body, "day": day, "actor": office}
    assert refused(lambda: plan_meeting(**again)) == "meets_already"
    other = plan_meeting(**{**again, "day": day + timedelta(days=1)})
    given = {"begins_at": None, "place": "", "actor": office}
    assert refused(lambda: change_meeting(meeting=other, day=day, **given)) == "meets_already"
    set_meeting_status(meeting=hearings[0].meeting, status=MeetingStatus.CANCELLED, actor=office)
    assert plan_meeting(**again).day == day


def test_a_meeting_goes_the_ways_of_its_table_only(hearings, office, subtests):
    meeting = Meeting.objects.get()
    for before in MeetingStatus:
        for after in MeetingStatus:
            with subtests.test(before=before, after=after), undone():
                Meeting.objects.update(status=before)
                deed = lambda to=after: set_meeting_status(  # noqa: E731
                    meeting=meeting, status=to, actor=office
                )
                if (before, after) in MEETING_TRANSITIONS:
                    assert deed().status == after
                else:
                    assert refused(deed) == "step_not_allowed"


def test_inviting_a_body_invites_for_each_submitted_paper(hearings, office, now):
    draft = make_paper(hearings[0].paper.edition, effect="none")
    waiting = schedule_step(
        step=draft.route.get(authoritative=False), meeting_on=hearings[0].meeting_on,
        agenda_item="", actor=office,
    )  # fmt: skip
    meeting = invite_to_meeting(meeting=Meeting.objects.get(), actor=office)
    assert meeting.status == MeetingStatus.INVITED
    states = {step.pk: step.status for step in RouteStep.objects.filter(meeting=meeting)}
    assert states == {
        **{step.pk: StepStatus.INVITED for step in hearings}, waiting.pk: StepStatus.PLANNED,
    }  # fmt: skip


def test_a_step_that_was_held_says_that_its_meeting_took_place(hearings, office):
    set_step_status(step=hearings[0], status=StepStatus.HELD, actor=office)
    assert Meeting.objects.get().status == MeetingStatus.HELD
    set_step_status(step=hearings[1], status=StepStatus.HELD, actor=office)
    given = {"meeting": Meeting.objects.get(), "begins_at": None, "place": "", "actor": office}
    assert refused(lambda: change_meeting(day=hearings[0].meeting_on, **given)) == "meeting_over"


def test_nothing_is_held_at_a_cancelled_meeting(hearings, office, day):
    set_meeting_status(meeting=hearings[0].meeting, status=MeetingStatus.CANCELLED, actor=office)
    step = RouteStep.objects.get(pk=hearings[0].pk)
    assert step.meeting_on is None
    hold = {"step": step, "status": StepStatus.HELD, "actor": office}
    assert refused(lambda: set_step_status(**hold)) == "meeting_cancelled"
    moved = schedule_step(step=step, meeting_on=day, agenda_item="1", actor=office)
    assert moved.meeting_on == day
    assert set_step_status(**hold).status == StepStatus.HELD


# --- files -------------------------------------------------------------------------------------


def test_a_file_that_is_replaced_keeps_its_row_and_loses_its_content(hearings, office, now):
    give = {"meeting": Meeting.objects.get(), "content": PDF, "actor": office, "at": now}
    first = attach_invitation(name="a.pdf", **give).invitation
    second = attach_invitation(name="../b.pdf", **give).invitation
    assert [(file.name, bytes(file.content), file.taken_back_at) for file in
            CouncilFile.objects.order_by("pk")] == [
        ("a.pdf", b"", now), ("b.pdf", PDF, None),
    ]  # fmt: skip
    assert (public_file(first.pk), public_file(second.pk)) == (first, second)


def test_minutes_come_after_the_meeting(hearings, office, now):
    give = {"name": "n.pdf", "content": PDF, "actor": office, "at": now}
    meeting = Meeting.objects.get()
    assert refused(lambda: attach_minutes(meeting=meeting, **give)) == "meeting_not_held"
    set_meeting_status(meeting=meeting, status=MeetingStatus.HELD, actor=office)
    assert attach_minutes(meeting=meeting, **give).minutes.media_type == "application/pdf"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF" + b"x" * LARGEST, "too_large"),
        (b"MZ program", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind"),
        (b"%PDF-1.7 /JavaScript (app.alert)", "active"),
        (b"PK\x03\x04 no package", "broken"),
    ],
)
def test_a_file_is_what_its_content_shows(content, code, hearings, office, now):
    give = {"name": "einladung.pdf", "actor": office, "at": now}
    with nothing_written(), pytest.raises(FileRefused) as found:
        attach_invitation(meeting=Meeting.objects.get(), content=content, **give)
    assert found.value.code == code


# --- who ---------------------------------------------------------------------------------------

BY_BOTH = {
    "plan": lambda meeting, by: plan_meeting(
        body=meeting.body, day=meeting.day + timedelta(days=1), actor=by
    ),
    "change": lambda meeting, by: change_meeting(
        meeting=meeting, day=meeting.day, begins_at=None, place="", actor=by
    ),
}
BY_OFFICE = {
    "status": lambda meeting, by: set_meeting_status(
        meeting=meeting, status=MeetingStatus.HELD, actor=by
    ),
    "invite": lambda meeting, by: invite_to_meeting(meeting=meeting, actor=by),
    "invitation": lambda meeting, by: attach_invitation(
        meeting=meeting, name="a", content=PDF, actor=by, at=timezone.now()
    ),
    "minutes": lambda meeting, by: attach_minutes(
        meeting=meeting, name="a", content=PDF, actor=by, at=timezone.now()
    ),
}


@pytest.mark.parametrize("name", [*BY_BOTH, *BY_OFFICE])
def test_both_offices_plan_and_only_the_council_office_records(name, hearings, subtests):
    allowed = {Role.COUNCIL_OFFICE, *([Role.COORDINATION] if name in BY_BOTH else [])}
    deed = {**BY_BOTH, **BY_OFFICE}[name]
    meeting = Meeting.objects.get()
    for role in set(Role) - allowed:
        with subtests.test(role=role), nothing_written(), pytest.raises(NotPermitted):
            deed(meeting, make_staff(role))
    if name == "minutes":
        Meeting.objects.update(status=MeetingStatus.HELD)
    for role in allowed:
        with subtests.test(role=role), undone():
            deed(meeting, make_staff(role))


# --- what is not public ------------------------------------------------------------------------


@pytest.fixture
def private(papers, office, day, now) -> RouteStep:
    """A step of a submitted paper whose only meeting on that day is not public, with a record."""
    step = add_step(
        paper=papers[0], body=Body.objects.create(name="Liegenschaftsausschuss"),
        role=StepRole.PRELIMINARY, meeting_on=day, agenda_item=f"N1 {SECRET}",
        publicity=Publicity.NON_PUBLIC, actor=office,
    )  # fmt: skip
    step = set_step_status(step=step, status=StepStatus.HELD, actor=office, result=SECRET)
    record_decision(
        item=papers[0].items.get(), step=step, outcome=ItemOutcome.ADOPTED, actor=office,
        at=now, votes=SECRET,
    )  # fmt: skip
    attach_minutes(meeting=step.meeting, name=f"{SECRET}.pdf", content=PDF, actor=office, at=now)
    return RouteStep.objects.get(pk=step.pk)


def test_what_is_not_public_is_in_no_public_selector(private, papers):
    assert private not in route_of(papers[0])
    assert private.meeting not in public_meetings()
    assert not public_decisions().exists()
    assert public_file(CouncilFile.objects.get().pk) is None


def test_what_is_not_public_is_on_no_public_page(client, private, papers):
    pages = [
        "/de/", "/de/rat/", f"/de/rat/{papers[0].pk}/", "/de/feed/rat/", "/de/kalender.ics",
        "/sitemap.xml", "/de/suche/?q=Nordhafen", "/de/suche/?q=Liegenschaftsausschuss",
    ]  # fmt: skip
    for address in pages:
        found = client.get(address)
        words = found.content.decode().replace("?q=", "").replace('value="', "")
        assert found.status_code == 200, address
        if "suche" not in address:
            assert SECRET not in words, address
            assert "Liegenschaftsausschuss" not in words, address
        else:
            assert f"/de/rat/{papers[0].pk}/" not in words
    file = CouncilFile.objects.get()
    assert client.get(f"/de/rat/sitzungen/{private.meeting_id}/").status_code == 404
    assert client.get(f"/de/rat/dateien/{file.pk}/{file.name}").status_code == 404


def test_what_is_not_public_is_told_to_nobody(private, now):
    note_occurrences(at=now + timedelta(hours=1))
    assert not Occurrence.objects.filter(key__startswith="item_decided").exists()
    assert mail.outbox == []


def test_at_a_public_meeting_only_the_public_items_are_seen(hearings, office, papers, client):
    secret = schedule_step(
        step=hearings[1], meeting_on=hearings[1].meeting_on, agenda_item="N9",
        publicity=Publicity.NON_PUBLIC, actor=office,
    )  # fmt: skip
    [meeting] = public_meetings()
    assert [step.pk for step in meeting.items] == [hearings[0].pk]
    page = client.get(f"/de/rat/sitzungen/{meeting.pk}/").content.decode()
    assert "TOP 3" in page
    assert "N9" not in page
    assert secret.paper.reference not in page


def test_who_decides_does_so_in_public(papers, office):
    step = papers[0].route.get(authoritative=True)
    given = {"meeting_on": None, "agenda_item": "", "actor": office}
    hide = lambda: schedule_step(step=step, publicity=Publicity.NON_PUBLIC, **given)  # noqa: E731
    assert refused(hide) == "decides_in_public"


def test_a_public_meeting_is_read_with_its_files(hearings, office, client, now):
    attach_invitation(
        meeting=Meeting.objects.get(), name="einladung.pdf", content=PDF, actor=office, at=now
    )
    meeting = Meeting.objects.get()
    page = client.get(f"/de/rat/sitzungen/{meeting.pk}/").content.decode()
    assert "Einladung (PDF, 21" in page
    address = f"/de/rat/dateien/{meeting.invitation.pk}/einladung.pdf"
    assert address in page
    found = client.get(address)
    assert (found.content, found["Content-Type"]) == (PDF, "application/pdf")
    assert found["Content-Disposition"].startswith("inline")
    assert client.get(address + "?herunterladen")["Content-Disposition"].startswith("attachment")
    attach_invitation(meeting=meeting, name="neu.pdf", content=PDF, actor=office, at=now)
    assert client.get(address).status_code == 410
