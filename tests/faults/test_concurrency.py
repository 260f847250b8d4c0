"""Many people at once: nothing is lost, doubled or counted twice."""

import itertools
import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from consult.contributions.models import (
    Ballot,
    Comment,
    Complaint,
    Contribution,
    ModerationDecision,
)
from consult.contributions.services.commenting import (
    Receipt,
    UnableToComment,
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.confirming import LinkExpired
from consult.contributions.services.moderation import ComplaintRefused, complain, decide
from consult.contributions.services.status import StatusStepRefused
from consult.contributions.services.voting import UnableToVote, cast_vote, key_path, own_votes
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Choice, Measure, Rule, Visibility
from consult.evaluation.models import AnalysisRun, AnalysisShard, LedgerEntry, ProposalMember
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.closing import close_round
from consult.evaluation.states import RunStatus
from consult.participants.models import Notice
from consult.participants.services import queue_notice, send_due_notices
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_closed

REPLIES = VOTES = 400
PEOPLE = 50


@pytest.fixture
def round_(own_database, now) -> ConsultationRound:
    return make_open_round(at=now)


@pytest.fixture
def people(round_):
    return [make_resident() for _ in range(PEOPLE)]


def test_replies_and_votes_of_a_crowd(round_, people, crowd, now):
    root = make_contribution(round_, at=now, text="Wer ist dafür?")
    root_row = Comment.objects.values().get()
    goal = round_.edition.goals.get()
    place = find_place(round_.edition, root.section_wid)

    def reply(number):
        return lambda: submit_comment(
            place=place,
            words=Words(text=f"Antwort {number}", stance="idea", reply_to=root.ref),
            participant=people[number % PEOPLE],
            at=now,
        )

    def vote(number):
        choice = list(Choice)[number % 3]
        return lambda: cast_vote(
            goal=goal, participant=people[number % PEOPLE], choice=choice, at=now
        )

    deeds = [*map(reply, range(REPLIES)), *map(vote, range(VOTES))]
    random.Random(7).shuffle(deeds)
    results = crowd(deeds)

    receipts = [found for found in results if isinstance(found, Receipt)]
    assert [found for found in results if isinstance(found, Exception)] == []
    assert len(receipts) == REPLIES
    refs = [found.contribution.ref for found in receipts]
    numbers = sorted(int(ref.rsplit("-", 1)[1]) for ref in refs)
    assert numbers == list(range(2, REPLIES + 2))
    assert set(Contribution.objects.values_list("ref", flat=True)) == {root.ref, *refs}
    texts = Counter(Comment.objects.exclude(pk=root.pk).values_list("comment", flat=True))
    assert texts == Counter(f"Antwort {number}" for number in range(REPLIES))
    shape = set(Comment.objects.exclude(pk=root.pk).values_list("thread_id", "parent_id", "level"))
    assert shape == {(root.pk, root.pk, 1)}
    assert Comment.objects.filter(pk=root.pk).values().get() == root_row
    assert Notice.objects.filter(template="receipt").count() == REPLIES + 1

    assert Ballot.objects.count() == PEOPLE
    wids = [goal.wid]
    assert all(own_votes(round_=round_, participant=who, goal_wids=wids) for who in people)
    assert [path.name for path in key_path(round_).parent.iterdir()] == [key_path(round_).name]


def test_closing_while_people_write_and_vote(round_, people, crowd, now):
    place = find_place(round_.edition, round_.edition.sections.get().wid)
    goal = round_.edition.goals.get()
    accepted = threading.Event()
    turns = itertools.count()
    seen_at_closing = []

    def write(who):
        receipt = submit_comment(
            place=place, words=Words(text="Noch schnell.", stance="idea"), participant=who, at=now
        )
        if next(turns) == 60:
            accepted.set()
        return receipt

    def close():
        accepted.wait(30)
        close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=now)
        seen_at_closing.append(Ballot.objects.count())

    deeds = []
    for number in range(240):
        who = people[number % PEOPLE]
        deeds.append(lambda who=who: write(who))
        deeds.append(
            lambda who=who: cast_vote(goal=goal, participant=who, choice=Choice.AGREE, at=now)
        )
    closing = threading.Thread(target=lambda: crowd([close]))
    closing.start()
    results = crowd(deeds)
    closing.join()

    receipts = {found.contribution.ref for found in results if isinstance(found, Receipt)}
    refused = [found for found in results if isinstance(found, Exception)]
    assert {type(found) for found in refused} <= {UnableToComment, UnableToVote}
    assert {found.code for found in refused} == {"closed"}
    assert 60 < len(receipts) < 240
    assert set(Contribution.objects.values_list("ref", flat=True)) == receipts
    entry = LedgerEntry.objects.get()
    assert (entry.received, entry.published) == (len(receipts), len(receipts))
    assert seen_at_closing == [Ballot.objects.count()]
    assert ConsultationRound.objects.get().last_number == len(receipts)


@pytest.mark.parametrize("deed", ["write", "vote"])
def test_closing_waits_for_what_is_being_handed_in(deed, round_, people, crowd, now):
    goal = round_.edition.goals.get()
    at_closing = []

    def close():
        close_round(round_=round_, actor=make_staff(Role.COORDINATION), at=now)
        at_closing.append(Contribution.objects.count() + Ballot.objects.count())

    closing = threading.Thread(target=lambda: crowd([close]))
    with transaction.atomic():
        if deed == "write":
            make_contribution(round_, at=now, participant=people[0])
        else:
            cast_vote(goal=goal, participant=people[0], choice=Choice.AGREE, at=now)
        closing.start()
        closing.join(1)
        assert closing.is_alive()
    closing.join(30)
    assert at_closing == [1]


def test_one_link_confirmed_eight_times_at_once(round_, crowd, now):
    token = submit_as_guest(
        place=find_place(round_.edition, round_.edition.sections.get().wid),
        words=Words(text="Einmal.", stance="idea"),
        email="gast@example.org",
        language="de",
        at=now,
    )
    results = crowd([lambda: confirm_submission(token=token, at=now)] * 8)
    assert Counter(type(found) for found in results) == {Receipt: 1, LinkExpired: 7}
    assert Contribution.objects.count() == 1


def test_eight_moderators_hide_once(round_, crowd, now):
    contribution = make_contribution(round_, at=now)
    moderators = [make_staff(Role.MODERATION) for _ in range(8)]

    def hide(moderator):
        return lambda: decide(
            contribution=contribution, measure=Measure.HIDE, rule=Rule.HATE, reason="Hetze.",
            actor=moderator, at=now,
        )  # fmt: skip

    results = crowd([hide(moderator) for moderator in moderators])
    kinds = Counter(type(found) for found in results)
    assert kinds == {ModerationDecision: 1, StatusStepRefused: 7}
    assert Notice.objects.filter(template="moderation_hide").count() == 1


def test_a_round_is_closed_once(round_, crowd, now):
    actor = make_staff(Role.COORDINATION)
    results = crowd([lambda: close_round(round_=round_, actor=actor, at=now)] * 8)
    assert sum(isinstance(found, ConsultationRound) for found in results) == 1
    assert LedgerEntry.objects.count() == 1
    assert AnalysisRun.objects.count() == 1


def test_eight_workers_share_a_run_and_take_each_step_once(round_, people, crowd, now):
    for number in range(12):
        make_contribution(
            round_,
            at=now,
            text=f"Mehr Kurse am Abend, Wunsch {number}.",
            participant=people[number],
        )
    make_closed(round_)

    def work():
        return [run_next_shard() for _turn in range(40)]

    crowd([work] * 8)
    while run_next_shard():
        pass
    run = AnalysisRun.objects.get()
    assert (run.status, run.error) == (RunStatus.DONE, "")
    assert set(AnalysisShard.objects.values_list("status", "attempts")) == {(RunStatus.DONE, 1)}
    assert ProposalMember.objects.count() == Contribution.objects.count() == 12


def test_eight_senders_send_each_mail_once(own_database, crowd, now, settings, tmp_path):
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "hello.txt").write_text("Betreff {{ number }}\n\nText\n")
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]
    for number in range(60):
        queue_notice(
            key=f"hello:{number}", template="hello", context={"number": number}, at=now,
            email="a@example.org",
        )  # fmt: skip
    sent = crowd([lambda: send_due_notices(at=now + timedelta(seconds=1))] * 8)
    assert sum(sent) == 60
    assert Counter(message.subject for message in mail.outbox) == Counter(
        f"Betreff {number}" for number in range(60)
    )


def test_of_two_complaints_at_once_one_is_taken(round_, crowd, now):
    decision = decide(
        contribution=make_contribution(round_, at=now), measure=Measure.HIDE, rule=Rule.HATE,
        reason="Gegen Regel 2.", actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    results = crowd([lambda: complain(decision=decision, text="Nein.", at=now)] * 6)
    refused = [found for found in results if isinstance(found, Exception)]
    assert [type(found) for found in refused] == [ComplaintRefused] * 5
    assert Complaint.objects.count() == 1


def test_of_two_clicks_to_withdraw_at_once_one_counts(round_, crowd, now):
    person = make_resident()
    found = make_contribution(round_, at=now, participant=person)
    results = crowd([lambda: withdraw(contribution=found, actor=person, at=now)] * 6)
    refused = [done for done in results if isinstance(done, Exception)]
    assert [type(done) for done in refused] == [UnableToComment] * 5
    assert Contribution.objects.get().status == Visibility.WITHDRAWN
