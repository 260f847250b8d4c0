"""Annexes, earlier resolutions, finances, promised reports and motions about the procedure."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from consult.council.finance import Sums, differs, statement_of, sums_of
from consult.council.history import route_history
from consult.council.models import Body, CouncilFile, Paper, ProceduralMotion
from consult.council.selectors import private_file, public_file
from consult.council.services.access import PaperStepRefused
from consult.council.services.annexes import (
    add_annex,
    move_annex,
    name_prior_resolution,
    remove_prior_resolution,
    state_finance,
    take_back_annex,
)
from consult.council.services.decisions import confirm_decision, correct_decision
from consult.council.services.duties import hand_in_report
from consult.council.services.items import change_item
from consult.council.services.papers import change_paper, close_paper, prepare_paper
from consult.council.services.procedural import (
    correct_procedural_motion,
    record_procedural_motion,
)
from consult.council.services.route import add_step, move_step, schedule_step, set_step_status
from consult.council.states import (
    Effect,
    Funding,
    ItemOutcome,
    PaperStatus,
    ProceduralKind,
    ProceduralResult,
    Publicity,
    StepOutcome,
    StepRole,
    StepStatus,
)
from consult.intake.services.files import FileRefused
from consult.participants.states import Role
from drafts.actionplan.models import ReportingObligation
from drafts.actionplan.selectors import obligations
from drafts.actionplan.states import DutyKind, DutyState
from tests.factories import make_concept, make_edition, make_staff
from tests.factories.council import make_decision, make_paper, make_submitted
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 Anlage"


@pytest.fixture
def office():
    return make_staff(Role.COUNCIL_OFFICE)


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def paper(now) -> Paper:
    return make_paper(make_edition(make_concept(goals=2), at=now))


def refused(deed) -> str:
    with nothing_written(), pytest.raises(PaperStepRefused) as found:
        deed()
    return found.value.code


# --- what a paper says -------------------------------------------------------------------------


def test_who_brings_a_paper_in_is_a_body_or_a_department(paper, coordination):
    body = Body.objects.create(name="Magistrat")
    changed = change_paper(paper=paper, submitted_by=body, originator=" ", actor=coordination)
    assert changed.originator == "Magistrat"
    with nothing_written(), pytest.raises(ValidationError):
        prepare_paper(
            actor=coordination, reference="X 1", title="t", edition=paper.edition,
            originator="", summary="s", finance="f",
        )  # fmt: skip


def test_earlier_resolutions_are_named_in_the_order_of_their_days(paper, coordination, now):
    name = {"paper": paper, "title": "Auftrag", "actor": coordination}
    name_prior_resolution(reference="§ 12", decided_on=date(2024, 5, 2), **name)
    first = name_prior_resolution(reference="§ 7", decided_on=date(2021, 5, 2), **name)
    assert [row.reference for row in paper.prior_resolutions.all()] == ["§ 7", "§ 12"]
    again = {"reference": " § 7 ", "decided_on": date(2021, 5, 2), **name}
    assert refused(lambda: name_prior_resolution(**again)) == "named_already"
    remove_prior_resolution(prior=first, actor=coordination)
    make_submitted(paper, at=now)
    [left] = paper.prior_resolutions.all()
    gone = lambda: remove_prior_resolution(prior=left, actor=coordination)  # noqa: E731
    assert refused(gone) == "submitted_already"


def test_what_a_paper_says_of_costs_stands_beside_what_was_counted(paper, coordination):
    counted = sums_of(paper.edition)
    assert counted == Sums(one_off=0, yearly=24000, posts=None, measures=2, not_estimated=0)
    state = {"paper": paper, "funding": Funding.PARTLY, "actor": coordination}
    state_finance(yearly=24000, posts=Decimal("1.5"), **state)
    assert not differs(statement_of(paper), counted)
    state_finance(yearly=20000, proviso="Vorbehaltlich des Haushalts.", **state)
    assert differs(statement_of(paper), counted)
    assert statement_of(paper).one_off is None


# --- annexes -----------------------------------------------------------------------------------


def test_annexes_are_numbered_ordered_and_taken_back_with_a_reason(paper, coordination, now):
    give = {"paper": paper, "name": "a.pdf", "content": PDF, "actor": coordination, "at": now}
    first, second = add_annex(title="Eins", **give), add_annex(title="Zwei", **give)
    move_annex(annex=second, to=1, actor=coordination)
    assert [str(row) for row in paper.annexes.all()] == ["1. Zwei", "2. Eins"]
    make_submitted(paper, at=now)
    later = add_annex(title="Nachtrag", **{**give, "at": now + timedelta(days=1)})
    assert later.number == 3
    given = {"annex": first, "actor": coordination, "at": now}
    assert refused(lambda: take_back_annex(reason=" ", **given)) == "no_reason"
    taken = take_back_annex(reason="Eine Anschrift stand darin.", **given)
    assert (taken.number, bytes(taken.file.content)) == (2, b"")
    assert refused(lambda: take_back_annex(reason="Noch einmal.", **given)) == "taken_back_already"


def test_an_annex_is_private_until_its_paper_is_submitted(paper, coordination, now):
    add_annex(paper=paper, title="Eins", name="a.pdf", content=PDF, actor=coordination, at=now)
    pk = CouncilFile.objects.get().pk
    assert public_file(pk) is None
    assert private_file(pk, None) is None
    assert private_file(pk, make_staff(Role.MODERATION)) is None
    assert private_file(pk, coordination) is not None
    make_submitted(paper, at=now)
    assert public_file(pk) is not None


def test_an_annex_is_no_program(paper, coordination, now):
    with nothing_written(), pytest.raises(FileRefused):
        add_annex(
            paper=paper, title="Eins", name="a.pdf", content=b"MZ", actor=coordination, at=now
        )


# --- reports that were promised ----------------------------------------------------------------


@pytest.fixture
def duty(paper, coordination, now) -> Paper:
    item = paper.items.get()
    change_item(
        item=item, text=item.text, effect=Effect.ADOPT_EDITION, actor=coordination,
        duty=DutyKind.REPORT, duty_months=36,
        duty_to=Body.objects.get(name="Stadtverordnetenversammlung"),
    )  # fmt: skip
    return make_submitted(paper, at=now)


def adopt(paper, outcome, now, **fields):
    step = paper.route.get(authoritative=True)
    decision = make_decision(step, outcome, at=now, **fields)
    return confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)


def test_a_duty_names_rhythm_and_recipient_or_nothing(paper, coordination):
    item = paper.items.get()
    change = lambda: change_item(  # noqa: E731
        item=item, text="x", effect=Effect.NONE, duty=DutyKind.REPORT, actor=coordination
    )
    assert refused(change) == "duty_incomplete"


def test_a_report_is_owed_from_the_confirmed_resolution(duty, now, coordination):
    step = duty.route.get(authoritative=True)
    schedule_step(step=step, meeting_on=date(2027, 1, 31), agenda_item="", actor=coordination)
    decision = make_decision(step, ItemOutcome.ADOPTED, at=now, resolution_number="§ 8782")
    assert not ReportingObligation.objects.exists()
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    [owed] = obligations(date(2030, 1, 31))
    assert (owed.due_on, owed.state) == (date(2030, 1, 31), DutyState.DUE)
    assert owed.obligation.resolved_as == f"Vorlage {duty.reference}, Punkt 1 (Beschluss § 8782)"
    assert obligations(date(2030, 2, 1))[0].state == DutyState.OVERDUE


def test_a_late_report_does_not_move_the_next(duty, now, coordination):
    adopt(duty, ItemOutcome.ADOPTED, now)
    obligation = ReportingObligation.objects.get()
    late = now + timedelta(days=365 * 5)
    given = {"obligation": obligation, "title": "Bericht 2027 bis 2029", "actor": coordination}
    tomorrow = {"delivered_on": late.date() + timedelta(days=1), "at": late}
    assert refused(lambda: hand_in_report(**given, **tomorrow)) == "not_delivered_yet"
    hand_in_report(delivered_on=late.date(), at=late, **given)
    [owed] = obligations(late.date())
    assert owed.due_on == date(2033, 2, 10)
    assert [report.title for report in owed.reports] == ["Bericht 2027 bis 2029"]


def test_a_resubmission_is_owed_once(duty, now, coordination):
    duty.items.update(duty=DutyKind.RESUBMISSION, duty_months=24)
    adopt(duty, ItemOutcome.ADOPTED, now)
    obligation = ReportingObligation.objects.get()
    give = {
        "obligation": obligation, "title": "Programm", "delivered_on": now.date(),
        "actor": coordination, "at": now,
    }  # fmt: skip
    hand_in_report(**give)
    [owed] = obligations(date(2040, 1, 1))
    assert (owed.due_on, owed.state) == (None, DutyState.FULFILLED)
    assert refused(lambda: hand_in_report(**give)) == "no_report_owed"


@pytest.mark.parametrize("outcome", [ItemOutcome.NOTED, ItemOutcome.REJECTED, ItemOutcome.DEFERRED])
def test_nothing_is_owed_where_nothing_was_adopted(outcome, duty, now):
    adopt(duty, outcome, now)
    assert not ReportingObligation.objects.exists()


def test_a_correction_ends_what_was_owed(duty, now, office):
    duty.items.update(effect=Effect.NONE)
    decision = adopt(duty, ItemOutcome.ADOPTED, now)
    correction = correct_decision(
        decision=decision, outcome=ItemOutcome.REJECTED, reason="Verzählt.", actor=office, at=now
    )
    assert ReportingObligation.objects.get().ended_on is None
    confirm_decision(decision=correction, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    [owed] = obligations(now.date())
    assert (owed.state, owed.obligation.end_reason) == (DutyState.ENDED, "Verzählt.")


# --- the procedure -----------------------------------------------------------------------------


@pytest.fixture
def held(paper, now, office):
    step = make_submitted(paper, at=now).route.get(authoritative=False)
    return set_step_status(step=step, status=StepStatus.HELD, actor=office, result="Beraten.")


def test_a_motion_to_pass_on_without_a_vote_is_rejected_and_corrected(held, office, now):
    given = {"moved_by": "Fraktion Mitte", "actor": office, "at": now}
    motion = record_procedural_motion(
        step=held, kind=ProceduralKind.WITHOUT_VOTE, result=ProceduralResult.REJECTED, **given
    )
    correction = correct_procedural_motion(
        motion=motion, result=ProceduralResult.WITHDRAWN, reason="Verhört.", **given
    )
    standing = ProceduralMotion.objects.filter(corrected_by_motion=None)
    assert list(standing) == [correction]
    again = {"motion": motion, "result": ProceduralResult.REJECTED, "reason": "x", **given}
    assert refused(lambda: correct_procedural_motion(**again)) == "corrected_already"


def test_an_accepted_motion_fits_how_the_meeting_ended(held, office, now):
    given = {
        "step": held, "moved_by": "Fraktion Mitte", "result": ProceduralResult.ACCEPTED,
        "actor": office, "at": now,
    }  # fmt: skip
    for kind in (ProceduralKind.WITHOUT_VOTE, ProceduralKind.REFER, ProceduralKind.ADJOURN):
        move = lambda kind=kind: record_procedural_motion(kind=kind, **given)  # noqa: E731
        assert refused(move) == "meeting_ended_otherwise"
    assert record_procedural_motion(kind=ProceduralKind.ALTERNATIVE, **given).pk


def test_who_refers_a_paper_says_where_to(paper, office, now):
    step = make_submitted(paper, at=now).route.get(authoritative=False)
    refer = {"status": StepStatus.HELD, "actor": office, "outcome": StepOutcome.REFERRED}
    assert refused(lambda: set_step_status(step=step, **refer)) == "no_target"
    held = set_step_status(step=step, referred_to="Haushaltsberatung 2028", **refer)
    assert held.referred_to == "Haushaltsberatung 2028"


def test_a_paper_with_an_item_sent_elsewhere_is_closed_by_the_office(paper, office, now):
    paper = make_submitted(paper, at=now)
    close = lambda: close_paper(paper=paper, actor=office)  # noqa: E731
    assert refused(close) == "bodies_ahead"
    make_decision(paper.route.get(authoritative=False), ItemOutcome.ADOPTED, at=now)
    decision = make_decision(paper.route.get(authoritative=True), ItemOutcome.REFERRED, at=now)
    assert refused(close) == "items_undecided"
    confirm_decision(decision=decision, actor=make_staff(Role.COUNCIL_OFFICE), at=now)
    assert Paper.objects.get().status == PaperStatus.SUBMITTED
    assert close().status == PaperStatus.DECIDED


def test_the_history_is_told_without_what_is_not_public(paper, office, now):
    make_submitted(paper, at=now - timedelta(days=1))
    paper.refresh_from_db()
    shown = add_step(
        paper=paper, body=Body.objects.create(name="Sozialausschuss"),
        role=StepRole.PRELIMINARY, actor=office, meeting_on=date(2027, 3, 1),
    )  # fmt: skip
    secret = add_step(
        paper=paper, body=Body.objects.create(name="Liegenschaftsausschuss"),
        role=StepRole.PRELIMINARY, actor=office, publicity=Publicity.NON_PUBLIC,
    )  # fmt: skip
    move_step(step=shown, to=2, actor=office)
    schedule_step(step=shown, meeting_on=date(2027, 3, 8), agenda_item="", actor=office)
    schedule_step(
        step=secret, meeting_on=date(2027, 3, 9), agenda_item="", actor=office,
        publicity=Publicity.PUBLIC,
    )  # fmt: skip
    told = [change.text for change in route_history(paper)]
    assert told == [
        "Liegenschaftsausschuss: auf der Tagesordnung am 9. März 2027.",
        "Sozialausschuss: Sitzung verlegt vom 1. März 2027 auf den 8. März 2027.",
        "Sozialausschuss rückt von Stelle 3 an Stelle 2.",
        "Sozialausschuss kommt in die Beratungsfolge, an Stelle 3.",
    ]
    schedule_step(
        step=secret, meeting_on=None, agenda_item="", actor=office,
        publicity=Publicity.NON_PUBLIC,
    )  # fmt: skip
    assert not any("Liegenschaft" in change.text for change in route_history(paper))
