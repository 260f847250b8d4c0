"""Suggestions: what is taken, what is refused, bundling, support, and the gate of their status."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from consult.contributions.models import (
    PendingSubmission,
    Suggestion,
    SuggestionBundle,
    SuggestionSupport,
)
from consult.contributions.predicates import may_support
from consult.contributions.services.commenting import (
    UnableToComment,
    Words,
    confirm_submission,
    find_place,
    submit_as_guest,
    submit_comment,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.proof import content_hmac
from consult.contributions.services.suggestions import (
    LONGEST_WORDING,
    Proposal,
    UnableToSupport,
    WordingRefused,
    effect_of,
    set_bundle_status,
    set_credit,
    support_suggestion,
    tidy,
    withdraw_support,
)
from consult.contributions.services.withdrawing import withdraw
from consult.contributions.states import (
    SUGGESTION_TRANSITIONS,
    Kind,
    Measure,
    Operation,
    Rule,
    SuggestionStatus,
    Visibility,
)
from consult.participants.states import Role
from drafts.concept.models import GoalPage, SectionPage
from drafts.concept.snapshots import content_hash
from drafts.concept.states import Openness
from drafts.editions.selectors import section_data
from tests.factories import (
    make_concept,
    make_contribution,
    make_edition,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.conversation import make_suggestion
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written

NEW = "Erster Absatz, der jetzt mehr sagt."


@pytest.fixture
def block(round_):
    (section,) = section_data(round_.edition)
    return section["text"]["blocks"][0]


def _proposal(old: str, **changed) -> Proposal:
    given = {"op": Operation.REPLACE, "new_text": NEW, "base_hash": content_hash(old)}
    return Proposal(**{**given, **changed})


def _place(round_, wid):
    return find_place(round_.edition, round_.edition.sections.get().wid, wid)


def _submit(round_, wid, proposal, at, participant=None):
    return submit_comment(
        place=_place(round_, wid),
        words=Words(text="Damit man es versteht.", stance="idea", proposal=proposal),
        participant=participant or make_resident(),
        at=at,
    ).contribution


# --- receiving ---------------------------------------------------------------------------------


def test_a_suggestion_is_a_contribution_with_another_wording(round_, block, now):
    found = _submit(round_, block["wid"], _proposal("Erster Absatz von 1."), now)
    detail = found.suggestion
    assert (found.kind, found.status) == (Kind.SUGGESTION, Visibility.PUBLISHED)
    assert found.comment_row.comment == "Damit man es versteht."
    assert (detail.new_text, detail.bundle.old_text) == (NEW, "Erster Absatz von 1.")
    assert (detail.bundle.op, detail.bundle.status) == ("replace", SuggestionStatus.OPEN)
    assert not detail.credit_agreed


def test_the_check_sum_covers_the_proposed_wording(round_, block, now):
    proposal = _proposal("Erster Absatz von 1.")
    found = _submit(round_, block["wid"], proposal, now)
    place = _place(round_, block["wid"])
    given = (found.salt, "Damit man es versteht.", place, found.ref)
    assert found.content_hmac == content_hmac(*given, proposal)
    assert found.content_hmac != content_hmac(*given, replace(proposal, new_text="Anders."))
    assert found.content_hmac != content_hmac(*given)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"new_text": "Erster  Absatz von 1.\n"}, "nothing_new"),
        ({"new_text": " \n "}, "no_new_text"),
        ({"op": Operation.INSERT, "new_text": ""}, "no_new_text"),
        ({"new_text": "a" * (LONGEST_WORDING + 1)}, "wording_too_long"),
        ({"new_text": "mit\x00Zeichen"}, "unreadable"),
        ({"base_hash": content_hash("Der Text von früher.")}, "text_moved_on"),
        ({"base_hash": ""}, "text_moved_on"),
        ({"op": "move"}, "no_operation"),
    ],
)
def test_what_cannot_be_taken_is_refused(round_, block, now, changed, code):
    proposal, person = _proposal("Erster Absatz von 1.", **changed), make_resident()
    with nothing_written(), pytest.raises(UnableToComment) as refused:
        _submit(round_, block["wid"], proposal, now, person)
    assert refused.value.code == code


def test_the_longest_wording_is_taken(round_, block, now):
    proposal = _proposal("Erster Absatz von 1.", new_text="a" * LONGEST_WORDING)
    assert _submit(round_, block["wid"], proposal, now).suggestion.new_text == proposal.new_text


def test_a_whole_section_has_no_wording(round_, now):
    with pytest.raises(UnableToComment) as refused:
        _submit(round_, "", _proposal(""), now)
    assert refused.value.code == "no_wording_here"


@pytest.mark.django_db
def test_fixed_text_takes_comments_and_no_suggestion(now):
    concept = make_concept()
    SectionPage.objects.update(openness=Openness.FIXED, openness_reason="Landesrecht.")
    GoalPage.objects.update(openness=Openness.FIXED, openness_reason="Landesrecht.")
    round_ = make_open_round(at=now, edition=make_edition(concept, at=now - timedelta(days=1)))
    (section,) = section_data(round_.edition)
    for wid, old in (
        (section["text"]["blocks"][0]["wid"], "Erster Absatz von 1."),
        (section["goals"][0]["wid"], "Wortlaut von Ziel 1.1."),
    ):
        with pytest.raises(UnableToComment) as refused:
            _submit(round_, wid, _proposal(old), now)
        assert refused.value.code == "fixed"
        assert make_contribution(round_, at=now, target_wid=wid).kind == Kind.COMMENT


def test_a_goal_and_each_operation_are_taken(round_, block, now):
    (section,) = section_data(round_.edition)
    goal = section["goals"][0]["wid"]
    old = "Wortlaut von Ziel 1.1."
    for op in Operation:
        detail = _submit(round_, goal, _proposal(old, op=op), now).suggestion
        assert detail.bundle.op == op
        assert detail.new_text == ("" if op == Operation.DELETE else NEW)


def test_outside_the_window_nothing_is_taken(round_, block, now):
    proposal, person = _proposal("Erster Absatz von 1."), make_resident()
    with nothing_written(), pytest.raises(UnableToComment) as refused:
        _submit(round_, block["wid"], proposal, round_.closes_at, person)
    assert refused.value.code == "closed"


def test_the_same_from_the_same_person_is_refused_until_it_is_withdrawn(round_, block, now):
    person = make_resident()
    proposal = _proposal("Erster Absatz von 1.")
    first = _submit(round_, block["wid"], proposal, now, person)
    with nothing_written(), pytest.raises(UnableToComment) as refused:
        _submit(round_, block["wid"], replace(proposal, new_text=f" {NEW}"), now, person)
    assert refused.value.code == "suggested_already"
    withdraw(contribution=first, actor=person, at=now)
    assert _submit(round_, block["wid"], proposal, now, person).suggestion.bundle.pk


# --- guests ------------------------------------------------------------------------------------


def test_a_guest_s_suggestion_counts_once_it_is_confirmed(round_, block, now):
    words = Words(
        text="Damit man es versteht.", stance="idea",
        proposal=_proposal("Erster Absatz von 1.", credit_agreed=True),
    )  # fmt: skip
    token = submit_as_guest(
        place=_place(round_, block["wid"]), words=words, email="gast@example.org",
        language="de", at=now,
    )  # fmt: skip
    assert not SuggestionBundle.objects.exists()
    found = confirm_submission(token=token, at=now).contribution
    assert (found.kind, found.suggestion.new_text) == (Kind.SUGGESTION, NEW)
    assert found.suggestion.credit_agreed
    assert not PendingSubmission.objects.exists()


def test_a_guest_s_unfit_wording_is_refused_before_any_mail(round_, block, now):
    words = Words(text="Weil.", stance="idea", proposal=_proposal("Etwas anderes."))
    place = _place(round_, block["wid"])
    with nothing_written(), pytest.raises(UnableToComment):
        submit_as_guest(place=place, words=words, email="g@example.org", language="de", at=now)


# --- bundling ----------------------------------------------------------------------------------


def test_132_equal_suggestions_are_one_bundle(round_, block, now):
    old = "Erster Absatz von 1."
    people = [make_resident() for _number in range(131)]
    for number, person in enumerate(people):
        written = NEW if number % 2 else f"  {NEW}\n"
        _submit(round_, block["wid"], _proposal(old, new_text=written), now, person)
    words = Words(text="Ich auch.", stance="idea", proposal=_proposal(old))
    token = submit_as_guest(
        place=_place(round_, block["wid"]), words=words, email="g@example.org",
        language="de", at=now,
    )  # fmt: skip
    confirm_submission(token=token, at=now)
    bundle = SuggestionBundle.objects.get()
    assert bundle.suggestions.count() == 132
    assert round_.contributions.count() == 132


def test_other_place_operation_or_words_are_another_bundle(round_, block, now):
    (section,) = section_data(round_.edition)
    other = section["text"]["blocks"][1]["wid"]
    _submit(round_, block["wid"], _proposal("Erster Absatz von 1."), now)
    _submit(round_, block["wid"], _proposal("Erster Absatz von 1.", new_text="Kurz."), now)
    _submit(round_, block["wid"], _proposal("Erster Absatz von 1.", op="insert"), now)
    _submit(round_, other, _proposal("Zweiter Absatz von 1."), now)
    assert SuggestionBundle.objects.count() == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ein „neues“ Wort", 'Ein "neues" Wort', True),
        ("Kurse – auch abends", "Kurse - auch abends", True),
        ("Deutsch\u00adkurse", "Deutschkurse", True),
        ("Ein\xa0Wort", "Ein Wort", True),
        ("für u\u0308ber", "für über", True),
        ("Kurse abends", "Kurse Abends", False),
        ("Kurse abends.", "Kurse abends", False),
        ("3 Monate", "4 Monate", False),
    ],
)
def test_the_effect_overlooks_spelling_of_keyboards_alone(one, other, same):
    effects = {effect_of("w", "replace", "h", text) for text in (one, other)}
    assert len(effects) == (1 if same else 2)


@given(st.text(), st.sampled_from(["paragraph", "list", "goal"]))
def test_tidying_twice_is_tidying_once(text, kind):
    once = tidy(text, kind)
    assert tidy(once, kind) == once
    assert kind == "list" or "\n" not in once


def test_whoever_comes_after_the_decision_opens_a_new_bundle(round_, block, now):
    proposal = _proposal("Erster Absatz von 1.")
    first = _submit(round_, block["wid"], proposal, now).suggestion.bundle
    set_bundle_status(bundle=first, status=SuggestionStatus.DECLINED, actor=None)
    second = _submit(round_, block["wid"], proposal, now).suggestion.bundle
    assert second != first
    assert second.status == SuggestionStatus.OPEN


# --- support -----------------------------------------------------------------------------------


def test_a_person_supports_a_bundle_once_and_can_take_it_back(round_, now):
    bundle = make_suggestion(round_, at=now).suggestion.bundle
    person = make_resident()
    for _click in range(2):
        support_suggestion(bundle=bundle, participant=person, at=now)
    assert SuggestionSupport.objects.get().verification_class == person.verification_class
    withdraw_support(bundle=bundle, participant=person, at=now)
    assert not SuggestionSupport.objects.exists()


def test_authors_count_already(round_, now):
    person = make_resident()
    bundle = make_suggestion(round_, at=now, participant=person).suggestion.bundle
    with nothing_written(), pytest.raises(UnableToSupport) as refused:
        support_suggestion(bundle=bundle, participant=person, at=now)
    assert refused.value.code == "own"


def test_nobody_supports_outside_the_round_or_what_is_decided_or_hidden(round_, now):
    person = make_resident()
    found = make_suggestion(round_, at=now)
    bundle = found.suggestion.bundle
    hidden = make_suggestion(round_, at=now, new_text="Etwas Böses.")
    decide(
        contribution=hidden, measure=Measure.HIDE, rule=Rule.INSULT, reason="Beleidigt.",
        actor=make_staff(Role.MODERATION), at=now,
    )  # fmt: skip
    with pytest.raises(UnableToSupport) as refused:
        support_suggestion(bundle=hidden.suggestion.bundle, participant=person, at=now)
    assert refused.value.code == "gone"
    support_suggestion(bundle=bundle, participant=person, at=now)
    closed = make_closed(round_)
    for deed in (support_suggestion, withdraw_support):
        with nothing_written(), pytest.raises(UnableToSupport) as refused:
            deed(bundle=bundle, participant=person, at=closed.closes_at)
        assert refused.value.code == "closed"
    assert not may_support(None, bundle, now)


# --- status and credit ---------------------------------------------------------------------------


@pytest.mark.parametrize("step", list(itertools.product(SuggestionStatus, SuggestionStatus)))
def test_the_table_of_states(round_, now, step):
    former, status = step
    bundle = make_suggestion(round_, at=now).suggestion.bundle
    bundle.status = former
    bundle.save()
    if step in SUGGESTION_TRANSITIONS:
        set_bundle_status(bundle=bundle, status=status, actor=None)
        assert SuggestionBundle.objects.get().status == status
        assert ModelLogEntry.objects.filter(action="suggestion.status").count() == 1
    else:
        with nothing_written(), pytest.raises(WordingRefused):
            set_bundle_status(bundle=bundle, status=status, actor=None)


def test_the_consent_to_be_named_can_be_given_and_taken_back(round_, now):
    detail = make_suggestion(round_, at=now).suggestion
    for agreed in (True, False):
        set_credit(suggestion=detail, agreed=agreed)
        assert Suggestion.objects.get().credit_agreed is agreed
