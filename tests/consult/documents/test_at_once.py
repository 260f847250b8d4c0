"""Documents that are made while somebody else makes or erases: each test has its own database."""

import threading

from django.db import connections

from consult.documents.models import Document
from consult.documents.services import kinds
from consult.documents.services.kinds import Kind, register
from consult.documents.services.making import forget_documents, made_now
from tests.consult.documents.paper import KEY, Paper


def test_two_requests_at_once_make_it_once(own_database, monkeypatch, now):
    monkeypatch.setattr(kinds, "_KINDS", {})
    paper = Paper()
    begun, made = threading.Event(), []

    def slowly(data) -> bytes:
        begun.set()
        threading.Event().wait(0.3)
        return paper.render(data)

    register(Kind("paper", paper.says, {"md": slowly}, "blatt", holds_words=True))

    def ask() -> None:
        made.append(bytes(made_now(*KEY, at=now).content))
        connections.close_all()

    first, second = threading.Thread(target=ask), threading.Thread(target=ask)
    first.start()
    begun.wait(5)
    second.start()
    first.join()
    second.join()
    assert made == [b"Guten Tag"] * 2
    assert paper.rendered == 1


def test_erasure_waits_for_what_is_being_made_and_takes_it_too(own_database, monkeypatch, now):
    monkeypatch.setattr(kinds, "_KINDS", {})
    paper, begun, forgotten = Paper(), threading.Event(), threading.Event()

    def slowly(data) -> bytes:
        begun.set()
        threading.Event().wait(0.5)
        assert not forgotten.is_set()
        return paper.render(data)

    register(Kind("paper", paper.says, {"md": slowly}, "blatt", holds_words=True))

    def ask() -> None:
        made_now(*KEY, at=now)
        connections.close_all()

    reader = threading.Thread(target=ask)
    reader.start()
    begun.wait(5)
    assert forget_documents() == 1
    forgotten.set()
    reader.join()
    assert not Document.objects.exists()
