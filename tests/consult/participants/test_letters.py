"""What a mail looks like from outside: two parts, stable identity, one click to stop."""

import pytest
from django.conf import settings

from consult.participants.letters import letter_of
from consult.participants.models import Notice

pytestmark = pytest.mark.django_db


def _letter(template: str = "receipt", language: str = "de", **context):
    given = {"ref": "2027-R1-0001", "key": "KEY", "held": False, **context}
    notice = Notice(
        key="receipt:1", template=template, language=language, email="a@example.org", context=given
    )
    return letter_of(notice)


def test_text_and_html_say_the_same_in_the_language_of_the_reader():
    letter = _letter(language="en")
    html = letter.alternatives[0].content
    assert '<html lang="en" dir="ltr">' in html
    assert f'<a href="{settings.WAGTAILADMIN_BASE_URL}/en/beleg/KEY/"' in html
    for line in letter.body.splitlines():
        assert line in html


def test_the_html_part_loads_nothing_and_escapes_everything():
    letter = _letter(
        "moderation_hide", reason="<img src=https://evil.example/x> https://evil.example/klick"
    )
    html = letter.alternatives[0].content
    assert "<img" not in html
    assert 'href="https://evil.example' not in html
    assert 'src="' not in html
    assert "<img src=https" in letter.body


def test_the_message_id_is_the_same_at_every_attempt():
    first, second = _letter(), _letter()
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert "receipt" not in first.extra_headers["Message-ID"]


def test_a_receipt_cannot_be_unsubscribed_from():
    headers = _letter().extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "List-Unsubscribe" not in headers
