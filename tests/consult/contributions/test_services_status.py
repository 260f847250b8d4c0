"""The one gate of a contribution's visibility: all pairs of states."""

import pytest
from wagtail.models import ModelLogEntry

from consult.contributions.models import Comment, Contribution
from consult.contributions.services.status import StatusStepRefused, set_status
from consult.contributions.states import TRANSITIONS, Visibility
from tests.factories import make_contribution, make_open_round, make_staff
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def contribution(now) -> Contribution:
    return make_contribution(make_open_round(at=now), at=now)


@pytest.mark.parametrize("before", Visibility)
def test_visibility_takes_only_the_steps_of_the_table(before, contribution, subtests, now):
    Contribution.objects.update(status=before)
    actor = make_staff()
    for after in Visibility:
        with subtests.test(after=after), undone():
            if (before, after) in TRANSITIONS:
                set_status(contribution=contribution, status=after, actor=actor, at=now)
                assert Contribution.objects.get().status == after
                [entry] = ModelLogEntry.objects.filter(action="contribution.status")
                assert (entry.data, entry.user) == ({"from": before, "to": after}, actor)
            else:
                with nothing_written(), pytest.raises(StatusStepRefused):
                    set_status(contribution=contribution, status=after, actor=actor, at=now)


@pytest.mark.parametrize(
    "after", sorted(after for before, after in TRANSITIONS if before == "published")
)
def test_the_library_row_mirrors_the_status(after, contribution, now):
    set_status(contribution=contribution, status=after, actor=None, at=now)
    row = Comment.objects.get()
    assert row.is_public is False
    assert row.is_removed is (after in {Visibility.HIDDEN, Visibility.ERASED})


def test_an_erased_text_stays_erased():
    assert not [after for before, after in TRANSITIONS if before == Visibility.ERASED]
