"""Authors who miss their point: who may say so, when, how it is settled, whom it holds up."""

from datetime import timedelta

import pytest

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import (
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
)
from consult.contributions.services.moderation import decide
from consult.contributions.states import Measure, Rule
from consult.evaluation.models import Assignment, ThemeObjection
from consult.evaluation.predicates import may_explain
from consult.evaluation.selectors import objection_sums
from consult.evaluation.services import objections as deeds
from consult.evaluation.services.closing import RoundNotAnswered, answer_round
from consult.evaluation.services.objections import (
    LONGEST_OBJECTION,
    ObjectionRefused,
    file_objection,
    withdraw_objection,
)
from consult.evaluation.services.themes import ThemeStepRefused, move_contributions
from consult.evaluation.services.understood import (
    QUIET,
    contribution_behind,
    tell_authors,
    tell_authors_now,
    token_of,
)
from consult.evaluation.states import (
    OBJECTION_TRANSITIONS,
    ObjectionOutcome,
    ObjectionStatus,
    ThemeKind,
)
from consult.participants.models import Notice
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db
MISSING = "Es geht mir um den Samstag, nicht um den Ort."


@pytest.fixture
def sorter():
    """The person who puts contributions into themes."""
    return make_staff(Role.COORDINATION)


@pytest.fixture
def other():
    """Another person of the coordination office."""
    return make_staff(Role.COORDINATION)


@pytest.fixture
def theme(sorter, now):
    round_ = make_open_round(at=now)
    for _number in range(3):
        make_contribution(round_, at=now)
    make_closed(round_)
    voices = list(Contribution.objects.order_by("pk"))
    return make_theme(voices, title="Kurse", actor=sorter, at=now)


@pytest.fixture
def contribution(theme):
    return Contribution.objects.select_related("round").order_by("pk").first()


@pytest.fixture
def objection(contribution, now):
    return file_objection(contribution=contribution, text=f"  {MISSING} ", at=now)


def test_an_author_says_what_is_missing_once_for_each_assignment(objection, contribution, now):
    assert (objection.text, objection.status) == (MISSING, ObjectionStatus.OPEN)
    with nothing_written(), pytest.raises(ObjectionRefused):
        file_objection(contribution=contribution, text="Noch einmal.", at=now)


def test_what_was_taken_back_can_be_written_anew_but_not_what_is_settled(
    objection, contribution, other, now
):
    withdraw_objection(objection=objection)
    again = file_objection(contribution=contribution, text="Anders gesagt.", at=now)
    deeds.settle_by_explaining(objection=again, reason="Darum.", actor=other, at=now)
    for refused in (
        lambda: withdraw_objection(objection=again),
        lambda: file_objection(contribution=contribution, text="Doch.", at=now),
        lambda: deeds.settle_by_explaining(objection=again, reason="Nein.", actor=other, at=now),
    ):
        with nothing_written(), pytest.raises(ObjectionRefused):
            refused()


@pytest.mark.parametrize("text", ["", "  \n ", "Nul \x00 Zeichen", "x" * (LONGEST_OBJECTION + 1)])
def test_words_that_cannot_be_kept_are_refused(text, contribution, now):
    with nothing_written(), pytest.raises(ObjectionRefused):
        file_objection(contribution=contribution, text=text, at=now)


@pytest.mark.parametrize("status", [s for s in RoundStatus if s != RoundStatus.CLOSED])
def test_only_while_the_round_is_evaluated(status, contribution, now):
    ConsultationRound.objects.update(status=status)
    with nothing_written(), pytest.raises(ObjectionRefused):
        file_objection(contribution=contribution, text=MISSING, at=now)


def test_not_before_there_is_a_theme_and_not_for_a_hidden_text(contribution, now):
    moderator = make_staff(Role.MODERATION)
    with undone():
        decide(
            contribution=contribution, measure=Measure.HIDE, rule=Rule.HATE, reason="Hetze.",
            actor=moderator, at=now,
        )  # fmt: skip
        with pytest.raises(ObjectionRefused):
            file_objection(contribution=contribution, text=MISSING, at=now)
    Assignment.objects.update(is_current=False)
    with pytest.raises(ObjectionRefused):
        file_objection(contribution=contribution, text=MISSING, at=now)


@pytest.mark.parametrize("before", ObjectionStatus)
def test_an_objection_takes_only_the_steps_of_the_table(before, objection, other, now, subtests):
    ThemeObjection.objects.update(status=before, outcome="moved", settled_by=other, settled_at=now)
    for after in ObjectionStatus:
        with subtests.test(after=after), undone():
            found = ThemeObjection.objects.get()
            if (before, after) in OBJECTION_TRANSITIONS:
                deeds._set_status(found, after, other)
                assert ThemeObjection.objects.get().status == after
            else:
                with nothing_written(), pytest.raises(ObjectionRefused):
                    deeds._set_status(found, after, other)


def test_it_is_settled_by_moving_and_the_author_learns_the_new_theme(
    objection, contribution, theme, sorter, now
):
    rest = list(Contribution.objects.order_by("pk")[1:2])
    into = make_theme(rest, title="Samstag", actor=sorter, at=now)
    deeds.settle_by_moving(objection=objection, into=into, reason="", actor=sorter, at=now)
    assert contribution.assignments.get(is_current=True).theme == into
    found = ThemeObjection.objects.get()
    assert (found.outcome, found.settled_by) == (ObjectionOutcome.MOVED, sorter)
    mail = Notice.objects.get(template="objection_settled")
    assert (mail.user, mail.context["theme"]) == (contribution.participant, "Samstag")
    # In the new theme the author may object again.
    assert file_objection(contribution=contribution, text=MISSING, at=now)


def test_moving_into_the_same_theme_settles_nothing(objection, theme, sorter, now):
    with nothing_written(), pytest.raises(ObjectionRefused):
        deeds.settle_by_moving(objection=objection, into=theme, reason="", actor=sorter, at=now)


def test_it_is_settled_as_a_single_voice_or_by_another_name(
    objection, contribution, theme, sorter, now
):
    with undone():
        deeds.settle_as_own_voice(
            objection=objection, title="Samstag", reason="", actor=sorter, at=now
        )
        own = contribution.assignments.get(is_current=True).theme
        assert (own.kind, own.title) == (ThemeKind.SINGLE_VOICE, "Samstag")
    with nothing_written(), pytest.raises(ObjectionRefused):
        deeds.settle_by_rewording(
            objection=objection, title="Kurse", concern="", reason="", actor=sorter, at=now
        )
    deeds.settle_by_rewording(
        objection=objection, title="Kurse am Samstag", concern="Ja.", reason="", actor=sorter,
        at=now,
    )  # fmt: skip
    theme.refresh_from_db()
    assert theme.title == "Kurse am Samstag"


def test_a_deed_without_a_name_settles_nothing(objection, sorter, now):
    with nothing_written(), pytest.raises(ThemeStepRefused):
        deeds.settle_as_own_voice(objection=objection, title=" ", reason="", actor=sorter, at=now)


def test_that_it_stays_is_explained_by_another_person(objection, sorter, other, now):
    assert not may_explain(sorter, objection)
    with nothing_written(), pytest.raises(NotPermitted):
        deeds.settle_by_explaining(objection=objection, reason="Darum.", actor=sorter, at=now)
    with nothing_written(), pytest.raises(ObjectionRefused):
        deeds.settle_by_explaining(objection=objection, reason=" ", actor=other, at=now)
    deeds.settle_by_explaining(objection=objection, reason="Darum.", actor=other, at=now)
    assert Notice.objects.get(template="objection_settled").context["reason"] == "Darum."


def test_nobody_without_the_role_settles(objection, theme, now):
    for actor in (make_resident(), make_staff(Role.MODERATION), make_staff(Role.DEPARTMENT)):
        for deed in (
            lambda actor=actor: deeds.settle_as_own_voice(
                objection=objection, title="X", reason="", actor=actor, at=now
            ),
            lambda actor=actor: deeds.settle_by_explaining(
                objection=objection, reason="X", actor=actor, at=now
            ),
        ):
            with nothing_written(), pytest.raises(NotPermitted):
                deed()


def test_the_round_is_not_answered_while_an_objection_is_open(
    objection, contribution, theme, sorter, other, now
):
    make_answer(theme, outcome="adopted", actor=sorter, at=now)
    round_ = ConsultationRound.objects.get()
    at = round_.closes_at + timedelta(days=3)
    with nothing_written(), pytest.raises(RoundNotAnswered) as refused:
        answer_round(round_=round_, actor=sorter, at=at)
    assert refused.value.obstacles == [("objections", 1)]
    deeds.settle_by_explaining(objection=objection, reason="Darum.", actor=other, at=now)
    assert answer_round(round_=round_, actor=sorter, at=at).status == RoundStatus.ANSWERED


def test_sums_count_what_became_of_them(objection, contribution, theme, other, now):
    second, third = Contribution.objects.order_by("pk")[1:]
    file_objection(contribution=second, text=MISSING, at=now)
    withdraw_objection(objection=file_objection(contribution=third, text=MISSING, at=now))
    deeds.settle_by_explaining(objection=objection, reason="Darum.", actor=other, at=now)
    assert objection_sums(theme.round) == {
        "filed": 2, "open": 1, "moved": 0, "own_voice": 0, "reworded": 0, "explained": 1,
    }  # fmt: skip


def test_authors_are_told_once_when_sorting_has_rested(theme, sorter, now):
    ready = now + timedelta(days=20)
    assert tell_authors(at=now + QUIET / 2) == 0
    assert tell_authors(at=ready) == 3
    assert tell_authors(at=ready) == 0
    mails = Notice.objects.filter(template="understood")
    assert {mail.user for mail in mails} == {c.participant for c in Contribution.objects.all()}
    assert mails.first().context["theme"] == "Kurse"
    # Moving somebody later does not send it again.
    moved = list(Contribution.objects.order_by("pk")[:1])
    make_theme(moved, title="Neu", actor=sorter, at=ready)
    assert tell_authors(at=ready + timedelta(days=1)) == 0


def test_nobody_is_told_while_something_has_no_theme(theme, now):
    Assignment.objects.filter(contribution=Contribution.objects.last()).update(is_current=False)
    assert tell_authors(at=now + timedelta(days=20)) == 0


def test_coordination_tells_at_once_and_nobody_else_does(theme, sorter, now):
    with nothing_written(), pytest.raises(NotPermitted):
        tell_authors_now(round_=theme.round, actor=make_resident(), at=now)
    assert tell_authors_now(round_=theme.round, actor=sorter, at=now) == 3


def test_a_guest_is_told_with_a_link_to_object(sorter, now):
    round_ = make_open_round(at=now)
    place = find_place(round_.edition, round_.edition.sections.first().wid)
    token = submit_as_guest(
        place=place, words=Words(text="Als Gast.", stance="idea"), email="gast@example.org",
        language="de", at=now,
    )  # fmt: skip
    contribution = confirm_submission(token=token, at=now).contribution
    make_closed(round_)
    make_theme([contribution], title="Gast", actor=sorter, at=now)
    assert tell_authors(at=now + timedelta(days=20)) == 1
    mail = Notice.objects.get(template="understood")
    assert mail.email == "gast@example.org"
    assert contribution_behind(mail.context["token"]) == contribution
    assert contribution_behind(token_of(contribution) + "x") is None


def test_telling_does_not_ask_more_for_more_themes(theme, sorter, now, django_assert_num_queries):
    tell_authors_now(round_=theme.round, actor=sorter, at=now)
    with django_assert_num_queries(8):
        tell_authors(at=now + timedelta(days=20))


def test_an_objection_stays_open_when_the_contribution_is_moved_meanwhile(
    objection, contribution, sorter, other, now
):
    last = list(Contribution.objects.order_by("-pk")[:1])
    into = make_theme(last, title="Woanders", actor=sorter, at=now)
    move_contributions(contributions=[contribution], theme=into, actor=sorter, at=now)
    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.OPEN
    deeds.settle_by_explaining(objection=objection, reason="Verschoben.", actor=other, at=now)
    assert Notice.objects.get(template="objection_settled").context["theme"] == "Woanders"
