"""Closing for good, and answering once nothing is left."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.confirming import GUEST_HOURS_AFTER_CLOSE
from consult.contributions.services.moderation import complain, decide, decide_complaint
from consult.contributions.services.status import set_status
from consult.contributions.states import ComplaintOutcome, Measure, Rule, Visibility
from consult.evaluation.models import AnalysisRun, LedgerEntry
from consult.evaluation.selectors import ledger_history, ledger_sums
from consult.evaluation.services.closing import (
    RoundNotAnswered,
    answer_round,
    ballots_can_be_linked,
    close_round,
    correct_ledgers,
    store_ledger,
)
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import suspension_of
from consult.rounds.services import NotPermitted, RoundStepRefused, suspend_round
from consult.rounds.states import RoundStatus
from drafts.editions.states import EditionStatus
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.mark.parametrize("status", [s for s in RoundStatus if s not in {"open", "suspended"}])
def test_only_a_running_round_is_closed(status, round_):
    ConsultationRound.objects.update(status=status)
    with nothing_written(), pytest.raises(RoundStepRefused):
        close_round(round_=round_, actor=None, at=round_.closes_at)


def test_the_clock_closes_at_the_end_and_not_before(round_):
    with nothing_written(), pytest.raises(RoundStepRefused):
        close_round(round_=round_, actor=None, at=round_.closes_at - timedelta(seconds=1))
    assert make_closed(round_).status == RoundStatus.CLOSED


def test_a_person_with_the_role_closes_early_and_that_is_the_end(round_, coordination, now):
    for actor in (make_resident(), make_staff(Role.MODERATION)):
        with nothing_written(), pytest.raises(NotPermitted):
            close_round(round_=round_, actor=actor, at=now)
    closed = close_round(round_=round_, actor=coordination, at=now)
    closed.refresh_from_db()
    assert closed.closes_at == now


def test_closing_seals_the_edition_stores_the_ledger_and_queues_the_run(round_, now):
    round_.edition.status = EditionStatus.OPEN
    round_.edition.save()
    make_contribution(round_, at=now)
    closed = make_closed(round_)
    closed.edition.refresh_from_db()
    assert closed.edition.status == EditionStatus.SEALED
    assert LedgerEntry.objects.get().received == 1
    assert AnalysisRun.objects.get().round == closed


def test_closing_is_not_blocked_by_texts_in_review(round_, now):
    make_contribution(round_, at=now)
    Contribution.objects.update(status=Visibility.HELD)
    assert make_closed(round_).status == RoundStatus.CLOSED
    assert LedgerEntry.objects.get().in_review == 1


def test_a_round_without_any_contribution_closes_and_is_answered(round_, coordination):
    closed = make_closed(round_)
    answered = answer_round(round_=closed, actor=coordination, at=closed.closes_at)
    assert answered.status == RoundStatus.ANSWERED


def test_rules_stay_fixed_whatever_copy_of_the_round_is_closed(now):
    round_ = make_open_round(at=now)
    fixed = round_.rules_hash
    round_.rules_hash = ""
    closed = make_closed(round_)
    closed.refresh_from_db()
    assert closed.rules_hash == fixed != ""


def test_a_round_is_answered_when_nothing_is_missing(round_, coordination, now):
    first, second = make_contribution(round_, at=now), make_contribution(round_, at=now)
    Contribution.objects.filter(pk=second.pk).update(status=Visibility.HELD)
    closed = make_closed(round_)

    def missing():
        with nothing_written(), pytest.raises(RoundNotAnswered) as refused:
            answer_round(round_=closed, actor=coordination, at=now)
        return dict(refused.value.obstacles)

    assert missing() == {"in_review": 1, "unassigned": 1}
    Contribution.objects.filter(pk=second.pk).update(status=Visibility.HIDDEN)
    theme = make_theme([first], title="Kurse", actor=coordination, at=now)
    assert missing() == {"unanswered": 1}
    make_answer(theme, outcome="adopted", actor=coordination, at=now)
    answer_round(round_=closed, actor=coordination, at=now)
    assert list(LedgerEntry.objects.order_by("pk").values_list("occasion", flat=True)) == [
        "closing",
        "answering",
    ]


def test_only_coordination_answers_a_round(round_, now):
    closed = make_closed(round_)
    for actor in (None, make_resident(), make_staff(*[r for r in Role if r != Role.COORDINATION])):
        with nothing_written(), pytest.raises(NotPermitted):
            answer_round(round_=closed, actor=actor, at=now)


def test_the_round_says_whether_ballots_can_be_linked(round_):
    assert not ballots_can_be_linked(round_)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(Visibility), max_size=8))
def test_the_ledger_adds_up_whatever_became_of_the_contributions(eight, round_, now, statuses):
    with undone():
        pks = Contribution.objects.order_by("pk").values_list("pk", flat=True)
        Contribution.objects.exclude(pk__in=list(pks[: len(statuses)])).delete()
        for pk, status in zip(pks, statuses, strict=True):
            Contribution.objects.filter(pk=pk).update(status=status)
        sums = ledger_sums(round_)
        store_ledger(round_=round_, occasion="closing", at=now)
        parts = {**sums}
        assert parts.pop("received") == len(statuses) == sum(parts.values())
        assert parts == {
            "published": statuses.count("published"),
            "hidden": statuses.count("hidden"),
            "withdrawn": statuses.count("withdrawn"),
            "erased": statuses.count("erased"),
            "in_review": statuses.count("held"),
        }


@pytest.fixture
def eight(round_, now):
    for _number in range(8):
        make_contribution(round_, at=now)


# --- corrections -------------------------------------------------------------------------------


def _guest_writes(round_, at) -> str:
    return submit_as_guest(
        place=find_place(round_.edition, round_.edition.sections.get().wid),
        words=Words(text="Ohne Konto.", stance="idea"),
        email="gast@example.org",
        language="de",
        at=at,
    )


def test_each_later_change_is_a_dated_correction_and_is_written_once(eight, round_, now):
    token = _guest_writes(round_, now)
    hidden, restored, erased = Contribution.objects.order_by("pk")[:3]
    moderators = [make_staff(Role.MODERATION) for _ in range(2)]
    deed = {"rule": Rule.HATE, "reason": "Hetze.", "actor": moderators[0]}
    first = decide(contribution=restored, measure=Measure.HIDE, at=now, **deed)
    closed = make_closed(round_)
    assert correct_ledgers() == []

    hours = [closed.closes_at + timedelta(hours=number) for number in range(1, 5)]
    confirm_submission(token=token, at=hours[0])
    correct_ledgers()
    decide(contribution=hidden, measure=Measure.HIDE, at=hours[1], **deed)
    correct_ledgers()
    decide_complaint(
        complaint=complain(decision=first, text="Nein.", at=hours[2]),
        outcome=ComplaintOutcome.REVERSED, reason="Stimmt.", actor=moderators[1], at=hours[2],
    )  # fmt: skip
    correct_ledgers()
    set_status(contribution=erased, status=Visibility.ERASED, actor=None, at=hours[3])
    correct_ledgers()
    assert correct_ledgers() == []

    rows = ledger_history(closed).values_list(
        "occasion", "at", "received", "published", "hidden", "erased"
    )
    assert list(rows) == [
        ("closing", closed.closes_at, 8, 7, 1, 0),
        ("correction", hours[0], 9, 8, 1, 0),
        ("correction", hours[1], 9, 7, 2, 0),
        ("correction", hours[2], 9, 8, 1, 0),
        ("correction", hours[3], 9, 7, 1, 1),
    ]


def test_a_round_that_is_open_has_no_corrections(eight, round_, now):
    assert correct_ledgers() == []
    assert not LedgerEntry.objects.exists()


def test_a_round_is_not_answered_while_a_guest_can_still_confirm(round_, coordination, now):
    _guest_writes(round_, now)
    closed = make_closed(round_)
    with nothing_written(), pytest.raises(RoundNotAnswered) as refused:
        answer_round(round_=closed, actor=coordination, at=closed.closes_at)
    assert refused.value.obstacles == [("unconfirmed", 1)]
    too_late = closed.closes_at + timedelta(hours=GUEST_HOURS_AFTER_CLOSE)
    assert answer_round(round_=closed, actor=coordination, at=too_late)


def test_closing_a_suspended_round_ends_its_suspension(round_, coordination, now):
    suspend_round(round_=round_, reason="Der Server zieht um.", actor=coordination, at=now)
    closed = make_closed(round_)
    assert suspension_of(closed) is None
    assert closed.suspensions.get().until == closed.closes_at
