"""Answers in other languages: a person writes them, or releases what a service translated.

The German answer counts. A version names the German words that it renders, so that a reader is
told when they have changed since.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.services.translating import (
    ATTEMPTS,
    UnableToTranslate,
    configured_translator,
)
from consult.evaluation.models import Response, ResponseText
from consult.evaluation.predicates import may_draft_response
from consult.evaluation.selectors import answer_hash
from consult.evaluation.services.answer_mails import tell_of_version
from consult.evaluation.services.responses import ResponseStepRefused
from consult.evaluation.states import (
    ANSWER_TEXT_TRANSITIONS,
    AnswerTextStatus,
    ResponseStatus,
)
from consult.participants.services import wake_worker
from consult.rounds.services import NotPermitted
from drafts.concept.states import BINDING

logger = logging.getLogger(__name__)

JOB = "workers.translate"


@transaction.atomic
def write_answer_text(
    *, response: Response, language: str, reason: str, actor, at: datetime
) -> ResponseText:
    """Release an answer that a person has translated; it takes the place of the former one.

    Whoever may draft the answer may translate it. Authors of that language are told where the
    answer is published. Raises ResponseStepRefused without words, for a language that the site
    does not have, and while there is no German answer.
    """
    response = _lock(response, language, actor)
    if not reason.strip():
        raise ResponseStepRefused("no_reason")
    text = ResponseText(
        response=response,
        language=language,
        reason=reason.strip(),
        source_hash=answer_hash(response),
        requested_at=at,
        due_at=at,
    )
    return _release(text, actor, at)


@transaction.atomic
def request_answer_translation(
    *, response: Response, language: str, actor, at: datetime
) -> ResponseText:
    """Let the operator's service draft the answer in a language; a person releases the draft.

    Raises ResponseStepRefused without a service and while a draft is under way.
    """
    response = _lock(response, language, actor)
    if configured_translator() is None:
        raise ResponseStepRefused("no_service")
    pending = [AnswerTextStatus.DUE, AnswerTextStatus.MACHINE_DRAFT]
    own = ResponseText.objects.filter(response=response, language=language)
    if own.filter(status__in=pending).exists():
        raise ResponseStepRefused("requested_already")
    text = ResponseText.objects.create(
        response=response,
        language=language,
        source_hash=answer_hash(response),
        status=AnswerTextStatus.DUE,
        requested_at=at,
        due_at=at,
    )
    log(response, "response.translate", user=actor, data={"language": language})
    wake_worker(JOB)
    return text


@transaction.atomic
def translate_next_answer(*, at: datetime) -> bool:
    """Draft one answer whose translation is due; return whether there was one.

    The row is locked meanwhile. A failure is tried again later, six times in about two days.
    """
    translator = configured_translator()
    if translator is None:
        return False
    text = (
        ResponseText.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=AnswerTextStatus.DUE, due_at__lte=at, attempts__lt=ATTEMPTS)
        .select_related("response")
        .order_by("due_at", "pk")
        .first()
    )
    if text is None:
        return False
    text.attempts += 1
    try:
        text.reason = translator.translate(text.response.reason, BINDING, text.language)
    except UnableToTranslate as problem:
        logger.warning("no translation: %s", problem)
        text.error = str(problem)
        text.due_at = at + timedelta(minutes=5 * 4 ** (text.attempts - 1))
        text.save()
        return True
    text.service, text.error = translator.name, ""
    text.source_hash = answer_hash(text.response)
    _set_status(text, AnswerTextStatus.MACHINE_DRAFT)
    return True


@transaction.atomic
def release_answer_text(*, text: ResponseText, actor, at: datetime) -> ResponseText:
    """Make a service's draft public under a person's name; it stays marked as its work."""
    _lock(text.response, text.language, actor)
    text = ResponseText.objects.select_for_update().select_related("response").get(pk=text.pk)
    if text.status != AnswerTextStatus.MACHINE_DRAFT:
        raise ResponseStepRefused("step_not_allowed")
    return _release(text, actor, at)


def _lock(response: Response, language: str, actor) -> Response:
    if not may_draft_response(actor, response):
        raise NotPermitted
    if language == BINDING or language not in dict(settings.LANGUAGES):
        raise ResponseStepRefused("no_language")
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("theme__round", "lead_department")
        .get(pk=response.pk)
    )
    if not response.reason:
        raise ResponseStepRefused("empty")
    return response


def _release(text: ResponseText, actor, at: datetime) -> ResponseText:
    own = ResponseText.objects.filter(response=text.response, language=text.language)
    former = own.exclude(pk=text.pk)
    for row in former.exclude(status=AnswerTextStatus.REPLACED):
        _set_status(row, AnswerTextStatus.REPLACED)
    text.released_by, text.released_at = actor, at
    text = _set_status(text, AnswerTextStatus.RELEASED)
    log(
        text.response,
        "response.release_text",
        user=actor,
        data={"language": text.language, "service": text.service},
    )
    if text.response.status == ResponseStatus.PUBLISHED:
        tell_of_version(response=text.response, language=text.language, at=at)
    return text


def _set_status(text: ResponseText, status: AnswerTextStatus) -> ResponseText:
    step = (AnswerTextStatus(text.status) if text.pk else None, status)
    if step not in ANSWER_TEXT_TRANSITIONS:
        raise ResponseStepRefused("step_not_allowed")
    text.status = status
    text.save()
    return text
