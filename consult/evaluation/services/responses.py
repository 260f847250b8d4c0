"""Answers: the lead department drafts and signs, the coordination office publishes."""

from datetime import date, datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.evaluation.models import Response, Theme
from consult.evaluation.predicates import (
    may_draft_response,
    may_evaluate,
    may_sign_response,
)
from consult.evaluation.states import RESPONSE_TRANSITIONS, Outcome, ResponseStatus
from consult.participants.services import TELL_JOB, wake_worker
from consult.rounds.services import NotPermitted
from drafts.concept.models import Department


class ResponseStepRefused(Exception):
    """The answer is not ready for this step; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def request_response(*, theme: Theme, lead_department: Department, due_on: date, actor) -> Response:
    """Ask a department for the answer to a theme, or hand an unsigned one to another."""
    if not may_evaluate(actor, theme.round):
        raise NotPermitted
    response, created = Response.objects.get_or_create(
        theme=theme, defaults={"lead_department": lead_department, "due_on": due_on}
    )
    if not created:
        if response.status in {ResponseStatus.SIGNED, ResponseStatus.PUBLISHED}:
            raise ResponseStepRefused("signed_already")
        response.lead_department, response.due_on = lead_department, due_on
        response.save(update_fields=["lead_department", "due_on"])
    log(response, "response.request", user=actor, data={"department": lead_department.pk})
    return response


@transaction.atomic
def draft_response(*, response: Response, outcome: str, reason: str, actor) -> Response:
    """Write outcome and reason. A signed answer goes back to draft and needs a new signature."""
    if not may_draft_response(actor, response):
        raise NotPermitted
    if outcome not in Outcome:
        raise ResponseStepRefused("no_outcome")
    if not reason.strip():
        raise ResponseStepRefused("no_reason")
    response = _lock(response)
    if response.status == ResponseStatus.PUBLISHED:
        raise ResponseStepRefused("published_already")
    if response.status != ResponseStatus.DRAFT:
        response = _set_status(response, ResponseStatus.DRAFT, actor)
    response.outcome, response.reason = outcome, reason.strip()
    response.drafted_by, response.signed_by, response.signed_at = actor, None, None
    response.save()
    return response


@transaction.atomic
def sign_response(*, response: Response, actor, at: datetime) -> Response:
    """Sign for the lead department. Raises NotPermitted for anybody else."""
    if not may_sign_response(actor, response):
        raise NotPermitted
    response = _lock(response)
    if not response.outcome or not response.reason:
        raise ResponseStepRefused("empty")
    response.signed_by, response.signed_at = actor, at
    return _set_status(response, ResponseStatus.SIGNED, actor)


@transaction.atomic
def publish_response(*, response: Response, actor, at: datetime) -> Response:
    """Publish a signed answer. A worker tells every author in the theme and all who follow it."""
    if not may_evaluate(actor, response.theme.round):
        raise NotPermitted
    response = _lock(response)
    response.published_by, response.published_at = actor, at
    response = _set_status(response, ResponseStatus.PUBLISHED, actor)
    wake_worker(TELL_JOB)
    return response


def _lock(response: Response) -> Response:
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("theme__round", "lead_department")
        .get(pk=response.pk)
    )


def _set_status(response: Response, status: ResponseStatus, actor) -> Response:
    step = (ResponseStatus(response.status), status)
    if step not in RESPONSE_TRANSITIONS:
        raise ResponseStepRefused("step_not_allowed")
    log(response, "response.status", user=actor, data={"from": step[0], "to": status})
    response.status = status
    response.save()
    return response
