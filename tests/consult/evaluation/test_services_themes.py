"""The theme workshop: nothing is lost, nothing is in two places, nothing ends in a dead theme."""

import itertools

import pytest
from wagtail.log_actions import registry

from consult.contributions.models import Contribution
from consult.evaluation.models import AnalysisRun, Assignment, ProposalMember, Theme, ThemeProposal
from consult.evaluation.selectors import members_of, open_proposals, unassigned
from consult.evaluation.services.themes import (
    ThemeStepRefused,
    confirm_proposal,
    confirm_single_voices,
    dismiss_proposal,
    make_single_voice,
    merge_themes,
    move_contributions,
    open_theme,
    rename_theme,
    set_theme_status,
    split_theme,
)
from consult.evaluation.states import THEME_TRANSITIONS, RunStatus, ThemeKind, ThemeStatus
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import RoundStatus
from tests.factories import make_contribution, make_open_round, make_resident, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def voices(now) -> list[Contribution]:
    """Four published contributions of a closed round."""
    round_ = make_open_round(at=now)
    for number in range(4):
        make_contribution(round_, at=now, text=f"Beitrag {number}.")
    make_closed(round_)
    return list(Contribution.objects.select_related("round").order_by("pk"))


@pytest.fixture
def themes(voices, actor, now) -> list[Theme]:
    """Two themes of two contributions each."""
    return [
        make_theme(voices[:2], title="Kurse", actor=actor, at=now),
        make_theme(voices[2:], title="Busse", actor=actor, at=now),
    ]


@pytest.fixture
def proposal(voices, now) -> ThemeProposal:
    run = AnalysisRun.objects.get()
    AnalysisRun.objects.update(status=RunStatus.DONE)
    found = ThemeProposal.objects.create(
        run=run, key="t1", kind=ThemeKind.THEME, label="Kurse", position=0,
        sections=[voices[0].section_wid],
    )  # fmt: skip
    ProposalMember.objects.bulk_create(
        ProposalMember(run=run, proposal=found, contribution=voice) for voice in voices[:3]
    )
    return found


def _refs(theme) -> list[str]:
    return [found.ref for found in members_of(theme)]


@pytest.mark.parametrize(("before", "after"), itertools.product(ThemeStatus, ThemeStatus))
def test_theme_takes_only_the_steps_of_the_table(before, after, themes, actor):
    theme, other = themes
    target = other if before == ThemeStatus.MERGED else None
    Theme.objects.filter(pk=theme.pk).update(status=before, merged_into=target)
    into = other if after == ThemeStatus.MERGED else None
    if (before, after) in THEME_TRANSITIONS:
        set_theme_status(theme=theme, status=after, actor=actor, merged_into=into)
        assert Theme.objects.get(pk=theme.pk).status == after
    else:
        with nothing_written(), pytest.raises(ThemeStepRefused):
            set_theme_status(theme=theme, status=after, actor=actor, merged_into=into)


def test_a_proposal_is_copied_and_stays_as_it_was(proposal, voices, actor, now):
    theme = confirm_proposal(
        proposal=proposal, title=" Abendkurse ", concern="", actor=actor, at=now
    )
    proposal.refresh_from_db()
    assert (theme.title, proposal.label) == ("Abendkurse", "Kurse")
    assert _refs(theme) == [voice.ref for voice in voices[:3]]
    assert proposal.members.count() == 3
    assert (theme.confirmed_by, theme.from_proposal) == (actor, proposal)


def test_confirming_leaves_what_people_assigned(proposal, voices, actor, now):
    mine = make_theme(voices[:1], title="Eigenes", actor=actor, at=now)
    theme = confirm_proposal(proposal=proposal, title="Kurse", concern="", actor=actor, at=now)
    assert _refs(mine) == [voices[0].ref]
    assert _refs(theme) == [voice.ref for voice in voices[1:3]]


def test_a_proposal_of_which_one_is_left_is_a_theme_of_its_kind(proposal, voices, actor, now):
    make_theme(voices[:2], title="Eigenes", actor=actor, at=now)
    theme = confirm_proposal(proposal=proposal, title="Rest", concern="", actor=actor, at=now)
    assert _refs(theme) == [voices[2].ref]


def test_a_proposal_is_settled_once(proposal, voices, actor, now):
    confirm_proposal(proposal=proposal, title="Kurse", concern="", actor=actor, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
        confirm_proposal(proposal=proposal, title="Noch einmal", concern="", actor=actor, at=now)
    assert refused.value.code == "proposal_settled"


def test_a_dismissed_proposal_leaves_its_contributions_unassigned(proposal, voices, actor, now):
    dismiss_proposal(proposal=proposal, actor=actor, at=now)
    assert list(open_proposals(voices[0].round)) == []
    assert unassigned(voices[0].round).count() == 4
    with pytest.raises(ThemeStepRefused):
        confirm_proposal(proposal=proposal, title="Kurse", concern="", actor=actor, at=now)


def test_a_proposal_whose_members_are_all_placed_has_nothing_left(proposal, voices, actor, now):
    make_theme(voices[:3], title="Eigenes", actor=actor, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
        confirm_proposal(proposal=proposal, title="Kurse", concern="", actor=actor, at=now)
    assert refused.value.code == "nothing_left"


def test_merging_moves_all_and_leaves_a_pointer(themes, voices, actor, now):
    kept, gone = themes
    merge_themes(themes=[kept, gone], into=kept, actor=actor, at=now)
    gone.refresh_from_db()
    assert _refs(kept) == [voice.ref for voice in voices]
    assert (gone.status, gone.merged_into) == (ThemeStatus.MERGED, kept)
    assert Assignment.objects.filter(theme=gone, is_current=False).count() == 2


@pytest.mark.parametrize("status", [ThemeStatus.MERGED, ThemeStatus.DISSOLVED])
def test_nothing_is_put_into_a_theme_that_is_gone(status, themes, voices, actor, now):
    kept, gone = themes
    Theme.objects.filter(pk=gone.pk).update(status=status, merged_into=kept)
    gone.refresh_from_db()
    for deed in (
        lambda: merge_themes(themes=[kept], into=gone, actor=actor, at=now),
        lambda: move_contributions(contributions=voices[:1], theme=gone, actor=actor, at=now),
    ):
        with nothing_written(), pytest.raises(ThemeStepRefused):
            deed()


def test_themes_of_two_rounds_are_not_merged(themes, actor, now):
    other = make_open_round(at=now)
    stranger = make_contribution(other, at=now)
    make_closed(other)
    stranger.refresh_from_db()
    theirs = make_theme([stranger], title="Andere Runde", actor=actor, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused):
        merge_themes(themes=[theirs], into=themes[0], actor=actor, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused):
        move_contributions(contributions=[stranger], theme=themes[0], actor=actor, at=now)


def test_splitting_takes_some_and_never_all(themes, voices, actor, now):
    theme, _other = themes
    for chosen, code in [
        ([], "not_members"),
        (voices[2:3], "not_members"),
        (voices[:2], "nothing_would_remain"),
    ]:
        with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
            split_theme(theme=theme, contributions=chosen, title="Neu", actor=actor, at=now)
        assert refused.value.code == code
    new = split_theme(theme=theme, contributions=voices[:1], title="Neu", actor=actor, at=now)
    assert (new.kind, _refs(new), _refs(theme)) == (
        ThemeKind.SINGLE_VOICE, [voices[0].ref], [voices[1].ref],
    )  # fmt: skip


def test_a_theme_left_empty_is_dissolved(themes, voices, actor, now):
    theme, other = themes
    assert move_contributions(contributions=voices[:2], theme=other, actor=actor, at=now) == 2
    theme.refresh_from_db()
    assert theme.status == ThemeStatus.DISSOLVED
    make_single_voice(contribution=voices[0], title="Allein", actor=actor, at=now)
    assert _refs(other) == [voice.ref for voice in voices[1:]]


def test_a_single_voice_that_gets_company_is_a_theme(voices, actor, now):
    theme = make_theme(voices[:1], title="Allein", actor=actor, at=now)
    assert theme.kind == ThemeKind.SINGLE_VOICE
    move_contributions(contributions=voices[1:2], theme=theme, actor=actor, at=now)
    theme.refresh_from_db()
    assert theme.kind == ThemeKind.THEME


def test_each_theme_has_a_title_and_a_number_of_its_own(themes, voices, actor, now):
    with nothing_written(), pytest.raises(ThemeStepRefused):
        make_single_voice(contribution=voices[0], title="  ", actor=actor, at=now)
    with nothing_written(), pytest.raises(ThemeStepRefused):
        rename_theme(theme=themes[0], title=" ", concern="", actor=actor, at=now)
    assert [theme.number for theme in themes] == [1, 2]


def test_only_coordination_works_on_themes_and_only_after_closing(
    themes, proposal, voices, actor, now, subtests
):
    theme, other = themes

    def deeds(by):
        return {
            "confirm": lambda: confirm_proposal(
                proposal=proposal, title="x", concern="", actor=by, at=now
            ),
            "dismiss": lambda: dismiss_proposal(proposal=proposal, actor=by, at=now),
            "rename": lambda: rename_theme(theme=theme, title="x", concern="", actor=by, at=now),
            "merge": lambda: merge_themes(themes=[theme], into=other, actor=by, at=now),
            "split": lambda: split_theme(
                theme=theme, contributions=voices[:1], title="x", actor=by, at=now
            ),
            "move": lambda: move_contributions(
                contributions=voices[:1], theme=other, actor=by, at=now
            ),
            "stand alone": lambda: make_single_voice(
                contribution=voices[0], title="x", actor=by, at=now
            ),
        }

    others = make_staff(*[role for role in Role if role != Role.COORDINATION])
    for by in (None, make_resident(), others):
        for name, deed in deeds(by).items():
            with subtests.test(name, by=str(by)), nothing_written(), pytest.raises(NotPermitted):
                deed()
    for status in set(RoundStatus) - {RoundStatus.CLOSED}:
        with undone():
            ConsultationRound.objects.update(status=status)
            theme, other = Theme.objects.order_by("number")
            proposal = ThemeProposal.objects.get()
            voices = list(Contribution.objects.select_related("round").order_by("pk"))
            for name, deed in deeds(actor).items():
                with (
                    subtests.test(name, status=status),
                    nothing_written(),
                    pytest.raises(NotPermitted),
                ):
                    deed()


# --- single voices at once, themes by hand -------------------------------------------------------


def _single(voice, position) -> ThemeProposal:
    run = AnalysisRun.objects.get()
    found = ThemeProposal.objects.create(
        run=run, key=f"s{position}", kind=ThemeKind.SINGLE_VOICE, label=f"Stimme {position}",
        position=position, sections=[voice.section_wid],
    )  # fmt: skip
    ProposalMember.objects.create(run=run, proposal=found, contribution=voice)
    return found


def test_single_voices_are_confirmed_together_but_for_what_is_settled(voices, actor, now):
    round_ = voices[0].round
    singles = [_single(voice, number) for number, voice in enumerate(voices)]
    dismiss_proposal(proposal=singles[0], actor=actor, at=now)
    make_single_voice(contribution=voices[1], title="Von Hand", actor=actor, at=now)
    made = confirm_single_voices(proposals=singles, round_=round_, actor=actor, at=now)
    assert [(theme.number, theme.title, theme.kind) for theme in made] == [
        (2, "Stimme 2", ThemeKind.SINGLE_VOICE),
        (3, "Stimme 3", ThemeKind.SINGLE_VOICE),
    ]
    assert [_refs(theme) for theme in made] == [[voices[2].ref], [voices[3].ref]]
    for theme in made:
        [line] = registry.get_logs_for_instance(theme)
        assert (line.action, line.user, line.label) == ("theme.confirm", actor, theme.title)
    with nothing_written():
        assert confirm_single_voices(proposals=singles, round_=round_, actor=actor, at=now) == []


def test_only_coordination_confirms_single_voices_and_opens_themes(voices, now):
    single, round_ = _single(voices[0], 0), voices[0].round
    for actor in (make_resident(), make_staff(Role.MODERATION)):
        with nothing_written(), pytest.raises(NotPermitted):
            confirm_single_voices(proposals=[single], round_=round_, actor=actor, at=now)
        with nothing_written(), pytest.raises(NotPermitted):
            open_theme(contributions=voices[:2], title="Kurse", actor=actor, at=now)


def test_a_theme_by_hand_takes_contributions_from_wherever_they_are(voices, themes, actor, now):
    courses, buses = themes
    theme = open_theme(contributions=voices[1:], title="Neu", actor=actor, at=now)
    assert (theme.kind, theme.from_proposal) == (ThemeKind.THEME, None)
    assert _refs(theme) == [voice.ref for voice in voices[1:]]
    assert _refs(courses) == [voices[0].ref]
    buses.refresh_from_db()
    assert buses.status == ThemeStatus.DISSOLVED


def test_a_theme_by_hand_needs_contributions_of_one_round(voices, actor, now):
    other = make_contribution(make_open_round(at=now), at=now)
    for chosen, code in (([], "nothing_left"), ([voices[0], other], "other_round")):
        with nothing_written(), pytest.raises(ThemeStepRefused) as refused:
            open_theme(contributions=chosen, title="Neu", actor=actor, at=now)
        assert refused.value.code == code
