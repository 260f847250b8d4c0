"""The desk of amendment motions: from an entered motion to the text that is put in force."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consult.council.models import (
    AmendmentMotion,
    Body,
    Consolidation,
    GroupMembership,
    MotionVote,
    Paper,
)
from consult.council.motion_words import MOTION_REFUSALS as REFUSALS
from consult.council.services.decisions import confirm_decision
from consult.council.states import ItemOutcome, MotionOp, MotionStatus
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_draft, make_group, make_member, make_motion, make_vote
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def roles(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def paper(at):
    return make_submitted(make_paper(make_edition(make_concept(goals=2), at=at)), at=at)


@pytest.fixture
def wid(paper) -> str:
    return paper.edition.goals.order_by("position").first().wid


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


def address(name: str, *places) -> str:
    return reverse(f"council_desk:{name}", args=places)


def typed(paper, **changed) -> dict:
    words = section_data(paper.edition)[0]["goals"][0]["text"]["wording"]
    return {
        "op": "replace",
        "new_text": "Ganz anders.",
        "reason": "Weil es stimmt.",
        "finance": "none",
        "base_hash": content_hash(words),
        **changed,
    }


def desk(client, paper) -> str:
    return client.get(address("motions", paper.pk)).content.decode()


def test_office_enters_for_a_body_admits_votes_and_another_confirms(client, paper, wid, office, at):
    client.force_login(office)
    assert "Noch ist kein Änderungsantrag" in desk(client, paper)
    assert f"?stelle={wid}" in client.get(address("motion_places", paper.pk)).content.decode()
    form = f"{address('enter_motion', paper.pk)}?stelle={wid}"
    body = Body.objects.get(name="Ausländerbeirat")
    for wrong in ({}, {"body": body.pk, "member": "Stadtverordnete"}):
        page = client.post(form, typed(paper, **wrong))
        assert page.status_code == 422
        assert "genau eins" in page.content.decode()
    done = client.post(form, typed(paper, body=body.pk))
    assert done["Location"].endswith("#ae-1")
    motion = AmendmentMotion.objects.get()
    assert motion.mover == "Ausländerbeirat"
    client.post(address("motion_deed", paper.pk, motion.pk, "zulassen"))
    make_decision(paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=at)
    step = paper.route.get(authoritative=True)
    group = make_group("Offene Liste")
    vote_form = address("vote_motion", paper.pk, motion.pk, step.pk)
    assert vote_form in desk(client, paper)
    bad = client.post(vote_form, {"outcome": "accepted_modified"})
    assert bad.status_code == 422
    client.post(vote_form, {"outcome": "accepted", f"{group.pk}-for": "7", "note": "7 Ja"})
    vote = MotionVote.objects.get()
    assert (vote.outcome, vote.group_votes.get().count) == ("accepted", 7)
    confirm = address("confirm_motion", paper.pk, vote.pk)
    assert confirm not in desk(client, paper)
    with nothing_written():
        assert client.post(confirm)["Location"] == "/admin/"
    client.force_login(make_staff(Role.COUNCIL_OFFICE))
    assert confirm in desk(client, paper)
    client.post(confirm)
    vote.refresh_from_db()
    assert vote.status == "confirmed"
    correction = address("correct_motion", paper.pk, vote.pk)
    shown = client.get(correction).context
    assert shown["votes"][f"{group.pk}-for"].value() == "7"
    client.post(correction, {"outcome": "rejected", "reason": "Verzählt."})
    motion.refresh_from_db()
    assert motion.status == MotionStatus.REJECTED


def test_conflicts_stand_above_and_a_motion_is_settled(client, paper, wid, office, at):
    first = make_motion(paper, wid, text="Wortlaut von allen.", at=at)
    second = make_motion(paper, wid, op=MotionOp.STRIKE, at=at)
    client.force_login(office)
    assert "Ä 1 und Ä 2: Einer streicht, was der andere ändert. Wird Ä 1 angenommen" in desk(
        client, paper
    )
    settle = address("settle_motion", paper.pk, second.pk, first.pk)
    assert settle not in desk(client, paper)
    make_vote(first, at=at)
    assert settle in desk(client, paper)
    client.post(settle)
    second.refresh_from_db()
    assert second.status == MotionStatus.SETTLED


def test_the_desk_proposes_what_is_settled_and_one_press_does_it(client, paper, wid, office, at):
    struck = make_motion(paper, wid, op=MotionOp.STRIKE, at=at)
    others = [
        make_motion(paper, wid, text="Wortlaut von allen.", at=at),
        make_motion(paper, wid, part="reason", text="Weil.", at=at),
        make_motion(paper, wid, op=MotionOp.STRIKE, at=at),
    ]
    apart = make_motion(paper, item=paper.items.get(), text="Anders.", at=at)
    client.force_login(office)
    make_vote(apart, MotionStatus.REJECTED, at=at)
    form = client.get(
        address("vote_motion", paper.pk, struck.pk, paper.route.get(authoritative=True).pk)
    )
    assert "Wird Ä 1 angenommen, sind damit erledigt: Ä 2, Ä 3, Ä 4." in form.content.decode()
    press = address("settle_open", paper.pk, struck.pk)
    assert press not in desk(client, paper)
    vote = make_vote(struck, at=at)
    page = desk(client, paper)
    assert "Ä 1 ist angenommen: Ziel 1.1, streichen. Damit sind erledigt: Ä 2 (Die Mitte)" in page
    assert press in page
    client.post(press)
    for motion in others:
        motion.refresh_from_db()
        assert (motion.status, motion.settled_by) == (MotionStatus.SETTLED, struck)
    assert press not in desk(client, paper)
    assert str(REFUSALS["settles_nothing"]) in client.post(press, follow=True).content.decode()
    public = client.get(reverse("paper", args=[paper.pk])).content.decode()
    assert "Ä 1 von Die Mitte: Ziel 1.1, Streichen" in public
    # What the minutes take back opens them again.
    client.post(
        address("correct_motion", paper.pk, vote.pk), {"outcome": "rejected", "reason": "Verzählt."}
    )
    others[0].refresh_from_db()
    assert others[0].status == MotionStatus.ADMISSIBLE


def test_refusing_needs_a_reason_and_withdrawing_is_one_deed(client, paper, wid, office, at):
    first = make_motion(paper, wid, at=at, admitted=False)
    second = make_motion(paper, wid, at=at)
    client.force_login(office)
    form = address("refuse_motion", paper.pk, first.pk)
    assert client.post(form, {"reason": ""}).status_code == 422
    client.post(form, {"reason": "Gehört nicht zur Sache."})
    assert "Gehört nicht zur Sache." in desk(client, paper)
    client.post(address("motion_deed", paper.pk, second.pk, "zurueckziehen"))
    second.refresh_from_db()
    assert second.status == MotionStatus.WITHDRAWN
    with nothing_written():
        client.post(address("motion_deed", paper.pk, second.pk, "loben"))


def test_drafts_of_groups_are_not_at_the_desk(client, paper, wid, office, at):
    draft = make_draft(paper, wid, text="Geheim.", at=at)
    client.force_login(office)
    assert "Geheim." not in desk(client, paper)
    for name in ("zulassen", "zurueckziehen"):
        with nothing_written():
            client.post(address("motion_deed", paper.pk, draft.pk, name))
    read = client.get(address("refuse_motion", paper.pk, draft.pk), follow=True)
    assert read.status_code == 404


def test_text_is_written_reviewed_compared_released_and_put_in_force(
    client, paper, wid, office, at
):
    make_vote(make_motion(paper, wid, text="Beschlossen.", at=at), at=at)
    coordination = make_staff(Role.COORDINATION)
    client.force_login(coordination)
    assert "Der beschlossene Text" not in desk(client, paper)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=at
    )
    confirm_decision(decision=decision, actor=office, at=at)
    edited = GoalPage.objects.get(number="1.2")
    edited.wording = "Von Hand."
    edited.save_revision()
    assert "wird geschrieben" in desk(client, paper)
    client.post(address("write_text", paper.pk))
    page = desk(client, paper)
    assert "als Entwurf geschrieben, Prüfung steht aus" in page
    assert "seit der Vorlage bearbeitet" in page
    assert "Vergleichen und Gründe" not in page
    edited.wording = "Wortlaut von Ziel 1.2."
    edited.save_revision()
    for found in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if found.has_unpublished_changes:
            found.get_latest_revision().publish()
    assert "Vergleichen und Gründe" in desk(client, paper)
    client.post(address("compare_text", paper.pk))
    [url] = re.findall(r"/admin/ueberarbeitung/[0-9]+/", desk(client, paper))
    assert "Änderungsantrag Ä 1, Die Mitte, beschlossen am" in client.get(url).content.decode()
    client.post(f"{url}freigeben/", {"title": "Beschluss", "origin": "Rat"})
    amended = Edition.objects.get(number=2)
    assert "ist der beschlossene Text, Zeichen für Zeichen" in desk(client, paper)
    client.force_login(office)
    client.post(address("adopt", paper.pk), {"edition": amended.pk})
    amended.refresh_from_db()
    assert amended.status == "in_force"
    assert "Der beschlossene Text ist in Kraft." in desk(client, paper)
    public = client.get(reverse("changes", args=[2])).content.decode()
    assert "Änderungsantrag Ä 1, Die Mitte, beschlossen am" in public
    assert "1 folgt einem Änderungsantrag im Rat" in public


def test_office_says_who_works_in_which_group_and_nobody_else_does(client, office):
    group, member = make_group("Offene Liste"), make_staff(Role.COUNCIL_MEMBER)
    form = reverse("wagtailsnippets_council_groupmembership:add")
    sent = {"user": member.pk, "group": group.pk, "function": "Stadtverordnete"}
    for person in (make_staff(Role.COORDINATION), make_staff(Role.COUNCIL_MEMBER)):
        client.force_login(person)
        client.post(form, sent)
        assert not GroupMembership.objects.exists()
    client.force_login(office)
    # Only members of the council can be in a group.
    client.post(form, {**sent, "user": make_resident().pk})
    assert not GroupMembership.objects.exists()
    client.post(form, sent)
    assert GroupMembership.objects.get().user == member


def test_the_next_correction_names_where_the_text_differs(client, paper, wid, office, at):
    vote = make_vote(make_motion(paper, wid, text="Beschlossen.", at=at), at=at)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.ADOPTED_AS_AMENDED, at=at
    )
    confirm_decision(decision=decision, actor=office, at=at)
    client.force_login(make_staff(Role.COORDINATION))
    client.post(address("write_text", paper.pk))
    assert Consolidation.objects.count() == 1
    client.force_login(office)
    modified = {"outcome": "accepted_modified", "wording": "Fast.", "reason": "Niederschrift"}
    client.post(address("correct_motion", paper.pk, vote.pk), modified)
    assert "jede Abstimmung bestätigt" in desk(client, paper)
    client.force_login(make_staff(Role.COUNCIL_OFFICE))
    correction = MotionVote.objects.get(corrects=vote)
    client.post(address("confirm_motion", paper.pk, correction.pk))
    page = desk(client, paper)
    assert "Der Text ist jetzt anders an diesen Stellen" in page
    assert "<li>Ziel 1.1</li>" in page


# --- who may ---------------------------------------------------------------------------------------

READING = {"motions"}
OFFICE = {
    "motion_places", "enter_motion", "refuse_motion", "vote_motion", "settle_motion",
    "settle_open", "motion_deed", "correct_motion", "confirm_motion",
}  # fmt: skip
COORDINATION = {"write_text", "compare_text"}


@pytest.mark.parametrize(
    "person",
    ["nobody", "resident", "member", Role.COORDINATION, Role.COUNCIL_OFFICE, Role.MODERATION,
     Role.EDITOR],
)  # fmt: skip
def test_who_enters_which_page_of_the_desk(person, client, paper, wid, at, subtests):
    motion = make_motion(paper, wid, at=at, admitted=False)
    other = make_motion(paper, wid, text="Noch anders.", at=at)
    vote = make_vote(other, at=at, confirmed=False)
    step = paper.route.get(authoritative=True)
    places = {
        "motions": (paper.pk,),
        "motion_places": (paper.pk,),
        "enter_motion": (paper.pk,),
        "write_text": (paper.pk,),
        "compare_text": (paper.pk,),
        "refuse_motion": (paper.pk, motion.pk),
        "vote_motion": (paper.pk, motion.pk, step.pk),
        "settle_motion": (paper.pk, motion.pk, other.pk),
        "settle_open": (paper.pk, other.pk),
        "motion_deed": (paper.pk, motion.pk, "zulassen"),
        "correct_motion": (paper.pk, vote.pk),
        "confirm_motion": (paper.pk, vote.pk),
    }
    people = {"resident": make_resident, "member": lambda: make_member(make_group("Andere"))}
    if person != "nobody":
        client.force_login(people[person]() if person in people else make_staff(person))
    for name, keys in places.items():
        allowed = (
            (name in READING and person in {Role.COORDINATION, Role.COUNCIL_OFFICE})
            or (name in OFFICE and person == Role.COUNCIL_OFFICE)
            or (name in COORDINATION and person == Role.COORDINATION)
        )
        if allowed:
            continue
        with subtests.test(page=name), nothing_written():
            read, sent = client.get(address(name, *keys)), client.post(address(name, *keys), {})
            assert {read.status_code, sent.status_code} <= {302, 403, 405}
            if read.status_code == 302:
                assert "login" in read["Location"] or read["Location"] == "/admin/"


def test_desk_asks_as_many_questions_however_many_motions(client, paper, wid, office, at):
    client.force_login(office)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            desk(client, paper)
        return len(found)

    make_vote(make_motion(paper, wid, text="Eins.", at=at), at=at)
    make_motion(paper, wid, text="Noch eins.", at=at)
    asked()
    before = asked()
    for number in range(3):
        make_motion(paper, wid, text=f"Fassung {number}.", at=at)
    assert asked() == before
    assert Paper.objects.count() == 1
