"""Invariants 8 to 19 of the model: taking part, votes, the ledger.

39 (reading needs no account, cookie or script) and what residents see of votes are tested with
the pages, in tests/site_content.
"""

import ast
import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.contributions.models import Ballot, Contribution
from consult.contributions.services.commenting import (
    UnableToComment,
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.voting import (
    UnableToVote,
    cast_vote,
    export_ballots,
    own_votes,
)
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Channel, Choice, Measure, Rule, Visibility
from consult.council.services.access import PaperStepRefused
from consult.evaluation.models import AnalysisRun, GoalResult, LedgerEntry
from consult.evaluation.selectors import goal_results, ledger_sums, participation, unassigned
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.closing import RoundNotAnswered, answer_round
from consult.evaluation.states import RunStatus
from consult.participants.services import declare_residence, revoke_residence
from consult.participants.states import Role, VerificationClass
from consult.rounds.models import ConsultationRound
from consult.rounds.services import RoundStepRefused, change_rules, rules_of
from consult.rounds.states import TALLIES_READABLE, TRANSITIONS, RoundStatus
from drafts.concept.snapshots import content_hash
from tests.consult.records.chain import Chain
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.council import make_paper, make_submitted
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.tables import undone

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
FIRST_DAY = datetime(2027, 2, 1, tzinfo=UTC)

many = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def round_(now) -> ConsultationRound:
    edition = make_edition(make_concept(goals=3), at=now - timedelta(days=1))
    return make_open_round(at=now, edition=edition)


def _place(round_):
    return find_place(round_.edition, round_.edition.sections.first().wid)


# --- 8 -----------------------------------------------------------------------------------------


@many
@given(
    st.integers(-20, 40 * 24 * 60).map(lambda minutes: FIRST_DAY + timedelta(minutes=minutes))
    | st.sampled_from(["opens_at", "closes_at"])
)
def test_invariant_08_nothing_is_accepted_outside_the_window(round_, person, moment):
    at = getattr(round_, moment) if isinstance(moment, str) else moment
    words = Words(text="Ja.", stance="idea")
    goal = round_.edition.goals.first()
    deeds = {
        UnableToComment: [
            lambda: submit_comment(place=_place(round_), words=words, participant=person, at=at),
            lambda: submit_as_guest(
                place=_place(round_), words=words, email="g@example.org", language="de", at=at
            ),
        ],
        UnableToVote: [
            lambda: cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=at)
        ],
    }
    inside = round_.opens_at <= at < round_.closes_at
    for refusal, calls in deeds.items():
        for call in calls:
            with undone():
                if inside:
                    call()
                else:
                    with pytest.raises(refusal):
                        call()


@pytest.fixture
def person():
    return make_resident()


def test_invariant_08_a_closed_round_never_reopens():
    reachable, ahead = set(), {RoundStatus.CLOSED}
    while ahead:
        reachable |= ahead
        ahead = {after for before, after in TRANSITIONS if before in ahead} - reachable
    assert reachable == {RoundStatus.CLOSED, RoundStatus.ANSWERED, RoundStatus.ARCHIVED}


# --- 9 -----------------------------------------------------------------------------------------


def test_invariant_09_rules_are_fixed_with_their_hash_from_opening_on(round_, now, subtests):
    actor = make_staff(Role.COORDINATION)
    assert round_.rules_hash == content_hash(rules_of(round_))
    for status in set(RoundStatus) - {RoundStatus.PLANNED, RoundStatus.ANNOUNCED}:
        ConsultationRound.objects.update(status=status)
        for name in rules_of(round_):
            with subtests.test(status=status, field=name), pytest.raises(RoundStepRefused):
                change_rules(round_=round_, actor=actor, **{name: "anders"})


def test_invariant_09_the_hash_outlives_the_round(round_, now):
    fixed = round_.rules_hash
    closed = make_closed(ConsultationRound(**{**_fields(round_), "rules_hash": ""}))
    closed.refresh_from_db()
    assert closed.rules_hash == fixed


def _fields(round_) -> dict:
    return {field.attname: getattr(round_, field.attname) for field in round_._meta.fields}


# --- 10 ----------------------------------------------------------------------------------------

votes = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(Choice)))


@many
@given(votes)
def test_invariant_10_one_ballot_a_person_and_goal_the_last_one_counts(
    round_, three, now, given_votes
):
    goals = list(round_.edition.goals.order_by("position"))
    with undone():
        for who, what, choice in given_votes:
            cast_vote(goal=goals[what], participant=three[who], choice=choice, at=now)
        last = {(who, what): choice for who, what, choice in given_votes}
        assert Ballot.objects.count() == len(last)
        wids = [goal.wid for goal in goals]
        for who, person in enumerate(three):
            assert own_votes(round_=round_, participant=person, goal_wids=wids) == {
                wids[what]: choice for (voter, what), choice in last.items() if voter == who
            }


@pytest.fixture
def three():
    return [make_resident() for _ in range(3)]


# --- 11 ----------------------------------------------------------------------------------------


def test_invariant_11_three_modules_alone_reach_ballots():
    readers = set()
    for package in ("consult", "drafts", "site_content", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            names = {
                alias.name
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.ImportFrom)
                for alias in node.names
            }
            if "Ballot" in names:
                readers.add(str(path.relative_to(ROOT)))
    assert readers == {
        "consult/contributions/services/voting.py",
        "consult/evaluation/services/votes.py",
        # A person's own ones, for that person.
        "consult/records/personal_data.py",
    }


def test_invariant_11_no_tally_can_be_read_before_closing(round_, now):
    goal = round_.edition.goals.first()
    run = AnalysisRun.objects.create(
        round=round_, input_hash="x", queued_at=now, status=RunStatus.DONE
    )
    GoalResult.objects.create(run=run, goal=goal, scope="total", agree=90, disagree=20, passed=10)
    for status in RoundStatus:
        round_.status = status
        assert bool(goal_results(round_)) is (status in TALLIES_READABLE)


# --- 12 ----------------------------------------------------------------------------------------


def test_invariant_12_classes_add_up_and_the_export_recounts_to_the_tally(round_, now):
    goals = list(round_.edition.goals.order_by("position"))
    for number in range(24):
        voter = make_resident(residence_at=now if number % 3 else None)
        for place, goal in enumerate(goals):
            choice = list(Choice)[(number + place) % 3]
            cast_vote(goal=goal, participant=voter, choice=choice, at=now)
    closed = make_closed(round_)
    while run_next_shard():
        pass
    exported = export_ballots(round_=closed, actor=make_staff(Role.AUDITOR))
    recount = Counter(
        (row["statement"], row["vote"]) for row in csv.DictReader(io.StringIO(exported))
    )
    for goal in goals:
        rows = goal_results(closed)[goal.pk]
        total = rows["total"]
        counted = tuple(recount[goal.wid, vote] for vote in ("1", "-1", "0"))
        assert counted == (total.agree, total.disagree, total.passed)
        for prefix in ("class:", "group:"):
            parts = [row for scope, row in rows.items() if scope.startswith(prefix)]
            assert sum(row.total for row in parts) <= total.total
        classes = [rows[f"class:{name}"] for name in VerificationClass if f"class:{name}" in rows]
        assert [row.total for row in classes] == [8, 16]
        assert sum(row.agree for row in classes) == total.agree


# --- 13 ----------------------------------------------------------------------------------------


def test_invariant_13_an_act_counts_in_the_class_of_its_moment(round_, person, now):
    goal, other, _third = round_.edition.goals.order_by("position")
    cast_vote(goal=goal, participant=person, choice=Choice.AGREE, at=now)
    first = make_contribution(round_, at=now, participant=person)
    declare_residence(user=person, at=now)
    cast_vote(goal=other, participant=person, choice=Choice.AGREE, at=now)
    second = make_contribution(round_, at=now, participant=person)
    revoke_residence(user=person)
    classes = dict(Ballot.objects.values_list("goal", "verification_class"))
    assert classes == {
        goal.pk: VerificationClass.EMAIL_CONFIRMED,
        other.pk: VerificationClass.RESIDENCE_DECLARED,
    }
    for found, known in (
        (first, VerificationClass.EMAIL_CONFIRMED),
        (second, VerificationClass.RESIDENCE_DECLARED),
    ):
        found.refresh_from_db()
        assert found.verification_class == known


def test_invariant_13_no_setting_skips_verification():
    source = (ROOT / "consult/project/settings/base.py").read_text()
    assert 'ACCOUNT_EMAIL_VERIFICATION = "mandatory"' in source
    for path in (ROOT / "consult/project/settings").glob("*.py"):
        if path.name != "base.py":
            assert "EMAIL_VERIFICATION" not in path.read_text()


# --- 14 ----------------------------------------------------------------------------------------


def test_invariant_14_every_received_contribution_is_in_the_sum(round_, person, now):
    moderator = make_staff(Role.MODERATION)
    kept, hidden, taken_back = (
        make_contribution(round_, at=now, participant=person) for _ in range(3)
    )
    token = submit_as_guest(
        place=_place(round_),
        words=Words(text="Gast.", stance="idea"),
        email="gast@example.org",
        language="de",
        at=now,
    )
    confirm_submission(token=token, at=now)
    decide(
        contribution=hidden, measure=Measure.HIDE, rule=Rule.HATE, reason="Hetze.",
        actor=moderator, at=now,
    )  # fmt: skip
    withdraw(contribution=taken_back, actor=person, at=now)
    make_closed(round_)
    entry = LedgerEntry.objects.get()
    assert (entry.received, entry.published, entry.hidden, entry.withdrawn) == (4, 2, 1, 1)
    assert entry.in_review == entry.erased == 0
    assert ledger_sums(round_)["received"] == Contribution.objects.count()
    assert kept.ref in Contribution.objects.published().values_list("ref", flat=True)


# --- 15, 16 ------------------------------------------------------------------------------------


def test_invariant_15_a_round_is_answered_only_when_nobody_is_left_unassigned(now):
    chain = Chain(at=now)
    forgotten = chain.hand_in(make_resident(), "Noch etwas.").contribution
    chain.answer(chain.close())
    with pytest.raises(RoundNotAnswered) as refused:
        chain.finish()
    assert refused.value.obstacles == [("unassigned", 1)]
    chain.answer(chain.name_voice(forgotten, "Noch etwas"))
    chain.finish()
    assert not unassigned(chain.round).exists()
    for contribution in Contribution.objects.published():
        assert contribution.assignments.get(is_current=True).theme.status == "confirmed"


def test_invariant_16_no_edition_is_submitted_before_every_theme_is_answered(now):
    chain = Chain(at=now)
    theme = chain.close()
    paper = make_paper(chain.round.edition)
    chain.request(theme)
    with pytest.raises(PaperStepRefused):
        make_submitted(paper, at=now)
    with pytest.raises(RoundNotAnswered):
        answer_round(round_=chain.round, actor=chain.coordination, at=now)
    answer = chain.answer(theme)
    chain.finish()
    make_submitted(paper, at=now)
    assert answer.outcome
    assert answer.reason


# --- 17 ----------------------------------------------------------------------------------------


def test_invariant_17_the_words_are_written_in_one_place_and_once():
    writers = set()
    for path in (ROOT / "consult").rglob("*.py"):
        if "migrations" in path.parts or "demo" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            # Erasing writes nothing in their place.
            writes = isinstance(node, ast.Call) and any(
                keyword.arg == "comment" and ast.unparse(keyword.value) != "''"
                for keyword in node.keywords
            )
            sets = isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Attribute) and target.attr == "comment"
                for target in node.targets
            )
            if writes or sets:
                writers.add(str(path.relative_to(ROOT)))
    assert writers == {"consult/contributions/services/commenting.py"}


# --- 18 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", Channel)
def test_invariant_18_every_channel_goes_the_same_way_and_is_named(channel, round_, person, now):
    actor = make_staff(Role.COORDINATION)
    receipt = submit_comment(
        place=_place(round_),
        words=Words(text="Am Tisch gesagt.", stance="idea"),
        participant=person,
        at=now,
        channel=channel,
    )
    assert receipt.contribution.status == Visibility.PUBLISHED
    make_closed(round_)
    found = Contribution.objects.select_related("round").get()
    assert found.channel == channel
    theme = make_theme([found], title="Vom Tisch", actor=actor, at=now)
    make_answer(theme, outcome="adopted", actor=actor, at=now)
    answered = answer_round(round_=found.round, actor=actor, at=now)
    assert participation(answered)["channels"] == {channel: 1}


# --- 19 ----------------------------------------------------------------------------------------


def test_invariant_19_figures_are_counted_not_typed(round_, person, now):
    for _number in range(3):
        make_contribution(round_, at=now, participant=person)
    other = make_resident()
    taken_back = make_contribution(round_, at=now, participant=other)
    withdraw(contribution=taken_back, actor=other, at=now)
    make_resident()
    token = submit_as_guest(
        place=_place(round_),
        words=Words(text="Gast.", stance="idea"),
        email="gast@example.org",
        language="de",
        at=now,
    )
    confirm_submission(token=token, at=now)
    figures = participation(round_)
    assert (figures["contributors"], figures["by_guests"]) == (1, 1)
    assert figures["channels"] == {Channel.ONLINE: 4}
