"""Every mail that a service queues has a text, in every language."""

import ast
import re

import pytest
from django.conf import settings
from django.core import mail
from django.template.loader import get_template, render_to_string
from django.utils import translation

from consult.contributions.states import EFFECT
from consult.participants.services import queue_notice, send_due_notices
from tests.architecture.source import ROOT, functions

QUEUES = {"queue_notice", "write_notice", "keep_unconfirmed"}
TEXTS = ROOT / "site_content" / "templates" / "emails"


def _queued() -> set[str]:
    names = {f"moderation_{measure}" for measure in EFFECT}
    for path, _name, function in functions():
        for node in ast.walk(function):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if "/services" in path and called in QUEUES:
                names |= {
                    keyword.value.value
                    for keyword in node.keywords
                    if keyword.arg == "template" and isinstance(keyword.value, ast.Constant)
                }
            place = {"tell_author": 2, "tell_reporter": 1}.get(called)
            if place and isinstance(node.args[place], ast.Constant):
                names.add(node.args[place].value)
    return names


def test_every_queued_mail_has_a_text_and_every_text_is_queued():
    assert _queued() == {path.stem for path in TEXTS.glob("*.txt")}


@pytest.mark.django_db
def test_a_mail_begins_with_its_subject_and_ends_with_its_sender():
    for path in TEXTS.glob("*.txt"):
        text = get_template(f"emails/{path.name}").render({"ref": "2027-R1-0001"})
        subject, empty, *body = text.strip().splitlines()
        assert 10 < len(subject) < 90, path.name
        assert empty == ""
        assert body[0] == "Guten Tag,"
        assert "Mit freundlichen Grüßen" in body


FILLED = {
    "ref": "2027-R1-0001",
    "theme": "T",
    "reason": "R",
    "rule": "R1",
    "token": "K",
    "key": "K",
    "held": True,
    "is_shown": True,
    "email": "a@example.org",
    "activate_url": "https://example.org/1/",
    "password_reset_url": "https://example.org/2/",
    "signup_url": "https://example.org/3/",
}
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
WORDS = re.compile(r"[^\W\d_]{3,}")


def _words_of(text: str) -> set[str]:
    """The lines that say something, without addresses and what is put in."""
    lines = (re.sub(r"https?://\S+|\S+@\S+|2027-R1-0001", "", line) for line in text.splitlines())
    return {line.strip() for line in lines if WORDS.search(line)}


@pytest.mark.django_db
@pytest.mark.parametrize("code", OTHERS)
def test_a_mail_goes_out_in_the_language_of_its_reader(code, now):
    names = sorted(path.stem for path in TEXTS.glob("*.txt"))
    for language in (settings.LANGUAGE_CODE, code):
        for name in names:
            queue_notice(
                key=f"{name}:{language}",
                template=name,
                context=FILLED,
                at=now,
                email="a@example.org",
                language=language,
            )
        send_due_notices(at=now)
    german, others = mail.outbox[: len(names)], mail.outbox[len(names) :]
    assert len(german) == len(others) == len(names)
    with translation.override(code):
        greeting = translation.gettext("Guten Tag,")
    for first, second in zip(german, others, strict=True):
        assert 5 < len(second.subject) < 120
        assert second.body.startswith(greeting)
        if code != "de-x-ls":
            assert first.subject != second.subject
            assert _words_of(first.body) & _words_of(second.body) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("code", OTHERS)
def test_mails_about_the_account_speak_every_language(code):
    account = ROOT / "site_content" / "templates" / "account" / "email"
    for path in account.glob("*.txt"):
        german = render_to_string(f"account/email/{path.name}", FILLED)
        with translation.override(code):
            other = render_to_string(f"account/email/{path.name}", FILLED)
        assert other.strip()
        if code != "de-x-ls":
            assert _words_of(german) & _words_of(other) == set(), path.name
