"""A contribution can be followed to theme, answer, changed text, decision and measure."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.contributions.services.moderation import decide
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import Measure, Rule
from consult.council.states import DecisionStatus
from consult.evaluation.states import CarryState, Outcome
from consult.participants.states import Role
from consult.records.selectors import (
    contribution_by_receipt,
    contributions_of,
    hiding_of,
    public_contribution,
    search_contributions,
    trace_contribution,
)
from consult.rounds.services import start_pre_moderation
from tests.consult.records.chain import NEW_WORDING, TEXT, Chain
from tests.factories import make_contribution, make_resident, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(now) -> Chain:
    return Chain(at=now)


def _hide(contribution, at):
    return decide(
        contribution=contribution,
        measure=Measure.HIDE,
        rule=Rule.INSULT,
        reason="Beleidigt eine Nachbarin.",
        actor=make_staff(Role.MODERATION),
        at=at,
    )


def test_a_new_contribution_has_only_its_words(chain):
    trace = trace_contribution(chain.contribution)
    assert trace.text == TEXT
    assert (trace.theme, trace.response, trace.owed) == (None, None, None)
    assert (trace.changes, trace.resolutions, trace.measures) == ([], [], [])


def test_an_answer_is_owed_until_it_is_published(chain):
    response = chain.request(chain.close())
    trace = trace_contribution(chain.contribution)
    assert trace.theme.title == "Kurse am Samstag"
    assert trace.owed == response
    assert trace.response is None


def test_the_whole_way(chain):
    response = chain.answer(chain.close())
    edition = chain.revise(response)
    chain.finish()
    decision = chain.decide(chain.submit(edition))
    chain.confirm(decision)

    trace = trace_contribution(chain.contribution)

    assert (trace.response, trace.owed) == (response, None)
    assert [NEW_WORDING in change.new for change in trace.changes] == [True]
    assert [(row.edition, row.state) for row in trace.carry_overs] == [
        (edition, CarryState.TEXT_CHANGED)
    ]
    assert [paper.reference for paper in trace.papers] == ["STV 1/27"]
    assert [row.status for row in trace.resolutions] == [DecisionStatus.CONFIRMED]
    assert [found.adopted_as.goal.wid for found in trace.measures] == [chain.goal.wid]


def test_a_decision_is_traced_also_where_the_answer_changed_nothing(chain):
    other = chain.hand_in(make_resident(), "Bleibt, wie es ist.").contribution
    response = chain.answer(chain.close())
    chain.answer(chain.name_voice(other, "So lassen"), Outcome.ALREADY_COVERED)
    edition = chain.revise(response)
    chain.finish()
    chain.decide(chain.submit(edition))

    trace = trace_contribution(other)

    assert trace.changes == []
    assert [row.item.paper.edition for row in trace.resolutions] == [edition]


def test_what_is_hidden_stands_in_public_without_a_way_to_its_words(chain, now):
    hiding = _hide(chain.contribution, now)
    found = public_contribution(chain.contribution.ref)
    assert found.status == "hidden"
    assert hiding_of(found, hiding.pk) == hiding
    assert not search_contributions("Samstag").exists()


def test_another_decision_is_no_hiding(chain, now):
    nothing = decide(
        contribution=chain.contribution,
        measure=Measure.NONE,
        rule="",
        reason="In Ordnung.",
        actor=make_staff(Role.MODERATION),
        at=now,
    )
    assert hiding_of(chain.contribution, nothing.pk) is None


def test_a_held_contribution_is_found_by_its_receipt_alone(chain, now):
    start_pre_moderation(
        round_=chain.round,
        actor=chain.coordination,
        section_wid="",
        reason="Streit.",
        starts_at=now,
        ends_at=now + timedelta(days=1),
    )
    receipt = chain.hand_in(chain.author, "Noch ein Kurs.")
    assert public_contribution(receipt.contribution.ref) is None
    assert contribution_by_receipt(receipt.key) == receipt.contribution
    assert contribution_by_receipt(receipt.key[:-1]) is None
    assert not search_contributions("Kurs").filter(pk=receipt.contribution.pk).exists()


def test_a_person_finds_all_contributions_and_nobody_else_does(chain, now):
    withdraw(contribution=chain.contribution, actor=chain.author, at=now)
    second = chain.hand_in(chain.author, "Ein zweiter.").contribution
    assert list(contributions_of(chain.author)) == [second, chain.contribution]
    assert not contributions_of(make_resident()).exists()


def test_search_knows_german_word_forms_and_marks_all_hits(chain):
    found = search_contributions("Kurs").get()
    assert found == chain.contribution
    assert found.headline == "Es braucht \x02Kurse\x03 am Samstag."


@pytest.mark.parametrize("words", ["-", '"', "und der die", "a & | ! <->", "\\", "'; --"])
def test_strange_searches_find_nothing(chain, words):
    assert list(search_contributions(words)) == []


def test_tracing_costs_the_same_in_a_full_round(chain, now):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            trace_contribution(public_contribution(chain.contribution.ref))
        return len(captured)

    alone = queries()
    for _ in range(3):
        make_contribution(chain.round, at=now)
    assert queries() == alone
