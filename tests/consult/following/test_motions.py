"""Who follows a place or theme is told that a motion on it comes to the vote, and how it went."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consult.council.models import Body
from consult.council.services.motion_votes import correct_motion_vote, record_motion_vote
from consult.council.services.motions import withdraw_motion
from consult.council.services.route import add_step, set_step_status
from consult.council.states import MotionStatus, Publicity, StepRole, StepStatus
from consult.following.models import Occurrence, Telling
from consult.following.services.following import follow
from consult.following.services.noting import note_occurrences
from consult.following.states import Happening, Rhythm, Topic
from consult.participants.states import Role
from consult.records.selectors import trace_contribution
from tests.consult.records.chain import Chain
from tests.factories import make_resident, make_staff
from tests.factories.following import tell, tell_and_send
from tests.factories.motions import make_draft, make_group, make_motion, make_vote

pytestmark = pytest.mark.django_db
SECRET = "Nordhafen"


@pytest.fixture
def chain(now) -> Chain:
    return Chain(at=now)


@pytest.fixture
def paper(chain, now):
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    paper = chain.submit(edition).paper
    tell_and_send(now + timedelta(hours=2))
    mail.outbox.clear()
    return paper


@pytest.fixture
def later(now):
    return now + timedelta(hours=3)


def reader_of(topic: Topic, object_: object, at):
    reader = make_resident()
    follow(user=reader, topic=topic, object_=str(object_), rhythm=Rhythm.AT_ONCE, at=at)
    return reader


def hour_after(at) -> None:
    """The sweep sees what happened, and an hour later it is due."""
    tell(at)
    tell_and_send(at + timedelta(hours=1))


def mails_to(person) -> list:
    return [message for message in mail.outbox if message.to == [person.email]]


@pytest.mark.parametrize("topic", [Topic.CONCEPT, Topic.SECTION, Topic.GOAL, Topic.THEME])
def test_whoever_follows_is_told_when_a_motion_is_admitted_and_voted(chain, paper, topic, later):
    theme = trace_contribution(chain.contribution).theme
    key = {
        Topic.CONCEPT: chain.round.edition.concept_id,
        Topic.SECTION: chain.goal.section.wid,
        Topic.GOAL: chain.goal.wid,
        Topic.THEME: theme.pk,
    }[topic]
    reader = reader_of(topic, key, later)
    motion = make_motion(paper, chain.goal.wid, at=later, text="Kurse jeden Tag.")
    tell_and_send(later)
    assert mails_to(reader) == []  # these come once an hour
    hour_after(later)
    [admitted] = mails_to(reader)
    assert f"Änderungsantrag zu {motion.place}" in admitted.subject
    assert "Ä 1 zu Vorlage STV 1/27, Die Mitte" in admitted.body
    assert reverse("paper", args=[paper.pk]) + "#ae-1" in admitted.body
    make_vote(motion, MotionStatus.REJECTED, at=later + timedelta(hours=2), confirmed=False)
    hour_after(later + timedelta(hours=2))
    [_first, voted] = mails_to(reader)
    assert "Stadtverordnetenversammlung hat entschieden: Ä 1 abgelehnt" in voted.body
    assert "vorläufig" in voted.body


def test_what_was_voted_within_the_hour_makes_one_piece_of_news(chain, paper, later):
    reader = reader_of(Topic.GOAL, chain.goal.wid, later)
    make_vote(make_motion(paper, chain.goal.wid, at=later), at=later)
    hour_after(later)
    [letter] = mails_to(reader)
    assert "Ä 1 angenommen" in letter.body
    assert "Änderungsantrag zu" not in letter.body


def test_a_motion_elsewhere_concerns_nobody_here(chain, paper, later):
    reader = reader_of(Topic.GOAL, chain.goal.wid, later)
    make_motion(paper, item=paper.items.get(), at=later, text="Anders.")
    hour_after(later)
    assert mails_to(reader) == []


def test_the_author_is_told_what_the_deciding_body_did(chain, paper, later):
    motion = make_motion(paper, chain.goal.wid, at=later)
    hour_after(later)
    assert mails_to(chain.author) == []
    make_vote(motion, at=later + timedelta(hours=1))
    hour_after(later + timedelta(hours=1))
    [letter] = mails_to(chain.author)
    assert f"Das betrifft Ihren Beitrag {chain.contribution.ref}." in letter.body


def test_who_follows_a_theme_is_told_of_a_motion_that_takes_it_up(chain, paper, later):
    theme = trace_contribution(chain.contribution).theme
    reader = reader_of(Topic.THEME, theme.pk, later)
    block = paper.edition.sections.get().texts.get(language="de").content["blocks"][0]
    make_motion(paper, block["wid"], at=later, text="Anders.", taken_up=theme)
    hour_after(later)
    [letter] = mails_to(reader)
    assert f"Der Antrag greift ein Thema auf: {theme.title}" in letter.body


def test_a_corrected_vote_is_told_with_its_reason_and_the_former_one_no_more(chain, paper, later):
    reader = reader_of(Topic.GOAL, chain.goal.wid, later)
    vote = make_vote(make_motion(paper, chain.goal.wid, at=later), at=later)
    correct_motion_vote(
        vote=vote, outcome=MotionStatus.REJECTED, reason="Falsch gezählt.",
        actor=make_staff(Role.COUNCIL_OFFICE), at=later,
    )  # fmt: skip
    hour_after(later)
    [letter] = mails_to(reader)
    assert "Ä 1 abgelehnt" in letter.body
    assert "Berichtigt: Falsch gezählt." in letter.body
    assert "Ä 1 angenommen" not in letter.body


# --- what is not public --------------------------------------------------------------------------


def test_invariant_nothing_is_told_of_drafts_and_of_what_was_not_admitted(chain, paper, later):
    make_draft(paper, chain.goal.wid, at=later, text=SECRET, group=make_group())
    make_motion(paper, chain.goal.wid, at=later, text="Anders.", admitted=False)
    told = {Happening.MOTION_ADMITTED, Happening.MOTION_VOTED}
    hour_after(later)
    assert not Occurrence.objects.filter(happening__in=told).exists()


def test_nothing_is_told_of_a_motion_that_was_withdrawn_meanwhile(chain, paper, later):
    reader = reader_of(Topic.GOAL, chain.goal.wid, later)
    motion = make_motion(paper, chain.goal.wid, at=later)
    tell(later)
    withdraw_motion(motion=motion, actor=make_staff(Role.COUNCIL_OFFICE))
    tell_and_send(later + timedelta(hours=1))
    assert mails_to(reader) == []


def test_how_a_body_voted_behind_closed_doors_is_told_to_nobody(chain, paper, later, client):
    reader = reader_of(Topic.GOAL, chain.goal.wid, later)
    motion = make_motion(paper, chain.goal.wid, at=later)
    hour_after(later)
    mail.outbox.clear()
    office = make_staff(Role.COUNCIL_OFFICE)
    step = add_step(
        paper=paper, body=Body.objects.create(name=SECRET), role=StepRole.PRELIMINARY,
        publicity=Publicity.NON_PUBLIC, actor=office, meeting_on=later.date(),
    )  # fmt: skip
    step = set_step_status(step=step, status=StepStatus.HELD, actor=office)
    record_motion_vote(
        motion=motion, step=step, outcome=MotionStatus.REJECTED, actor=office, at=later
    )
    hour_after(later + timedelta(hours=5))
    assert mails_to(reader) == []
    for address in (
        reverse("feed", args=["goal", chain.goal.wid]),
        reverse("council_feed"),
        reverse("paper", args=[paper.pk]),
        reverse("contribution", args=[chain.contribution.ref]),
    ):
        assert SECRET not in client.get(address).content.decode(), address


# --- feeds, and what it costs --------------------------------------------------------------------


def test_feeds_name_what_comes_to_the_vote_and_how_it_went(chain, paper, later, client):
    theme = trace_contribution(chain.contribution).theme
    make_draft(paper, chain.goal.wid, at=later, text=SECRET, group=make_group())
    make_motion(paper, chain.goal.wid, at=later, admitted=False, text="Erst eingereicht.")
    make_vote(make_motion(paper, chain.goal.wid, at=later, text="Anders."), at=later)
    for address in (
        reverse("council_feed"),
        reverse("feed", args=["concept", chain.round.edition.concept_id]),
        reverse("feed", args=["section", chain.goal.section.wid]),
        reverse("feed", args=["goal", chain.goal.wid]),
        reverse("feed", args=["theme", theme.pk]),
    ):
        feed = client.get(address).content.decode()
        assert "Stadtverordnetenversammlung: Ä 2 angenommen" in feed, address
        assert "#ae-2" in feed, address
        assert "#ae-1" not in feed, address


def test_the_sweep_costs_the_same_with_many_motions(chain, paper, later):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            note_occurrences(at=later)
        return len(captured)

    make_motion(paper, chain.goal.wid, at=later, text="Eins.")
    note_occurrences(at=later)
    one = queries()
    for text in ("Zwei.", "Drei.", "Vier."):
        make_motion(paper, chain.goal.wid, at=later, text=text)
    note_occurrences(at=later)
    assert queries() == one
    assert not Telling.objects.filter(occurrence__happening=Happening.MOTION_VOTED).exists()
