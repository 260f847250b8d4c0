"""Invariants 25 to 32 of the model: council and execution.

Not concerned yet: 28 (gaps), 30 (reporting obligations), 32 (indicators), and of 27 that a goal
has a department and an indicator or a reason why not: none of these is built or required.
"""

import pytest
from django.db import IntegrityError, transaction

from consult.council.models import Decision
from consult.council.services.decisions import confirm_decision, correct_decision, record_decision
from consult.council.services.route import set_step_status
from consult.council.states import DecisionStatus, ItemOutcome, StepStatus
from consult.evaluation.models import ChangeCause
from consult.participants.states import Role
from consult.records.selectors import trace_contribution
from consult.rounds.services import NotPermitted
from drafts.actionplan.models import Measure
from drafts.concept.models import GoalPage
from drafts.editions.models import EditionGoal, EditionMeasure
from tests.consult.records.chain import Chain
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(now):
    return make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)


def test_invariant_25_only_the_council_office_writes_decisions(paper, now):
    step = paper.route.get(authoritative=True)
    decision = make_decision(step, ItemOutcome.ADOPTED, at=now)
    superuser = make_staff()
    superuser.is_superuser = True
    everybody_else = [role for role in Role if role != Role.COUNCIL_OFFICE]
    for actor in (None, make_resident(), superuser, make_staff(*everybody_else)):
        for deed in (
            lambda by: set_step_status(step=step, status=StepStatus.HELD, actor=by),
            lambda by: record_decision(
                item=decision.item, step=step, outcome=ItemOutcome.ADOPTED, actor=by, at=now
            ),
            lambda by: correct_decision(
                decision=decision, outcome=ItemOutcome.NOTED, reason="x", actor=by, at=now
            ),
            lambda by: confirm_decision(decision=decision, actor=by, at=now),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed(actor)


def test_invariant_26_a_record_is_corrected_by_another_record(paper, now):
    office = make_staff(Role.COUNCIL_OFFICE)
    decision = make_decision(
        paper.route.get(authoritative=True), ItemOutcome.NOTED, at=now, votes="Einstimmig"
    )
    before = Decision.objects.values().get()
    corrected = correct_decision(
        decision=decision, outcome=ItemOutcome.ADOPTED, reason="Verlesen.", actor=office, at=now
    )
    confirm_decision(decision=corrected, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    assert Decision.objects.filter(pk=decision.pk).values().get() == before
    assert corrected.corrects == decision
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=corrected.pk).update(correction_reason="")


def test_invariant_26_confirming_touches_nothing_but_the_confirmation(paper, now):
    decision = make_decision(paper.route.get(authoritative=True), ItemOutcome.NOTED, at=now)
    before = Decision.objects.values().get()
    office = make_staff(Role.COUNCIL_OFFICE)
    confirm_decision(decision=decision, actor=office, at=now)
    after = Decision.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {
        "status", "confirmed_by_id", "confirmed_at",
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(confirmed_by=decision.recorded_by)


def test_invariant_27_a_measure_serves_a_goal(now):
    edition = make_edition(make_concept(goals=2), at=now)
    assert edition.measures.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionMeasure.objects.update(goal=None)


def test_invariant_29_a_cost_is_there_or_named_as_not_estimated(now):
    concept = make_concept()
    page = GoalPage.objects.get()
    value = page.measures.get_prep_value()
    value[0]["value"] |= {"cost_status": "not_estimated", "cost_yearly": None}
    page.measures = page.measures.stream_block.to_python([*value])
    page.save_revision().publish()
    measure = make_edition(concept, at=now).measures.get()
    assert (measure.cost_status, measure.cost_one_off, measure.cost_yearly) == (
        "not_estimated", None, None,
    )  # fmt: skip


def test_invariant_31_from_measure_to_contribution_and_back(now):
    chain = Chain(at=now)
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    chain.confirm(chain.decide(chain.submit(edition)))

    measure = Measure.objects.get()
    goal = EditionGoal.objects.get(edition=measure.adopted_as.edition, wid=chain.goal.wid)
    assert measure.adopted_as.goal == goal
    [decision] = Decision.objects.filter(item__paper__edition=goal.edition)
    assert decision.status == DecisionStatus.CONFIRMED
    [cause] = ChangeCause.objects.filter(
        change__revision__to_edition=goal.edition, change__wid=goal.wid
    )
    voices = cause.response.theme.assignments.filter(is_current=True)
    assert [row.contribution for row in voices] == [chain.contribution]

    trace = trace_contribution(chain.contribution)
    assert trace.measures == [measure]
    assert trace.resolutions == [decision]
    assert trace.changes == [cause.change]
