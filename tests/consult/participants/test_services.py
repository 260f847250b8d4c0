"""Mails as rows: written once, sent once, tried again at growing distance."""

import itertools
import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from consult.participants.models import Notice
from consult.participants.services import (
    ATTEMPTS,
    declare_residence,
    queue_notice,
    revoke_residence,
    send_due_notices,
    update_profile,
)
from consult.participants.states import NoticeStatus, VerificationClass
from tests.factories import make_resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path):
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "hello.txt").write_text("Betreff {{ ref }}\n\nText {{ home }}\n")
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}
    ]


@pytest.fixture
def smtp_down(monkeypatch):
    """A mail server that refuses; the list grows with every attempt."""
    attempts = []

    def refuse(*_mail):
        attempts.append(_mail)
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr("consult.participants.post.WholePost.begin", refuse)
    return attempts


def _queue(at, key="hello:1", **changed):
    given = {"template": "hello", "context": {"ref": "2027-R1-0001"}, "email": "a@example.org"}
    queue_notice(key=key, at=at, **{**given, **changed})


def test_the_same_key_is_sent_once(now):
    _queue(now)
    _queue(now, context={"ref": "zweimal"})
    assert send_due_notices(at=now) == 1
    assert send_due_notices(at=now + timedelta(days=9)) == 0
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Betreff 2027-R1-0001", ["a@example.org"])


def test_what_was_sent_is_not_kept(now):
    _queue(now)
    send_due_notices(at=now)
    notice = Notice.objects.get()
    assert (notice.status, notice.sent_at, notice.context) == (NoticeStatus.SENT, now, {})


def test_a_failing_server_is_tried_at_growing_distance_then_given_up(now, smtp_down):
    _queue(now)
    at, distances = now, []
    for _attempt in range(ATTEMPTS):
        assert send_due_notices(at=at) == 0
        notice = Notice.objects.get()
        assert send_due_notices(at=notice.due_at - timedelta(seconds=1)) == 0
        distances.append(notice.due_at - at)
        at = notice.due_at
    assert len(smtp_down) == ATTEMPTS
    assert all(later > 2 * sooner for sooner, later in itertools.pairwise(distances))
    assert notice.status == NoticeStatus.FAILED
    assert "Connection unexpectedly closed" in notice.error
    assert send_due_notices(at=at + timedelta(days=99)) == 0
    assert len(smtp_down) == ATTEMPTS


def test_a_mail_goes_out_once_when_the_server_is_back(now, smtp_down, monkeypatch):
    _queue(now)
    send_due_notices(at=now)
    monkeypatch.undo()
    due = Notice.objects.get().due_at
    assert send_due_notices(at=due) == 1
    assert send_due_notices(at=due + timedelta(days=1)) == 0
    assert len(mail.outbox) == 1
    assert Notice.objects.get().error == ""


def test_one_broken_mail_holds_up_no_other(now):
    _queue(now, key="broken", template="there_is_no_such_template")
    _queue(now, key="whole")
    assert send_due_notices(at=now) == 1
    assert "there_is_no_such_template" in Notice.objects.get(key="broken").error


def test_mails_to_an_account_follow_its_address_and_language(now):
    person = make_resident()
    update_profile(user=person, pseudonym="  Ada ", language="en")
    _queue(now, email="", user=person)
    person.email = "neu@example.org"
    person.save()
    send_due_notices(at=now)
    assert mail.outbox[0].to == ["neu@example.org"]
    assert "/en/" in mail.outbox[0].body
    assert person.pseudonym == "Ada"


def test_declaring_and_revoking_residence_changes_the_class_from_then_on(now):
    person = make_resident()
    assert person.verification_class == VerificationClass.EMAIL_CONFIRMED
    declare_residence(user=person, at=now)
    assert person.verification_class == VerificationClass.RESIDENCE_DECLARED
    revoke_residence(user=person)
    assert person.verification_class == VerificationClass.EMAIL_CONFIRMED
