"""Sentence vectors are computed once, soon after the words were written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consult.contributions.models import Contribution
from consult.contributions.services.status import VECTOR_JOB, set_status
from consult.contributions.states import Visibility
from consult.evaluation.models import AnalysisRun, TextVector
from consult.evaluation.services import vectors
from consult.evaluation.services.analysis import run_next_shard
from consult.evaluation.services.vectors import AT_ONCE, compute_next_vectors
from consult.records.services.erasing import erase_contribution
from tests.factories import make_contribution, make_open_round
from tests.factories.evaluation import make_closed
from tests.tables import nothing_written
from workers.analysis.vectors import vector_key
from workers.app import app
from workers.jobs.compute_vectors import compute_vectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(now):
    return make_open_round(at=now)


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
