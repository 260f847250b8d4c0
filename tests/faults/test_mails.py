"""Three hundred mails, a worker that is killed twice in the middle: everybody gets one."""

import re
import threading
import time
from collections import Counter
from datetime import timedelta
from email import message_from_string

import pytest
from django.utils import timezone

from consult.participants.models import Notice
from consult.participants.services import (
    DOUBT_SETTLES,
    queue_notice,
    send_again,
    send_due_notices,
    settle_doubts,
)
from consult.participants.states import NoticeStatus
from tests.faults.conftest import wait_for
from tests.faults.smtp import MailServer

MAILS = 300


@pytest.fixture
def mail_server():
    server = MailServer()
    yield server
    server.close()


def _queue(number: int, template: str = "news") -> None:
    queue_notice(
        key=f"told:{number}",
        template=template,
        context={"subject": f"Neues für {number}", "items": [], "ref": "2027-R1-0001"},
        email=f"person{number}@example.org",
        at=timezone.now(),
    )


def _smtp(server: MailServer) -> dict[str, str]:
    return {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(server.port),
        "DJANGO_SETTINGS_MODULE": "consult.project.settings.production",
    }


def _count(status: NoticeStatus) -> int:
    return Notice.objects.filter(status=status).count()


@pytest.mark.worker
def test_mails_counted_exactly_once_with_a_worker_killed_twice_in_the_middle(
    make_worker, mail_server
):
    for number in range(MAILS):
        _queue(number)
    # As real servers do: what was read to its end is delivered, whoever waits for the answer.
    mail_server.keeps_what_it_read = True
    mail_server.waits_at, mail_server.holds_at = 100, 200
    mail_server.holds = threading.Event()
    first, second, third = (make_worker(**_smtp(mail_server)) for _ in range(3))

    # The first dies while the server has not let the hundredth mail begin: nobody has it.
    first.start()
    first.send("workers.send_notices")
    wait_for(mail_server.waiting.is_set, "the hundredth mail")
    first.kill()
    mail_server.go_on.set()
    assert _count(NoticeStatus.SENT) == 99
    assert _count(NoticeStatus.QUEUED) == MAILS - 99

    # The second dies when a mail is at the server and the answer is still to come.
    second.start()
    second.send("workers.send_notices")
    wait_for(mail_server.holding.is_set, "the mail that is held")
    second.kill()
    mail_server.holds.set()
    assert _count(NoticeStatus.HANDED) == 1

    third.start()
    for _message in range(3):
        third.send("workers.send_notices")
    wait_for(lambda: _count(NoticeStatus.QUEUED) == 0, "all mails")
    Notice.objects.filter(status=NoticeStatus.HANDED).update(
        handed_at=timezone.now() - DOUBT_SETTLES
    )
    third.send("workers.send_notices")
    wait_for(lambda: _count(NoticeStatus.HANDED) == 0, "the doubt")
    assert (_count(NoticeStatus.SENT), _count(NoticeStatus.UNSURE)) == (MAILS - 1, 1)

    mails = [message_from_string(mail) for mail in mail_server.mails]
    assert Counter(mail["To"] for mail in mails) == Counter(
        f"person{number}@example.org" for number in range(MAILS)
    )
    assert len({mail["Message-ID"] for mail in mails}) == MAILS


@pytest.mark.worker
def test_mails_counted_exactly_once_with_workers_killed_at_any_moment(make_worker, mail_server):
    for number in range(MAILS):
        _queue(number)
    mail_server.keeps_what_it_read = True
    for mark in (60, 140):
        worker = make_worker(**_smtp(mail_server))
        worker.start()
        worker.send("workers.send_notices")
        wait_for(lambda mark=mark: len(mail_server.mails) >= mark, f"mail {mark}")
        time.sleep(0.003)
        worker.kill()
    last = make_worker(**_smtp(mail_server))
    last.start()
    last.send("workers.send_notices")
    wait_for(lambda: len(mail_server.mails) >= MAILS, "all mails")
    recipients = Counter(re.findall(r"^To: (\S+)", mail, re.M)[0] for mail in mail_server.mails)
    assert recipients == Counter(f"person{number}@example.org" for number in range(MAILS))


@pytest.fixture
def smtp(own_database, settings, mail_server):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    return mail_server


def test_one_connection_carries_all_mails_and_dots_stay(smtp):
    for number in range(3):
        _queue(number)
    Notice.objects.filter(key="told:1").delete()
    queue_notice(
        key="dots", template="news", at=timezone.now(), email="b@example.org",
        context={"subject": "Punkte", "intro": ".\n.so beginnt eine Zeile", "items": []},
    )  # fmt: skip
    assert send_due_notices(at=timezone.now()) == 3
    assert smtp.sessions == 1
    dotted = next(mail for mail in smtp.mails if "b@example.org" in mail)
    assert "\n..so beginnt eine Zeile" in dotted


def test_a_refusal_after_the_end_is_tried_again(smtp):
    _queue(1)
    smtp.refuses_at_the_end = True
    now = timezone.now()
    assert send_due_notices(at=now) == 0
    notice = Notice.objects.get()
    assert (notice.status, notice.attempts) == (NoticeStatus.QUEUED, 1)
    assert "554" in notice.error
    smtp.refuses_at_the_end = False
    assert send_due_notices(at=notice.due_at) == 1
    assert len(smtp.mails) == 1


@pytest.mark.parametrize(
    ("template", "status"),
    [("news", NoticeStatus.UNSURE), ("receipt", NoticeStatus.QUEUED)],
)
def test_in_doubt_only_what_stands_nowhere_else_is_sent_again(own_database, template, status):
    now = timezone.now()
    _queue(1, template)
    Notice.objects.update(status=NoticeStatus.HANDED, attempts=1, handed_at=now)
    assert settle_doubts(at=now + DOUBT_SETTLES - timedelta(seconds=1)) == 0
    assert settle_doubts(at=now + DOUBT_SETTLES) == 1
    assert Notice.objects.get().status == status
    assert send_again(at=now) == (status == NoticeStatus.UNSURE)
    assert Notice.objects.get().status == NoticeStatus.QUEUED
