"""The window of a round: half-open, in server time, and never open again."""

import itertools
from datetime import timedelta

import pytest

from consult.participants.states import Role
from consult.rounds.models import PreModeration, PreModerationChange, RoundSuspension
from consult.rounds.selectors import pre_moderation_for, suspension_of
from consult.rounds.services import (
    NotPermitted,
    RoundStepRefused,
    announce_round,
    change_rules,
    end_pre_moderation,
    extend_pre_moderation,
    extend_round,
    open_round,
    resume_round,
    retract_announcement,
    set_round_status,
    start_pre_moderation,
    suspend_round,
)
from consult.rounds.states import TRANSITIONS, RoundStatus
from tests.factories import make_open_round, make_resident, make_round, make_staff
from tests.tables import nothing_written

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


def test_a_round_is_suspended_with_a_reason_and_resumed(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    with nothing_written(), pytest.raises(RoundStepRefused) as refused:
        suspend_round(round_=round_, reason="  ", actor=actor, at=now)
    assert refused.value.code == "no_reason"
    suspend_round(round_=round_, reason="Ein Gericht prüft.", actor=actor, at=now)
    round_.refresh_from_db()
    assert not round_.is_open(now)
    assert suspension_of(round_).reason == "Ein Gericht prüft."
    later = now + timedelta(days=1)
    assert resume_round(round_=round_, actor=actor, at=later).is_open(later)
    assert suspension_of(round_) is None
    row = RoundSuspension.objects.get()
    assert (row.since, row.until, row.by, row.resumed_by) == (now, later, actor, actor)


def test_a_round_whose_end_has_passed_is_not_resumed(now):
    actor = make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=actor)
    suspend_round(round_=round_, reason="Ein Gericht prüft.", actor=actor, at=now)
    with nothing_written(), pytest.raises(RoundStepRefused):
        resume_round(round_=round_, actor=actor, at=round_.closes_at)


def test_residents_neither_suspend_nor_resume_nor_retract(now):
    round_ = make_open_round(at=now)
    for deed in (
        lambda actor: suspend_round(round_=round_, reason="Darum.", actor=actor, at=now),
        lambda actor: resume_round(round_=round_, actor=actor, at=now),
        lambda actor: retract_announcement(round_=round_, actor=actor),
    ):
        for actor in (make_resident(), make_staff(Role.MODERATION)):
            with nothing_written(), pytest.raises(NotPermitted):
                deed(actor)


@pytest.fixture
def rule(now):
    actor = make_staff(Role.COORDINATION)
    return start_pre_moderation(
        round_=make_open_round(at=now, actor=actor),
        actor=actor,
        reason="Viele Beleidigungen.",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=3),
    )


def test_a_pre_moderation_ends_early(rule, now):
    end_pre_moderation(pre_moderation=rule, actor=rule.by, at=now)
    assert pre_moderation_for(rule.round, "", now) is None
    assert pre_moderation_for(rule.round, "", now - timedelta(minutes=1)) == rule
    change = PreModerationChange.objects.get()
    assert (change.former_end, change.new_end, change.by) == (rule.ends_at, now, rule.by)
    with nothing_written(), pytest.raises(RoundStepRefused):
        end_pre_moderation(pre_moderation=rule, actor=rule.by, at=now)


def test_a_pre_moderation_that_has_not_begun_is_given_up(rule, now):
    PreModeration.objects.update(starts_at=now + timedelta(hours=1))
    end_pre_moderation(pre_moderation=rule, actor=rule.by, at=now)
    assert not PreModeration.objects.exists()


def test_a_pre_moderation_is_prolonged_with_a_reason_and_before_its_end(rule, now):
    later = rule.ends_at + timedelta(days=2)

    def extend(**changed):
        deed = {"new_end": later, "reason": "Es geht weiter.", "actor": rule.by, "at": now}
        return extend_pre_moderation(pre_moderation=rule, **{**deed, **changed})

    for changed in ({"reason": ""}, {"new_end": rule.ends_at}, {"at": rule.ends_at}):
        with nothing_written(), pytest.raises(RoundStepRefused):
            extend(**changed)
    with nothing_written(), pytest.raises(NotPermitted):
        extend(actor=make_resident())
    assert extend().ends_at == later
    assert PreModerationChange.objects.get().reason == "Es geht weiter."
