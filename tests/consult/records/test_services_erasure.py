"""Requests to erase: who may ask, what a worker does, what a restore brings back."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.management import call_command
from wagtail.models import ModelLogEntry

from consult.contributions.models import (
    Ballot,
    Comment,
    Contribution,
    ContributionTranslation,
)
from consult.contributions.services.moderation import decide
from consult.contributions.services.voting import cast_vote
from consult.contributions.states import Choice, Measure, Visibility
from consult.evaluation.models import LedgerEntry, Response, ResponseText
from consult.evaluation.selectors import answer_hash
from consult.evaluation.services.answer_texts import write_answer_text
from consult.participants.models import ErasureRequest, User
from consult.participants.states import ErasureScope, ErasureStatus, Role
from consult.records.services import erasing, erasure
from consult.records.services.erasing import StaffAccount, erase_person
from consult.records.services.erasure import (
    NotErasable,
    replay_erasures,
    request_contribution_erasure,
    request_erasure,
    request_erasure_for_author,
    run_next_erasure,
)
from consult.records.services.erasure_list import ERASURES
from consult.records.services.witness import path_of
from tests.consult.records.chain import Chain
from tests.factories import make_contribution, make_resident, make_staff
from tests.factories.evaluation import make_closed

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_resident("Ada")


def text_of(contribution) -> str:
    return Comment.objects.get(contribution=contribution).comment


# --- a person ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "status", "text"),
    [
        (ErasureScope.NAMES, Visibility.PUBLISHED, "Es braucht Kurse am Samstag."),
        (ErasureScope.WORDS, Visibility.ERASED, ""),
    ],
)
def test_the_account_goes_and_the_words_as_chosen(round_, person, now, scope, status, text):
    found = make_contribution(round_, at=now, participant=person)
    answer = make_contribution(round_, at=now, text="Genau.", reply_to=found)
    request = request_erasure(user=person, scope=scope, at=now)
    assert run_next_erasure(at=now)
    assert not run_next_erasure(at=now)
    found.refresh_from_db()
    request.refresh_from_db()
    assert (found.status, text_of(found), found.participant) == (status, text, None)
    # The thread holds.
    assert Comment.objects.get(contribution=answer).parent_id == found.pk
    assert (request.status, request.user, request.finished_at) == (ErasureStatus.DONE, None, now)
    assert not User.objects.filter(pk=person.pk).exists()
    assert not EmailAddress.objects.filter(email=person.email).exists()


def test_from_the_request_on_nobody_can_log_in(person, now, client):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert Session.objects.count() == 1
    request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    assert not client.login(email=person.email, password="demo")
    run_next_erasure(at=now)
    assert not Session.objects.exists()


def test_asking_twice_is_one_request(person, now):
    for _number in range(2):
        request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    assert ErasureRequest.objects.count() == 1


def test_votes_of_a_running_round_go_and_those_of_a_closed_one_stay(round_, person, now):
    goal = round_.edition.goals.get()
    other = make_resident()
    for voter in (person, other):
        cast_vote(goal=goal, participant=voter, choice=Choice.AGREE, at=now)
    erase_person(user=person, scope=ErasureScope.WORDS, at=now)
    assert Ballot.objects.count() == 1
    make_closed(round_)
    erase_person(user=other, scope=ErasureScope.WORDS, at=now)
    assert Ballot.objects.count() == 1


def test_a_closed_round_gets_a_dated_correction_of_its_ledger(round_, person, now):
    for _number in range(2):
        make_contribution(round_, at=now, participant=person)
    make_contribution(round_, at=now)
    make_closed(round_)
    erase_person(user=person, scope=ErasureScope.WORDS, at=now)
    [entry] = LedgerEntry.objects.filter(occasion="correction")
    assert (entry.at, entry.received, entry.published, entry.erased) == (now, 3, 1, 2)


@pytest.mark.parametrize("make", [lambda: make_staff(Role.MODERATION), lambda: make_staff()])
def test_an_account_that_works_here_is_refused_before_anything_happens(make, now):
    staff = make()
    with pytest.raises(StaffAccount):
        request_erasure(user=staff, scope=ErasureScope.WORDS, at=now)
    staff.refresh_from_db()
    assert staff.is_active
    assert not ErasureRequest.objects.exists()


def test_decisions_of_a_former_moderator_still_name_the_account(round_, now):
    former = make_staff(Role.MODERATION)
    found = make_contribution(round_, at=now)
    decide(contribution=found, measure=Measure.NONE, rule="", reason="Gut.", actor=former, at=now)
    former.groups.clear()
    User.objects.filter(pk=former.pk).update(is_staff=False)
    with pytest.raises(StaffAccount):
        request_erasure(user=former, scope=ErasureScope.WORDS, at=now)


def test_a_role_that_came_meanwhile_refuses_and_gives_the_account_back(person, now):
    request = request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    User.objects.filter(pk=person.pk).update(is_staff=True)
    run_next_erasure(at=now)
    request.refresh_from_db()
    person.refresh_from_db()
    assert (request.status, person.is_active) == (ErasureStatus.REFUSED, True)


def test_a_failure_is_tried_again_and_says_only_its_kind(person, now, monkeypatch):
    def fail(**_given):
        raise ValueError("Ada schreibt: geheim")

    request = request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    monkeypatch.setattr(erasure, "erase_person", fail)
    assert run_next_erasure(at=now)
    assert not run_next_erasure(at=now)
    request.refresh_from_db()
    assert (request.status, request.attempts, request.error) == ("requested", 1, "ValueError")
    monkeypatch.undo()
    assert run_next_erasure(at=now + timedelta(minutes=2))
    assert not User.objects.filter(pk=person.pk).exists()


def test_half_an_erasure_is_none(round_, person, now, monkeypatch):
    found = make_contribution(round_, at=now, participant=person)
    request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    monkeypatch.setattr(erasing, "_forget_labels", lambda _user: 1 / 0)
    run_next_erasure(at=now)
    assert text_of(found)
    assert User.objects.filter(pk=person.pk).exists()


# --- one contribution --------------------------------------------------------------------------


def test_authors_ask_for_their_own_contribution_and_nobody_elses(round_, person, now):
    found = make_contribution(round_, at=now, participant=person)
    for stranger in (make_resident(), None):
        with pytest.raises(NotErasable):
            request_contribution_erasure(contribution=found, user=stranger, at=now)
    request_contribution_erasure(contribution=found, user=person, at=now)
    run_next_erasure(at=now)
    found.refresh_from_db()
    assert (found.status, text_of(found)) == (Visibility.ERASED, "")
    assert User.objects.filter(pk=person.pk, is_active=True).exists()
    with pytest.raises(NotErasable):
        request_contribution_erasure(contribution=found, user=None, at=now)


@pytest.mark.parametrize("status", [Visibility.HELD, Visibility.HIDDEN, Visibility.WITHDRAWN])
def test_whatever_is_left_can_be_erased(round_, person, now, status):
    found = make_contribution(round_, at=now, participant=person)
    Contribution.objects.filter(pk=found.pk).update(status=status)
    found.refresh_from_db()
    request_contribution_erasure(contribution=found, user=person, at=now)
    run_next_erasure(at=now)
    found.refresh_from_db()
    assert found.status == Visibility.ERASED


def test_the_office_acts_on_a_letter_with_a_reason_that_is_logged(round_, now):
    found = make_contribution(round_, at=now)
    office = make_staff(Role.COORDINATION)
    refused = [(office, " "), (make_staff(Role.MODERATION), "Brief"), (make_resident(), "Brief")]
    for actor, reason in refused:
        with pytest.raises(NotErasable):
            request_erasure_for_author(contribution=found, reason=reason, actor=actor, at=now)
    request_erasure_for_author(contribution=found, reason="Az. 12", actor=office, at=now)
    run_next_erasure(at=now)
    asked = ModelLogEntry.objects.get(action="contribution.erase")
    done = ModelLogEntry.objects.get(action="contribution.status", data__to="erased")
    assert (asked.user, asked.data, done.user) == (office, {"reason": "Az. 12"}, office)


# --- after a restore ---------------------------------------------------------------------------


def restored(person: User, contribution: Contribution, text: str) -> None:
    """What a backup from before the erasure brings back."""
    User(pk=person.pk, email=person.email, pseudonym="Ada", date_joined=person.date_joined).save(
        force_insert=True
    )
    Contribution.objects.filter(pk=contribution.pk).update(
        status=Visibility.PUBLISHED, participant=person.pk, display_name="Ada"
    )
    Comment.objects.filter(contribution=contribution).update(comment=text)


def test_a_restored_person_is_erased_again_by_the_command(round_, person, now):
    found = make_contribution(round_, at=now, participant=person, text="Kommt wieder.")
    request_erasure(user=person, scope=ErasureScope.WORDS, at=now)
    run_next_erasure(at=now)
    restored(person, found, "Kommt wieder.")
    out = StringIO()
    call_command("replay_erasures", stdout=out)
    found.refresh_from_db()
    assert "1 erased again" in out.getvalue()
    assert (found.status, text_of(found)) == (Visibility.ERASED, "")
    assert not User.objects.filter(pk=person.pk).exists()
    assert replay_erasures(at=now) == 0


def test_a_restored_contribution_is_erased_again(round_, now):
    found = make_contribution(round_, at=now, text="Kommt wieder.")
    request_contribution_erasure(contribution=found, user=found.participant, at=now)
    run_next_erasure(at=now)
    Contribution.objects.filter(pk=found.pk).update(status=Visibility.PUBLISHED)
    Comment.objects.filter(contribution=found).update(comment="Kommt wieder.")
    assert replay_erasures(at=now) == 1
    assert text_of(found) == ""


def test_a_number_that_is_given_again_after_a_restore_is_somebody_else(person, now):
    erase_person(user=person, scope=ErasureScope.WORDS, at=now)
    User(pk=person.pk, email="neu@example.org").save(force_insert=True)
    assert replay_erasures(at=now) == 0
    assert User.objects.filter(pk=person.pk).exists()


def test_the_list_holds_no_personal_data_and_no_number(round_, person, now):
    found = make_contribution(round_, at=now, participant=person)
    erase_person(user=person, scope=ErasureScope.WORDS, at=now)
    said = path_of(ERASURES).read_text()
    for secret in (person.email, "Ada", found.ref, "Samstag"):
        assert secret not in said
    assert path_of(ERASURES).stat().st_mode & 0o077 == 0


def test_what_a_service_made_of_the_words_goes_with_them(round_, person, now):
    found = make_contribution(round_, at=now, participant=person)
    ContributionTranslation.objects.create(
        contribution=found, language="tr", text="Cumartesi kurs.", service="x", due_at=now,
        made_at=now,
    )  # fmt: skip
    request_contribution_erasure(contribution=found, user=person, at=now)
    run_next_erasure(at=now)
    assert not ContributionTranslation.objects.exists()


def test_quotations_are_cut_from_answers_in_other_languages_too(now):
    text = "Meine Nachbarin Renate Muster aus der Lindenstraße 5 hat Angst."
    chain = Chain(at=now)
    found = chain.hand_in(chain.author, text).contribution
    chain.close()
    response = chain.answer(chain.name_voice(found, "Angst"))
    for language in ("ar", "tr"):
        write_answer_text(
            response=response, language=language, reason=f"Yanıt: „{text}“", at=now,
            actor=chain.coordination,
        )  # fmt: skip
    Response.objects.update(reason=f"Sie schrieben: „{text}“ Das stimmt.")
    ResponseText.objects.filter(language="ar").update(
        source_hash=answer_hash(Response.objects.get())
    )
    request_contribution_erasure(contribution=found, user=chain.author, at=now)
    run_next_erasure(at=now)
    answer = Response.objects.get()
    assert "Renate" not in answer.reason
    assert not ResponseText.objects.filter(reason__contains="Renate").exists()
    # Which German answer they render has not changed by the cut.
    in_step = ResponseText.objects.filter(source_hash=answer_hash(answer))
    assert [row.language for row in in_step] == ["ar"]
