"""What a council member should know before reading the figures of a round."""

import pytest

from consult.council.participation import Bundles, hearings, silent_sections
from consult.evaluation.models import AnalysisRun, ProposalMember, ThemeProposal
from consult.evaluation.selectors import ledger_sums, participation
from consult.evaluation.states import RunStatus, ThemeKind
from consult.intake.selectors import figures_of
from consult.participants.states import Role
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_staff,
)
from tests.factories.evaluation import make_closed

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
    assert hearings([round_])[0].bundles == Bundles(number=2, largest=3)


def test_without_a_run_there_are_no_bundles(round_):
    assert hearings([round_])[0].bundles == Bundles()


def test_sections_without_a_word_are_named_in_their_order(round_, now):
    first, second = round_.edition.sections.order_by("position")
    assert silent_sections(round_) == [first.wid, second.wid]
    make_contribution(round_, at=now, section_wid=first.wid)
    assert silent_sections(round_) == [second.wid]
    titles = [row.texts.get(language="de").content["title"] for row in (first, second)]
    [hearing] = hearings([round_])
    assert hearing.silent == [f"{second.number} {titles[1]}".strip()]


def test_all_rounds_are_read_at_once_and_as_one_by_one(round_, now, django_assert_num_queries):
    for text in ("Eins.", "Zwei."):
        make_contribution(round_, at=now, text=text)
    bundled(round_, ["A", "A"], now)
    make_closed(round_)
    other = make_open_round(at=now, edition=round_.edition, actor=make_staff(Role.COORDINATION))
    make_contribution(other, at=now)
    with django_assert_num_queries(10):
        hearings([round_])
    with django_assert_num_queries(10):
        both = hearings([round_, other])
    for hearing in both:
        assert hearing.sums == ledger_sums(hearing.round)
        assert hearing.people == participation(hearing.round)
        assert hearing.away == figures_of(hearing.round)
    assert [hearing.sums["received"] for hearing in both] == [4, 1]
    assert both[1].bundles == Bundles()
