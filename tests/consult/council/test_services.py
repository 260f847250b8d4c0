"""Papers, routes and decisions: all pairs of states, and who may do what."""

import pytest
from wagtail.models import ModelLogEntry

from consult.council.models import Body, Decision, Paper, RouteStep
from consult.council.services.access import PaperStepRefused
from consult.council.services.adoption import adopt_amended_edition
from consult.council.services.decisions import confirm_decision, correct_decision, record_decision
from consult.council.services.items import add_item, remove_item
from consult.council.services.papers import (
    prepare_paper,
    set_paper_status,
    submit_to_council,
    withdraw_paper,
)
from consult.council.services.route import add_step, move_step, set_step_status
from consult.council.states import (
    DECISION_TRANSITIONS,
    PAPER_TRANSITIONS,
    STEP_TRANSITIONS,
    DecisionStatus,
    Effect,
    ItemOutcome,
    PaperStatus,
    StepRole,
    StepStatus,
)
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from drafts.actionplan.models import Measure
from drafts.concept.models import GoalPage
from drafts.editions.models import Edition
from drafts.editions.services import open_edition
from drafts.editions.states import EditionStatus
from tests.factories import make_concept, make_edition, make_resident, make_round, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.motions import make_motion, make_vote
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(now) -> Edition:
    return make_edition(make_concept(), at=now)


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def paper(edition) -> Paper:
    return make_paper(edition)


@pytest.fixture
def submitted(paper, now) -> Paper:
    return make_submitted(paper, at=now)


@pytest.fixture
def deciding(submitted) -> RouteStep:
    return submitted.route.get(authoritative=True)


# --- states ------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", PaperStatus)
def test_paper_takes_only_the_steps_of_the_table(before, paper, coordination, subtests):
    paper.status = before
    paper.save()
    for after in PaperStatus:
        with subtests.test(after=after), undone():
            found = Paper.objects.get()
            if (before, after) in PAPER_TRANSITIONS:
                assert set_paper_status(found, after, coordination).status == after
                entry = ModelLogEntry.objects.get(action="paper.status")
                assert entry.data == {"from": before, "to": after}
            else:
                with nothing_written(), pytest.raises(PaperStepRefused):
                    set_paper_status(found, after, coordination)


@pytest.mark.parametrize("before", StepStatus)
def test_route_step_takes_only_the_steps_of_the_table(before, deciding, office, subtests):
    RouteStep.objects.filter(pk=deciding.pk).update(status=before)
    for after in StepStatus:
        with subtests.test(after=after), undone():
            if (before, after) in STEP_TRANSITIONS:
                found = set_step_status(step=deciding, status=after, actor=office, result=" Ja ")
                assert (found.status, found.result) == (after, "Ja")
            else:
                with nothing_written(), pytest.raises(PaperStepRefused):
                    set_step_status(step=deciding, status=after, actor=office)


@pytest.mark.parametrize("before", DecisionStatus)
def test_decision_takes_only_the_steps_of_the_table(before, deciding, office, now):
    decision = make_decision(deciding, ItemOutcome.NOTED, at=now)
    Decision.objects.update(status=before)
    if (before, DecisionStatus.CONFIRMED) in DECISION_TRANSITIONS:
        confirmed = confirm_decision(decision=decision, actor=office, at=now)
        assert confirmed.status == DecisionStatus.CONFIRMED
    else:
        with nothing_written(), pytest.raises(PaperStepRefused):
            confirm_decision(decision=decision, actor=office, at=now)


# Every deed on a paper, and in which of its states it is allowed.
DEEDS = {
    "add_item": ({PaperStatus.PREPARING}, lambda p, at: add_item(
        paper=p, text="Noch ein Punkt.", effect=Effect.NONE, actor=make_staff(Role.COORDINATION))),
    "remove_item": ({PaperStatus.PREPARING}, lambda p, at: remove_item(
        item=p.items.get(), actor=make_staff(Role.COORDINATION))),
    "submit": ({PaperStatus.PREPARING}, lambda p, at: submit_to_council(
        paper=p, actor=make_staff(Role.COORDINATION), at=at)),
    "withdraw": ({PaperStatus.PREPARING, PaperStatus.SUBMITTED}, lambda p, at: withdraw_paper(
        paper=p, actor=make_staff(Role.COORDINATION))),
    "set_step_status": ({PaperStatus.SUBMITTED}, lambda p, at: set_step_status(
        step=p.route.first(), status=StepStatus.INVITED, actor=make_staff(Role.COUNCIL_OFFICE))),
}  # fmt: skip


@pytest.mark.parametrize("name", DEEDS)
def test_deeds_fit_the_state_of_the_paper(name, edition, now, subtests):
    allowed, deed = DEEDS[name]
    paper = make_paper(edition, effect=Effect.NONE)
    for status in PaperStatus:
        Paper.objects.update(status=status)
        with subtests.test(status=status), undone():
            paper.refresh_from_db()
            if status in allowed:
                deed(paper, now)
            else:
                with nothing_written(), pytest.raises(PaperStepRefused):
                    deed(paper, now)


# --- rights ------------------------------------------------------------------------------------


def test_only_coordination_prepares_and_submits(paper, edition, now):
    others = [role for role in Role if role != Role.COORDINATION]
    for actor in (None, make_resident(), make_staff(*others)):
        for deed in (
            lambda by: prepare_paper(actor=by, reference="x", title="x", edition=edition),
            lambda by: add_item(paper=paper, text="x", effect=Effect.NONE, actor=by),
            lambda by: submit_to_council(paper=paper, actor=by, at=now),
            lambda by: withdraw_paper(paper=paper, actor=by),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed(actor)


# --- submitting --------------------------------------------------------------------------------


def _refuses(code, paper, coordination, at):
    with nothing_written(), pytest.raises(PaperStepRefused) as refused:
        submit_to_council(paper=paper, actor=coordination, at=at)
    assert refused.value.code == code


def test_submitting_needs_items(paper, coordination, now):
    remove_item(item=paper.items.get(), actor=coordination)
    _refuses("no_items", paper, coordination, now)


def test_submitting_needs_a_deciding_step(paper, coordination, now):
    paper.route.filter(authoritative=True).update(status=StepStatus.DROPPED)
    _refuses("no_deciding_step", paper, coordination, now)


def test_submitting_needs_a_sealed_edition(coordination, now):
    concept = make_concept()
    paper = make_paper(
        open_edition(concept=concept, title="x", origin="x", actor=coordination, at=now)
    )
    _refuses("edition_not_sealed", paper, coordination, now)


def test_submitting_waits_for_every_round_on_the_text(paper, edition, coordination, now, subtests):
    make_round(at=now, edition=edition)
    for status in RoundStatus:
        ConsultationRound.objects.update(status=status)
        with subtests.test(status=status), undone():
            if status in {RoundStatus.PLANNED, RoundStatus.ANSWERED, RoundStatus.ARCHIVED}:
                make_submitted(paper, at=now)
            else:
                _refuses("round_not_answered", paper, coordination, now)


def test_submitting_twice_is_refused(submitted, coordination, now):
    with nothing_written(), pytest.raises(PaperStepRefused):
        submit_to_council(paper=submitted, actor=coordination, at=now)


def test_submitting_lays_the_edition_before_the_council(submitted, edition, now):
    edition.refresh_from_db()
    assert (submitted.submitted_at, edition.status) == (now, EditionStatus.SUBMITTED)


# --- items and route ---------------------------------------------------------------------------


def test_items_are_numbered_without_a_gap(paper, coordination):
    for text in ("Zweitens.", "Drittens."):
        add_item(paper=paper, text=text, effect=Effect.NONE, actor=coordination)
    remove_item(item=paper.items.get(number=2), actor=coordination)
    assert list(paper.items.order_by("number").values_list("number", "text"))[1:] == [
        (2, "Drittens.")
    ]


def test_a_route_is_put_in_another_order_until_a_step_was_held(submitted, office):
    first, second = submitted.route.order_by("position")
    for number in (3, 4):
        add_step(
            paper=submitted,
            body=Body.objects.create(name=f"Ausschuss {number}"),
            role=StepRole.PRELIMINARY,
            actor=office,
        )
    fourth = submitted.route.get(position=4)
    move_step(step=fourth, to=2, actor=office)
    order = list(submitted.route.order_by("position").values_list("pk", flat=True))
    assert order[:3] == [first.pk, fourth.pk, second.pk]
    first = set_step_status(step=first, status=StepStatus.HELD, actor=office)
    for step, to, code in [
        (first, 2, "held_already"),
        (second, 1, "before_a_held_step"),
        (second, 0, "no_such_position"),
        (second, 5, "no_such_position"),
    ]:
        with nothing_written(), pytest.raises(PaperStepRefused) as refused:
            move_step(step=step, to=to, actor=office)
        assert refused.value.code == code
    assert list(submitted.route.order_by("position").values_list("position", flat=True)) == [
        1, 2, 3, 4,
    ]  # fmt: skip


# --- decisions ---------------------------------------------------------------------------------

# What a confirmed decision of the deciding body makes of the edition and of the paper.
FOLLOWS = {
    ItemOutcome.ADOPTED: (EditionStatus.IN_FORCE, PaperStatus.DECIDED),
    ItemOutcome.ADOPTED_AS_AMENDED: (EditionStatus.SUBMITTED, PaperStatus.DECIDED),
    ItemOutcome.NOTED: (EditionStatus.SUBMITTED, PaperStatus.DECIDED),
    ItemOutcome.NOTED_WITH_APPROVAL: (EditionStatus.SUBMITTED, PaperStatus.DECIDED),
    ItemOutcome.DEFERRED: (EditionStatus.SUBMITTED, PaperStatus.SUBMITTED),
    ItemOutcome.REFERRED: (EditionStatus.SUBMITTED, PaperStatus.SUBMITTED),
    ItemOutcome.REJECTED: (EditionStatus.NOT_ADOPTED, PaperStatus.DECIDED),
}


def test_what_follows_from_each_outcome(deciding, office, now, subtests):
    for outcome in ItemOutcome:
        with subtests.test(outcome=outcome), undone():
            decision = make_decision(
                RouteStep.objects.select_related("paper").get(pk=deciding.pk), outcome, at=now
            )
            assert Edition.objects.get().status == EditionStatus.SUBMITTED
            confirm_decision(decision=decision, actor=office, at=now)
            found = Edition.objects.get().status, Paper.objects.get().status
            assert found == FOLLOWS[outcome]
            assert Measure.objects.exists() is (outcome == ItemOutcome.ADOPTED)


def test_an_advising_body_puts_nothing_in_force(submitted, office, now):
    advising = submitted.route.get(authoritative=False)
    decision = make_decision(advising, ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=decision, actor=office, at=now)
    assert Edition.objects.get().status == EditionStatus.SUBMITTED
    assert Paper.objects.get().status == PaperStatus.SUBMITTED


def test_a_step_that_was_not_held_decides_nothing(submitted, deciding, office, now):
    item = submitted.items.get()
    with nothing_written(), pytest.raises(PaperStepRefused):
        record_decision(item=item, step=deciding, outcome=ItemOutcome.ADOPTED, actor=office, at=now)


def test_an_item_is_recorded_once_at_a_step(deciding, now):
    make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    step = RouteStep.objects.get(pk=deciding.pk)
    with pytest.raises(PaperStepRefused) as refused:
        make_decision(step, ItemOutcome.REJECTED, at=now)
    assert refused.value.code == "recorded_already"


def _correct(decision, office, at, outcome=ItemOutcome.ADOPTED, reason="Nummer falsch."):
    return correct_decision(
        decision=decision,
        outcome=outcome,
        reason=reason,
        actor=office,
        at=at,
        resolution_number="§ 8782",
    )


def test_a_correction_of_what_is_in_force_can_be_confirmed(deciding, office, now):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=decision, actor=office, at=now)
    corrected = _correct(Decision.objects.get(), office, now)
    confirm_decision(decision=corrected, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    corrected.refresh_from_db()
    assert corrected.status == DecisionStatus.CONFIRMED
    assert Edition.objects.get().status == EditionStatus.IN_FORCE
    assert Paper.objects.get().status == PaperStatus.DECIDED


def test_what_took_effect_keeps_its_outcome_through_any_number_of_corrections(
    deciding, office, now
):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=decision, actor=office, at=now)
    corrected = _correct(Decision.objects.get(), office, now)
    for record in (Decision.objects.get(pk=decision.pk), corrected):
        with nothing_written(), pytest.raises(PaperStepRefused):
            _correct(record, office, now, outcome=ItemOutcome.REJECTED)


def test_what_is_provisional_is_corrected_with_a_reason(deciding, office, now):
    decision = make_decision(deciding, ItemOutcome.ADOPTED, at=now)
    with nothing_written(), pytest.raises(PaperStepRefused):
        _correct(decision, office, now, reason=" ")
    corrected = _correct(decision, office, now, outcome=ItemOutcome.REJECTED)
    assert (corrected.corrects, corrected.outcome) == (decision, ItemOutcome.REJECTED)
    decision = Decision.objects.get(pk=decision.pk)
    with nothing_written(), pytest.raises(PaperStepRefused):
        _correct(decision, office, now)
    with nothing_written(), pytest.raises(PaperStepRefused):
        confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)


def test_a_deferred_item_is_decided_at_a_second_reading(deciding, submitted, office, now):
    first = make_decision(deciding, ItemOutcome.DEFERRED, at=now)
    confirm_decision(decision=first, actor=office, at=now)
    again = add_step(
        paper=submitted, body=deciding.body, role=StepRole.DECISION, authoritative=True,
        actor=office,
    )  # fmt: skip
    second = make_decision(again, ItemOutcome.ADOPTED, at=now)
    confirm_decision(decision=second, actor=office, at=now)
    assert Paper.objects.get().status == PaperStatus.DECIDED
    assert Edition.objects.get().status == EditionStatus.IN_FORCE


# --- adopted as amended ------------------------------------------------------------------------


def test_amended_text_comes_into_force_in_place_of_the_submitted(
    deciding, submitted, edition, office, now
):
    motion = make_motion(submitted, edition.goals.get().wid, text="Beschlossen.", at=now)
    decision = make_decision(deciding, ItemOutcome.ADOPTED_AS_AMENDED, at=now)
    make_vote(motion, at=now)
    with pytest.raises(PaperStepRefused) as refused:
        adopt_amended_edition(paper=submitted, edition=edition, actor=office, at=now)
    assert refused.value.code == "not_adopted_as_amended"
    confirm_decision(decision=decision, actor=office, at=now)
    with pytest.raises(PaperStepRefused) as refused:
        adopt_amended_edition(paper=submitted, edition=edition, actor=office, at=now)
    assert refused.value.code == "text_not_as_decided"
    other = make_edition(make_concept(), at=now)
    with pytest.raises(PaperStepRefused) as refused:
        adopt_amended_edition(paper=submitted, edition=other, actor=office, at=now)
    assert refused.value.code == "not_based_on_submitted_edition"
    Edition.objects.filter(pk=other.pk).update(status=EditionStatus.WITHDRAWN)
    GoalPage.objects.descendant_of(edition.concept).update(wording="Beschlossen.")
    amended = make_edition(edition.concept.specific, at=now)
    with nothing_written(), pytest.raises(NotPermitted):
        adopt_amended_edition(
            paper=submitted, edition=amended, actor=make_staff(Role.COORDINATION), at=now
        )
    submitted = Paper.objects.get()
    adopt_amended_edition(paper=submitted, edition=amended, actor=office, at=now)
    of_concept = edition.concept.editions.order_by("number")
    assert list(of_concept.values_list("status", flat=True)) == [
        EditionStatus.SUPERSEDED,
        EditionStatus.IN_FORCE,
    ]
    assert {measure.adopted_as.edition for measure in Measure.objects.all()} == {amended}
