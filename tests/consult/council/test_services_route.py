"""The way through the bodies: how meetings end, second readings, what the log keeps."""

from datetime import timedelta

import pytest
from wagtail.log_actions import registry

from consult.council.history import route_history
from consult.council.models import Body, Paper, RouteStep
from consult.council.selectors import readings
from consult.council.services.access import PaperStepRefused
from consult.council.services.decisions import confirm_decision, record_decision
from consult.council.services.papers import withdraw_paper
from consult.council.services.procedural import record_procedural_motion
from consult.council.services.route import (
    add_reading,
    add_step,
    correct_step,
    hold_step,
    move_step,
    schedule_step,
    set_step_status,
)
from consult.council.states import (
    DECIDING_OUTCOMES,
    ROUTABLE,
    ItemOutcome,
    PaperStatus,
    ProceduralKind,
    ProceduralResult,
    StepOutcome,
    StepRole,
    StepStatus,
)
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def paper(now) -> Paper:
    return make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)


@pytest.fixture
def hearing(paper) -> RouteStep:
    return paper.route.get(authoritative=False)


@pytest.fixture
def deciding(paper) -> RouteStep:
    return paper.route.get(authoritative=True)


def hold(step, office, outcome=StepOutcome.VOTED):
    target = "Haushaltsberatung" if outcome == StepOutcome.REFERRED else ""
    return set_step_status(
        step=step, status=StepStatus.HELD, actor=office, outcome=outcome, referred_to=target
    )


def refused(deed) -> str:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    return found.value.code


def names(paper):
    return [step.body.name for step in paper.route.order_by("position")]


# --- how a meeting ends ------------------------------------------------------------------------


def test_who_decides_does_not_pass_on_without_a_vote(hearing, deciding, office, subtests):
    for step in (hearing, deciding):
        for outcome in StepOutcome:
            with subtests.test(step=step, outcome=outcome), undone():
                if step == hearing or outcome in DECIDING_OUTCOMES:
                    assert hold(step, office, outcome).outcome == outcome
                else:
                    deed = lambda s=step, o=outcome: hold(s, office, o)  # noqa: E731
                    assert refused(deed) == "decides_by_vote"


@pytest.mark.parametrize("outcome", [one for one in StepOutcome if one != StepOutcome.VOTED])
def test_without_a_vote_there_is_nothing_to_record(outcome, paper, hearing, office, now):
    step = hold(hearing, office, outcome)
    item = paper.items.get()
    given = {"item": item, "step": step, "outcome": ItemOutcome.ADOPTED}
    assert refused(lambda: record_decision(**given, actor=office, at=now)) == "step_without_vote"


def test_a_meeting_is_dropped_with_a_reason_and_stays_readable(paper, hearing, office):
    drop = {"step": hearing, "status": StepStatus.DROPPED, "actor": office}
    assert refused(lambda: set_step_status(**drop, result=" ")) == "no_reason_to_drop"
    dropped = set_step_status(**drop, result="Der Beirat ist nicht beschlussfähig.")
    assert dropped.result == "Der Beirat ist nicht beschlussfähig."
    assert len(names(paper)) == 2


# --- reading again -----------------------------------------------------------------------------


def test_an_advising_body_reads_again_before_the_one_that_decides(paper, hearing, office):
    add_step(
        paper=paper, body=Body.objects.create(name="Sozialausschuss"),
        role=StepRole.PRELIMINARY, actor=office,
    )  # fmt: skip
    move_step(step=paper.route.get(position=3), to=2, actor=office)
    again = add_reading(step=hold(hearing, office), actor=office)
    assert names(paper) == [
        "Ausländerbeirat", "Sozialausschuss", "Ausländerbeirat", "Stadtverordnetenversammlung",
    ]  # fmt: skip
    assert (again.role, again.status) == (StepRole.HEARING, StepStatus.PLANNED)
    assert list(readings(paper.route.order_by("position")).values()) == [1, 1, 2, 1]


def test_a_body_that_decides_reads_again_at_the_end(paper, deciding, office):
    again = add_reading(step=hold(deciding, office, StepOutcome.ADJOURNED), actor=office)
    assert (again.position, again.authoritative) == (3, True)


def test_a_dropped_meeting_is_no_reading(paper, hearing, office):
    again = add_reading(step=hold(hearing, office), actor=office)
    set_step_status(step=again, status=StepStatus.DROPPED, actor=office, result="Zu spät.")
    third = add_reading(step=RouteStep.objects.get(pk=hearing.pk), actor=office)
    assert readings(paper.route.order_by("position"))[third.pk] == 2


def test_nobody_reads_again_before_having_read(hearing, office):
    assert refused(lambda: add_reading(step=hearing, actor=office)) == "not_held_yet"


def test_what_was_settled_is_not_decided_again(paper, deciding, office, now):
    make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    again = hold(add_reading(step=RouteStep.objects.get(pk=deciding.pk), actor=office), office)
    given = {"item": paper.items.get(), "step": again, "outcome": ItemOutcome.REJECTED}
    assert refused(lambda: record_decision(**given, actor=office, at=now)) == "settled_already"


# --- history and moments -----------------------------------------------------------------------


def test_the_log_keeps_every_change_of_the_route_in_words(paper, hearing, deciding, office, now):
    schedule_step(step=hearing, meeting_on=now.date(), agenda_item="3", actor=office)
    move_step(step=hearing, to=2, actor=office)
    hold(RouteStep.objects.get(pk=hearing.pk), office, StepOutcome.WITHOUT_VOTE)
    told = [str(entry.message) for entry in registry.get_logs_for_instance(paper)[:3]]
    assert told == [
        "Ausländerbeirat: beraten",
        "Ausländerbeirat in der Beratungsfolge verschoben, an Stelle 2",
        f"Ausländerbeirat: Termin {now.date().isoformat()}",
    ]


def test_a_step_is_not_moved_across_one_that_was_held(paper, hearing, deciding, office):
    hold(deciding, office, StepOutcome.ADJOURNED)
    assert refused(lambda: move_step(step=hearing, to=2, actor=office)) == "before_a_held_step"


DEEDS = {
    "add": lambda step, by: add_step(
        paper=step.paper, body=step.body, role=StepRole.HEARING, actor=by
    ),
    "move": lambda step, by: move_step(step=step, to=2, actor=by),
    "schedule": lambda step, by: schedule_step(
        step=step, meeting_on=None, agenda_item="", actor=by
    ),
}


@pytest.mark.parametrize("name", DEEDS)
def test_the_route_changes_until_the_paper_is_decided(name, hearing, office, subtests):
    deed = DEEDS[name]
    for status in PaperStatus:
        Paper.objects.update(status=status)
        with subtests.test(status=status), undone():
            if status in ROUTABLE:
                deed(hearing, office)
            else:
                assert refused(lambda: deed(hearing, office)) == "route_closed"


@pytest.mark.parametrize("name", DEEDS)
def test_both_offices_keep_the_route_and_nobody_else(name, hearing, subtests):
    for role in Role:
        with subtests.test(role=role), undone():
            actor = make_staff(role)
            if role in {Role.COORDINATION, Role.COUNCIL_OFFICE}:
                DEEDS[name](hearing, actor)
            else:
                with nothing_written(), pytest.raises(NotPermitted):
                    DEEDS[name](hearing, actor)


def test_nothing_is_recorded_for_a_withdrawn_paper(paper, deciding, office, now):
    step = hold(deciding, office)
    withdraw_paper(paper=paper, actor=make_staff(Role.COORDINATION))
    given = {"item": paper.items.get(), "step": step, "outcome": ItemOutcome.ADOPTED}
    assert refused(lambda: record_decision(**given, actor=office, at=now)) == "not_submitted"


def sat(step, actor, at, *, days: int = 0, outcome: StepOutcome = StepOutcome.VOTED) -> RouteStep:
    day = at.date() + timedelta(days=days)
    return hold_step(step=step, day=day, outcome=outcome, result="Es ging aus.", actor=actor, at=at)


def test_nobody_has_met_before_the_day_of_the_meeting(hearing, office, now):
    schedule_step(
        step=hearing, meeting_on=now.date() + timedelta(days=1), agenda_item="3", actor=office
    )
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        sat(hearing, office, now, days=1)
    assert refused.value.code == "meeting_ahead"


def test_a_body_that_met_on_another_day_is_on_the_agenda_of_that_day(hearing, office, now):
    schedule_step(
        step=hearing, meeting_on=now.date() + timedelta(days=9), agenda_item="3", actor=office
    )
    hearing.refresh_from_db()
    sat(hearing, office, now)
    held = RouteStep.objects.select_related("meeting").get(pk=hearing.pk)
    assert held.meeting_on == now.date()
    assert (held.status, held.meeting.status, held.agenda_item) == ("held", "held", "3")


def test_how_a_meeting_ended_is_corrected_and_the_former_record_stays_public(
    paper, hearing, office, now
):
    step = sat(hearing, office, now, outcome=StepOutcome.ADJOURNED)
    corrected = correct_step(
        step=step,
        outcome=StepOutcome.VOTED,
        result="Der Beirat stimmt zu.",
        reason="Die Niederschrift nennt eine Abstimmung.",
        actor=office,
    )
    assert (corrected.outcome, corrected.result) == ("voted", "Der Beirat stimmt zu.")
    assert make_decision(corrected, ItemOutcome.NOTED, at=now).pk
    latest = route_history(paper)[0].text
    assert "vertagt, Es ging aus." in latest
    assert "Die Niederschrift nennt eine Abstimmung." in latest


def test_a_meeting_with_results_was_a_vote(hearing, office, now):
    step = make_decision(hearing, ItemOutcome.NOTED, at=now).step
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        correct_step(step=step, outcome=StepOutcome.ADJOURNED, result="x", reason="x", actor=office)
    assert refused.value.code == "results_recorded"


def test_an_accepted_procedural_motion_stands_against_another_ending(hearing, office, now):
    step = sat(hearing, office, now, outcome=StepOutcome.WITHOUT_VOTE)
    record_procedural_motion(
        step=step, kind=ProceduralKind.WITHOUT_VOTE, moved_by="Fraktion Mitte",
        result=ProceduralResult.ACCEPTED, actor=office, at=now,
    )  # fmt: skip
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        correct_step(step=step, outcome=StepOutcome.VOTED, result="x", reason="x", actor=office)
    assert refused.value.code == "motion_says_otherwise"


def test_a_correction_of_a_meeting_needs_a_reason_and_a_meeting(hearing, office, now):
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        correct_step(step=hearing, outcome=StepOutcome.VOTED, result="x", reason="x", actor=office)
    assert refused.value.code == "step_not_held"
    step = sat(hearing, office, now)
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        correct_step(step=step, outcome=StepOutcome.VOTED, result="x", reason=" ", actor=office)
    assert refused.value.code == "no_reason"


def test_what_never_met_is_dropped_also_after_the_decision(paper, hearing, deciding, office, now):
    decision = make_decision(deciding, ItemOutcome.REJECTED, at=now)
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    paper.refresh_from_db()
    assert paper.status == PaperStatus.DECIDED
    set_step_status(
        step=hearing, status=StepStatus.DROPPED, result="Der Rat hat schon entschieden.",
        actor=office,
    )  # fmt: skip
    hearing.refresh_from_db()
    assert hearing.status == StepStatus.DROPPED
