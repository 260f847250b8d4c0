"""Measures after adoption: carried on by their key, moved on by reported steps."""

import pytest

from drafts.actionplan.models import Measure, MeasureStep
from drafts.actionplan.services import MeasureStepRefused, create_measures, report_progress
from drafts.actionplan.states import TRANSITIONS, MeasureStatus
from drafts.editions.models import EditionMeasure
from tests.factories import make_concept, make_edition, make_staff
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff()


@pytest.fixture
def edition(now):
    return make_edition(make_concept(goals=2), at=now)


@pytest.mark.parametrize("before", MeasureStatus)
def test_measure_takes_only_the_steps_of_the_table(before, edition, actor, now, subtests):
    measure = create_measures(edition=edition, actor=actor)[0]
    Measure.objects.filter(pk=measure.pk).update(status=before)

    def go(after):
        return report_progress(measure=measure, status=after, note="Getan.", actor=actor, at=now)

    for after in MeasureStatus:
        with subtests.test(after=after), undone():
            # A report without a change of state is a step too.
            if (before, after) in TRANSITIONS or before == after:
                step = go(after)
                assert (step.status, step.note, step.by) == (after, "Getan.", actor)
                assert Measure.objects.get(pk=measure.pk).status == after
            else:
                with nothing_written(), pytest.raises(MeasureStepRefused):
                    go(after)


def test_what_exists_runs_and_what_is_new_is_approved(edition, actor):
    first, second = EditionMeasure.objects.order_by("goal__position")
    EditionMeasure.objects.filter(pk=first.pk).update(kind="existing")
    EditionMeasure.objects.filter(pk=second.pk).update(kind="missing")
    measures = create_measures(edition=edition, actor=actor)
    assert [found.status for found in measures] == [MeasureStatus.RUNNING, MeasureStatus.APPROVED]


def test_the_next_edition_carries_measures_on_with_their_steps(edition, actor, now):
    measure = create_measures(edition=edition, actor=actor)[0]
    report_progress(
        measure=measure, status=MeasureStatus.RUNNING, note="Begonnen.", actor=actor, at=now
    )
    following = make_edition(edition.concept.specific, at=now)
    carried = create_measures(edition=following, actor=actor)[0]
    assert carried.pk == measure.pk
    assert (carried.status, carried.adopted_as.edition) == (MeasureStatus.RUNNING, following)
    assert Measure.objects.count() == 2
    assert MeasureStep.objects.get().measure == measure


def test_creating_twice_changes_nothing(edition, actor):
    first = create_measures(edition=edition, actor=actor)
    assert create_measures(edition=edition, actor=actor) == first
    assert Measure.objects.count() == 2
