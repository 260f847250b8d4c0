"""Votes: one a person and goal, secret, and sealed after the objection period."""

import csv
import io
from datetime import timedelta

import pytest
from wagtail.models import ModelLogEntry

from consult.contributions.models import Ballot
from consult.contributions.services.voting import (
    OBJECTION_PERIOD,
    BallotsSealed,
    UnableToVote,
    cast_vote,
    destroy_ballot_keys,
    export_ballots,
    key_path,
    own_votes,
    voter_hash,
    withdraw_votes,
)
from consult.contributions.states import Choice
from consult.evaluation.services.closing import close_round
from consult.participants.states import Role, VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from drafts.editions.models import EditionGoal
from tests.factories import make_concept, make_edition, make_open_round, make_resident, make_staff
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(now) -> ConsultationRound:
    edition = make_edition(make_concept(goals=2), at=now - timedelta(days=1))
    return make_open_round(at=now, edition=edition)


@pytest.fixture
def goal(round_) -> EditionGoal:
    return round_.edition.goals.order_by("position").first()


def test_a_second_vote_replaces_the_first(goal, now):
    person = make_resident()
    cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=now)
    person.residence_declared_at = now
    cast_vote(goal=goal, participant=person, choice="pass", at=now + timedelta(days=1))
    ballot = Ballot.objects.get()
    assert (ballot.choice, ballot.cast_on) == (Choice.PASS, (now + timedelta(days=1)).date())
    assert ballot.verification_class == VerificationClass.RESIDENCE_DECLARED


def test_an_unknown_choice_is_refused(goal, now):
    with nothing_written(), pytest.raises(ValueError, match="maybe"):
        cast_vote(goal=goal, participant=make_resident(), choice="maybe", at=now)


def test_no_vote_counts_unless_the_round_is_open(goal, now, subtests):
    for status in set(RoundStatus) - {RoundStatus.OPEN}:
        ConsultationRound.objects.update(status=status)
        with subtests.test(status=status), nothing_written():
            with pytest.raises(UnableToVote) as refused:
                cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=now)
            assert refused.value.code == "closed"


def test_no_vote_after_the_end_also_before_the_clock_closed_the_round(goal, round_):
    with pytest.raises(UnableToVote):
        cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=round_.closes_at)


def test_a_fixed_goal_is_not_voted_on(goal, now):
    EditionGoal.objects.update(openness="fixed")
    goal.refresh_from_db()
    with nothing_written(), pytest.raises(UnableToVote) as refused:
        cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=now)
    assert refused.value.code == "fixed"


def test_people_read_their_own_votes_only(goal, round_, now):
    ada, ben = make_resident(), make_resident()
    cast_vote(goal=goal, participant=ada, choice=Choice.DISAGREE, at=now)
    assert own_votes(round_=round_, participant=ada, goal_wids=[goal.wid]) == {
        goal.wid: Choice.DISAGREE
    }
    assert own_votes(round_=round_, participant=ben, goal_wids=[goal.wid]) == {}
    assert own_votes(round_=round_, participant=ada, goal_wids=[]) == {}


def test_the_same_account_has_another_hash_in_another_round(round_, now):
    other = make_open_round(at=now)
    assert voter_hash(round_, 7) != voter_hash(other, 7)
    assert voter_hash(round_, 7) == voter_hash(round_, 7)


def test_key_is_private(round_):
    voter_hash(round_, 7)
    assert key_path(round_).stat().st_mode & 0o777 == 0o600
    assert key_path(round_).parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in key_path(round_).parent.iterdir()] == [key_path(round_).name]


def test_erasing_takes_votes_of_running_rounds_only(goal, round_, now):
    person = make_resident()
    cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=now)
    cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=now)
    assert withdraw_votes(participant=person) == 1
    cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=now)
    close_round(round_=round_, actor=None, at=round_.closes_at)
    assert withdraw_votes(participant=person) == 0
    assert Ballot.objects.count() == 2


# --- after closing -----------------------------------------------------------------------------


def test_only_auditors_export_and_only_after_closing(goal, round_, now):
    auditor = make_staff(Role.AUDITOR)
    cast_vote(goal=goal, participant=make_resident(), choice=Choice.AGREE, at=now)
    with pytest.raises(BallotsSealed):
        export_ballots(round_=round_, actor=auditor)
    closed = close_round(round_=round_, actor=None, at=round_.closes_at)
    for actor in (None, make_resident(), make_staff(*[r for r in Role if r != Role.AUDITOR])):
        with pytest.raises(PermissionError):
            export_ballots(round_=closed, actor=actor)
    assert "agree" not in export_ballots(round_=closed, actor=auditor)
    assert ModelLogEntry.objects.filter(action="round.export_ballots", user=auditor).count() == 1


def test_export_has_fresh_names_that_join_the_votes_of_a_person(round_, now):
    first, second = round_.edition.goals.order_by("position")
    ada, ben = make_resident(), make_resident()
    for person, goal, choice in [
        (ada, first, "agree"), (ada, second, "disagree"), (ben, first, "pass"),
    ]:  # fmt: skip
        cast_vote(goal=goal, participant=person, choice=choice, at=now)
    stored = set(Ballot.objects.values_list("voter", flat=True))
    closed = close_round(round_=round_, actor=None, at=round_.closes_at)
    auditor = make_staff(Role.AUDITOR)
    exports = [
        list(csv.DictReader(io.StringIO(export_ballots(round_=closed, actor=auditor))))
        for _ in range(2)
    ]
    names = [{row["participant"] for row in rows} for rows in exports]
    assert [len(found) for found in names] == [2, 2]
    assert not names[0] & names[1]
    assert not stored & (names[0] | names[1])
    votes = {}
    for row in exports[0]:
        votes.setdefault(row["participant"], {})[row["statement"]] = row["vote"]
    assert sorted(votes.values(), key=len) == [
        {first.wid: "0"}, {first.wid: "1", second.wid: "-1"},
    ]  # fmt: skip


def test_keys_are_destroyed_after_the_objection_period(goal, round_, now):
    person = make_resident()
    cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=now)
    running = make_open_round(at=now, days=200)
    voter_hash(running, person.pk)
    closed = close_round(round_=round_, actor=None, at=round_.closes_at)
    due = closed.closes_at + OBJECTION_PERIOD
    assert destroy_ballot_keys(at=due - timedelta(seconds=1)) == []
    assert destroy_ballot_keys(at=due) == [closed.ref]
    assert destroy_ballot_keys(at=due) == []
    assert not key_path(closed).exists()
    assert key_path(running).exists()
    with pytest.raises(BallotsSealed):
        voter_hash(closed, person.pk)
    assert own_votes(round_=closed, participant=person, goal_wids=[goal.wid]) == {}
    assert Ballot.objects.filter(round=closed).count() == 1
