"""Documents: made once, kept while they are true, gone when they are not."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from consult.documents.models import Document
from consult.documents.selectors import documents_about
from consult.documents.services import kinds
from consult.documents.services.kinds import Kind, input_hash, register
from consult.documents.services.making import (
    ATTEMPTS,
    TRY_AGAIN,
    WAIT,
    NoSuchDocument,
    current_document,
    forget_documents,
    made_now,
    make_next_document,
    request_document,
)
from consult.documents.states import DocumentStatus
from tests.consult.documents.paper import KEY, Paper
from workers.jobs.documents import make_documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(monkeypatch) -> Paper:
    monkeypatch.setattr(kinds, "_KINDS", {})
    paper = Paper()
    for name, holds_words in (("paper", True), ("law", False)):
        register(Kind(name, paper.says, {"md": paper.render}, "blatt-{subject}", holds_words))
    return paper


def test_requested_document_waits_is_made_once_and_kept(paper):
    now = timezone.now()
    assert request_document(*KEY, at=now).status == DocumentStatus.QUEUED
    assert current_document(*KEY) is None
    make_documents()
    found = current_document(*KEY)
    assert bytes(found.content) == b"Guten Tag"
    assert (found.size, found.media_type) == (9, "text/markdown; charset=utf-8")
    assert found.file_name == "blatt-7.md"
    assert len(found.sha256) == 64
    assert len(found.sha512) == 128
    assert request_document(*KEY, at=now).pk == found.pk
    assert not make_next_document()
    assert paper.rendered == 1


def test_small_document_is_made_at_once_and_only_once(paper, now):
    first = made_now(*KEY, at=now)
    assert made_now(*KEY, at=now).pk == first.pk
    assert paper.rendered == 1


def test_changed_input_deletes_the_old_file_before_a_new_one_is_made(paper, now):
    made_now(*KEY, at=now)
    paper.words = "Gute Nacht"
    assert current_document(*KEY) is None
    row = request_document(*KEY, at=now)
    assert (row.status, bytes(row.content), row.sha256) == (DocumentStatus.QUEUED, b"", "")
    assert make_next_document(clock=lambda: now)
    assert bytes(Document.objects.get().content) == b"Gute Nacht"
    paper.words = "Guten Abend"
    assert bytes(made_now(*KEY, at=now).content) == b"Guten Abend"
    assert Document.objects.count() == 1


def test_worker_says_what_is_true_when_it_makes_the_file(paper, now):
    request_document(*KEY, at=now)
    paper.words = "Inzwischen anders"
    assert make_next_document(clock=lambda: now)
    assert bytes(current_document(*KEY).content) == b"Inzwischen anders"


def test_failure_is_kept_tried_three_times_and_again_later(paper, now):
    paper.problem = ValueError("kaputt")
    row = request_document(*KEY, at=now)
    at = now
    for attempt in range(1, ATTEMPTS + 1):
        assert make_next_document(clock=lambda: at)  # noqa: B023
        row.refresh_from_db()
        assert (row.attempts, row.error) == (attempt, "ValueError: kaputt")
        at += WAIT
    assert row.status == DocumentStatus.FAILED
    assert not make_next_document(clock=lambda: at + WAIT)
    assert request_document(*KEY, at=at).status == DocumentStatus.FAILED
    paper.problem = None
    assert request_document(*KEY, at=at + TRY_AGAIN).status == DocumentStatus.QUEUED
    assert make_next_document(clock=lambda: at + TRY_AGAIN)
    assert bytes(current_document(*KEY).content) == b"Guten Tag"


def test_what_a_dead_worker_left_is_made_by_another(paper, now):
    row = request_document(*KEY, at=now)
    Document.objects.update(status=DocumentStatus.RUNNING, attempts=1, claimed_at=now)
    assert not make_next_document(clock=lambda: now)
    assert make_next_document(clock=lambda: now + timedelta(minutes=1))
    row.refresh_from_db()
    assert (row.status, row.attempts) == (DocumentStatus.DONE, 2)
    Document.objects.update(
        status=DocumentStatus.RUNNING, attempts=ATTEMPTS, claimed_at=now, size=0, sha256=""
    )
    assert make_next_document(clock=lambda: now + timedelta(minutes=2))
    row.refresh_from_db()
    assert row.status == DocumentStatus.FAILED


def test_document_whose_subject_is_gone_goes_too(paper, now):
    request_document(*KEY, at=now)
    paper.words = None
    assert make_next_document(clock=lambda: now)
    assert not Document.objects.exists()
    for key in (KEY, ("other", "7", "de", "md"), ("law", "7", "de", "pdf")):
        with pytest.raises(NoSuchDocument):
            request_document(*key, at=now)


def test_failed_rendering_at_once_stores_nothing(paper, now):
    paper.problem = ValueError("kaputt")
    with pytest.raises(ValueError, match="kaputt"), transaction.atomic():
        made_now(*KEY, at=now)
    assert not Document.objects.exists()


def test_forgetting_deletes_what_may_hold_words_alone(paper, now):
    made_now(*KEY, at=now)
    made_now("law", *KEY[1:], at=now)
    assert forget_documents() == 1
    assert Document.objects.get().kind == "law"


def test_lists_do_not_read_files(paper, now):
    made_now(*KEY, at=now)
    listed = documents_about("paper", "7")
    assert set(listed) == {("de", "md")}
    assert "content" in listed["de", "md"].get_deferred_fields()


def test_hash_knows_the_version_and_the_kind_of_each_part():
    first = Kind("k", str, {}, "k", holds_words=False)
    second = Kind("k", str, {}, "k", holds_words=False, version=2)
    assert input_hash(first, {"a": b"x", "d": None}) == input_hash(first, {"d": None, "a": b"x"})
    assert input_hash(first, ["x"]) != input_hash(second, ["x"])
