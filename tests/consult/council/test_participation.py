"""What a council member should know before reading the figures of a round."""

import pytest

from consult.council.participation import Bundles, bundles, silent_sections
from consult.evaluation.models import AnalysisRun, ProposalMember, ThemeProposal
from consult.evaluation.states import RunStatus, ThemeKind
from consult.participants.states import Role
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(now):
    edition = make_edition(make_concept(sections=2), at=now)
    return make_open_round(at=now, edition=edition, actor=make_staff(Role.COORDINATION))


def bundled(round_, names, now):
    """One contribution for each name, in a finished run; "" stands alone."""
    run = AnalysisRun.objects.create(round=round_, status=RunStatus.DONE, queued_at=now)
    proposal = ThemeProposal.objects.create(
        run=run, position=1, kind=ThemeKind.THEME, label="Kurse", keywords=[]
    )
    for name in names:
        found = make_contribution(round_, at=now)
        ProposalMember.objects.create(run=run, proposal=proposal, contribution=found, bundle=name)


def test_bundles_are_counted_with_the_largest(round_, now):
    bundled(round_, ["A", "A", "A", "B", "B", "C", ""], now)
    assert bundles(round_) == Bundles(number=2, largest=3)


def test_without_a_run_there_are_no_bundles(round_):
    assert bundles(round_) == Bundles()


def test_sections_without_a_word_are_named_in_their_order(round_, now):
    first, second = round_.edition.sections.order_by("position")
    assert silent_sections(round_) == [first.wid, second.wid]
    make_contribution(round_, at=now, section_wid=first.wid)
    assert silent_sections(round_) == [second.wid]
