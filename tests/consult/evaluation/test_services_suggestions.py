"""Deciding on suggestions: adopt, adopt with changes, decline, take back; causes and carry-over."""

import itertools

import pytest

from consult.contributions.models import SuggestionBundle
from consult.contributions.services.suggestions import support_suggestion
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import SuggestionStatus
from consult.evaluation.models import CarryOver, ChangeCause, SuggestionDecision
from consult.evaluation.predicates import may_decide_on_suggestions
from consult.evaluation.selectors.suggestions import (
    bundles_beside,
    credits_in,
    place_now,
    standing_decisions,
)
from consult.evaluation.services.revision import (
    RevisionNotReady,
    add_cause,
    prepare_revision,
    release_next_edition,
)
from consult.evaluation.services.suggestions import (
    SuggestionNotDecided,
    adopt_amended,
    adopt_suggestion,
    decline_suggestion,
    reopen_suggestion,
)
from consult.evaluation.states import CarryState, Cause
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import plain
from drafts.editions.services import UnableToRelease
from tests.factories import make_open_round, make_resident, make_staff
from tests.factories.conversation import make_suggestion
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written

pytestmark = pytest.mark.django_db
FIRST, SECOND = "Erster Absatz von 1.", "Zweiter Absatz von 1."
NEW = "Erster Absatz, neu gefasst."


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def later(round_):
    return round_.closes_at


@pytest.fixture
def section():
    return SectionPage.objects.get()


def _bundle(round_, now, *, closed=True, **fields) -> SuggestionBundle:
    bundle = make_suggestion(round_, at=now, **fields).suggestion.bundle
    if closed:
        make_closed(round_)
    return bundle


def _draft() -> list[str]:
    draft = SectionPage.objects.get().get_latest_revision_as_object()
    return [plain(child.value.source) for child in draft.body]


def _publish() -> None:
    for page in [*SectionPage.objects.all(), *GoalPage.objects.all()]:
        if page.has_unpublished_changes:
            page.get_latest_revision().publish()


def _prepare(edition, actor, at):
    _publish()
    return prepare_revision(from_edition=edition, round_=None, actor=actor, at=at)


def _release(revision, actor, at):
    for change in revision.changes.filter(causes=None):
        add_cause(change=change, kind=Cause.EDITORIAL, note="Klarer.", actor=actor, at=at)
    return release_next_edition(revision=revision, title="Zwei", origin="Amt", actor=actor, at=at)


# --- adopting ----------------------------------------------------------------------------------


def test_one_deed_puts_the_wording_into_the_draft_and_tells_the_author(round_, actor, now, later):
    person = make_resident()
    bundle = _bundle(round_, now, new_text=NEW, participant=person)
    decision = adopt_suggestion(bundle=bundle, actor=actor, at=later)
    bundle.refresh_from_db()
    assert (decision.outcome, bundle.status) == ("adopted", SuggestionStatus.ADOPTED)
    assert _draft() == [NEW, SECOND]
    page = SectionPage.objects.get()
    assert plain(page.body[0].value.source) == FIRST
    assert page.has_unpublished_changes
    assert page.get_latest_revision().user == actor
    notice = Notice.objects.get(template="suggestion_decided")
    assert (notice.user, notice.context["outcome"]) == (person, "adopted")


def test_the_second_person_is_not_passed(round_, actor, now, later):
    adopt_suggestion(bundle=_bundle(round_, now), actor=actor, at=later)
    revision = prepare_revision(from_edition=round_.edition, round_=None, actor=actor, at=later)
    assert revision.changes.count() == 0
    other = GoalPage.objects.get()
    other.wording = "Anders."
    other.save_revision().publish()
    revision = prepare_revision(from_edition=round_.edition, round_=None, actor=actor, at=later)
    with pytest.raises(UnableToRelease) as refused:
        _release(revision, actor, later)
    assert refused.value.obstacles == [("unpublished_changes", "Abschnitt 1")]


def test_inserting_and_striking(round_, actor, now, later):
    added = _bundle(round_, now, op="insert", new_text="Dazwischen.", closed=False)
    gone = _bundle(round_, now, op="delete")
    adopt_suggestion(bundle=added, actor=actor, at=later)
    adopt_suggestion(bundle=gone, actor=actor, at=later)
    assert _draft() == ["Dazwischen.", SECOND]
    revision = _prepare(round_.edition, actor, later)
    found = {(change.op, change.causes.get().suggestion) for change in revision.changes.all()}
    assert found == {("insert", added), ("delete", gone)}


def test_a_goal_s_wording(round_, actor, now, later):
    goal = GoalPage.objects.get()
    bundle = _bundle(round_, now, target_wid=goal.wid, new_text="Ein anderes Ziel.")
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    change = _prepare(round_.edition, actor, later).changes.get()
    assert (change.part, change.causes.get().suggestion) == ("goal", bundle)


def test_where_the_text_has_moved_on_a_person_merges(round_, actor, now, later, section):
    first = _bundle(round_, now, new_text=NEW, closed=False)
    second = _bundle(round_, now, new_text="Erster Satz von 1.")
    adopt_suggestion(bundle=first, actor=actor, at=later)
    with nothing_written(), pytest.raises(SuggestionNotDecided) as refused:
        adopt_suggestion(bundle=second, actor=actor, at=later)
    assert refused.value.code == "text_moved_on"
    decision = adopt_amended(
        bundle=second, wording="Erster Satz, neu gefasst.", reason="Beides vereint.",
        actor=actor, at=later,
    )  # fmt: skip
    assert (decision.outcome, decision.wording) == ("adopted_amended", "Erster Satz, neu gefasst.")
    assert _draft()[0] == "Erster Satz, neu gefasst."
    change = _prepare(round_.edition, actor, later).changes.get()
    assert {cause.suggestion for cause in change.causes.all()} == {first, second}


def test_what_an_editor_wrote_already_is_only_noted(round_, actor, now, later, section):
    bundle = _bundle(round_, now, new_text=NEW)
    raw = section.body.get_prep_value()
    raw[0]["value"] = f"<p>{NEW}</p>"
    section.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    newest = section.save_revision()
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    assert SectionPage.objects.get().latest_revision == newest
    assert _prepare(round_.edition, actor, later).changes.get().causes.get().suggestion == bundle


@pytest.mark.parametrize("code", ["being_reviewed", "gone"])
def test_what_the_desk_cannot_write_is_refused(round_, actor, now, later, section, code):
    bundle = _bundle(round_, now)
    if code == "being_reviewed":
        section.locked = True
        section.save()
    if code == "gone":
        section.body = []
        section.save_revision().publish()
    with nothing_written(), pytest.raises(SuggestionNotDecided) as refused:
        adopt_suggestion(bundle=bundle, actor=actor, at=later)
    assert refused.value.code == code


def test_a_goal_is_dropped_because_residents_proposed_it(round_, actor, now, later):
    goal = GoalPage.objects.get()
    bundle = _bundle(round_, now, target_wid=goal.wid, op="delete")
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    goal.refresh_from_db()
    assert goal.dropped_because == ""
    goal.get_latest_revision().publish()
    change = _prepare(round_.edition, actor, later).changes.get(part="goal")
    assert (change.op, change.causes.get().suggestion) == ("delete", bundle)


def test_a_goal_that_was_deleted_by_hand_is_noted(round_, actor, now, later):
    goal = GoalPage.objects.get()
    bundle = _bundle(round_, now, target_wid=goal.wid, op="delete")
    goal.delete()
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    change = _prepare(round_.edition, actor, later).changes.get(part="goal")
    assert (change.op, change.causes.get().suggestion) == ("delete", bundle)


# --- declining, taking back ----------------------------------------------------------------------


def test_all_132_authors_of_a_bundle_are_told_why_not(round_, actor, now, later):
    people = [make_resident() for _number in range(132)]
    bundles = {
        make_suggestion(round_, at=now, new_text=NEW, participant=person).suggestion.bundle
        for person in people
    }
    withdraw(contribution=round_.contributions.first(), actor=people[0], at=now)
    make_closed(round_)
    (bundle,) = bundles
    decline_suggestion(bundle=bundle, reason="Das regelt das Land.", actor=actor, at=later)
    told = Notice.objects.filter(template="suggestion_decided")
    assert {notice.user for notice in told} == set(people[1:])
    assert {notice.context["reason"] for notice in told} == {"Das regelt das Land."}


def test_reasons_are_needed(round_, actor, now, later):
    bundle = _bundle(round_, now)
    for deed in (
        lambda: decline_suggestion(bundle=bundle, reason=" ", actor=actor, at=later),
        lambda: adopt_amended(bundle=bundle, wording="x", reason="", actor=actor, at=later),
    ):
        with nothing_written(), pytest.raises(SuggestionNotDecided) as refused:
            deed()
        assert refused.value.code == "no_reason"
    with pytest.raises(SuggestionNotDecided) as refused:
        adopt_amended(bundle=bundle, wording=" ", reason="Weil.", actor=actor, at=later)
    assert refused.value.code == "no_words"


def test_a_decision_is_taken_back_until_an_edition_rests_on_it(round_, actor, now, later):
    bundle = _bundle(round_, now, new_text=NEW)
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    with nothing_written(), pytest.raises(SuggestionNotDecided):
        adopt_suggestion(bundle=bundle, actor=actor, at=later)
    _prepare(round_.edition, actor, later)
    reopen_suggestion(bundle=bundle, reason="Zu früh.", actor=actor, at=later)
    assert not ChangeCause.objects.exists()
    assert not standing_decisions().exists()
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    _release(_prepare(round_.edition, actor, later), actor, later)
    with nothing_written(), pytest.raises(SuggestionNotDecided) as refused:
        reopen_suggestion(bundle=bundle, reason="Zu spät.", actor=actor, at=later)
    assert refused.value.code == "in_an_edition"
    assert [row.outcome for row in SuggestionDecision.objects.order_by("pk")] == [
        "adopted", "open", "adopted",
    ]  # fmt: skip


# --- who ---------------------------------------------------------------------------------------


def test_only_coordination_decides(round_, now, later):
    bundle = _bundle(round_, now)
    others = [role for role in Role if role != Role.COORDINATION]
    for by in (None, make_resident(), make_staff(Role.DEPARTMENT), make_staff(*others)):
        for deed in (
            lambda by=by: adopt_suggestion(bundle=bundle, actor=by, at=later),
            lambda by=by: adopt_amended(bundle=bundle, wording="x", reason="x", actor=by, at=later),
            lambda by=by: decline_suggestion(bundle=bundle, reason="x", actor=by, at=later),
            lambda by=by: reopen_suggestion(bundle=bundle, reason="x", actor=by, at=later),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed()


def test_nobody_decides_while_others_can_still_join(round_, actor, now):
    bundle = _bundle(round_, now, closed=False)
    assert not may_decide_on_suggestions(actor, bundle)
    with nothing_written(), pytest.raises(NotPermitted):
        adopt_suggestion(bundle=bundle, actor=actor, at=now)
    make_closed(round_)
    assert may_decide_on_suggestions(actor, bundle)


# --- causes ------------------------------------------------------------------------------------


def test_preparing_again_keeps_the_cause_once(round_, actor, now, later):
    bundle = _bundle(round_, now, new_text=NEW)
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    for _time in range(2):
        revision = _prepare(round_.edition, actor, later)
    assert revision.changes.get().causes.get().suggestion == bundle


def test_once_an_editor_rewords_it_a_person_names_the_cause(round_, actor, now, later):
    bundle = _bundle(round_, now, target_wid=GoalPage.objects.get().wid, new_text="Mehr Kurse.")
    adopt_suggestion(bundle=bundle, actor=actor, at=later)
    _publish()
    goal = GoalPage.objects.get()
    goal.wording = "Deutlich mehr Kurse."
    goal.save_revision().publish()
    change = _prepare(round_.edition, actor, later).changes.get()
    assert not change.causes.exists()
    bundle.refresh_from_db()
    cause = add_cause(
        change=change, kind=Cause.SUGGESTION, suggestion=bundle, actor=actor, at=later
    )
    assert cause.suggestion == bundle
    with nothing_written(), pytest.raises(RevisionNotReady) as refused:
        add_cause(change=change, kind=Cause.SUGGESTION, suggestion=bundle, actor=actor, at=later)
    assert refused.value.code == "caused_already"


def test_only_an_adopted_suggestion_is_a_cause(round_, actor, now, later):
    bundle = _bundle(round_, now)
    goal = GoalPage.objects.get()
    goal.wording = "Anders."
    goal.save_revision().publish()
    change = _prepare(round_.edition, actor, later).changes.get()
    for suggestion in (bundle, None):
        with nothing_written(), pytest.raises(RevisionNotReady) as refused:
            add_cause(
                change=change, kind=Cause.SUGGESTION, suggestion=suggestion, actor=actor, at=later
            )
        assert refused.value.code == "no_adopted_suggestion"


@pytest.mark.parametrize("agreed", list(itertools.product([True, False], repeat=2)))
def test_who_agrees_is_credited_beside_the_text_and_never_in_it(round_, actor, now, later, agreed):
    for name, agrees in zip(("Anna", "Mehmet"), agreed, strict=True):
        _bundle(
            round_, now, new_text=NEW, closed=False, participant=make_resident(name),
            credit_agreed=agrees,
        )  # fmt: skip
    make_closed(round_)
    adopt_suggestion(bundle=SuggestionBundle.objects.get(), actor=actor, at=later)
    edition = _release(_prepare(round_.edition, actor, later), actor, later)
    section = edition.sections.get()
    (credit,) = credits_in(edition, section.wid).values()
    assert credit.names == [n for n, yes in zip(("Anna", "Mehmet"), agreed, strict=True) if yes]
    assert credit.others == 2 - sum(agreed)
    assert "Anna" not in str(section.texts.get().content)
    assert credits_in(round_.edition, section.wid) == {}


# --- carry-over --------------------------------------------------------------------------------


def test_open_suggestions_are_taken_over_with_a_state(round_, actor, now, later, section):
    goal = GoalPage.objects.get()
    wids = [child.id for child in section.body]
    fits = _bundle(round_, now, target_wid=goal.wid, new_text="Anders.", closed=False)
    moved_on = _bundle(round_, now, new_text="Kürzer.", closed=False)
    gone = _bundle(round_, now, target_wid=wids[1], new_text="Weg damit.", closed=False)
    make_closed(round_)
    goal.reason = "Eine Begründung, die neu ist."
    goal.save_revision().publish()
    raw = section.body.get_prep_value()[:1]
    raw[0]["value"] = "<p>Inzwischen anders.</p>"
    section.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    section.save_revision().publish()
    edition = _release(_prepare(round_.edition, actor, later), actor, later)
    states = {
        row.contribution.suggestion.bundle: row.state
        for row in CarryOver.objects.filter(edition=edition)
    }
    assert states == {
        fits: CarryState.EXACT, moved_on: CarryState.TEXT_CHANGED, gone: CarryState.GONE,
    }  # fmt: skip
    beside = {bundle.row: bundle.carried for bundle in bundles_beside(edition)}
    assert beside == states
    assert place_now(gone) == (gone.section_wid, gone.target_wid)
    adopt_suggestion(bundle=fits, actor=actor, at=later)
    with pytest.raises(SuggestionNotDecided) as refused:
        adopt_suggestion(bundle=moved_on, actor=actor, at=later)
    assert refused.value.code == "text_moved_on"
    change = _prepare(edition, actor, later).changes.get()
    assert change.causes.get().suggestion == fits


def test_what_was_taken_over_is_supported_in_the_next_round(round_, actor, now, later, section):
    goal = GoalPage.objects.get()
    bundle = _bundle(round_, now, target_wid=goal.wid, new_text="Anders.")
    raw = section.body.get_prep_value()[:1]
    section.body = SectionPage._meta.get_field("body").stream_block.to_python(raw)
    section.save_revision().publish()
    edition = _release(_prepare(round_.edition, actor, later), actor, later)
    second = make_open_round(at=later, edition=edition, actor=actor)
    support_suggestion(bundle=bundle, participant=make_resident(), at=later)
    again = make_suggestion(second, at=later, target_wid=goal.wid, new_text="Anders.")
    assert again.suggestion.bundle == bundle
    assert not may_decide_on_suggestions(actor, bundle)
    (beside,) = bundles_beside(edition, section.wid)
    assert (beside.proposers, beside.people) == (2, 3)


def test_queries_do_not_grow_with_suggestions(round_, now, django_assert_max_num_queries):
    for number in range(12):
        make_suggestion(round_, at=now, new_text=f"Wortlaut {number % 4}.")
    with django_assert_max_num_queries(5):
        found = bundles_beside(round_.edition)
    assert [bundle.proposers for bundle in found] == [3, 3, 3, 3]
