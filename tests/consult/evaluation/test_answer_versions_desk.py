"""The desk of one answer: which languages are needed, writing and releasing versions."""

import pytest
from django.urls import reverse
from django.utils import timezone

from consult.evaluation.models import ResponseText
from consult.evaluation.services.answer_texts import translate_next_answer
from consult.evaluation.services.responses import draft_response, request_response
from consult.evaluation.states import AnswerTextStatus
from consult.participants.models import DepartmentMember
from consult.participants.states import Role
from tests.factories import make_contribution, make_department, make_open_round, make_staff
from tests.factories.evaluation import make_closed, make_theme
from tests.translator import TranslationServer

pytestmark = pytest.mark.django_db

ARABIC = "نحتاج إلى دورات لغة في عطلة نهاية الأسبوع لأنني أعمل طوال الأسبوع."
REASON = "Ab Februar gibt es vier Kurse am Samstag, zwei in Süd und zwei in Nord."


@pytest.fixture
def clerk(settings, db):
    settings.STAFF_NEED_SECOND_FACTOR = False
    return make_staff(Role.DEPARTMENT, name="Ruth")


@pytest.fixture
def response(clerk):
    now, coordination = timezone.now(), make_staff(Role.COORDINATION)
    round_ = make_open_round(at=now, actor=coordination)
    texts = [ARABIC, f"{ARABIC} شكرا", "Es braucht Kurse am Samstag."]
    found = [make_contribution(round_, at=now, text=text) for text in texts]
    make_closed(round_)
    theme = make_theme(found, title="Kurse", actor=coordination, at=now)
    department = make_department()
    DepartmentMember.objects.create(user=clerk, department=department)
    answer = request_response(
        theme=theme, lead_department=department, due_on=now.date(), actor=coordination
    )
    return draft_response(response=answer, outcome="adopted", reason=REASON, actor=clerk)


@pytest.fixture
def desk(client, clerk, response):
    client.force_login(clerk)
    url = reverse("responses:answer", args=[response.pk])

    def visit(**data):
        return client.post(url, data, follow=True) if data else client.get(url)

    return visit


def test_the_desk_says_in_which_languages_people_wrote(desk):
    page = desk().content.decode()
    assert "In diesem Thema schrieben Menschen auch auf: Arabisch (2)." in page
    assert "<summary>Arabisch (2)" in page
    # What is needed comes first.
    assert page.index("<summary>Arabisch") < page.index("<summary>Englisch")


def test_a_version_is_written_and_shown_as_there(desk, response, clerk):
    page = desk(deed="version", language="ar", reason="أربع دورات يوم السبت.").content.decode()
    text = ResponseText.objects.get()
    assert (text.language, text.reason, text.released_by) == (
        "ar", "أربع دورات يوم السبت.", clerk,
    )  # fmt: skip
    assert "liegt vor" in page
    draft_response(response=response, outcome="partly", reason=f"{REASON} Neu.", actor=clerk)
    assert "Deutsche Antwort wurde geändert" in desk().content.decode()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "Schreiben Sie die Übersetzung der ganzen Begründung."),
     ("x\x00y", "Der Text enthält ein Zeichen, das wir nicht speichern können.")],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_language(desk, reason, sentence):
    answered = desk(deed="version", language="ar", reason=reason)
    assert answered.status_code == 422
    assert answered.content.decode().count(sentence) == 1
    assert not ResponseText.objects.exists()


def test_the_service_is_offered_only_where_there_is_one(desk, settings):
    assert "bestellen" not in desk().content.decode()
    page = desk(deed="translate", language="ar").content.decode()
    assert "kein Übersetzungsdienst eingerichtet" in page
    server = TranslationServer()
    settings.TRANSLATION_URL = server.url
    try:
        assert "Entwurf bei LibreTranslate (127.0.0.1) bestellen" in desk().content.decode()
        desk(deed="translate", language="ar")
        assert "wird übersetzt" in desk().content.decode()
        translate_next_answer(at=timezone.now())
    finally:
        server.stop()
    assert f"[ar] {REASON}" in desk().content.decode()
    page = desk(deed="release_version", language="ar").content.decode()
    assert ResponseText.objects.get().status == AnswerTextStatus.RELEASED
    assert "automatisch übersetzt von LibreTranslate (127.0.0.1)" in page


def test_strangers_do_not_translate(client, response):
    client.force_login(make_staff(Role.DEPARTMENT))
    url = reverse("responses:answer", args=[response.pk])
    client.post(url, {"deed": "version", "language": "ar", "reason": "x"})
    assert not ResponseText.objects.exists()
