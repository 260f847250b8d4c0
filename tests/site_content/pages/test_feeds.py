"""Feeds and calendar: public things only, valid, stable."""

from datetime import time, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone
from icalendar import Calendar

from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure, Rule
from consult.council.services.meetings import change_meeting
from consult.council.services.route import schedule_step, set_step_status
from consult.council.states import StepStatus
from consult.evaluation.services.closing import answer_round
from consult.participants.states import Role
from consult.rounds.services import extend_round
from tests.consult.records.chain import Chain
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.council import make_paper, make_submitted
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def _feed(client, address: str) -> ET.Element:
    response = client.get(f"/de/feed/{address}/")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    assert response["ETag"]
    assert "s-maxage" in response["Cache-Control"]
    return ET.fromstring(response.content)  # noqa: S314 - our own


def _titles(feed: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_a_section_s_feed_lists_what_is_public_and_no_words(client):
    now = timezone.now()
    round_ = make_open_round(at=now)
    shown, hidden = (make_contribution(round_, at=now, text=t) for t in ("Sichtbar.", "Weg."))
    decide(
        contribution=hidden, measure=Measure.HIDE, rule=Rule.HATE, reason="Regel 2.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    feed = _feed(client, f"section/{shown.section_wid}")
    assert _titles(feed) == [f"Idee: Beitrag {shown.ref}"]
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "de"
    assert "Sichtbar." not in ET.tostring(feed, encoding="unicode")
    links = [link.attrib["href"] for link in feed.iter(f"{ATOM}link")]
    assert all(link.startswith("http://testserver/de/") for link in links)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert ids == [
        entry.findtext(f"{ATOM}id")
        for entry in _feed(client, f"section/{shown.section_wid}").iter(f"{ATOM}entry")
    ]


def test_feeds_of_the_whole_way(client, now):
    chain = Chain(at=now, author=make_resident("Ada"))
    theme = chain.close()
    assert "Antwort" not in " ".join(_titles(_feed(client, f"theme/{theme.pk}")))
    assert _titles(_feed(client, "rat")) == []
    answer = chain.answer(theme)
    chain.finish()
    step = chain.submit(chain.revise(answer))
    chain.decide(step)
    assert "Antwort der Stadt: Kurse am Samstag" in _titles(_feed(client, f"theme/{theme.pk}"))
    assert "Text geändert: Ziel 1.1" in _titles(_feed(client, f"goal/{chain.goal.wid}"))
    assert set(_titles(_feed(client, "rat"))) == {
        "Dem Rat liegt vor: Das Konzept",
        "Stadtverordnetenversammlung: Punkt 1 vorläufig: beschlossen",
    }
    assert _titles(_feed(client, f"contribution/{chain.contribution.ref}")) == [
        "Antwort der Stadt: Kurse am Samstag"
    ]
    concept = _titles(_feed(client, f"concept/{chain.round.edition.concept_id}"))
    assert {"Erste Runde", "Dem Rat liegt vor: Das Konzept"} <= set(concept)


def test_a_feed_s_queries_do_not_grow_with_its_entries(client, django_assert_max_num_queries):
    now = timezone.now()
    round_ = make_open_round(at=now)
    for _n in range(12):
        shown = make_contribution(round_, at=now)
    with django_assert_max_num_queries(9):
        client.get(f"/de/feed/section/{shown.section_wid}/")


# --- calendar ------------------------------------------------------------------------------------


def _calendar(client, address: str = "kalender.ics") -> dict[str, object]:
    response = client.get(f"/de/{address}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    return {str(event["uid"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


def test_deadlines_keep_their_identity_when_they_move(client):
    now = timezone.now().replace(microsecond=0)
    round_ = make_open_round(at=now)
    key = f"round-{round_.pk}-closes"
    first = _calendar(client)[key]
    assert (first["sequence"], first.decoded("dtstart")) == (0, round_.closes_at)
    assert first["dtstart"].params["TZID"] == "Europe/Berlin"
    end = round_.closes_at + timedelta(days=5)
    extend_round(
        round_=round_, new_end=end, reason="Ferien.", actor=make_staff(Role.COORDINATION), at=now
    )
    moved = _calendar(client)[key]
    assert (moved["sequence"], moved.decoded("dtstart")) == (1, end)
    assert moved.decoded("last-modified") >= first.decoded("last-modified")
    assert set(_calendar(client, f"kalender/{key}.ics")) == {key}
    assert b"BEGIN:VTIMEZONE" in client.get("/de/kalender.ics").content
    assert client.get("/de/kalender/round-0-closes.ics").status_code == 404


def test_meetings_are_there_once_their_paper_is_public(client):
    now = timezone.now()
    round_ = make_open_round(at=now)
    round_ = make_closed(round_)
    actor, office = make_staff(Role.COORDINATION), make_staff(Role.COUNCIL_OFFICE)
    paper = make_paper(round_.edition, actor=actor)
    first = paper.route.order_by("position").first()
    day = (now + timedelta(days=9)).date()
    step = schedule_step(step=first, meeting_on=day, agenda_item="TOP 3", actor=actor)
    key = f"sitting-{step.meeting.pk}"
    assert key not in _calendar(client)
    answer_round(round_=round_, actor=actor, at=round_.closes_at + timedelta(days=3))
    make_submitted(paper, at=now, actor=actor)
    meeting = _calendar(client)[key]
    assert (meeting.decoded("dtstart"), str(meeting["status"])) == (day, "CONFIRMED")
    assert str(meeting["description"]) == f"TOP 3: {paper}, Anhörung"
    change_meeting(meeting=step.meeting, day=day, begins_at=time(17), place="Rathaus", actor=actor)
    moved = _calendar(client)[key]
    assert timezone.localtime(moved.decoded("dtstart")).hour == 17
    assert str(moved["location"]) == "Rathaus"
    assert moved["sequence"] > meeting["sequence"]
    set_step_status(step=first, status=StepStatus.DROPPED, actor=office, result="Fällt aus.")
    dropped = _calendar(client)[key]
    assert str(dropped["status"]) == "CANCELLED"
    assert dropped["sequence"] > moved["sequence"]
