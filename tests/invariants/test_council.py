"""Invariants 6 and 25 to 32 of the model: council and execution.

Not concerned yet: 28 (gaps), 32 (indicators), and of 27 that a goal has a department and an
indicator or a reason why not: none of these is built or required.
"""

import ast
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from consult.council.finance import sums_of
from consult.council.models import Decision
from consult.council.services.decisions import confirm_decision, correct_decision, record_decision
from consult.council.services.route import set_step_status
from consult.council.states import DecisionStatus, ItemOutcome, StepStatus
from consult.evaluation.models import ChangeCause
from consult.following.services.audience import contributions_on_motion
from consult.participants.states import Role
from consult.records.selectors import trace_contribution
from consult.rounds.services import NotPermitted
from drafts.actionplan.models import Measure
from drafts.actionplan.services import take_on_obligation
from drafts.actionplan.states import DutyKind, DutyState
from drafts.concept.models import GoalPage
from drafts.editions.models import EditionGoal, EditionMeasure
from tests.architecture.source import functions
from tests.consult.records.chain import Chain
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.factories.following import tell_and_send
from tests.factories.motions import make_draft, make_motion
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


ADOPTED = re.compile(r"beschlossen|Beschluss §|stimmt zu")
# Sentences that say what a resolution would be, or that there is none.
ABOUT_RESOLUTIONS = (
    "Was dem Rat vorliegt, und was er beschließt",
    "noch keinen bestätigten früheren Beschluss",
)


@pytest.fixture
def paper(now):
    return make_submitted(make_paper(make_edition(make_concept(), at=now)), at=now)


@pytest.mark.parametrize("outcome", [ItemOutcome.NOTED, ItemOutcome.NOTED_WITH_APPROVAL])
def test_invariant_06_noted_is_called_adopted_nowhere(outcome, client, now):
    chain = Chain(at=now, author=make_resident("Ada"))
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    step = chain.submit(edition)
    office = make_staff(Role.COUNCIL_OFFICE)
    chain.item.text = "Der Bericht liegt vor."
    chain.item.save()
    step = set_step_status(step=step, status=StepStatus.HELD, actor=office)
    decision = record_decision(
        item=chain.item, step=step, outcome=outcome, actor=office, at=now,
        resolution_number="§ 12",
    )  # fmt: skip
    _says_nowhere_adopted(client, chain, now)
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    _says_nowhere_adopted(client, chain, now + timedelta(days=2))
    assert any("zur Kenntnis genommen" in letter.subject for letter in mail.outbox)


def test_invariant_06_what_is_adopted_in_the_evening_is_called_provisional(client, now):
    chain = Chain(at=now, author=make_resident("Ada"))
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    step = chain.submit(edition)
    chain.item.text = "Das Konzept."
    chain.item.save()
    chain.decide(step)
    for address, words in _public_words(client, chain, now):
        for found in re.finditer("beschlossen", words):
            before = words[max(0, found.start() - 12) : found.start()]
            assert before.endswith("vorläufig: "), (address, before + found[0])


def _says_nowhere_adopted(client, chain, at):
    for address, words in _public_words(client, chain, at):
        found = ADOPTED.search(words)
        around = words[max(0, found.start() - 60) : found.end() + 60] if found else ""
        assert not found, (address, around)


def _public_words(client, chain, at):
    """Every public page, feed, calendar and mail that can speak of the paper, as plain words."""
    paper = chain.item.paper
    number = paper.edition.number
    meeting = paper.route.get().meeting_id
    ref = chain.contribution.ref
    addresses = [
        "/de/", "/de/neuigkeiten/", "/de/rat/", f"/de/rat/{paper.pk}/",
        f"/de/rat/sitzungen/{meeting}/", "/de/feed/rat/", "/de/feed/neuigkeiten/",
        "/de/kalender.ics", f"/de/kalender/sitting-{meeting}.ics", "/de/fassungen/",
        f"/de/konzept/fassung-{number}/", f"/de/fassungen/{number}/aenderungen/",
        f"/de/beitrag/{ref}/", f"/de/themen/{chain.round.ref}/",
        f"/de/suche/?q={paper.reference}", "/sitemap.xml",
    ]  # fmt: skip
    for address in addresses:
        found = client.get(address)
        assert found.status_code == 200, address
        yield address, _plain(found.content.decode())
    tell_and_send(at)
    tell_and_send(at + timedelta(hours=1))
    for letter in mail.outbox:
        yield letter.subject, f"{letter.subject} {_plain(letter.body)}"


def _plain(text):
    words = " ".join(unescape(re.sub("<[^>]+>", " ", text)).split())
    for sentence in ABOUT_RESOLUTIONS:
        words = words.replace(sentence, "")
    return words


def test_invariant_30_an_obligation_is_changed_by_decisions_alone_and_overdue_is_derived(now):
    obligation = take_on_obligation(
        edition=make_edition(make_concept(), at=now), source="item-1", kind=DutyKind.REPORT,
        begins_on=date(2026, 1, 1), actor=make_staff(Role.COUNCIL_OFFICE),
        resolved_as="Punkt 1", subject="Bericht", recipient="Rat", rhythm_months=12,
    )  # fmt: skip
    names = {field.name for field in obligation._meta.get_fields()}
    assert not names & {"overdue", "is_overdue", "due_on", "status", "state"}
    assert obligation.state(0, date(2027, 1, 1)) == DutyState.DUE
    assert obligation.state(0, date(2027, 1, 2)) == DutyState.OVERDUE
    writers = {
        (path, name)
        for path, name, function in functions()
        if "ReportingObligation" in ast.unparse(function)
        or "end_obligation(" in ast.unparse(function)
    }
    assert {name for path, name in writers if "admin_views" in path} == {"deliver"}
    assert {name for path, name in writers if path.startswith("consult/council/services")} == {
        "settle_duty", "hand_in_report",
    }  # fmt: skip


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
    sums = sums_of(measure.edition)
    assert (sums.yearly, sums.not_estimated, sums.measures) == (0, 1, 1)


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


def test_invariant_31_a_motion_stands_on_the_way_in_both_directions(now):
    chain = Chain(at=now)
    edition = chain.revise(chain.answer(chain.close()))
    chain.finish()
    paper = chain.submit(edition).paper
    make_draft(paper, chain.goal.wid, at=now, text="Ein Entwurf.")
    motion = make_motion(paper, chain.goal.wid, at=now, text="Ganz anders.")
    assert trace_contribution(chain.contribution).motions == [motion]
    assert list(contributions_on_motion(motion)) == [chain.contribution]
