"""Invariant 36: the audit log verifies from its beginning and cannot be shortened unnoticed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import ModelLogEntry, PageLogEntry

from consult.contributions.services.status import set_status
from consult.contributions.states import Visibility
from consult.evaluation.services.themes import rename_theme
from consult.participants.states import ErasureScope
from consult.records.models import AuditLink
from consult.records.services.audit_chain import (
    HEADS,
    Root,
    entry_bytes,
    first_break,
    noted_roots,
    seal_entries,
)
from consult.records.services.erasing import erase_person
from consult.records.services.witness import path_of
from tests.consult.records.chain import Chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(now, django_capture_on_commit_callbacks) -> Chain:
    """A city in which things were logged, sealed in two steps."""
    chain = Chain(at=now)
    with django_capture_on_commit_callbacks(execute=True):
        assert seal_entries(at=now) > 3
    chain.answer(chain.close())
    with django_capture_on_commit_callbacks(execute=True):
        assert seal_entries(at=now) > 3
    return chain


def verify(*arguments) -> str:
    out = StringIO()
    call_command("verify_audit_log", *arguments, stdout=out)
    return out.getvalue()


def test_invariant_36_every_entry_of_both_logs_is_sealed_once(chain, now):
    entries = ModelLogEntry.objects.count() + PageLogEntry.objects.count()
    assert PageLogEntry.objects.exists()
    assert AuditLink.objects.count() == entries
    assert seal_entries(at=now) == 0
    head = AuditLink.objects.order_by("position").last()
    assert first_break(noted_roots()) is None
    assert f"{head.position} {head.digest}" in verify()


def test_an_empty_log_is_intact():
    ModelLogEntry.objects.all().delete()
    assert "no entry yet" in verify()


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "round.status"},
        {"user_id": 999},
        {"object_id": "999"},
        {"data": {"from": "open", "to": "planned"}},
        {"timestamp": "2020-01-01T00:00:00Z"},
    ],
)
def test_invariant_36_a_changed_entry_is_found(chain, changed):
    link = AuditLink.objects.filter(log="model").order_by("position")[2]
    ModelLogEntry.objects.filter(pk=link.entry).update(**changed)
    found = first_break([])
    assert (found.position, found.code) == (link.position, "changed")
    with pytest.raises(CommandError, match=f"link {link.position}, or the link, was changed"):
        verify()


def test_invariant_36_a_removed_entry_is_found(chain):
    link = AuditLink.objects.get(position=3)
    {"model": ModelLogEntry, "page": PageLogEntry}[link.log].objects.filter(pk=link.entry).delete()
    assert (first_break([]).position, first_break([]).code) == (3, "removed")


def test_invariant_36_a_removed_link_is_found(chain):
    AuditLink.objects.get(position=2).delete()
    assert (first_break([]).position, first_break([]).code) == (2, "gap")


def test_invariant_36_a_tail_that_a_restore_took_is_found(chain):
    last = AuditLink.objects.order_by("position").last()
    ModelLogEntry.objects.filter(pk=last.entry).delete()
    AuditLink.objects.filter(pk=last.pk).delete()
    # The rows alone do not show it, the file outside does.
    assert first_break([]) is None
    found = first_break(noted_roots())
    assert (found.position, found.code) == (last.position - 1, "shortened")
    with pytest.raises(CommandError, match="a later head was noted"):
        verify()


def test_invariant_36_a_chain_that_was_written_anew_is_found(chain, now):
    ModelLogEntry.objects.filter(action="round.status").delete()
    AuditLink.objects.all().delete()
    seal_entries(at=now)
    assert first_break([]) is None
    assert first_break(noted_roots()).code == "rewritten"


def test_a_head_that_somebody_else_has_kept_can_be_checked(chain):
    path_of(HEADS).unlink()
    assert "1 noted heads match" in verify("--root", "1", AuditLink.objects.get(pk=1).digest)
    with pytest.raises(CommandError):
        verify("--root", "1", "0" * 64)
    assert first_break([Root(10_000, "0" * 64)]).code == "shortened"


def test_invariant_36_the_sealed_bytes_hold_no_label_and_no_free_text(chain, now):
    theme = chain.contribution.assignments.get().theme
    rename_theme(theme=theme, title="Neu", concern="", actor=chain.coordination, at=now)
    entry = ModelLogEntry.objects.get(action="theme.rename")
    assert entry.data["title"] == "Kurse am Samstag"
    assert b"Kurse" not in entry_bytes("model", entry)


def test_invariant_36_an_erasure_does_not_break_the_chain(chain, now):
    set_status(contribution=chain.contribution, status=Visibility.HIDDEN, actor=None, at=now)
    seal_entries(at=now)
    erase_person(user=chain.author, scope=ErasureScope.WORDS, at=now)
    seal_entries(at=now)
    assert first_break([]) is None
