"""Revision: every change has a cause, and every contribution keeps its place."""

import pytest

from consult.contributions.models import Contribution
from consult.evaluation.models import CarryOver, Change, ChangeCause, Revision
from consult.evaluation.selectors import open_revision
from consult.evaluation.services.revision import (
    RevisionNotReady,
    add_cause,
    correct_carry_over,
    prepare_revision,
    release_next_edition,
    remove_cause,
)
from consult.evaluation.states import CarryState, Cause, RevisionStatus
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.concept.models import GoalPage, SectionPage
from drafts.editions.models import Edition
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_section,
    make_staff,
)
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def edition(now) -> Edition:
    concept = make_concept(sections=2, goals=2)
    return make_edition(concept, at=now)


@pytest.fixture
def prepare(edition, actor, now):
    return lambda: prepare_revision(from_edition=edition, round_=None, actor=actor, at=now)


@pytest.fixture
def explain(actor, now):
    def explain_it(change, **changed):
        given = {"kind": Cause.EDITORIAL, "note": "Klarer."}
        return add_cause(change=change, actor=actor, at=now, **{**given, **changed})

    return explain_it


@pytest.fixture
def release(actor, now):
    return lambda revision: release_next_edition(
        revision=revision, title="Zwei", origin="Amt", actor=actor, at=now
    )


def _goal(number: str) -> GoalPage:
    return GoalPage.objects.get(number=number)


def _reword(page, **fields) -> None:
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


# --- states ------------------------------------------------------------------------------------


def test_a_revision_is_released_once_and_then_stays(prepare, explain, release, actor):
    _reword(_goal("1.1"), wording="Neu.")
    revision = prepare()
    change = revision.changes.get()
    cause = explain(change)
    release(revision)
    assert Revision.objects.get().status == RevisionStatus.RELEASED
    change.refresh_from_db()
    cause.refresh_from_db()
    change.revision.refresh_from_db()
    for deed in (
        lambda: release(revision),
        lambda: explain(change),
        lambda: remove_cause(cause=ChangeCause.objects.get(), actor=actor),
    ):
        with nothing_written(), pytest.raises(RevisionNotReady) as refused:
            deed()
        assert refused.value.code == "released_already"


def test_one_revision_is_open_from_an_edition(prepare, edition):
    assert prepare() == prepare() == open_revision(edition)


def test_only_coordination_revises(prepare, explain, edition, now):
    _reword(_goal("1.1"), wording="Neu.")
    change = prepare().changes.get()
    for by in (None, make_resident(), make_staff(*[r for r in Role if r != Role.COORDINATION])):
        for deed in (
            lambda by=by: prepare_revision(from_edition=edition, round_=None, actor=by, at=now),
            lambda by=by: add_cause(
                change=change, kind=Cause.LEGAL, note="Gesetz.", actor=by, at=now
            ),
            lambda by=by: release_next_edition(
                revision=change.revision, title="x", origin="x", actor=by, at=now
            ),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed()


# --- causes ------------------------------------------------------------------------------------


def test_preparing_again_keeps_the_causes_of_what_is_still_changed(prepare, explain):
    _reword(_goal("1.1"), wording="Neu.")
    _reword(_goal("1.2"), wording="Auch neu.")
    for change in prepare().changes.all():
        explain(change)
    _reword(_goal("1.2"), wording="Anders neu.")
    _reword(_goal("2.1"), wording="Drittens.")
    revision = prepare()
    causes = {change.place: change.causes.count() for change in revision.changes.all()}
    assert causes == {"Ziel 1.1": 1, "Ziel 1.2": 0, "Ziel 2.1": 0}


def test_a_text_put_back_is_no_change_any_more(prepare, explain):
    before = _goal("1.1").wording
    _reword(_goal("1.1"), wording="Neu.")
    explain(prepare().changes.get())
    _reword(_goal("1.1"), wording=before)
    assert not prepare().changes.exists()


def test_unreviewed_text_is_no_change(prepare):
    page = _goal("1.1")
    page.wording = "Nur ein Entwurf."
    page.save_revision()
    assert not prepare().changes.exists()


def test_a_cause_is_a_published_answer_or_words(edition, prepare, explain, actor, now):
    round_ = make_open_round(at=now, edition=edition)
    make_contribution(round_, at=now)
    make_closed(round_)
    voice = Contribution.objects.select_related("round").get()
    theme = make_theme([voice], title="Kurse", actor=actor, at=now)
    _reword(_goal("1.1"), wording="Neu.")
    change = prepare().changes.get()
    for given in (
        {"kind": Cause.RESPONSE},
        {"kind": Cause.EDITORIAL, "note": " "},
        {"kind": Cause.LEGAL, "note": ""},
    ):
        with nothing_written(), pytest.raises(RevisionNotReady):
            explain(change, **given)
    answer = make_answer(theme, outcome="adopted", actor=actor, at=now)
    answer.status = "signed"
    with pytest.raises(RevisionNotReady):
        explain(change, kind=Cause.RESPONSE, response=answer, note="")
    answer.refresh_from_db()
    explain(change, kind=Cause.RESPONSE, response=answer, note="")
    assert ChangeCause.objects.get().response == answer
    assert (
        _refused(lambda: explain(change, kind=Cause.RESPONSE, response=answer, note="")).code
        == "caused_already"
    )


# --- releasing ---------------------------------------------------------------------------------


def _refused(deed) -> RevisionNotReady:
    with nothing_written(), pytest.raises(RevisionNotReady) as refused:
        deed()
    return refused.value


def test_nothing_is_released_without_a_change(prepare, release):
    revision = prepare()
    assert _refused(lambda: release(revision)).code == "no_changes"


def test_places_without_a_cause_are_named(prepare, explain, release):
    _reword(_goal("1.1"), wording="Neu.")
    _reword(_goal("2.2"), wording="Neu.")
    revision = prepare()
    explain(revision.changes.get(place="Ziel 1.1"))
    refused = _refused(lambda: release(revision))
    assert (refused.code, refused.places) == ("no_cause", ["Ziel 2.2"])


def test_text_that_moved_on_since_is_not_released(prepare, explain, release):
    _reword(_goal("1.1"), wording="Neu.")
    revision = prepare()
    explain(revision.changes.get())
    _reword(_goal("2.1"), wording="Ohne Grund.")
    assert _refused(lambda: release(revision)).code == "text_moved_on"
    assert Edition.objects.count() == 1


# --- carrying over -----------------------------------------------------------------------------


@pytest.fixture
def carried(edition, actor, now, prepare, explain, release):
    """Write to a place of the first edition; after an edit, return its place in the second."""

    def carry(target_wid, section_wid, edit) -> CarryOver:
        round_ = make_open_round(at=now, edition=edition)
        make_contribution(round_, at=now, section_wid=section_wid, target_wid=target_wid)
        make_closed(round_)
        edit()
        revision = prepare()
        for change in revision.changes.all():
            explain(change)
        release(revision)
        return CarryOver.objects.get()

    return carry


def _blocks(number: str) -> list[dict]:
    return SectionPage.objects.get(number=number).body.get_prep_value()


def _set_blocks(number: str, blocks) -> None:
    page = SectionPage.objects.get(number=number)
    page.body = page.body.stream_block.to_python(list(blocks))
    page.save_revision().publish()


@pytest.fixture
def first_block(edition):
    return _blocks("1")[0]["id"], edition.sections.get(number="1").wid


def test_what_did_not_change_is_carried_over_exactly(carried, first_block):
    row = carried(*first_block, lambda: _reword(_goal("2.1"), wording="Neu."))
    assert (row.state, row.target_wid) == (CarryState.EXACT, first_block[0])


def test_a_reworded_place_says_so(carried, edition):
    goal = edition.goals.get(number="1.1")
    row = carried(goal.wid, goal.section.wid, lambda: _reword(_goal("1.1"), wording="Neu."))
    assert (row.state, row.target_wid) == (CarryState.TEXT_CHANGED, goal.wid)


def test_a_place_in_another_section_was_moved(carried, first_block, edition):
    def edit():
        moved, *left = _blocks("1")
        _set_blocks("1", left)
        _set_blocks("2", [*_blocks("2"), moved])

    row = carried(*first_block, edit)
    assert (row.state, row.target_wid) == (CarryState.MOVED, first_block[0])
    assert row.section_wid == edition.sections.get(number="2").wid


def test_a_new_key_is_found_by_the_quoted_words(carried, first_block):
    fresh = "7d0d2b1c-0000-4000-8000-000000000001"

    def edit():
        first, *others = _blocks("1")
        _set_blocks("1", [{**first, "id": fresh}, *others])

    row = carried(*first_block, edit)
    assert (row.state, row.target_wid) == (CarryState.MOVED, fresh)


def test_words_that_stand_in_two_places_are_nobodys_guess(carried, first_block):
    keys = [f"7d0d2b1c-0000-4000-8000-00000000000{number}" for number in (1, 2)]

    def edit():
        first, *others = _blocks("1")
        _set_blocks("1", [*({**first, "id": key} for key in keys), *others])

    assert carried(*first_block, edit).state == CarryState.GONE


def test_a_place_that_is_gone_is_said_to_be_gone_until_a_person_finds_it(
    carried, first_block, actor
):
    row = carried(*first_block, lambda: _set_blocks("1", _blocks("1")[1:]))
    assert (row.state, row.target_wid) == (CarryState.GONE, "")
    left = _blocks("1")[0]["id"]
    place = {"section_wid": first_block[1], "target_wid": left}
    with nothing_written(), pytest.raises(RevisionNotReady):
        correct_carry_over(row=row, section_wid=first_block[1], target_wid="lost", actor=actor)
    with nothing_written(), pytest.raises(NotPermitted):
        correct_carry_over(row=row, **place, actor=make_staff(Role.EDITOR))
    corrected = correct_carry_over(row=row, **place, actor=actor)
    assert (corrected.state, corrected.corrected_by) == (CarryState.MOVED, actor)


def test_every_contribution_of_every_earlier_edition_has_one_place(
    edition, prepare, explain, release, actor, now
):
    round_ = make_open_round(at=now, edition=edition)
    make_contribution(round_, at=now)
    make_closed(round_)
    latest = edition
    for number in range(2):
        _reword(_goal("1.1"), wording=f"Neu {number}.")
        revision = prepare_revision(from_edition=latest, round_=None, actor=actor, at=now)
        explain(revision.changes.get())
        latest = release(revision)
    assert [row.edition.number for row in CarryOver.objects.order_by("pk")] == [2, 3]


def test_a_new_section_and_a_deleted_one_are_changes_of_all_their_parts(prepare, edition):
    make_section(edition.concept.specific, "3", goals=1)
    SectionPage.objects.get(number="2").delete()
    found = list(prepare().changes.values_list("op", "part"))
    assert sorted(set(found)) == [
        ("delete", "block"), ("delete", "goal"), ("delete", "measure"), ("delete", "section"),
        ("insert", "block"), ("insert", "goal"), ("insert", "measure"), ("insert", "section"),
    ]  # fmt: skip
    assert Change.objects.filter(op="insert").count() == 5
