"""Every mail that a service queues has a text."""

import ast

import pytest
from django.template.loader import get_template

from consult.contributions.states import EFFECT
from tests.architecture.source import ROOT, functions

TEXTS = ROOT / "site_content" / "templates" / "emails"


def _queued() -> set[str]:
    names = {"news", *(f"moderation_{measure}" for measure in EFFECT)}
    for path, _name, function in functions():
        for node in ast.walk(function):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if "/services" in path and called == "queue_notice":
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
