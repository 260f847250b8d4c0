"""All public dates on a page and in a calendar file: rounds, meetings, reports that are owed."""

import re
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from consult.council.models import Body
from consult.council.services.route import add_step, schedule_step
from consult.council.states import Publicity, StepRole
from consult.participants.states import Role
from drafts.actionplan.models import ReportingObligation
from drafts.actionplan.services import deliver_report, end_obligation, take_on_obligation
from drafts.actionplan.states import DutyKind
from site_content.pages.presenters.dates import PAST_SHOWN, shown_dates
from tests.factories import make_concept, make_edition, make_open_round, make_staff
from tests.factories.council import make_paper, make_submitted

pytestmark = pytest.mark.django_db
SECRET = "Liegenschaftsausschuss"


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def edition(now):
    return make_edition(make_concept(), at=now)


def owe(edition, begins_on: date, actor, **fields) -> ReportingObligation:
    fields = {"kind": DutyKind.REPORT, "rhythm_months": 12, "source": "item-1", **fields}
    take_on_obligation(
        edition=edition, begins_on=begins_on, resolved_as="Vorlage STV 1/27, Punkt 2",
        subject="Stand der Umsetzung", recipient="Sozialausschuss", actor=actor, **fields,
    )  # fmt: skip
    return ReportingObligation.objects.get(source=fields["source"])


def in_calendar(client) -> dict[str, object]:
    found = Calendar.from_ical(client.get("/de/kalender.ics").content)
    return {str(event["uid"]).split("@")[0]: event for event in found.walk("VEVENT")}


def words(client) -> str:
    page = client.get("/de/termine/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_without_any_date_the_page_says_so(client):
    assert "Zurzeit steht kein Termin fest." in words(client)


def test_a_report_is_in_the_calendar_on_the_day_it_is_due(client, edition, actor):
    today = timezone.localdate()
    duty = owe(edition, today, actor)
    due = today + relativedelta(months=12)
    event = in_calendar(client)[f"report-{duty.pk}-1"]
    assert event.decoded("dtstart") == due
    assert str(event["summary"]) == "Bericht fällig: Stand der Umsetzung"
    assert str(event["description"]) == "Vorlage STV 1/27, Punkt 2, an Sozialausschuss"
    assert str(event["status"]) == "CONFIRMED"
    assert client.get(f"/de/kalender/report-{duty.pk}-1.ics").status_code == 200


def test_a_delivered_report_stays_and_the_next_one_follows(client, edition, actor):
    today = timezone.localdate()
    duty = owe(edition, today - timedelta(days=400), actor)
    assert "überfällig" in words(client)
    deliver_report(
        obligation=duty, title="Erster Bericht", delivered_on=today, url="", actor=actor,
        at=timezone.now(),
    )  # fmt: skip
    found = in_calendar(client)
    first, second = (found[f"report-{duty.pk}-{n}"] for n in (1, 2))
    assert "Erster Bericht" in str(first["description"])
    assert first["sequence"] == 1
    assert second.decoded("dtstart") == duty.begins_on + relativedelta(months=24)
    assert "überfällig" not in words(client)


def test_a_report_that_is_no_longer_owed_is_called_off(client, edition, actor):
    today = timezone.localdate()
    duty = owe(edition, today, actor)
    before = in_calendar(client)[f"report-{duty.pk}-1"]
    end_obligation(obligation=duty, on=today, reason="Berichtigt.", actor=actor)
    after = in_calendar(client)[f"report-{duty.pk}-1"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert str(after["status"]) == "CANCELLED"
    assert "abgesagt" in words(client)


def test_the_page_names_public_meetings_with_their_agenda_and_no_others(
    client, edition, actor, now
):
    day = timezone.localdate() + timedelta(days=5)
    paper = make_paper(edition, actor=actor)
    step = paper.route.get(authoritative=True)
    schedule_step(step=step, meeting_on=day, agenda_item="TOP 7", actor=actor)
    hidden = Body.objects.create(name=SECRET)
    add_step(
        paper=paper, body=hidden, role=StepRole.PRELIMINARY, meeting_on=day, actor=actor,
        publicity=Publicity.NON_PUBLIC,
    )  # fmt: skip
    assert "TOP 7" not in words(client)  # the paper is a draft
    make_submitted(paper, at=now)
    # The page was shared for some seconds; a session bypasses that.
    client.force_login(actor, backend="django.contrib.auth.backends.ModelBackend")
    shown = words(client)
    assert f"TOP 7: {paper}, Entscheidung" in shown
    assert SECRET not in shown


def test_what_comes_stands_in_its_order_and_what_was_the_latest_first(now):
    make_open_round(at=now, days=3)
    found = shown_dates(timezone.localdate(now))
    assert [row["title"].split(":")[0] for row in found["coming"]][:2] == [
        "Beteiligung beginnt",
        "Beteiligung endet",
    ]
    later = shown_dates(timezone.localdate(now) + timedelta(days=400))
    assert later["coming"] == []
    assert later["past"][-1]["title"].startswith("Beteiligung beginnt")
    assert len(later["past"]) <= PAST_SHOWN


def test_the_page_costs_the_same_with_many_reports(client, edition, actor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown_dates(timezone.localdate())
        return len(captured)

    today = timezone.localdate()
    owe(edition, today, actor)
    one = queries()
    for number in range(2, 6):
        owe(edition, today, actor, source=f"item-{number}")
    assert queries() == one
