"""Amendment motions: who may do what when, and what is refused."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from consult.council.amendments import (
    adopted_hash,
    adopted_text,
    conflicts_among,
    drafts_for,
    motions_of,
    motions_on,
)
from consult.council.models import AmendmentMotion, MotionGroupVote, MotionVote
from consult.council.predicates import may_read_motion, may_withdraw_motion
from consult.council.services.access import PaperStepRefused
from consult.council.services.motion_votes import (
    confirm_motion_vote,
    correct_motion_vote,
    record_motion_vote,
)
from consult.council.services.motions import (
    Mover,
    change_motion,
    discard_motion,
    draft_motion,
    file_for_mover,
    file_motion,
    judge_motion,
    set_motion_status,
    withdraw_motion,
)
from consult.council.services.papers import withdraw_paper
from consult.council.services.settling import settle_motion
from consult.council.states import (
    MOTION_TRANSITIONS,
    FinanceEffect,
    MotionOp,
    MotionStatus,
    Position,
    StepStatus,
)
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.editions.selectors import section_data
from tests.factories import make_concept, make_edition, make_resident, make_staff
from tests.factories.council import make_paper, make_submitted
from tests.factories.motions import (
    make_draft,
    make_group,
    make_member,
    make_motion,
    make_vote,
    wanted,
)
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(now):
    return make_edition(make_concept(goals=2), at=now)


@pytest.fixture
def paper(edition, now):
    return make_submitted(make_paper(edition), at=now)


@pytest.fixture
def places(edition) -> dict[str, str]:
    """Keys of the first section's parts: section, block, block2, goal, goal2, measure."""
    [section] = section_data(edition)
    one, two = section["text"]["blocks"]
    first, second = section["goals"]
    return {
        "section": section["wid"],
        "block": one["wid"],
        "block2": two["wid"],
        "goal": first["wid"],
        "goal2": second["wid"],
        "measure": first["measures"][0]["wid"],
    }


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


def refused(code: str, deed) -> None:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    assert found.value.code == code


# --- states --------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [one for one in MotionStatus if one != MotionStatus.DRAFT])
def test_motion_takes_only_the_steps_of_the_table(before, paper, places, office, now, subtests):
    motion = make_motion(paper, places["goal"], at=now)
    other = make_motion(paper, places["block"], at=now)
    by = other if before == MotionStatus.SETTLED else None
    AmendmentMotion.objects.filter(pk=motion.pk).update(status=before, settled_by=by)
    for after in MotionStatus:
        with subtests.test(after=after), undone():
            found = AmendmentMotion.objects.get(pk=motion.pk)
            if (before, after) in MOTION_TRANSITIONS:
                found.settled_by = other if after == MotionStatus.SETTLED else None
                assert set_motion_status(found, after, office).status == after
                entry = ModelLogEntry.objects.filter(action="motion.status").latest("pk")
                assert (entry.data["from"], entry.data["to"]) == (before, after)
            else:
                with nothing_written(), pytest.raises(PaperStepRefused):
                    set_motion_status(found, after, office)


def test_draft_is_handed_in_with_the_next_number(paper, places, now):
    make_motion(paper, places["block"], at=now)
    group = make_group("Offene Liste")
    member = make_member(group)
    draft = make_draft(paper, places["goal"], at=now, group=group, actor=member)
    assert (draft.status, draft.number, draft.name) == (MotionStatus.DRAFT, None, "Entwurf")
    filed = file_motion(motion=draft, actor=member, at=now)
    assert (filed.status, filed.name, filed.filed_at) == (MotionStatus.FILED, "Ä 2", now)
    assert filed.mover == "Offene Liste"
    assert filed.place == "Ziel 1.1"
    assert filed.old_text == "Wortlaut von Ziel 1.1."


def test_database_refuses_two_movers_and_costs_without_a_figure(paper, places, now):
    motion = make_motion(paper, places["goal"], at=now)
    for wrong in (
        {"member": "Stadtverordnete"},
        {"finance": FinanceEffect.ESTIMATED},
        {"cost_yearly": 5},
        {"number": None},
        {"wid": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AmendmentMotion.objects.filter(pk=motion.pk).update(**wrong)


# --- who may ---------------------------------------------------------------------------------------


def test_only_the_own_group_drafts_sees_changes_files_and_discards(paper, places, now, subtests):
    own = make_group("Offene Liste")
    member, colleague = make_member(own), make_member(own)
    draft = make_draft(paper, places["goal"], at=now, group=own, actor=member)
    change = wanted(paper, places["goal"], text="Noch ein anderer Wortlaut.")
    others = {
        "another group": make_member(make_group("Die Mitte")),
        "council office": make_staff(Role.COUNCIL_OFFICE),
        "coordination": make_staff(Role.COORDINATION),
        "member without a group": make_staff(Role.COUNCIL_MEMBER),
        "resident": make_resident(),
        "nobody": None,
    }
    for name, person in others.items():
        with subtests.test(person=name):
            for deed in (
                lambda p=person: draft_motion(
                    paper=paper, group=own, wanted=change, actor=p, at=now
                ),
                lambda p=person: change_motion(motion=draft, wanted=change, actor=p),
                lambda p=person: file_motion(motion=draft, actor=p, at=now),
                lambda p=person: discard_motion(motion=draft, actor=p),
            ):
                with nothing_written(), pytest.raises(NotPermitted):
                    deed()
            assert not may_read_motion(person, draft)
            assert not drafts_for(person).exists()
    assert may_read_motion(colleague, draft)
    assert drafts_for(colleague, paper).get() == draft
    changed = change_motion(motion=draft, wanted=change, actor=colleague)
    assert changed.new_text == "Noch ein anderer Wortlaut."
    discard_motion(motion=changed, actor=colleague)
    assert not AmendmentMotion.objects.exists()


def test_draft_is_in_no_list_for_others_and_not_in_the_history_of_the_paper(paper, places, now):
    make_draft(paper, places["goal"], at=now)
    assert not motions_of(paper).exists()
    assert not motions_on(paper.edition).exists()
    assert not ModelLogEntry.objects.filter(
        content_type__model="paper", action__startswith="motion."
    ).exists()


def test_only_the_council_office_enters_judges_settles_and_records(paper, places, now, subtests):
    motion = make_motion(paper, places["goal"], at=now, admitted=False)
    step = paper.route.get(authoritative=True)
    vote_on = make_motion(paper, places["block"], at=now)
    vote = make_vote(vote_on, at=now, confirmed=False)
    change = wanted(paper, places["goal2"])
    member = make_member(make_group())
    for person in (member, make_staff(Role.COORDINATION), make_resident(), None):
        with subtests.test(person=str(person)):
            for deed in (
                lambda p=person: file_for_mover(
                    paper=paper, mover=Mover(group=make_group()), wanted=change, actor=p, at=now
                ),
                lambda p=person: judge_motion(
                    motion=motion, status=MotionStatus.ADMISSIBLE, actor=p, at=now
                ),
                lambda p=person: settle_motion(motion=motion, by=vote_on, actor=p),
                lambda p=person: record_motion_vote(
                    motion=motion, step=step, outcome=MotionStatus.ACCEPTED, actor=p, at=now
                ),
                lambda p=person: correct_motion_vote(
                    vote=vote, outcome=MotionStatus.REJECTED, reason="x", actor=p, at=now
                ),
                lambda p=person: confirm_motion_vote(vote=vote, actor=p, at=now),
            ):
                with nothing_written(), pytest.raises(NotPermitted):
                    deed()
    with nothing_written(), pytest.raises(NotPermitted):
        confirm_motion_vote(vote=vote, actor=vote.recorded_by, at=now)


def test_own_group_and_office_withdraw_before_the_vote(paper, places, office, now):
    group = make_group()
    for person in (make_member(group), office):
        motion = make_motion(paper, places["goal"], at=now, group=group)
        assert withdraw_motion(motion=motion, actor=person).status == MotionStatus.WITHDRAWN
    motion, other = make_motion(paper, places["goal"], at=now), make_member(make_group("Andere"))
    with nothing_written(), pytest.raises(NotPermitted):
        withdraw_motion(motion=motion, actor=other)
    make_vote(motion, at=now)
    motion.refresh_from_db()
    assert not may_withdraw_motion(office, motion)


# --- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "change", "code"),
    [
        ("goal", {"text": " Wortlaut von  Ziel 1.1. "}, "nothing_new"),
        ("goal", {"text": "  "}, "no_new_text"),
        ("goal", {"text": "a" * 5001}, "wording_too_long"),
        ("goal", {"text": "a\x00"}, "unreadable"),
        ("goal", {"op": "turn"}, "no_such_change"),
        ("goal", {"finance": FinanceEffect.ESTIMATED}, "no_costs"),
        ("goal", {"op": MotionOp.INSERT, "text": ""}, "no_new_text"),
        ("goal", {"op": MotionOp.INSERT, "text": "Wortlaut von Ziel 1.1."}, "nothing_new"),
        ("goal", {"part": "target_groups", "op": MotionOp.STRIKE}, "no_such_change"),
        ("goal", {"part": "target_groups", "text": "a" * 301}, "field_too_long"),
        ("goal", {"part": "measures", "text": "Neu"}, "no_such_change"),
        ("goal", {"part": "reason", "op": MotionOp.MOVE, "to": "goal2"}, "no_such_move"),
        ("measure", {"part": "costs", "text": "viel"}, "costs_unreadable"),
        ("measure", {"part": "costs", "text": "jährlich 12000 €"}, "nothing_new"),
        ("measure", {"part": "costs", "op": MotionOp.STRIKE}, "no_such_change"),
        ("section", {"op": MotionOp.MOVE, "to": "goal"}, "no_such_move"),
        ("block", {"op": MotionOp.MOVE}, "no_such_move"),
        ("block", {"op": MotionOp.MOVE, "to": "block"}, "no_such_move"),
        ("block", {"op": MotionOp.MOVE, "to": "goal"}, "no_such_move"),
        ("goal", {"reason": " "}, "no_reason_to_move"),
    ],
)
def test_bad_motions_are_refused_with_a_reason(place, change, code, paper, places, office, now):
    words = {name: value for name, value in change.items() if name != "to"}
    to, group = places.get(change.get("to"), ""), make_group()
    found = wanted(paper, places[place], **words, to_wid=to)
    refused(
        code,
        lambda: file_for_mover(
            paper=paper, mover=Mover(group=group), wanted=found, actor=office, at=now
        ),
    )


@pytest.mark.parametrize(
    ("text", "finance", "amounts"),
    [
        ("einmalig 500 Euro\njährlich 15.000 Euro", FinanceEffect.ESTIMATED, (500, 3000)),
        ("jährlich 10.000 Euro", FinanceEffect.NONE, (None, None)),
        ("noch nicht geschätzt", FinanceEffect.NOT_ESTIMATED, (None, None)),
    ],
)
def test_other_costs_of_a_measure_say_what_the_motion_costs(
    text, finance, amounts, paper, places, now
):
    motion = make_motion(paper, places["measure"], part="costs", text=text, at=now)
    assert (motion.finance, (motion.cost_one_off, motion.cost_yearly)) == (finance, amounts)
    said = make_motion(
        paper, places["measure"], part="costs", text=text, at=now,
        finance=FinanceEffect.ESTIMATED, cost_yearly=7,
    )  # fmt: skip
    assert (said.finance, said.cost_yearly) == (FinanceEffect.ESTIMATED, 7)


def test_motion_is_against_the_words_that_stand_there(paper, places, office, now):
    found = replace(wanted(paper, places["goal"]), base_hash="0" * 64)
    mover = Mover(member="Fraktionslose Stadtverordnete")
    refused(
        "text_moved_on",
        lambda: file_for_mover(paper=paper, mover=mover, wanted=found, actor=office, at=now),
    )
    gone = replace(found, wid="nirgends")
    refused(
        "gone", lambda: file_for_mover(paper=paper, mover=mover, wanted=gone, actor=office, at=now)
    )
    good = wanted(paper, places["goal"])
    refused(
        "no_mover",
        lambda: file_for_mover(paper=paper, mover=Mover(), wanted=good, actor=office, at=now),
    )
    filed = file_for_mover(paper=paper, mover=mover, wanted=good, actor=office, at=now)
    assert filed.mover == "Fraktionslose Stadtverordnete"


def test_nothing_is_drafted_or_filed_after_the_paper_was_withdrawn(paper, places, now):
    group = make_group()
    member = make_member(group)
    draft = make_draft(paper, places["goal"], at=now, group=group, actor=member)
    withdraw_paper(paper=paper, actor=make_staff(Role.COORDINATION))
    refused("not_submitted", lambda: file_motion(motion=draft, actor=member, at=now))
    refused(
        "not_submitted",
        lambda: make_draft(paper, places["goal"], at=now, group=group, actor=member),
    )


def test_inadmissible_needs_a_public_reason(paper, places, office, now):
    motion = make_motion(paper, places["goal"], at=now, admitted=False)
    no = MotionStatus.INADMISSIBLE
    given = {"motion": motion, "status": no, "actor": office, "at": now}
    refused("no_reason_to_refuse", lambda: judge_motion(**given))
    found = judge_motion(reason="Gehört nicht hierher.", **given)
    assert (found.status, found.status_reason) == (no, "Gehört nicht hierher.")


# --- votes -----------------------------------------------------------------------------------------


def test_vote_of_the_deciding_body_is_the_outcome_others_advise(paper, places, office, now):
    motion = make_motion(paper, places["goal"], at=now)
    advising = paper.route.get(authoritative=False)
    type(advising).objects.filter(pk=advising.pk).update(status=StepStatus.HELD, outcome="voted")
    record_motion_vote(
        motion=motion, step=advising, outcome=MotionStatus.REJECTED, actor=office, at=now
    )
    motion.refresh_from_db()
    assert motion.status == MotionStatus.ADMISSIBLE
    group = make_group("Offene Liste")
    vote = make_vote(
        motion,
        MotionStatus.ACCEPTED_MODIFIED,
        at=now,
        wording="  Der  gefundene Wortlaut. ",
        group_votes=[MotionGroupVote(group=group, position=Position.FOR, count=3)],
    )
    motion.refresh_from_db()
    assert motion.status == MotionStatus.ACCEPTED_MODIFIED
    assert vote.wording == "Der gefundene Wortlaut."
    assert vote.group_votes.get().count == 3
    [section] = adopted_text(paper)
    assert section["goals"][0]["text"]["wording"] == "Der gefundene Wortlaut."
    refused("motion_not_admitted", lambda: make_vote(motion, at=now))


def test_vote_needs_a_meeting_and_another_wording_where_it_says_so(paper, places, office, now):
    motion = make_motion(paper, places["goal"], at=now)
    step = paper.route.get(authoritative=True)
    deed = {"motion": motion, "step": step, "actor": office, "at": now}
    refused("step_not_held", lambda: record_motion_vote(outcome=MotionStatus.ACCEPTED, **deed))
    type(step).objects.filter(pk=step.pk).update(status=StepStatus.HELD, outcome="voted")
    refused(
        "no_accepted_wording",
        lambda: record_motion_vote(outcome=MotionStatus.ACCEPTED_MODIFIED, **deed),
    )
    refused("step_not_allowed", lambda: record_motion_vote(outcome=MotionStatus.SETTLED, **deed))


def test_minutes_correct_an_outcome_and_the_text_is_computed_anew(paper, places, office, now):
    motion = make_motion(paper, places["goal"], at=now)
    vote = make_vote(motion, at=now)
    with_motion = adopted_hash(paper)
    assert with_motion != paper.edition.content_hash
    correction = correct_motion_vote(
        vote=vote,
        outcome=MotionStatus.REJECTED,
        reason="In der Niederschrift steht: abgelehnt.",
        actor=office,
        at=now,
    )
    assert adopted_hash(paper) == paper.edition.content_hash
    assert MotionVote.objects.get(pk=vote.pk).outcome == MotionStatus.ACCEPTED
    deed = {"outcome": MotionStatus.ACCEPTED, "actor": office, "at": now}
    refused("corrected_already", lambda: correct_motion_vote(vote=vote, reason="x", **deed))
    refused("no_reason", lambda: correct_motion_vote(vote=correction, reason=" ", **deed))
    refused(
        "corrected_already",
        lambda: confirm_motion_vote(vote=vote, actor=make_staff(Role.COUNCIL_OFFICE), at=now),
    )


# --- conflicts -------------------------------------------------------------------------------------


def test_conflicting_motion_is_settled_and_open_again_after_a_correction(
    paper, places, office, now
):
    one = make_motion(paper, places["goal"], at=now, text="Wortlaut von allen.")
    two = make_motion(paper, places["goal"], at=now, op=MotionOp.STRIKE)
    free = make_motion(paper, places["block"], at=now)
    listed = list(motions_of(paper))
    sections = section_data(paper.edition)
    pairs = conflicts_among(listed, sections)
    assert [(p.first.name, p.second.name, p.why) for p in pairs] == [("Ä 1", "Ä 2", "struck")]
    refused("settles_nothing", lambda: settle_motion(motion=two, by=one, actor=office))
    vote = make_vote(one, at=now)
    refused("conflicts_with_accepted", lambda: make_vote(two, at=now))
    refused("settles_nothing", lambda: settle_motion(motion=free, by=one, actor=office))
    settled = settle_motion(motion=two, by=one, actor=office)
    assert (settled.status, settled.settled_by) == (MotionStatus.SETTLED, one)
    correct_motion_vote(
        vote=vote, outcome=MotionStatus.REJECTED, reason="Niederschrift", actor=office, at=now
    )
    two.refresh_from_db()
    assert (two.status, two.settled_by) == (MotionStatus.ADMISSIBLE, None)


def test_two_changes_of_one_item_conflict(paper, now):
    item = paper.items.get()
    make_motion(paper, item=item, at=now, text="Das Konzept wird geändert beschlossen.")
    make_motion(paper, item=item, at=now, text="Das Konzept wird später beschlossen.")
    make_motion(paper, item=item, at=now, op=MotionOp.INSERT, text="Der Magistrat berichtet.")
    pairs = conflicts_among(motions_of(paper), section_data(paper.edition))
    assert [(p.first.number, p.second.number, p.why) for p in pairs] == [(1, 2, "same_item")]
