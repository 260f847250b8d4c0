"""Answers in other languages reach their authors; a machine's draft needs a person."""

import pytest

from consult.evaluation.models import Response, ResponseText
from consult.evaluation.selectors import answer_hash, chosen_text, languages_of_members
from consult.evaluation.services.answer_texts import (
    release_answer_text,
    request_answer_translation,
    translate_next_answer,
    write_answer_text,
)
from consult.evaluation.services.responses import (
    ResponseStepRefused,
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.states import AnswerTextStatus
from consult.participants.models import DepartmentMember, Notice, User
from consult.participants.states import Role
from consult.rounds.services import NotPermitted
from tests.factories import (
    make_contribution,
    make_department,
    make_open_round,
    make_resident,
    make_staff,
)
from tests.factories.evaluation import make_closed, make_theme
from tests.factories.following import tell
from tests.tables import nothing_written
from tests.translator import TranslationServer

pytestmark = pytest.mark.django_db

TURKISH = "Kurslar cumartesi günleri de olmalı, çünkü hafta içi çalışıyorum ve gelemiyorum."
ARABIC = "نحتاج إلى دورات لغة في عطلة نهاية الأسبوع لأنني أعمل طوال الأسبوع."
VERSIONS = {"tr": "Cumartesi dört kurs var.", "ar": "ستكون هناك أربع دورات يوم السبت."}
REASON = "Ab Februar gibt es vier Kurse am Samstag, zwei in Süd und zwei in Nord."


@pytest.fixture
def coordination():
    return make_staff(Role.COORDINATION)


@pytest.fixture
def signer():
    return make_staff(Role.DEPARTMENT)


@pytest.fixture
def people(now) -> dict[str, User]:
    """Four authors: by what they chose for themselves and what they wrote in."""
    found = {name: make_resident() for name in ("german", "turkish", "arabic", "english")}
    User.objects.filter(pk=found["turkish"].pk).update(language="tr")
    User.objects.filter(pk=found["english"].pk).update(language="en")
    return {name: User.objects.get(pk=user.pk) for name, user in found.items()}


@pytest.fixture
def response(now, coordination, signer, people) -> Response:
    """A signed answer to a theme of all four."""
    round_ = make_open_round(at=now, actor=coordination)
    texts = {"german": "Es braucht Kurse am Samstag.", "turkish": "Auch samstags bitte einen Kurs.",
             "arabic": ARABIC, "english": TURKISH}  # fmt: skip
    found = [
        make_contribution(round_, at=now, text=text, participant=people[name])
        for name, text in texts.items()
    ]
    make_closed(round_)
    theme = make_theme(found, title="Kurse", actor=coordination, at=now)
    department = make_department()
    DepartmentMember.objects.create(user=signer, department=department)
    answer = request_response(
        theme=theme, lead_department=department, due_on=now.date(), actor=coordination
    )
    answer = draft_response(response=answer, outcome="adopted", reason=REASON, actor=signer)
    return sign_response(response=answer, actor=signer, at=now)


def _write(response, language, reason, actor, now) -> ResponseText:
    return write_answer_text(
        response=response, language=language, reason=reason, actor=actor, at=now
    )


def _mails(now) -> dict[int, tuple[list[str], str]]:
    """What each author is told of the answer: the reasons, and the language of the mail."""
    tell(now)
    found = {}
    for notice in Notice.objects.filter(template="news").select_related("user"):
        [item] = notice.context["items"]
        reasons = [line for line in item["lines"] if line in {REASON, *VERSIONS.values()}]
        found[notice.user.pk] = (reasons, notice.language)
    return found


def test_each_author_gets_the_answer_in_a_language_of_theirs(
    response, people, coordination, signer, now
):
    for language, reason in VERSIONS.items():
        _write(response, language, reason, signer, now)
    publish_response(response=response, actor=coordination, at=now)
    mails = _mails(now)
    assert mails[people["german"].pk] == ([REASON], "de")
    assert mails[people["turkish"].pk] == ([VERSIONS["tr"], REASON], "tr")
    # Wrote in Arabic with an account that still has the language it began with.
    assert mails[people["arabic"].pk] == ([VERSIONS["ar"], REASON], "de")
    # There is no English answer, so it is the language that she wrote in.
    assert mails[people["english"].pk] == ([VERSIONS["tr"], REASON], "en")


def test_a_version_that_comes_later_is_sent_to_its_language_alone_and_once(
    response, people, coordination, signer, now
):
    publish_response(response=response, actor=coordination, at=now)
    assert all(reasons == [REASON] for reasons, _language in _mails(now).values())
    _write(response, "ar", VERSIONS["ar"], signer, now)
    [later] = Notice.objects.filter(template="answer")
    assert later.user == people["arabic"]
    assert later.context["own_reason"] == VERSIONS["ar"]
    _write(response, "ar", "أربع دورات يوم السبت.", signer, now)
    assert Notice.objects.filter(template="answer").count() == 1


def test_a_correction_takes_the_place_of_the_former_version(response, signer, now):
    first = _write(response, "tr", "Dört kurs.", signer, now)
    second = _write(response, "tr", "Cumartesi dört kurs.", signer, now)
    first.refresh_from_db()
    assert (first.status, first.reason) == (AnswerTextStatus.REPLACED, "Dört kurs.")
    assert second.status == AnswerTextStatus.RELEASED
    assert second.source_hash == answer_hash(response)


def test_a_changed_german_answer_is_another_source(response, signer, now):
    text = _write(response, "tr", "Dört kurs.", signer, now)
    changed = draft_response(
        response=response, outcome="partly", reason=REASON + " Mehr nicht.", actor=signer
    )
    assert text.source_hash != answer_hash(changed)


def test_who_may_draft_the_answer_may_translate_it_and_nobody_else(response, coordination, now):
    _write(response, "tr", "Dört kurs.", coordination, now)
    for stranger in (make_staff(Role.DEPARTMENT), make_staff(Role.MODERATION), make_resident()):
        with nothing_written(), pytest.raises(NotPermitted):
            _write(response, "ar", "أربع دورات.", stranger, now)


@pytest.mark.parametrize(
    ("language", "reason", "code"),
    [
        ("de", "Vier Kurse.", "no_language"),
        ("xx", "Vier.", "no_language"),
        ("tr", " ", "no_reason"),
    ],
)
def test_a_version_needs_words_in_another_language_of_the_site(
    response, signer, now, language, reason, code
):
    with nothing_written(), pytest.raises(ResponseStepRefused) as refused:
        _write(response, language, reason, signer, now)
    assert refused.value.code == code


def test_there_is_no_version_before_there_is_an_answer(response, signer, now):
    Response.objects.update(status="due", outcome="", reason="")
    with nothing_written(), pytest.raises(ResponseStepRefused) as refused:
        _write(response, "tr", "Dört kurs.", signer, now)
    assert refused.value.code == "empty"


def test_the_service_drafts_and_a_person_releases(response, signer, now, settings):
    server = TranslationServer()
    settings.TRANSLATION_URL = server.url
    try:
        request_answer_translation(response=response, language="tr", actor=signer, at=now)
        with nothing_written(), pytest.raises(ResponseStepRefused):
            request_answer_translation(response=response, language="tr", actor=signer, at=now)
        assert translate_next_answer(at=now)
        assert not translate_next_answer(at=now)
    finally:
        server.stop()
    text = ResponseText.objects.get()
    assert (text.status, text.reason) == (AnswerTextStatus.MACHINE_DRAFT, f"[tr] {REASON}")
    assert chosen_text([], ["tr"]) is None
    released = release_answer_text(text=text, actor=signer, at=now)
    assert released.service == "LibreTranslate (127.0.0.1)"
    assert released.released_by == signer
    with nothing_written(), pytest.raises(ResponseStepRefused):
        release_answer_text(text=text, actor=signer, at=now)


def test_without_a_service_nothing_is_ordered(response, signer, now):
    with nothing_written(), pytest.raises(ResponseStepRefused) as refused:
        request_answer_translation(response=response, language="tr", actor=signer, at=now)
    assert refused.value.code == "no_service"
    assert not translate_next_answer(at=now)


def test_a_service_that_is_away_is_asked_again_later(response, signer, now, settings):
    settings.TRANSLATION_URL = "http://127.0.0.1:9"
    request_answer_translation(response=response, language="tr", actor=signer, at=now)
    assert translate_next_answer(at=now)
    text = ResponseText.objects.get()
    assert (text.status, text.attempts) == (AnswerTextStatus.DUE, 1)
    assert text.due_at > now
    # Meanwhile a person can do it.
    _write(response, "tr", "Dört kurs.", signer, now)
    text.refresh_from_db()
    assert text.status == AnswerTextStatus.REPLACED


def test_the_desk_knows_the_languages_of_a_theme(response):
    assert languages_of_members(response.theme) == [("ar", 1), ("tr", 1)]
