"""The window of a round: half-open, in server time, and never open again."""

import itertools
from datetime import timedelta

import pytest

from consult.participants.states import Role
from consult.rounds.services import (
    NotPermitted,
    RoundStepRefused,
    announce_round,
    change_rules,
    extend_round,
    open_round,
    set_round_status,
)
from consult.rounds.states import TRANSITIONS, RoundStatus
from tests.factories import make_open_round, make_resident, make_round, make_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("before", "after"), itertools.product(RoundStatus, RoundStatus))
def test_status_takes_only_the_steps_of_the_table(before, after, now):
    round_ = make_round(at=now)
    type(round_).objects.filter(pk=round_.pk).update(status=before)
    round_.refresh_from_db()
    if (before, after) in TRANSITIONS:
        assert set_round_status(round_=round_, status=after, actor=None).status == after
    else:
        with pytest.raises(RoundStepRefused):
            set_round_status(round_=round_, status=after, actor=None)


def test_no_step_leads_back_from_closed():
    reachable, ahead = set(), {RoundStatus.CLOSED}
    while ahead:
        reachable |= ahead
        ahead = {b for a, b in TRANSITIONS if a in ahead} - reachable
    assert RoundStatus.OPEN not in reachable


def test_window_is_half_open(now):
    round_ = make_open_round(at=now)
    assert round_.is_open(round_.opens_at)
    assert round_.is_open(round_.closes_at - timedelta(microseconds=1))
    assert not round_.is_open(round_.closes_at)


def test_opening_before_the_window_is_refused(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_round(at=now, actor=actor)
    announce_round(round_=round_, actor=actor)
    with pytest.raises(RoundStepRefused):
        open_round(round_=round_, actor=actor, at=round_.opens_at - timedelta(seconds=1))


def test_rules_are_fixed_at_opening(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    assert len(round_.rules_hash) == 64
    with pytest.raises(RoundStepRefused) as refused:
        change_rules(round_=round_, actor=actor, rules="Andere Regeln.")
    assert refused.value.code == "rules_fixed"


def test_residents_cannot_announce(now):
    with pytest.raises(NotPermitted):
        announce_round(round_=make_round(at=now), actor=make_resident())


def test_prolonging_keeps_the_former_end_and_the_reason(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    former = round_.closes_at
    extension = extend_round(
        round_=round_,
        new_end=former + timedelta(days=7),
        reason="Vereine baten um mehr Zeit.",
        actor=actor,
        at=now,
    )
    round_.refresh_from_db()
    assert (extension.former_end, round_.closes_at) == (former, former + timedelta(days=7))


def test_prolonging_after_the_end_is_refused(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    with pytest.raises(RoundStepRefused):
        extend_round(
            round_=round_,
            new_end=round_.closes_at + timedelta(days=7),
            reason="Zu spät.",
            actor=actor,
            at=round_.closes_at,
        )
