"""OParl 1.1: objects that conform, addresses that stay, times that tell every change."""

import hashlib
import json
import re
from datetime import time, timedelta
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.council.models import Body, CouncilGroup, Meeting, Paper
from consult.council.services.annexes import add_annex, take_back_annex
from consult.council.services.decisions import confirm_decision, record_decision
from consult.council.services.items import add_item
from consult.council.services.meetings import (
    attach_invitation,
    change_meeting,
    plan_meeting,
    set_meeting_status,
)
from consult.council.services.motions import Mover, file_for_mover
from consult.council.services.papers import withdraw_paper
from consult.council.services.route import add_step, schedule_step, set_step_status
from consult.council.states import (
    Effect,
    ItemOutcome,
    MeetingStatus,
    Publicity,
    StepRole,
    StepStatus,
)
from consult.documents.services.making import make_next_document
from consult.oparl.services import publishing
from consult.oparl.services.packs import ask_for_packs
from consult.participants.states import Role
from tests.factories import make_concept, make_department, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_draft, make_motion, wanted
from tests.oparl_schema import defects

pytestmark = pytest.mark.django_db
ENTRANCE = "/oparl/v1.1/"
PDF = b"%PDF-1.7 Tagesordnung"
SECRET = "Grundstück am Nordhafen"
KINDS = {
    "organization": "Organization", "meeting": "Meeting", "paper": "Paper", "file": "File",
    "agendaitem": "AgendaItem", "consultation": "Consultation", "location": "Location",
}  # fmt: skip
EMPTY = ("person", "membership", "legislativeterm")


def get(address: str, status: int = 200, **headers):
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    response = Client().get(path, headers=headers)
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    assert not response.cookies
    return response


def read(address: str):
    response = get(address)
    assert response["Content-Type"] == "application/json; charset=utf-8"
    return response.json()


def listed(kind: str, query: str = ""):
    return read(f"{ENTRANCE}body/1/{kind}/{query}")["data"]


def stamped(at) -> str:
    return quote(timezone.localtime(at).isoformat(timespec="seconds"))


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def at(now, monkeypatch):
    """A clock for the interface that the test sets on."""
    clock = [now + timedelta(days=1)]
    monkeypatch.setattr("site_content.pages.views.oparl.timezone.now", lambda: clock[0])

    def later(**delta):
        clock[0] += timedelta(**delta)
        return clock[0].replace(microsecond=0)

    return later


@pytest.fixture
def paper(now, office, at):
    """A submitted paper: heard in public with an invitation, once in private, then decided."""
    found = make_paper(make_edition(make_concept(), at=now))
    add_item(
        paper=found,
        text="Der Bericht wird zur Kenntnis genommen.",
        effect=Effect.NONE,
        actor=make_staff(Role.COORDINATION),
    )
    CouncilGroup.objects.create(name="Fraktion A")
    committee = Body.objects.create(name="Bauausschuss")
    hidden = add_step(
        paper=found,
        body=committee,
        role=StepRole.PRELIMINARY,
        actor=office,
        publicity=Publicity.NON_PUBLIC,
    )
    found = make_submitted(found, at=now)
    first, decides = found.route.exclude(pk=hidden.pk).order_by("position")
    schedule_step(
        step=hidden, meeting_on=now.date() + timedelta(days=9), agenda_item=SECRET, actor=office
    )
    for step, days in ((first, 10), (decides, 20)):
        schedule_step(
            step=step,
            meeting_on=now.date() + timedelta(days=days),
            agenda_item=f"TOP {days}",
            actor=office,
        )
    meeting = Meeting.objects.get(agenda=first)
    change_meeting(
        meeting=meeting,
        day=meeting.day,
        begins_at=time(18, 0),
        place="Rathaus, Saal 1",
        actor=office,
    )
    attach_invitation(meeting=meeting, name="Einladung.pdf", content=PDF, actor=office, at=now)
    return Paper.objects.get(pk=found.pk)


def every_object(paper):
    for kind, name in KINDS.items():
        for found in listed(kind):
            yield name, found


# --- conformity ----------------------------------------------------------------------------------


def test_the_entrance_leads_to_one_body(paper):
    system = read(ENTRANCE)
    assert defects(system, "System") == []
    [body] = read(system["body"])["data"]
    assert defects(body, "Body") == []
    assert body == read(body["id"])
    assert body["legislativeTerm"] == []
    assert body["system"] == system["id"]


def test_every_object_conforms_and_stands_at_its_own_address(paper):
    found = list(every_object(paper))
    assert {name for name, _one in found} == set(KINDS.values())
    for name, one in found:
        assert defects(one, name) == []
        assert read(one["id"]) == one


def test_what_the_city_does_not_hold_is_an_empty_list(paper):
    body = read(f"{ENTRANCE}body/1/")
    for name in ("person", "membership", "legislativeTermList"):
        page = read(body[name])
        assert page["data"] == []
        assert page["pagination"]["totalElements"] == 0
        assert "next" not in page["links"]


def test_objects_inside_of_others_have_no_way_back_and_their_own_times(paper):
    [heard, _decides] = listed("meeting")
    [item] = heard["agendaItem"]
    assert "meeting" not in item
    assert "meeting" not in heard["invitation"]
    assert "meetings" not in heard["location"]
    assert read(item["id"])["meeting"] == heard["id"]
    [found] = listed("paper")
    assert all("paper" not in consultation for consultation in found["consultation"])
    assert {c["id"] for c in found["consultation"]} == {c["id"] for c in listed("consultation")}


def test_all_addresses_inside_the_objects_can_be_read(paper):
    text = json.dumps([one for _name, one in every_object(paper)])
    known = set(re.findall(r'"(http[^"]*/oparl/[^"]*)"', text))
    assert len(known) > 15
    for address in known:
        read(address)


def test_a_file_has_the_size_and_checksum_of_what_is_handed_out(paper):
    [file, pack] = listed("file")
    assert urlsplit(pack["accessUrl"]).path == reverse("pack_pdf", args=[paper.pk])
    parts = urlsplit(file["accessUrl"])
    shown = Client().get(parts.path)
    assert shown.content == PDF
    assert not shown["Content-Disposition"].startswith("attachment")
    assert file["size"] == len(PDF)
    assert file["sha512Checksum"] == hashlib.sha512(PDF).hexdigest()
    assert file["mimeType"] == shown["Content-Type"]
    kept = urlsplit(file["downloadUrl"])
    assert Client().get(f"{kept.path}?{kept.query}")["Content-Disposition"].startswith("attachment")


def test_a_pack_has_the_size_and_checksum_of_the_file_that_was_made_last(paper, office, at):
    [_file, pack] = listed("file")
    assert "sha512Checksum" not in pack  # nobody has made it yet
    assert ask_for_packs(at=timezone.now()) == 1
    assert make_next_document(clock=timezone.now)
    [_file, pack] = listed("file")
    content = Client().get(urlsplit(pack["accessUrl"]).path).content
    assert pack["size"] == len(content)
    assert pack["sha512Checksum"] == hashlib.sha512(content).hexdigest()
    later = timezone.now() + timedelta(minutes=1)
    assert ask_for_packs(at=later) == 1  # the log has grown
    assert ask_for_packs(at=later) == 0
    step = paper.route.get(authoritative=True)
    set_step_status(step=step, status=StepStatus.HELD, result="Der Rat hat beraten.", actor=office)
    client = Client(headers={"cookie": "sessionid=none"})
    other = client.get(urlsplit(pack["accessUrl"]).path).content
    [_file, anew] = listed("file")
    assert anew["sha512Checksum"] == hashlib.sha512(other).hexdigest()
    assert anew["sha512Checksum"] != pack["sha512Checksum"]


# --- what is said --------------------------------------------------------------------------------


def test_drafts_and_items_that_are_not_public_are_nowhere(paper, now, office):
    draft = make_paper(make_edition(make_concept(), at=now), effect="none")
    everything = "".join(
        get(f"{ENTRANCE}body/1/{kind}/?modified_since=2000-01-01T00:00:00Z").content.decode()
        for kind in (*KINDS, *EMPTY)
    )
    assert SECRET not in everything
    assert draft.reference not in everything
    hidden = paper.route.get(publicity=Publicity.NON_PUBLIC)
    get(f"{ENTRANCE}consultation/{hidden.pk}/", 404)
    get(f"{ENTRANCE}agendaitem/{hidden.pk}/", 404)
    get(f"{ENTRANCE}meeting/{hidden.meeting_id}/", 404)
    assert len(listed("meeting")) == 2


def test_noted_is_never_said_to_be_adopted(paper, office, now):
    step = paper.route.get(authoritative=True)
    set_step_status(step=step, status=StepStatus.HELD, actor=office)
    first, second = paper.items.order_by("number")
    outcomes = {first: ItemOutcome.ADOPTED_AS_AMENDED, second: ItemOutcome.NOTED}
    for item, outcome in outcomes.items():
        text = "Geänderter Wortlaut." if item == first else ""
        record_decision(
            item=item, step=step, outcome=outcome, resolution_text=text, actor=office, at=now
        )
    item = read(f"{ENTRANCE}agendaitem/{step.pk}/")
    assert item["result"] == (
        "Nummer 1: geändert beschlossen; Nummer 2: zur Kenntnis genommen; "
        "vorläufig, Niederschrift steht aus"
    )
    assert item["resolutionText"] == "1. Geänderter Wortlaut."
    assert [row["outcome"] for row in item["consult:decisions"]] == ["adopted_as_amended", "noted"]
    assert defects(item, "AgendaItem") == []


@pytest.mark.parametrize("outcome", list(ItemOutcome))
def test_each_outcome_has_its_own_words(now, at, outcome):
    found = make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)
    step = found.route.order_by("position").first()
    meeting_on = now.date() + timedelta(days=3)
    step = schedule_step(
        step=step, meeting_on=meeting_on, agenda_item="1", actor=make_staff(Role.COUNCIL_OFFICE)
    )
    make_decision(step, outcome, at=now, resolution_text="Anders." if "amended" in outcome else "")
    result = read(f"{ENTRANCE}agendaitem/{step.pk}/")["result"]
    assert result.startswith(f"Nummer 1: {outcome.label};")
    if outcome not in {ItemOutcome.ADOPTED, ItemOutcome.ADOPTED_AS_AMENDED}:
        assert "beschlossen" not in result


def test_annexes_and_who_is_in_charge_belong_to_the_paper(paper, now, at):
    coordination = make_staff(Role.COORDINATION)
    annex = add_annex(
        paper=paper, title="Kostenplan", name="kosten.pdf", content=PDF, actor=coordination, at=now
    )
    office = make_department("Amt für Vielfalt")
    body = Body.objects.get(name="Ausländerbeirat")
    Paper.objects.filter(pk=paper.pk).update(submitted_by=body, under_direction_of=office)
    [found] = listed("paper")
    assert defects(found, "Paper") == []
    [file] = found["auxiliaryFile"]
    assert (file["name"], file["size"]) == ("Anlage 1: Kostenplan", len(PDF))
    assert "paper" not in file
    assert read(file["id"])["paper"] == [found["id"]]
    assert read(found["originatorOrganization"][0])["name"] == "Ausländerbeirat"
    in_charge = read(found["underDirectionOf"][0])
    assert in_charge["organizationType"] == "Verwaltungsbereich"
    assert listed("paper", "?omit_internal=true")[0].get("auxiliaryFile") is None
    take_back_annex(annex=annex, reason="Zahlen falsch.", actor=coordination, at=now)
    assert "auxiliaryFile" not in listed("paper")[0]
    assert read(file["id"])["deleted"] is True
    assert Client().get(urlsplit(file["accessUrl"]).path).status_code == 410


def test_a_motion_is_a_paper_below_its_paper_once_it_is_filed(paper, now, at):
    goal = paper.edition.goals.first()
    make_draft(paper, goal.wid, at=now, text="Ein geheimer Entwurf.")
    assert len(listed("paper")) == 1
    filed = make_motion(paper, goal.wid, at=now, text="Ein anderes Ziel.")
    found, motion = sorted(listed("paper"), key=lambda row: row["paperType"])
    assert defects(motion, "Paper") == []
    assert motion["paperType"] == "Änderungsantrag"
    assert motion["superordinatedPaper"] == [found["id"]]
    assert found["subordinatedPaper"] == [motion["id"]]
    assert motion["consult:change"]["new"] == "Ein anderes Ziel."
    assert motion["originatorOrganization"] == [
        f"{found['id'].partition('paper/')[0]}organization/fraktion-{filed.group_id}/"
    ]
    assert "geheimer" not in get(f"{ENTRANCE}body/1/paper/").content.decode()


def test_a_member_who_moves_something_is_not_named(paper, now, office, at):
    goal = paper.edition.goals.first()
    file_for_mover(
        paper=paper,
        mover=Mover(member="Erika Beispiel, fraktionslos"),
        wanted=wanted(paper, goal.wid),
        actor=office,
        at=now,
    )
    assert len(listed("paper")) == 2
    assert "Erika" not in get(f"{ENTRANCE}body/1/paper/").content.decode()


def test_agenda_items_stand_in_the_order_of_their_numbers(paper, office, now):
    step = paper.route.order_by("position").first()
    edition = make_edition(make_concept(), at=now)
    other = make_submitted(make_paper(edition, effect="none"), at=now)
    beside = other.route.order_by("position").first()
    schedule_step(step=beside, meeting_on=step.meeting.day, agenda_item="TOP 2", actor=office)
    items = read(f"{ENTRANCE}meeting/{step.meeting_id}/")["agendaItem"]
    assert [(item["number"], item["order"]) for item in items] == [("TOP 2", 1), ("TOP 10", 2)]


# --- times, changes, deletion --------------------------------------------------------------------


def test_every_change_of_what_is_inside_is_told_by_the_times(paper, office, at):
    before = {one["id"]: one["modified"] for _name, one in every_object(paper)}
    moment = at(hours=1)
    step = paper.route.order_by("position").first()
    schedule_step(step=step, meeting_on=step.meeting.day, agenda_item="TOP 11", actor=office)
    after = {one["id"]: one["modified"] for _name, one in every_object(paper)}
    changed = {urlsplit(one).path for one in after if after[one] != before[one]}
    assert changed == {
        f"{ENTRANCE}agendaitem/{step.pk}/",
        f"{ENTRANCE}meeting/{step.meeting_id}/",
    }
    assert {row["id"] for row in listed("meeting", f"?modified_since={stamped(moment)}")} == {
        one for one in after if "/meeting/" in one and after[one] != before[one]
    }


def test_the_time_of_creation_stays(paper, office, at):
    [before] = listed("paper")
    assert before["created"] == timezone.localtime(paper.submitted_at).isoformat(timespec="seconds")
    at(hours=1)
    step = paper.route.get(authoritative=True)
    set_step_status(step=step, status=StepStatus.HELD, actor=office)
    [after] = listed("paper")
    assert after["created"] == before["created"]


def test_a_withdrawn_paper_leaves_marks_that_say_nothing(paper, at):
    [before] = listed("paper")
    consultations = listed("consultation")
    moment = at(hours=1)
    withdraw_paper(paper=paper, actor=make_staff(Role.COORDINATION))
    mark = read(before["id"])
    assert mark == {
        "id": before["id"], "type": before["type"], "created": before["created"],
        "modified": timezone.localtime(moment).isoformat(timespec="seconds"), "deleted": True,
    }  # fmt: skip
    assert listed("paper") == []
    assert listed("paper", f"?modified_since={stamped(moment)}") == [mark]
    gone = listed("consultation", f"?modified_since={stamped(moment)}")
    assert {row["id"] for row in gone} == {row["id"] for row in consultations}
    assert all(row["deleted"] for row in gone)
    assert listed("meeting") == []


def test_a_dropped_step_is_deleted_and_no_part_of_the_paper(paper, office, at):
    listed("paper")
    at(hours=1)
    step = paper.route.order_by("position").first()
    set_step_status(step=step, status=StepStatus.DROPPED, result="Keine Zeit.", actor=office)
    assert read(f"{ENTRANCE}consultation/{step.pk}/")["deleted"] is True
    assert read(f"{ENTRANCE}agendaitem/{step.pk}/")["deleted"] is True
    [found] = listed("paper")
    assert [c["id"].rstrip("/").rsplit("/", 1)[1] for c in found["consultation"]] == [
        str(paper.route.get(authoritative=True).pk)
    ]


def test_what_becomes_private_after_it_was_public_leaves_a_mark_alone(paper, office, at):
    step = paper.route.order_by("position").first()
    listed("paper")
    at(hours=1)
    schedule_step(
        step=step, meeting_on=step.meeting.day, agenda_item=SECRET, actor=office,
        publicity=Publicity.NON_PUBLIC,
    )  # fmt: skip
    for kind in ("consultation", "agendaitem"):
        mark = read(f"{ENTRANCE}{kind}/{step.pk}/")
        assert set(mark) == {"id", "type", "created", "modified", "deleted"}


def test_what_is_public_again_is_no_mark_any_more(paper, office, at):
    step = paper.route.order_by("position").first()
    address = f"{ENTRANCE}consultation/{step.pk}/"
    before = read(address)
    for publicity in (Publicity.NON_PUBLIC, Publicity.PUBLIC):
        at(hours=1)
        schedule_step(
            step=step, meeting_on=step.meeting.day, agenda_item="TOP 10", actor=office,
            publicity=publicity,
        )  # fmt: skip
        after = read(address)
        assert after.get("deleted", False) is (publicity == Publicity.NON_PUBLIC)
    assert after["modified"] > before["modified"]
    assert {**after, "modified": ""} == {**before, "modified": ""}


def test_a_cancelled_meeting_stays_cancelled_also_without_its_papers(paper, office, at):
    step = paper.route.order_by("position").first()
    meeting = step.meeting
    listed("meeting")
    set_meeting_status(meeting=meeting, status=MeetingStatus.CANCELLED, actor=office)
    address = f"{ENTRANCE}meeting/{meeting.pk}/"
    found = read(address)
    assert found["cancelled"] is True
    assert "meetingState" not in found
    schedule_step(
        step=step, meeting_on=meeting.day + timedelta(days=7), agenda_item="1", actor=office
    )
    found = read(address)
    assert found["cancelled"] is True
    assert "agendaItem" not in found
    assert defects(found, "Meeting") == []


def test_a_meeting_that_was_never_public_does_not_come_by_being_cancelled(at, office, now):
    meeting = plan_meeting(body=Body.objects.create(name="Geheim"), day=now.date(), actor=office)
    set_meeting_status(meeting=meeting, status=MeetingStatus.CANCELLED, actor=office)
    get(f"{ENTRANCE}meeting/{meeting.pk}/", 404)


def test_a_confirmed_decision_changes_the_result(paper, office, now, at):
    step = paper.route.get(authoritative=True)
    set_step_status(step=step, status=StepStatus.HELD, actor=office)
    decision = record_decision(
        item=paper.items.get(number=2), step=step, outcome=ItemOutcome.NOTED, actor=office, at=now
    )
    address = f"{ENTRANCE}agendaitem/{step.pk}/"
    before = read(address)
    at(minutes=5)
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    after = read(address)
    assert after["result"] == "Nummer 2: zur Kenntnis genommen"
    assert after["modified"] > before["modified"]


def test_the_sweep_notes_the_same_and_reading_again_writes_nothing(paper, at):
    listed("paper")
    moment = at(hours=1)
    assert publishing.publish(at=moment) == 0
    with CaptureQueriesContext(connection) as queries:
        listed("paper")
    assert not [q for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    Body.objects.filter(name="Bauausschuss").update(name="Umbenannt")  # nobody wrote the log
    assert publishing.publish(at=moment) == 1
    assert "Umbenannt" in {row["name"] for row in listed("organization")}


# --- lists ---------------------------------------------------------------------------------------


def test_pages_keep_filters_and_lead_through_the_whole_list(paper):
    whole = [row["id"] for row in listed("organization")]
    assert len(whole) > 2
    address, found = (
        f"{ENTRANCE}body/1/organization/?limit=2&created_since=2000-01-01T00:00:00Z",
        [],
    )
    while address:
        page = read(address)
        found += [row["id"] for row in page["data"]]
        assert page["pagination"]["elementsPerPage"] == 2
        assert page["pagination"]["totalPages"] == (len(whole) + 1) // 2
        assert all("created_since=2000" in link for link in page["links"].values())
        assert read(page["links"]["self"]) == page
        address = page["links"].get("next")
    assert found == whole


def test_filters_count_both_ends(paper, at):
    [found] = listed("paper")
    for name in ("created", "modified"):
        time_ = quote(found[name])
        assert listed("paper", f"?{name}_since={time_}&{name}_until={time_}") == [found]
    assert listed("paper", "?created_since=2100-01-01T00:00:00%2B01:00") == []
    assert listed("paper", "?modified_until=2000-01-01T00:00:00%2B01:00") == []


def test_omit_internal_leaves_out_the_lists_inside(paper):
    assert all("agendaItem" in meeting for meeting in listed("meeting"))
    for meeting in listed("meeting", "?omit_internal=true"):
        assert "agendaItem" not in meeting
        assert defects(meeting, "Meeting") == []


def test_an_organization_lists_its_own_meetings(paper):
    step = paper.route.get(authoritative=True)
    organization = read(f"{ENTRANCE}organization/gremium-{step.body_id}/")
    [meeting] = read(organization["meeting"])["data"]
    assert meeting["id"].endswith(f"/meeting/{step.meeting_id}/")
    [consultation] = read(organization["consultation"])["data"]
    assert consultation["authoritative"] is True


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("?created_since=gestern", "created_since braucht Datum"),
        ("?modified_until=2026-01-01", "modified_until braucht Datum"),
        ("?modified_since=2026-99-01T00:00:00Z", "modified_since braucht Datum"),
        ("?limit=0", "limit braucht eine Zahl"),
        ("?page=x", "page braucht eine Zahl"),
        ("?page=99", "Seiten."),
    ],
)
def test_a_filter_that_cannot_be_read_is_explained(paper, query, word):
    error = get(f"{ENTRANCE}body/1/paper/{query}", 400).json()
    assert error["type"] == "https://schema.oparl.org/1.1/Error"
    assert word in error["message"]


# --- the web -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["nichts/", "paper/999/", "paper/x/", "body/2/paper/", "body/1/nichts/", "a/b/c/d/"]
)
def test_an_unknown_address_is_an_error_object(at, path):
    error = get(ENTRANCE + path, 404).json()
    assert error["type"] == "https://schema.oparl.org/1.1/Error"
    assert "gibt es kein Objekt" in error["message"]


def test_nothing_can_be_written(at):
    response = Client().post(ENTRANCE)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_who_has_read_it_already_is_told_so(paper):
    first = get(f"{ENTRANCE}paper/{paper.pk}/")
    assert first["Cache-Control"].startswith("public")
    again = get(f"{ENTRANCE}paper/{paper.pk}/", 304, if_none_match=first["ETag"])
    assert again.content == b""
    get(f"{ENTRANCE}paper/{paper.pk}/", 304, if_modified_since=first["Last-Modified"])


def test_a_session_changes_nothing(paper, office):
    client = Client()
    client.force_login(office)
    plain = Client().get(f"{ENTRANCE}body/1/paper/")
    signed_in = client.get(f"{ENTRANCE}body/1/paper/", headers={"accept-language": "ar"})
    assert signed_in.content == plain.content
    assert signed_in["Cache-Control"] == plain["Cache-Control"]


@pytest.mark.parametrize("path", ["", "body/1/paper/", "paper/0/", "body/1/paper/?limit=x"])
def test_any_cache_can_keep_an_answer(paper, path):
    plain = Client().get(f"{ENTRANCE}{path}")
    client = Client(headers={"accept-language": "tr"})
    client.cookies["sessionid"] = "from-long-ago"
    answer = client.get(f"{ENTRANCE}{path}")
    assert answer.content == plain.content
    for found in (plain, answer):
        assert "Vary" not in found
        assert not found.cookies
        assert found["Content-Language"] == "de"


def test_who_guesses_the_entrance_is_led_there(at):
    assert Client().get("/oparl/")["Location"] == ENTRANCE


def test_queries_do_not_grow_with_the_papers(paper, now, office, at):
    def count() -> list[int]:
        found = []
        for kind in ("paper", "meeting"):
            with CaptureQueriesContext(connection) as queries:
                listed(kind)
            found.append(len(queries))
        return found

    listed("paper")
    few = count()
    for _number in range(3):
        other = make_submitted(
            make_paper(make_edition(make_concept(), at=now), effect="none"), at=now
        )
        step = other.route.order_by("position").first()
        schedule_step(
            step=step, meeting_on=now.date() + timedelta(days=30), agenda_item="1", actor=office
        )
    listed("paper")
    assert count() == few
    assert max(few) <= 8
