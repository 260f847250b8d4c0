"""Sentence vectors are computed once, soon after the words were written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.contributions.models import Comment, Contribution
from consult.contributions.services.status import VECTOR_JOB, set_status
from consult.contributions.states import Visibility
from consult.evaluation.models import AnalysisRun, ProposalMember, TextVector
from consult.evaluation.services import vectors
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.vectors import (
    AT_ONCE,
    ATTEMPTS,
    compute_next_vectors,
    set_aside,
)
from consult.evaluation.states import RunStatus
from consult.records.services.erasing import erase_contribution
from tests.factories import make_contribution
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written
from workers.analysis.vectors import vector_key
from workers.app import app
from workers.jobs.analyse import analyse
from workers.jobs.compute_vectors import compute_vectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **_options: names.append(name))
    return names


def test_what_was_written_has_its_vector_and_notes_the_key(round_, now):
    rows = [make_contribution(round_, at=now, text=f"Wunsch {n}.") for n in range(AT_ONCE + 1)]
    assert compute_next_vectors()
    assert TextVector.objects.count() == AT_ONCE
    assert compute_next_vectors()
    noted = set(Contribution.objects.values_list("vector_key", flat=True))
    assert noted == {vector_key(f"Wunsch {n}.") for n in range(len(rows))}
    assert noted == set(TextVector.objects.values_list("key", flat=True))
    with nothing_written():
        assert not compute_next_vectors()


def test_writing_and_showing_again_wake_a_worker(
    round_, now, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        written = make_contribution(round_, at=now)
    assert VECTOR_JOB in sent
    sent.clear()
    # Committed by now: a job that waits for the commit is not sent twice.
    connection.run_on_commit.clear()
    set_status(contribution=written, status=Visibility.HIDDEN, actor=None, at=now)
    assert not compute_next_vectors()
    with django_capture_on_commit_callbacks(execute=True):
        set_status(contribution=written, status=Visibility.PUBLISHED, actor=None, at=now)
    assert sent == [VECTOR_JOB]
    assert compute_next_vectors()


def test_the_job_gives_way_and_calls_itself_again(round_, now, sent, monkeypatch):
    monkeypatch.setattr("workers.jobs.compute_vectors.BATCHES", 1)
    make_contribution(round_, at=now)
    compute_vectors()
    assert sent == [VECTOR_JOB]
    sent.clear()
    compute_vectors()
    assert sent == []


def test_erasing_deletes_the_vector_by_its_key_and_others_get_theirs_anew(round_, now):
    first, second = (make_contribution(round_, at=now, text="Gleich.") for _ in range(2))
    compute_next_vectors()
    erase_contribution(contribution=first, actor=None, at=now)
    assert not TextVector.objects.exists()
    keys = dict(Contribution.objects.values_list("pk", "vector_key"))
    assert keys == {first.pk: "", second.pk: ""}
    assert compute_next_vectors()
    assert TextVector.objects.get().key == vector_key("Gleich.")
    first.refresh_from_db()
    assert first.vector_key == ""


def test_at_closing_no_vector_is_left_to_compute(round_, now, monkeypatch):
    for number in range(3):
        make_contribution(round_, at=now, text=f"Wunsch {number}.")
    while compute_next_vectors():
        pass
    make_closed(round_)
    kept = []
    monkeypatch.setattr(
        vectors.StoredVectors, "put_many", lambda _self, found: kept.append(list(found))
    )
    while run_next_shard(clock=lambda: now):
        pass
    assert AnalysisRun.objects.get().method["themes"]["with_vector"] == 3
    assert kept == []


@pytest.fixture
def without_model(monkeypatch):
    monkeypatch.setattr("workers.analysis.vectors._model", lambda: None)


def test_without_the_model_texts_stay_due_for_another_worker(round_, now, without_model):
    make_contribution(round_, at=now)
    with nothing_written():
        assert not compute_next_vectors()


def test_without_the_model_themes_are_found_by_words_and_the_method_says_so(
    round_, now, without_model
):
    for number in range(3):
        make_contribution(round_, at=now, text=f"Der Nachtbus fährt nicht, Wunsch {number}.")
    make_closed(round_)
    while run_next_shard(clock=lambda: now):
        pass
    method = AnalysisRun.objects.get().method["themes"]
    assert (method["features"], method["model"]) == ("words only", None)
    assert method["sections_by_words_only"] == 1


def test_without_the_model_stored_vectors_are_used(round_, now, monkeypatch):
    for number in range(3):
        make_contribution(round_, at=now, text=f"Der Nachtbus fährt nicht, Wunsch {number}.")
    compute_next_vectors()
    make_contribution(round_, at=now, text="Kurse am Abend fehlen.")
    monkeypatch.setattr("workers.analysis.vectors._model", lambda: None)
    make_closed(round_)
    while run_next_shard(clock=lambda: now):
        pass
    method = AnalysisRun.objects.get().method["themes"]
    assert (method["features"], method["with_vector"]) == ("sentence vectors and words", 3)


def test_a_batch_costs_the_same_queries_whatever_is_in_it(round_, now):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            compute_next_vectors()
        return len(captured)

    make_contribution(round_, at=now, text="Eins.")
    one = queries()
    for number in range(AT_ONCE):
        make_contribution(round_, at=now, text=f"Wunsch {number}.")
    assert queries() == one


POISON = "Daran scheitert das Modell."


@pytest.fixture
def failing_on_poison(monkeypatch):
    real = vectors.sentence_vectors

    def embed(texts, store):
        if POISON in texts:
            raise MemoryError("too much")
        return real(texts, store)

    monkeypatch.setattr(vectors, "sentence_vectors", embed)


def test_a_text_on_which_the_model_fails_holds_up_nobody_and_is_set_aside(
    round_, now, failing_on_poison
):
    poison = make_contribution(round_, at=now, text=POISON)
    for number in range(AT_ONCE + 2):
        make_contribution(round_, at=now, text=f"Wunsch {number}.")
    calls = 0
    while compute_next_vectors():
        calls += 1
    # One batch with it, one without, its companions one by one, and it alone twice more.
    assert calls == 2 + (AT_ONCE - 1) + (ATTEMPTS - 1)
    assert list(set_aside(round_)) == [poison]
    attempts = dict(Contribution.objects.values_list("pk", "vector_attempts"))
    assert attempts.pop(poison.pk) == ATTEMPTS
    assert set(attempts.values()) == {0}
    assert Contribution.objects.filter(vector_key="").count() == 1
    with nothing_written():
        assert not compute_next_vectors()


def test_what_was_set_aside_is_analysed_by_words_and_the_method_counts_it(
    round_, now, failing_on_poison, monkeypatch
):
    poison = make_contribution(round_, at=now, text=POISON)
    for number in range(3):
        make_contribution(round_, at=now, text=f"Der Nachtbus fährt nicht, Wunsch {number}.")
    make_closed(round_)
    read = []
    real = vectors.vectors_of
    monkeypatch.setattr(
        vectors,
        "vectors_of",
        lambda words, store: read.extend(row.id for row in words) or real(words, store),
    )
    monkeypatch.setattr("consult.evaluation.services.analysis.wake_worker", lambda _job: None)
    analyse()
    run = AnalysisRun.objects.get()
    assert run.status == RunStatus.DONE
    assert run.method["themes"]["set_aside_by_model"] == 1
    assert run.method["themes"]["with_vector"] == 3
    assert poison.ref not in read
    proposed = ProposalMember.objects.filter(run=run).values_list("contribution__ref", flat=True)
    assert poison.ref in proposed
    assert len(proposed) == 4


def test_a_contribution_without_words_of_its_own_holds_up_nobody(round_, now):
    for number in range(AT_ONCE):
        silent = make_contribution(round_, at=now, text=f"Ohne Wortlaut {number}.")
        Comment.objects.filter(pk=silent.pk).delete()
    made = make_contribution(round_, at=now, text="Kurse fehlen.")
    assert compute_next_vectors()
    made.refresh_from_db()
    assert made.vector_key
