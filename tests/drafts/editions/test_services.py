"""Freezing: what is released never changes, and what is not reviewed is never released."""

import itertools
import uuid
from datetime import timedelta

import pytest

from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.selectors import contents, section_data
from drafts.editions.services import (
    EditionStepRefused,
    UnableToRelease,
    open_edition,
    put_in_force,
    release_edition,
    release_section,
    seal_edition,
    set_edition_status,
)
from drafts.editions.states import TRANSITIONS, EditionStatus
from tests.factories import make_concept, make_edition, make_section, make_staff
from tests.tables import nothing_written, undone

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return make_staff()


@pytest.fixture
def concept():
    return make_concept(sections=2)


@pytest.fixture
def opened(concept, actor, now) -> Edition:
    return open_edition(concept=concept, title="Entwurf", origin="Amt", actor=actor, at=now)


def _section(number: str) -> SectionPage:
    return SectionPage.objects.get(number=number)


@pytest.mark.parametrize("before", EditionStatus)
def test_edition_takes_only_the_steps_of_the_table(before, actor, now, subtests):
    edition = open_edition(
        concept=make_concept(sections=0), title="x", origin="x", actor=actor, at=now
    )
    Edition.objects.update(content_hash="x" * 64, status=before)
    for after in EditionStatus:
        with subtests.test(after=after), undone():
            edition.refresh_from_db()
            if (before, after) in TRANSITIONS:
                set_edition_status(edition=edition, status=after, actor=actor)
                assert Edition.objects.get().status == after
            else:
                with nothing_written(), pytest.raises(EditionStepRefused):
                    set_edition_status(edition=edition, status=after, actor=actor)


def test_the_gate_asks_the_database_not_an_old_copy(opened, actor, now):
    old_copy = Edition.objects.get()
    Edition.objects.update(status=EditionStatus.SUBMITTED, content_hash="x" * 64)
    with nothing_written(), pytest.raises(EditionStepRefused):
        set_edition_status(edition=old_copy, status=EditionStatus.WITHDRAWN, actor=actor)


# --- opening and sealing -----------------------------------------------------------------------


def test_one_edition_of_a_concept_is_open(opened, concept, actor, now):
    with nothing_written(), pytest.raises(EditionStepRefused):
        open_edition(concept=concept, title="Noch eine", origin="Amt", actor=actor, at=now)


def test_sections_are_released_one_by_one(opened, actor, now):
    release_section(section=_section("2"), edition=opened, actor=actor, at=now)
    assert [found["number"] for found in contents(opened)] == ["2"]
    release_section(section=_section("1"), edition=opened, actor=actor, at=now + timedelta(days=1))
    assert [(found["number"], found["released_at"]) for found in contents(opened)] == [
        ("1", now + timedelta(days=1)),
        ("2", now),
    ]


def test_a_section_is_released_once(opened, actor, now):
    release_section(section=_section("1"), edition=opened, actor=actor, at=now)
    with nothing_written(), pytest.raises(UnableToRelease) as refused:
        release_section(section=_section("1"), edition=opened, actor=actor, at=now)
    assert "key_taken" in dict(refused.value.obstacles)


def test_releasing_the_rest_seals(opened, actor, now):
    release_section(section=_section("1"), edition=opened, actor=actor, at=now)
    edition = release_edition(edition=opened, actor=actor, at=now)
    assert (edition.status, edition.sealed_at) == (EditionStatus.SEALED, now)
    assert edition.content_hash == content_hash(section_data(edition))


@pytest.mark.parametrize("status", [s for s in EditionStatus if s != EditionStatus.OPEN])
def test_nothing_is_released_into_an_edition_that_is_not_open(status, opened, actor, now):
    Edition.objects.update(status=status, content_hash="x" * 64)
    for deed in (
        lambda: release_section(section=_section("1"), edition=opened, actor=actor, at=now),
        lambda: release_edition(edition=opened, actor=actor, at=now),
    ):
        with nothing_written(), pytest.raises(EditionStepRefused):
            deed()
    with nothing_written():
        seal_edition(edition=opened, actor=actor, at=now)


def test_nothing_is_sealed_without_a_section(opened, actor, now):
    with nothing_written(), pytest.raises(UnableToRelease) as refused:
        seal_edition(edition=opened, actor=actor, at=now)
    assert refused.value.obstacles == [("nothing_released", "Entwurf")]


# --- what keeps a section back -----------------------------------------------------------------


def _unpublished(_page):
    goal = GoalPage.objects.get(number="1.1")
    goal.wording = "Noch nicht geprüft."
    goal.save_revision()


def _never_published(page):
    page.get_children().update(live=False)


def _two_paragraphs(page):
    _write(page, [{"id": str(uuid.uuid4()), "type": "paragraph", "value": "<p>a</p><p>b</p>"}])


def _same_key_twice(page):
    block = {"type": "paragraph", "value": "<p>Doppelt.</p>", "id": str(uuid.uuid4())}
    _write(page, [block, block])


def _same_number_twice(page):
    make_section(page.get_parent().specific, "9", goals=0)
    goal = GoalPage.objects.get(number="1.1")
    other = goal.copy(update_attrs={"slug": "noch-eins"}, keep_live=True)
    GoalPage.objects.filter(pk=other.pk).update(live=True, has_unpublished_changes=False)


def _write(page, blocks) -> None:
    page.body = page.body.stream_block.to_python(blocks)
    page.save_revision().publish()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_unpublished, "unpublished_changes"),
        (_never_published, "not_reviewed"),
        (_same_key_twice, "key_twice"),
        (_same_number_twice, "number_twice"),
        (_two_paragraphs, "more_than_one_paragraph"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_obstacles_are_named_and_nothing_is_frozen(spoil, code, opened, actor, now):
    spoil(_section("1"))
    for deed in (
        lambda: release_section(section=_section("1"), edition=opened, actor=actor, at=now),
        lambda: release_edition(edition=opened, actor=actor, at=now),
    ):
        with nothing_written(), pytest.raises(UnableToRelease) as refused:
            deed()
        assert code in [found for found, _title in refused.value.obstacles]


# --- coming into force -------------------------------------------------------------------------


def test_the_edition_in_force_gives_way_to_the_next(concept, actor, now):
    first, second = (make_edition(concept, at=now + timedelta(days=n)) for n in range(2))
    put_in_force(edition=first, actor=actor, on=now.date())
    put_in_force(edition=second, actor=actor, on=now.date())
    assert list(Edition.objects.order_by("number").values_list("status", flat=True)) == [
        EditionStatus.SUPERSEDED,
        EditionStatus.IN_FORCE,
    ]


def test_editions_of_two_concepts_are_in_force_side_by_side(concept, actor, now):
    for found in (concept, make_concept()):
        put_in_force(edition=make_edition(found, at=now), actor=actor, on=now.date())
    assert Edition.objects.filter(status=EditionStatus.IN_FORCE).count() == 2


def test_what_was_turned_down_or_superseded_never_comes_into_force(concept, actor, now):
    edition = make_edition(concept, at=now)
    for status in (EditionStatus.NOT_ADOPTED, EditionStatus.SUPERSEDED, EditionStatus.WITHDRAWN):
        Edition.objects.update(status=status)
        with nothing_written(), pytest.raises(EditionStepRefused):
            put_in_force(edition=edition, actor=actor, on=now.date())


def test_numbers_of_editions_run_on(concept, now):
    editions = [make_edition(concept, at=now + timedelta(days=n)) for n in range(3)]
    assert [found.number for found in editions] == [1, 2, 3]
    assert all(new.based_on == old for old, new in itertools.pairwise(editions))
