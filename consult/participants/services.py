"""Deeds on people and on what is sent to them."""

import logging
import re
from datetime import datetime, timedelta

from celery import current_app
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from kombu.exceptions import OperationalError

from consult.participants.models import Notice, User
from consult.participants.states import NoticeStatus

logger = logging.getLogger(__name__)

ATTEMPTS = 6
SEND_JOB = "workers.send_notices"
_ADDRESS = re.compile(r"[^\s'\"<>]+@[^\s'\"<>]+")


def wake_worker(job: str) -> None:
    """Send a job by name once the transaction is committed.

    The row is the job: where the broker is away, the worker's next sweep finds it.
    """

    def send() -> None:
        try:
            current_app.send_task(job)
        except (OSError, OperationalError) as problem:
            logger.warning("worker not woken for %s: %s", job, problem)

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
    """Write the mail as a row in the caller's transaction; the same key is never sent twice.

    `template` names site_content/templates/emails/<template>.txt, whose first line is the subject.
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
    wake_worker(SEND_JOB)


def send_due_notices(*, at: datetime, limit: int = 100) -> int:
    """Send queued mails whose time has come; return how many went out.

    Each row is locked while it is sent. A failure is kept on the row and tried again later, six
    times in about two days.
    """
    sent = 0
    for _ in range(limit):
        with transaction.atomic():
            notice = (
                Notice.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(status=NoticeStatus.QUEUED, due_at__lte=at)
                .select_related("user")
                .order_by("due_at", "pk")
                .first()
            )
            if notice is None:
                return sent
            sent += _send(notice, at)
    return sent


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


def _send(notice: Notice, at: datetime) -> int:
    notice.attempts += 1
    try:
        subject, body = _render(notice)
        send_mail(subject, body, None, [notice.user.email if notice.user else notice.email])
    except Exception as problem:  # noqa: BLE001 - one mail must not hold up those behind it
        notice.error = _described(problem)
        notice.due_at = at + timedelta(minutes=5 * 4 ** (notice.attempts - 1))
        if notice.attempts >= ATTEMPTS:
            notice.status = NoticeStatus.FAILED
    else:
        notice.status = NoticeStatus.SENT
        notice.sent_at = at
        notice.error = ""
        # What was sent is with its reader; links and words need not stay here.
        notice.context = {}
    notice.save()
    return int(notice.status == NoticeStatus.SENT)


def _described(problem: Exception) -> str:
    # Mail servers name the recipient in their refusals.
    return _ADDRESS.sub("…", f"{type(problem).__name__}: {problem}")


def _render(notice: Notice) -> tuple[str, str]:
    with translation.override(notice.language):
        text = render_to_string(
            f"emails/{notice.template}.txt",
            {
                **notice.context,
                "site": settings.WAGTAILADMIN_BASE_URL,
                "home": settings.WAGTAILADMIN_BASE_URL + reverse("home"),
            },
        )
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
