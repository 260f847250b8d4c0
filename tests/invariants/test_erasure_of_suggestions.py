"""Invariant 35 for suggestions: words, name, support and mails go; adopted text stays as the city's."""

import pytest

from consult.contributions.models import SuggestionBundle, SuggestionSupport
from consult.contributions.services.suggestions import support_suggestion
from consult.contributions.states import Visibility
from consult.evaluation.services.suggestions import adopt_suggestion, decline_suggestion
from consult.participants.states import ErasureScope, Role
from consult.records.services.erasing import erase_contribution, erase_person
from tests.factories import make_resident, make_staff
from tests.factories.conversation import make_suggestion
from tests.factories.evaluation import make_closed
from tests.invariants.test_erasure import MARKER, found_in_tables

pytestmark = pytest.mark.django_db
NEW = f"Der {MARKER} bekommt in jedem Stadtteil einen eigenen Platz zum Brüten."


@pytest.fixture
def person():
    return make_resident(MARKER)


@pytest.fixture
def written(round_, person, now):
    return make_suggestion(
        round_, at=now, new_text=NEW, reason=f"Ich mag den {MARKER}.", participant=person,
        credit_agreed=True,
    )  # fmt: skip


def _decline(bundle, at):
    decline_suggestion(
        bundle=bundle, reason=f"Sie schreiben: {NEW} Das geht leider nicht.",
        actor=make_staff(Role.COORDINATION), at=at,
    )  # fmt: skip


@pytest.mark.parametrize("declined", [False, True])
def test_invariant_35_a_wording_is_gone_with_its_author(round_, written, person, now, declined):
    make_closed(round_)
    if declined:
        _decline(written.suggestion.bundle, round_.closes_at)
    assert found_in_tables() >= {
        "contributions_suggestion", "contributions_suggestionbundle", "django_comments",
    }  # fmt: skip
    erase_person(user=person, scope=ErasureScope.WORDS, at=round_.closes_at)
    assert found_in_tables() == set()
    bundle = SuggestionBundle.objects.get()
    assert (bundle.new_text, bundle.effect) == ("", "")
    written.refresh_from_db()
    assert written.status == Visibility.ERASED


def test_invariant_35_with_the_name_alone_the_wording_stays(round_, written, person, now):
    erase_person(user=person, scope=ErasureScope.NAMES, at=now)
    written.refresh_from_db()
    assert (written.display_name, written.suggestion.credit_agreed) == ("", False)
    assert written.suggestion.new_text == NEW


def test_invariant_35_what_others_propose_too_stays_theirs(round_, written, now):
    other = make_suggestion(round_, at=now, new_text=NEW)
    erase_contribution(contribution=written, actor=None, at=now)
    bundle = SuggestionBundle.objects.get()
    assert (bundle.new_text, other.suggestion.new_text) == (NEW, NEW)
    written.refresh_from_db()
    assert written.suggestion.new_text == ""


def test_invariant_35_adopted_words_are_the_concept_s(round_, written, person, now):
    make_closed(round_)
    bundle = written.suggestion.bundle
    adopt_suggestion(bundle=bundle, actor=make_staff(Role.COORDINATION), at=round_.closes_at)
    erase_person(user=person, scope=ErasureScope.WORDS, at=round_.closes_at)
    left = found_in_tables()
    assert left == {"contributions_suggestionbundle", "wagtailcore_revision"}
    bundle.refresh_from_db()
    assert bundle.new_text == NEW


def test_invariant_35_a_support_goes_with_the_account(round_, written, now):
    supporter = make_resident()
    support_suggestion(bundle=written.suggestion.bundle, participant=supporter, at=now)
    erase_person(user=supporter, scope=ErasureScope.NAMES, at=now)
    assert not SuggestionSupport.objects.exists()
