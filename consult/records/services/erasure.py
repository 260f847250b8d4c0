"""Requests to erase: the row is the job.

A request is written at once and carried out by a worker within seconds. It is tried again until
it is done: a wish to be forgotten is never given up.
"""

from datetime import datetime, timedelta

from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.participants.models import ErasureRequest, User
from consult.participants.services import wake_worker
from consult.participants.states import ERASURE_TRANSITIONS, ErasureScope, ErasureStatus
from consult.records.predicates import may_erase, may_erase_for_others
from consult.records.services.erasing import (
    StaffAccount,
    erase_contribution,
    erase_person,
    refuse_staff,
)
from consult.records.services.erasure_list import listed_contributions, listed_persons

JOB = "workers.erase"
LONGEST_WAIT = timedelta(hours=1)


class NotErasable(Exception):
    """The person may not have this erased, or it is erased already."""


class ErasureStepRefused(Exception):
    """The request cannot go from its status to the wanted one."""


@transaction.atomic
def request_erasure(*, user: User, scope: ErasureScope, at: datetime) -> ErasureRequest:
    """Ask for a person to be forgotten; from now on nobody can log in with the account.

    Raises StaffAccount for accounts that work here.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_staff(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    request, _created = ErasureRequest.objects.get_or_create(
        user=user,
        ref="",
        status=ErasureStatus.REQUESTED,
        defaults={"scope": ErasureScope(scope), "requested_at": at, "due_at": at},
    )
    wake_worker(JOB)
    return request


@transaction.atomic
def request_contribution_erasure(
    *, contribution: Contribution, user: User | None, at: datetime
) -> ErasureRequest:
    """Let an author have a contribution and the address with it erased. Raises NotErasable.

    The caller has found the contribution by the key of its receipt or among the person's own.
    """
    if not may_erase(user, contribution):
        raise NotErasable
    return _request(contribution, at)


@transaction.atomic
def request_erasure_for_author(
    *, contribution: Contribution, reason: str, actor, at: datetime
) -> ErasureRequest:
    """Let the coordination office act on a letter; who did it and why is logged.

    Raises NotErasable without the role, without a reason and for what is erased already.
    """
    if not may_erase_for_others(actor, contribution) or not reason.strip():
        raise NotErasable
    request = _request(contribution, at, asked_by=actor, reason=reason.strip())
    log(contribution, "contribution.erase", user=actor, data={"reason": request.reason})
    return request


@transaction.atomic
def run_next_erasure(*, at: datetime) -> bool:
    """Carry out one request that is due; return whether there was one.

    The row is locked meanwhile: a worker that dies leaves it to the next one.
    """
    request = (
        ErasureRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status=ErasureStatus.REQUESTED, due_at__lte=at)
        .order_by("due_at", "pk")
        .first()
    )
    if request is None:
        return False
    try:
        with transaction.atomic():
            _erase(request, at)
    except StaffAccount:
        # Somebody was given a role meanwhile: the account is needed.
        User.objects.filter(pk__in=[request.user_id]).update(is_active=True)
        _finish(request, ErasureStatus.REFUSED, at)
    except Exception as problem:  # noqa: BLE001 - the row says what went wrong
        _put_off(request, problem, at)
    else:
        _finish(request, ErasureStatus.DONE, at)
    return True


def replay_erasures(*, at: datetime) -> int:
    """Erase again what a restored backup has brought back; return how many were there.

    Reads the list outside the database (`erasure_list`). Each is a transaction of its own.
    """
    number = 0
    for user, scope in list(listed_persons()):
        erase_person(user=user, scope=scope, at=at)
        number += 1
    for contribution in list(listed_contributions()):
        number += erase_contribution(contribution=contribution, actor=None, at=at)
    return number


def _request(contribution: Contribution, at: datetime, **asked) -> ErasureRequest:
    request, _created = ErasureRequest.objects.get_or_create(
        ref=contribution.ref,
        status=ErasureStatus.REQUESTED,
        defaults={
            "scope": ErasureScope.CONTRIBUTION,
            "requested_at": at,
            "due_at": at,
            **asked,
        },
    )
    wake_worker(JOB)
    return request


def _erase(request: ErasureRequest, at: datetime) -> None:
    if request.scope == ErasureScope.CONTRIBUTION:
        contribution = Contribution.objects.get(ref=request.ref)
        erase_contribution(contribution=contribution, actor=request.asked_by, at=at)
    elif request.user is not None:
        erase_person(user=request.user, scope=ErasureScope(request.scope), at=at)


def _put_off(request: ErasureRequest, problem: Exception, at: datetime) -> None:
    request.attempts += 1
    # Only its kind: what a database says of a failure can hold the words.
    request.error = type(problem).__name__
    request.due_at = at + min(LONGEST_WAIT, timedelta(minutes=2**request.attempts))
    request.save(update_fields=["attempts", "error", "due_at"])


def _finish(request: ErasureRequest, status: ErasureStatus, at: datetime) -> None:
    # Read anew: deleting the account has taken it off the row.
    request = ErasureRequest.objects.get(pk=request.pk)
    _set_status(request, status)
    request.finished_at, request.error = at, ""
    request.save(update_fields=["status", "finished_at", "error"])
    log(request, "erasure.status", data={"to": status})


def _set_status(request: ErasureRequest, status: ErasureStatus) -> None:
    step = (ErasureStatus(request.status), status)
    if step not in ERASURE_TRANSITIONS:
        raise ErasureStepRefused(f"{step[0]} -> {step[1]}")
    request.status = status
