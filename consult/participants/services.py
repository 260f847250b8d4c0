"""Deeds on people and on what is sent to them."""

import logging
import re
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from consult.participants.letters import letter_of
from consult.participants.models import Notice, User
from consult.participants.post import MailRefused, Post, open_post
from consult.participants.states import NOTICE_TRANSITIONS, SAID_ELSEWHERE, NoticeStatus

logger = logging.getLogger(__name__)

ATTEMPTS = 6
# Longer than a mail server may take for its answer (EMAIL_TIMEOUT) and a job may run.
DOUBT_SETTLES = timedelta(minutes=15)
SEND_JOB = "workers.send_notices"
TELL_JOB = "workers.tell_followers"
_ADDRESS = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+")


class NoticeStepRefused(Exception):
    """The mail cannot go from its status to the wanted one."""


def wake_worker(job: str) -> None:
    """Send a job by name once the transaction is committed.

    The row is the job: where the broker is away, the worker's next sweep finds it. A transaction
    that asks for the same job many times sends one message.
    """
    if any(
        getattr(waiting, "job", "") == job
        for _, waiting, _ in transaction.get_connection().run_on_commit
    ):
        return

    def send() -> None:
        try:
            current_app.send_task(job)
        except (OSError, OperationalError) as problem:
            logger.warning("worker not woken for %s: %s", job, problem)

    send.job = job  # type: ignore[attr-defined]
    transaction.on_commit(send)


def queue_notice(
    *,
    key: str,
    template: str,
    context: dict[str, object],
    at: datetime,
    user: User | None = None,
    email: str = "",
    language: str = "de",
) -> None:
    """Write the mail as a row in the caller's transaction and wake a worker after it.

    See `write_notice`.
    """
    write_notice(
        key=key,
        template=template,
        context=context,
        at=at,
        user=user,
        email=email,
        language=language,
    )
    wake_worker(SEND_JOB)


def write_notice(
    *,
    key: str,
    template: str,
    context: dict[str, object],
    at: datetime,
    user: User | None = None,
    email: str = "",
    language: str = "de",
) -> None:
    """Write the mail as a row in the caller's transaction; the same key is never sent twice.

    `template` names site_content/templates/emails/<template>.txt, whose first line is the subject.
    The HTML part is made of the same text.
    """
    Notice.objects.bulk_create(
        [
            Notice(
                key=key,
                user=user,
                email=email,
                language=user.language if user else language,
                template=template,
                context=context,
                created_at=at,
                due_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def send_due_notices(*, at: datetime, limit: int = 100) -> int:
    """Send queued mails whose time has come; return how many went out.

    A mail is locked until the server only waits for its end, then noted as handed over, then
    ended. A worker that dies before the note leaves a mail that nobody has, and it is sent again.
    One that dies after it leaves a doubt: see `settle_doubts`. A failure is kept on the row and
    tried again later, six times in about two days.
    """
    settle_doubts(at=at)
    sent = 0
    with open_post() as post:
        for _ in range(limit):
            done = _send_next(post, at)
            if done is None:
                break
            sent += done
    return sent


@transaction.atomic
def settle_doubts(*, at: datetime) -> int:
    """Decide on mails that were handed over a while ago without an answer; return how many.

    Mail servers take what they have read to its end, so nearly always the mail is with its reader.
    What the website says too is left at that (`unsure`, for the operator to see). Anything else,
    such as a receipt or a reasoned decision, is sent once more under the same Message-ID: a second
    copy does less harm than none.
    """
    doubtful = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        status=NoticeStatus.HANDED, handed_at__lte=at - DOUBT_SETTLES
    )
    notices = list(doubtful.order_by("pk"))
    for notice in notices:
        _doubt(notice, "no answer", at)
    return len(notices)


@transaction.atomic
def send_again(*, at: datetime) -> int:
    """Queue every mail anew that was probably sent; return how many. For the operator."""
    unsure = list(Notice.objects.select_for_update().filter(status=NoticeStatus.UNSURE))
    for notice in unsure:
        notice.due_at, notice.attempts = at, 0
        _set_status(notice, NoticeStatus.QUEUED)
    return len(unsure)


@transaction.atomic
def update_profile(*, user: User, pseudonym: str, language: str) -> None:
    """Store the name that is shown with new contributions and the language of mails."""
    user.pseudonym, user.language = pseudonym.strip(), language
    user.save(update_fields=["pseudonym", "language"])


@transaction.atomic
def declare_residence(*, user: User, at: datetime) -> None:
    """Store that the person says to live in the city; acts from now on count in that class."""
    user.residence_declared_at = at
    user.save(update_fields=["residence_declared_at"])


@transaction.atomic
def revoke_residence(*, user: User) -> None:
    """Take the declaration back; acts of the past keep their class."""
    user.residence_declared_at = None
    user.save(update_fields=["residence_declared_at"])


def _send_next(post: Post, at: datetime) -> bool | None:
    """Send one mail; return whether it went out, or None where none is due."""
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(status=NoticeStatus.QUEUED, due_at__lte=at)
            .select_related("user")
            .order_by("due_at", "pk")
            .first()
        )
        if notice is None:
            return None
        notice.attempts += 1
        try:
            post.begin(letter_of(notice))
        except Exception as problem:  # noqa: BLE001 - one mail must not hold up those behind it
            _put_off(notice, problem, at)
            return False
        notice.handed_at = at
        _set_status(notice, NoticeStatus.HANDED)
    try:
        post.finish()
    except Exception as problem:  # noqa: BLE001 - what went wrong stands on the row
        _settle(notice.pk, problem, at)
        return False
    _settle(notice.pk, None, at)
    return True


@transaction.atomic
def _settle(pk: int, problem: Exception | None, at: datetime) -> None:
    notice = Notice.objects.select_for_update().filter(pk=pk).first()
    if notice is None:  # its recipient was erased meanwhile
        return
    if problem is None:
        notice.sent_at, notice.error = at, ""
        # What was sent is with its reader; links and words need not stay here.
        notice.context = {}
        _set_status(notice, NoticeStatus.SENT)
    elif isinstance(problem, MailRefused):
        _put_off(notice, problem, at)
    else:
        _doubt(notice, _described(problem), at)


def _doubt(notice: Notice, error: str, at: datetime) -> None:
    notice.error = error
    if notice.template in SAID_ELSEWHERE:
        _set_status(notice, NoticeStatus.UNSURE)
    else:
        _try_again(notice, at)


def _put_off(notice: Notice, problem: Exception, at: datetime) -> None:
    notice.error = _described(problem)
    _try_again(notice, at)


def _try_again(notice: Notice, at: datetime) -> None:
    notice.due_at = at + timedelta(minutes=5 * 4 ** (notice.attempts - 1))
    given_up = notice.attempts >= ATTEMPTS
    _set_status(notice, NoticeStatus.FAILED if given_up else NoticeStatus.QUEUED)


def _set_status(notice: Notice, status: NoticeStatus) -> None:
    """The one gate of a notice."""
    step = (NoticeStatus(notice.status), status)
    if step not in NOTICE_TRANSITIONS:
        raise NoticeStepRefused(f"{step[0]} -> {step[1]}")
    notice.status = status
    notice.save()


def _described(problem: Exception) -> str:
    # Mail servers name the recipient in their refusals.
    return _ADDRESS.sub("…", f"{type(problem).__name__}: {problem}")
