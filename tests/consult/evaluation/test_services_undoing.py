"""Taking back what was decided about themes: everything returns, and no row is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.contributions.models import Contribution
from consult.evaluation.models import (
    AnalysisRun,
    Assignment,
    ProposalMember,
    SecondReading,
    Theme,
    ThemeDeed,
    ThemeProposal,
)
from consult.evaluation.selectors import (
    confirmed_themes,
    handwork,
    members_of,
    open_proposals,
    undo_plan,
)
from consult.evaluation.services.assignments import ThemeStepRefused
from consult.evaluation.services.responses import request_response
from consult.evaluation.services.themes import (
    confirm_proposal,
    confirm_single_voices,
    dismiss_proposal,
    make_single_voices,
    merge_themes,
    move_contributions,
    open_theme,
    read_second,
    rename_theme,
    split_theme,
)
from consult.evaluation.services.undoing import undo_deed
from consult.evaluation.states import RunStatus, ThemeKind, ThemeStatus, ThemeStep
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.document import make_department
from tests.factories.evaluation import make_answer, make_closed, make_theme
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def voices(now) -> list[Contribution]:
    """Six published contributions of a closed round."""
    round_ = make_open_round(at=now)
    for number in range(6):
        make_contribution(round_, at=now, text=f"Beitrag {number}.")
    make_closed(round_)
    return list(Contribution.objects.select_related("round").order_by("pk"))


@pytest.fixture
def themes(voices, actor, now) -> list[Theme]:
    """A theme of two contributions, one of one; three contributions are loose."""
    return [
        make_theme(voices[:2], title="Kurse", actor=actor, at=now),
        make_theme(voices[2:3], title="Busse", actor=actor, at=now),
    ]


@pytest.fixture
def proposal(voices, themes) -> ThemeProposal:
    run = AnalysisRun.objects.get()
    AnalysisRun.objects.update(status=RunStatus.DONE)
    found = ThemeProposal.objects.create(
        run=run, key="t1", kind=ThemeKind.THEME, label="Bäume", position=0,
        sections=[voices[0].section_wid],
    )  # fmt: skip
    ProposalMember.objects.bulk_create(
        ProposalMember(run=run, proposal=found, contribution=voice) for voice in voices[3:5]
    )
    return found


def standing(round_):
    """What an undone step must leave as it was: themes with their members, open proposals."""
    return (
        {
            (t.number, t.kind, t.title, t.concern): {c.ref for c in members_of(t)}
            for t in confirmed_themes(round_)
        },
        {p.label for p in open_proposals(round_)},
    )


def deeds(themes, proposal, voices, by, at):
    first, second = Theme.objects.filter(pk__in=[t.pk for t in themes]).order_by("number")
    who = {"actor": by, "at": at}
    return {
        ThemeStep.CONFIRM: lambda: confirm_proposal(
            proposal=proposal, title="x", concern="", **who
        ),
        ThemeStep.DISMISS: lambda: dismiss_proposal(proposal=proposal, **who),
        ThemeStep.RENAME: lambda: rename_theme(theme=first, title="x", concern="y", **who),
        ThemeStep.MERGE: lambda: merge_themes(themes=[first, second], into=second, **who),
        ThemeStep.SPLIT: lambda: split_theme(
            theme=first, contributions=voices[:1], title="x", **who
        ),
        # From both themes and from nowhere; the first is left empty.
        ThemeStep.MOVE: lambda: move_contributions(
            contributions=[*voices[:2], voices[4]], theme=second, **who
        ),
        ThemeStep.OPEN: lambda: open_theme(contributions=voices[1:5], title="x", **who),
    }


def test_every_step_that_can_be_taken_can_be_undone():
    assert set(deeds_names()) == set(ThemeStep) - {ThemeStep.UNDO}


def deeds_names():
    return [
        ThemeStep.CONFIRM, ThemeStep.DISMISS, ThemeStep.RENAME, ThemeStep.MERGE, ThemeStep.SPLIT,
        ThemeStep.MOVE, ThemeStep.OPEN,
    ]  # fmt: skip


@pytest.mark.parametrize("step", deeds_names())
def test_undoing_brings_back_what_was_and_adds_rows(step, themes, proposal, voices, actor, now):
    round_ = voices[0].round
    before = standing(round_)
    deeds(themes, proposal, voices, actor, now)[step]()
    assert standing(round_) != before
    deed = ThemeDeed.objects.get(step=step, round=round_, at=now, undone_by=None, pk=newest())
    rows, done = set(Assignment.objects.values_list("pk", flat=True)), ThemeDeed.objects.count()
    undoing = undo_deed(deed=deed, actor=actor, at=now + timedelta(minutes=1))
    assert standing(round_) == before
    assert rows <= set(Assignment.objects.values_list("pk", flat=True))
    assert ThemeDeed.objects.count() == done + 1
    assert (undoing.undoes, undoing.by, undoing.step) == (deed, actor, ThemeStep.UNDO)
    with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
        undo_deed(deed=deed, actor=actor, at=now)
    assert refused.value.code == "undone_already"
    with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
        undo_deed(deed=undoing, actor=actor, at=now)
    assert refused.value.code == "is_undoing"


def newest() -> int:
    return ThemeDeed.objects.latest("pk").pk


def latest() -> ThemeDeed:
    return ThemeDeed.objects.latest("pk")


def test_what_was_undone_can_be_done_again(themes, proposal, voices, actor, now):
    def confirm():
        return confirm_proposal(proposal=proposal, title="x", concern="", actor=actor, at=now)

    confirm()
    undo_deed(deed=latest(), actor=actor, at=now)
    again = confirm()
    assert {found.ref for found in members_of(again)} == {voices[3].ref, voices[4].ref}


def _move_again(themes, proposal, voices, actor, now):
    move_contributions(contributions=voices[3:4], theme=themes[0], actor=actor, at=now)
    deed = latest()
    move_contributions(contributions=voices[3:4], theme=themes[1], actor=actor, at=now)
    return deed


def _join_the_new(themes, proposal, voices, actor, now):
    made = open_theme(contributions=voices[3:5], title="x", actor=actor, at=now)
    deed = latest()
    move_contributions(contributions=voices[5:], theme=made, actor=actor, at=now)
    return deed


def _rename_twice(themes, proposal, voices, actor, now):
    rename_theme(theme=themes[0], title="x", concern="", actor=actor, at=now)
    deed = latest()
    rename_theme(theme=themes[0], title="y", concern="", actor=actor, at=now)
    return deed


def _merge_the_former(themes, proposal, voices, actor, now):
    other = make_theme(voices[5:], title="Wege", actor=actor, at=now)
    move_contributions(contributions=voices[:1], theme=other, actor=actor, at=now)
    deed = latest()
    merge_themes(themes=[themes[0]], into=themes[1], actor=actor, at=now)
    return deed


def _ask_for_an_answer(themes, proposal, voices, actor, now):
    made = open_theme(contributions=voices[3:5], title="x", actor=actor, at=now)
    request_response(theme=made, lead_department=make_department(), due_on=now.date(), actor=actor)
    return latest()


def _answer(themes, proposal, voices, actor, now):
    move_contributions(contributions=voices[3:4], theme=themes[0], actor=actor, at=now)
    deed = latest()
    make_answer(themes[0], outcome="adopted", actor=actor, at=now + timedelta(hours=1))
    return deed


def _run_again(themes, proposal, voices, actor, now):
    dismiss_proposal(proposal=proposal, actor=actor, at=now)
    AnalysisRun.objects.create(
        round=voices[0].round, input_hash="x", queued_at=now + timedelta(days=300),
        status=RunStatus.DONE,
    )  # fmt: skip
    return latest()


@pytest.mark.parametrize(
    ("later", "code"),
    [
        (_move_again, "moved_since"),
        (_join_the_new, "others_joined"),
        (_rename_twice, "renamed_since"),
        (_merge_the_former, "former_theme_merged"),
        (_ask_for_an_answer, "answer_requested"),
        (_answer, "answered_since"),
        (_run_again, "newer_proposals"),
    ],
)
def test_what_later_decisions_rest_on_stays(later, code, themes, proposal, voices, actor, now):
    deed = later(themes, proposal, voices, actor, now)
    with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
        undo_deed(deed=ThemeDeed.objects.get(pk=deed.pk), actor=actor, at=now)
    assert refused.value.code == code


def test_steps_are_undone_from_the_last_to_the_first(themes, proposal, voices, actor, now):
    round_ = voices[0].round
    before = standing(round_)
    first = ThemeDeed.objects.count()
    _merge_the_former(themes, proposal, voices, actor, now)
    done = ThemeDeed.objects.order_by("-pk")
    for deed in list(done[: ThemeDeed.objects.count() - first]):
        undo_deed(deed=deed, actor=actor, at=now)
    assert standing(round_) == before


def test_the_plan_says_what_will_happen(themes, proposal, voices, actor, now):
    deeds(themes, proposal, voices, actor, now)[ThemeStep.MOVE]()
    plan = undo_plan(latest())
    assert [(theme.title, number) for theme, number in plan.back] == [("Kurse", 2)]
    assert ([theme.title for theme in plan.restored], plan.loose, plan.dissolved) == (
        ["Kurse"], 1, None,
    )  # fmt: skip


def test_only_coordination_undoes_and_only_after_closing(
    themes, proposal, voices, actor, now, subtests
):
    deed = latest()
    others = make_staff(*[role for role in Role if role != Role.COORDINATION])
    for by in (None, make_resident(), others):
        with subtests.test(by=str(by)), nothing_written(), pytest.raises(NotPermitted):
            undo_deed(deed=deed, actor=by, at=now)
    for status in set(RoundStatus) - {RoundStatus.CLOSED}:
        with undone():
            ConsultationRound.objects.update(status=status)
            with subtests.test(status=status), nothing_written(), pytest.raises(NotPermitted):
                undo_deed(deed=deed, actor=actor, at=now)


def test_single_voices_are_made_at_once_and_undone_one_by_one(themes, voices, actor, now):
    before = standing(voices[0].round)
    made = make_single_voices(
        titles={voices[0]: "A", voices[1]: "B", voices[3]: "C"}, actor=actor, at=now
    )
    assert [(t.title, t.kind, [c.ref for c in members_of(t)]) for t in made] == [
        (title, ThemeKind.SINGLE_VOICE, [voices[place].ref])
        for title, place in (("A", 0), ("B", 1), ("C", 3))
    ]
    assert Theme.objects.get(title="Kurse").status == ThemeStatus.DISSOLVED
    for theme in reversed(made):
        undo_deed(deed=theme.deeds.get(), actor=actor, at=now)
    assert standing(voices[0].round) == before


def test_confirmed_single_voices_are_undone_one_by_one(themes, proposal, voices, actor, now):
    single = ThemeProposal.objects.create(
        run=proposal.run, key="s", kind=ThemeKind.SINGLE_VOICE, label="Stimme", position=1,
        sections=[voices[5].section_wid],
    )  # fmt: skip
    ProposalMember.objects.create(run=single.run, proposal=single, contribution=voices[5])
    before = standing(voices[0].round)
    [made] = confirm_single_voices(proposals=[single], round_=voices[0].round, actor=actor, at=now)
    undo_deed(deed=made.deeds.get(), actor=actor, at=now)
    assert standing(voices[0].round) == before


@pytest.mark.parametrize("chosen", [{}, {0: " "}])
def test_single_voices_need_contributions_and_titles(chosen, voices, actor, now):
    with nothing_written(), pytest.raises(ThemeStepRefused):
        make_single_voices(
            titles={voices[place]: title for place, title in chosen.items()}, actor=actor, at=now
        )


def test_moving_and_undoing_many_needs_no_more_queries(themes, voices, actor, now):
    numbers = []
    # The first time Django remembers the types of content.
    for chosen in (voices[5:], voices[3:4], voices[4:]):
        with CaptureQueriesContext(connection) as queries:
            move_contributions(contributions=chosen, theme=themes[0], actor=actor, at=now)
            undo_deed(deed=latest(), actor=actor, at=now)
        numbers.append(len(queries))
    assert numbers[1] == numbers[2]


def test_what_is_in_the_theme_already_is_not_moved(themes, voices, actor, now):
    rows = Assignment.objects.count()
    assert move_contributions(contributions=voices[:4], theme=themes[0], actor=actor, at=now) == 2
    assert Assignment.objects.count() == rows + 2


# --- second reading ------------------------------------------------------------------------------


def test_a_second_person_reads_a_theme_until_it_changes(themes, voices, actor, now):
    other = make_staff(Role.COORDINATION)
    for deed in (
        lambda: rename_theme(theme=themes[0], title="Neu", concern="", actor=actor, at=now),
        lambda: move_contributions(contributions=voices[3:4], theme=themes[0], actor=actor, at=now),
        lambda: split_theme(
            theme=themes[0], contributions=voices[:1], title="x", actor=actor, at=now
        ),
    ):
        read_second(theme=themes[0], actor=other, at=now)
        assert handwork(voices[0].round)["read"] == 1
        deed()
        assert handwork(voices[0].round)["read"] == 0
    assert SecondReading.objects.count() == 3


def test_nobody_reads_an_own_theme_and_nobody_reads_twice(themes, actor, now):
    with nothing_written(), pytest.raises(NotPermitted):
        read_second(theme=themes[0], actor=actor, at=now)
    with nothing_written(), pytest.raises(NotPermitted):
        read_second(theme=themes[0], actor=make_staff(Role.MODERATION), at=now)
    other = make_staff(Role.COORDINATION)
    read_second(theme=themes[0], actor=other, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused):
        read_second(theme=themes[0], actor=other, at=now)
