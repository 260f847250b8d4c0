"""Following: who is told what, when, and once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure, Rule
from consult.following.models import Follower, Occurrence, Subscription, Telling
from consult.following.services.following import (
    LINK_HOLDS,
    LinkExpired,
    NothingToFollow,
    ask_to_follow,
    confirm_following,
    follow,
    stop,
    unfollow,
)
from consult.following.services.links import (
    Stop,
    follower_behind,
    manage_token,
    read_stop_token,
    stop_of_digest,
    stop_token,
)
from consult.following.services.moments import due_at, next_morning
from consult.following.services.noting import note_occurrences
from consult.following.services.telling import tell_next
from consult.following.states import Happening, Rhythm, Topic
from consult.participants.models import Notice, User
from consult.participants.states import Role
from consult.rounds.services import extend_round, resume_round, suspend_round
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.following import tell, tell_and_send

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def round_(db, now):
    found = make_open_round(at=now)
    tell(now)
    return found


@pytest.fixture
def reader(db):
    return make_resident("Lea")


def _follow_section(reader, round_, rhythm, now):
    wid = round_.edition.sections.get().wid
    return follow(user=reader, topic=Topic.SECTION, object_=wid, rhythm=rhythm, at=now)


def _mails_to(person) -> list:
    return [message for message in mail.outbox if message.to == [person.email]]


# --- when ----------------------------------------------------------------------------------------


def test_every_day_has_one_seven_o_clock_also_when_the_clocks_change():
    at = datetime(2027, 3, 26, 12, tzinfo=BERLIN)
    mornings = [at]
    for _day in range(240):
        mornings.append(next_morning(mornings[-1]))
    local = [morning.astimezone(BERLIN) for morning in mornings[1:]]
    assert {morning.strftime("%H:%M") for morning in local} == {"07:00"}
    assert all((later.date() - sooner.date()).days == 1 for sooner, later in pairwise(local))
    hours = {(b.astimezone(UTC) - a.astimezone(UTC)) for a, b in pairwise(local)}
    assert hours == {timedelta(hours=23), timedelta(hours=24), timedelta(hours=25)}


def test_a_week_begins_on_monday_at_seven():
    sunday = datetime(2027, 3, 28, 2, 30, tzinfo=BERLIN)  # an hour that does not exist
    assert next_morning(sunday, monday=True) == datetime(2027, 3, 29, 7, tzinfo=BERLIN)
    monday = datetime(2027, 3, 29, 7, tzinfo=BERLIN)
    assert next_morning(monday, monday=True) == datetime(2027, 4, 5, 7, tzinfo=BERLIN)


def test_a_deadline_that_a_digest_would_miss_is_told_at_once(now):
    until = now + timedelta(hours=8)
    assert due_at(Rhythm.WEEKLY, Happening.CLOSING_SOON, now, until) == now
    assert due_at(Rhythm.WEEKLY, Happening.CLOSING_SOON, now, now + timedelta(days=9)) > now


# --- digests -------------------------------------------------------------------------------------


def test_a_digest_lists_everything_since_the_last_one_and_is_never_empty(round_, reader, now):
    _follow_section(reader, round_, Rhythm.DAILY, now)
    made = [make_contribution(round_, at=now + timedelta(minutes=n)) for n in range(3)]
    tell_and_send(now + timedelta(hours=1))
    assert _mails_to(reader) == []
    morning = next_morning(now)
    for minutes in (-1, 0, 1, 30):
        tell_and_send(morning + timedelta(minutes=minutes))
    [letter] = _mails_to(reader)
    assert letter.subject.startswith("3 Neuigkeiten")
    for contribution in made:
        assert contribution.ref in letter.body
    tell_and_send(next_morning(morning))
    assert len(_mails_to(reader)) == 1


def test_days_that_no_worker_saw_come_in_one_digest(round_, reader, now):
    _follow_section(reader, round_, Rhythm.DAILY, now)
    for days in range(4):
        make_contribution(round_, at=now + timedelta(days=days))
    tell_and_send(now + timedelta(days=4))
    tell_and_send(next_morning(now + timedelta(days=4)))
    tell_and_send(next_morning(now + timedelta(days=5)))
    [letter] = _mails_to(reader)
    assert letter.body.count("/beitrag/") == 4


def test_hidden_contributions_are_not_listed_and_leave_no_empty_mail(round_, reader, now):
    _follow_section(reader, round_, Rhythm.DAILY, now)
    hidden = make_contribution(round_, at=now)
    tell(now)
    decide(
        contribution=hidden, measure=Measure.HIDE, rule=Rule.HATE, reason="Regel 2.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    tell_and_send(next_morning(now))
    assert _mails_to(reader) == []
    assert not Telling.objects.filter(gathered_at=None).exists()


def test_many_contributions_at_once_make_one_mail_an_hour(round_, reader, now):
    _follow_section(reader, round_, Rhythm.AT_ONCE, now)
    for minutes in range(5):
        make_contribution(round_, at=now + timedelta(minutes=minutes))
        tell_and_send(now + timedelta(minutes=minutes))
    assert _mails_to(reader) == []
    tell_and_send(now + timedelta(hours=1))
    [letter] = _mails_to(reader)
    assert letter.subject == "5 Neuigkeiten für Sie"


def test_who_follows_in_two_ways_is_told_once_the_sooner_way(round_, reader, now):
    _follow_section(reader, round_, Rhythm.WEEKLY, now)
    goal = round_.edition.goals.get()
    follow(user=reader, topic=Topic.GOAL, object_=goal.wid, rhythm=Rhythm.DAILY, at=now)
    make_contribution(round_, at=now, target_wid=goal.wid)
    tell(now)
    assert Telling.objects.get(follower__user=reader).rhythm == Rhythm.DAILY


def test_nobody_is_told_the_own_contribution_and_an_answer_is_told_to_its_author(
    round_, reader, now
):
    _follow_section(reader, round_, Rhythm.AT_ONCE, now)
    own = make_contribution(round_, at=now, participant=reader)
    tell(now)
    assert not Telling.objects.exists()
    reply = make_contribution(round_, at=now, reply_to=own)
    tell_and_send(now + timedelta(hours=1))
    tell_and_send(now + timedelta(hours=2))
    [letter] = [m for m in _mails_to(reader) if reply.ref in m.body]
    assert letter.subject == f"Jemand hat auf Beitrag {own.ref} geantwortet"
    assert reply.comment_row.comment not in letter.body


# --- rounds --------------------------------------------------------------------------------------


def test_followers_learn_the_dates_of_a_round(round_, reader, now):
    actor = make_staff(Role.COORDINATION)
    concept = str(round_.edition.concept_id)
    follow(user=reader, topic=Topic.CONCEPT, object_=concept, rhythm=Rhythm.AT_ONCE, at=now)
    end = round_.closes_at
    tell_and_send(end - timedelta(days=7))
    tell_and_send(end - timedelta(days=6))
    suspend_round(round_=round_, reason="Störung.", actor=actor, at=end - timedelta(days=5))
    tell_and_send(end - timedelta(days=5))
    resume_round(round_=round_, actor=actor, at=end - timedelta(days=4))
    tell_and_send(end - timedelta(days=4))
    extend_round(
        round_=round_, new_end=end + timedelta(days=10), reason="Ferien.", actor=actor,
        at=end - timedelta(days=2),
    )  # fmt: skip
    tell_and_send(end - timedelta(days=2))
    tell_and_send(end + timedelta(days=9, hours=1))
    subjects = [letter.subject.split(" am ")[0].split(":")[0] for letter in _mails_to(reader)]
    assert subjects == [
        "Die Beteiligung endet",
        "Die Beteiligung ist unterbrochen",
        "Die Beteiligung geht weiter",
        "Die Beteiligung geht länger",
        "Die Beteiligung endet",
    ]


def test_doing_it_again_notes_and_tells_nothing_new(round_, reader, now):
    _follow_section(reader, round_, Rhythm.AT_ONCE, now)
    make_contribution(round_, at=now)
    tell_and_send(now + timedelta(hours=1))
    before = (Occurrence.objects.count(), Telling.objects.count(), Notice.objects.count())
    Occurrence.objects.filter(happening=Happening.CONTRIBUTION).update(status="noted")
    tell_and_send(now + timedelta(hours=1))
    assert note_occurrences(at=now + timedelta(hours=1)) == 0
    assert before == (
        Occurrence.objects.count(), Telling.objects.count(), Notice.objects.count(),
    )  # fmt: skip


def test_telling_ten_or_a_hundred_followers_needs_the_same_queries(
    round_, now, django_assert_max_num_queries
):
    people = User.objects.bulk_create(User(email=f"f{n}@example.org") for n in range(100))
    followers = Follower.objects.bulk_create(Follower(user=person) for person in people)
    wid = round_.edition.sections.get().wid
    Subscription.objects.bulk_create(
        Subscription(
            follower=found, topic=Topic.SECTION, object=wid, rhythm=Rhythm.DAILY, since=now
        )
        for found in followers
    )
    make_contribution(round_, at=now)
    note_occurrences(at=now)
    with django_assert_max_num_queries(18):
        assert tell_next(at=now)
    assert Telling.objects.count() == 100


# --- beginning and ending ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "object_"),
    [("section", "gibt-es-nicht"), ("theme", "77"), ("theme", "x"), ("planet", "1"),
     ("contribution", "2027-R1-9999"), ("concept", "0"), ("goal", "a\x00b")],
)  # fmt: skip
def test_only_what_is_public_can_be_followed(round_, reader, now, topic, object_):
    with pytest.raises(NothingToFollow):
        follow(user=reader, topic=topic, object_=object_, rhythm=Rhythm.DAILY, at=now)
    assert not Follower.objects.filter(user=reader).exists()


def test_a_held_contribution_cannot_be_followed(round_, reader, now):
    contribution = make_contribution(round_, at=now)
    contribution.status = "held"
    contribution.save()
    with pytest.raises(NothingToFollow):
        follow(
            user=reader, topic=Topic.CONTRIBUTION, object_=contribution.ref,
            rhythm=Rhythm.DAILY, at=now,
        )  # fmt: skip


def test_an_address_is_stored_when_it_is_confirmed_and_not_before(round_, now):
    wid = round_.edition.sections.get().wid
    token = ask_to_follow(
        email="Gast@Example.org", topic=Topic.SECTION, object_=wid, rhythm=Rhythm.DAILY,
        language="en", at=now,
    )  # fmt: skip
    assert not Follower.objects.exists()
    assert "example.org" not in token
    for _twice in range(2):
        confirm_following(token=token, at=now + timedelta(hours=1))
    follower = Follower.objects.get()
    assert (follower.email, follower.language) == ("gast@example.org", "en")
    assert follower.subscriptions.get().rhythm == Rhythm.DAILY
    make_contribution(round_, at=now)
    tell_and_send(now)
    tell_and_send(next_morning(now))
    letter = mail.outbox[-1]
    assert letter.to == ["gast@example.org"]
    assert "/en/verfolgen/gast/" in letter.body


@pytest.mark.parametrize("after", [LINK_HOLDS, -timedelta(seconds=1)])
def test_a_link_holds_two_days(round_, now, after):
    wid = round_.edition.sections.get().wid
    token = ask_to_follow(
        email="g@example.org", topic=Topic.SECTION, object_=wid, rhythm=Rhythm.DAILY,
        language="de", at=now,
    )  # fmt: skip
    with pytest.raises(LinkExpired):
        confirm_following(token=token, at=now + after)
    for bad in ("", "x", token[:-4] + "AAAA"):
        with pytest.raises(LinkExpired):
            confirm_following(token=bad, at=now)


def test_stopping_takes_what_waits_and_forgets_an_idle_address(round_, now):
    wid = round_.edition.sections.get().wid
    token = ask_to_follow(
        email="g@example.org", topic=Topic.SECTION, object_=wid, rhythm=Rhythm.DAILY,
        language="de", at=now,
    )  # fmt: skip
    follower = confirm_following(token=token, at=now).follower
    make_contribution(round_, at=now)
    tell(now)
    stop(wanted=read_stop_token(stop_token(stop_of_digest(follower, Rhythm.DAILY))), at=now)
    assert not Follower.objects.exists()
    tell_and_send(next_morning(now))
    assert [m for m in mail.outbox if "Neuigkeit" in m.subject] == []


def test_an_author_can_stop_mails_on_the_own_contribution_but_not_decisions(round_, reader, now):
    own = make_contribution(round_, at=now, participant=reader)
    make_contribution(round_, at=now, reply_to=own)
    tell(now)
    follower = Follower.objects.get(user=reader)
    stop(wanted=Stop(follower, Topic.CONTRIBUTION, own.ref), at=now)
    make_contribution(round_, at=now, reply_to=own)
    tell(now)
    assert not Telling.objects.exists()
    decide(
        contribution=own, measure=Measure.HIDE, rule=Rule.HATE, reason="Regel 2.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    assert Notice.objects.filter(user=reader, template="moderation_hide").exists()
    unfollow(follower=follower, topic=Topic.CONTRIBUTION, object_=own.ref, at=now)
    assert Subscription.objects.get().rhythm == Rhythm.NEVER


def test_links_name_nobody_and_cannot_be_made_up(round_, reader, now):
    row = _follow_section(reader, round_, Rhythm.DAILY, now)
    token = stop_token(Stop(row.follower, row.topic, row.object))
    assert reader.email not in token
    assert read_stop_token(token) == Stop(row.follower, row.topic, row.object)
    assert read_stop_token(token + "x") is None
    assert read_stop_token(manage_token(row.follower)) is None
    assert follower_behind(manage_token(row.follower)) is None  # an account logs in


def test_an_account_that_is_being_erased_is_told_nothing(round_, reader, now):
    _follow_section(reader, round_, Rhythm.AT_ONCE, now)
    make_contribution(round_, at=now)
    tell(now)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    make_contribution(round_, at=now)
    tell_and_send(now + timedelta(hours=1))
    assert _mails_to(reader) == []
