import numpy as np

from workers.analysis import vectors
from workers.analysis.vectors import (
    DIMENSIONS,
    FileVectorStore,
    sentence_vectors,
    vector_key,
)


def test_meaning_is_nearer_than_language():
    rows = sentence_vectors(
        ["Beim Arzt gibt es keine Dolmetscher.", "Doktorda tercüman yok.", "Der Bus kommt zu spät."]
    )
    assert rows.shape == (3, DIMENSIONS)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)


def test_a_vector_is_computed_once_and_the_same_with_the_store(tmp_path, monkeypatch):
    texts = ["Mehr Licht im Park.", "Mehr Bänke im Park.", "Mehr Licht im Park."]
    store = FileVectorStore(tmp_path / "cache")
    fresh = sentence_vectors(texts, store)
    asked = []
    monkeypatch.setattr(vectors, "_embed", lambda parts: asked.append(parts))
    kept = sentence_vectors(texts, FileVectorStore(tmp_path / "cache"))
    assert asked == []
    assert np.array_equal(fresh, kept)
    assert np.array_equal(fresh[0], fresh[2])


def test_the_store_holds_no_words(tmp_path):
    store = FileVectorStore(tmp_path)
    sentence_vectors(["Geheimes Anliegen"], store)
    assert b"Geheimes" not in store.path.read_bytes()
    assert list(store.get_many([vector_key("Geheimes Anliegen")]))


def test_without_the_model_there_are_no_vectors(monkeypatch):
    monkeypatch.setattr(vectors, "_model", lambda: None)
    assert sentence_vectors(["Mehr Licht im Park."]) is None


def test_no_text_needs_no_vector():
    assert sentence_vectors([]).shape == (0, DIMENSIONS)


def test_only_what_is_embedded_names_the_vector():
    long = "Licht im Park " * 20
    assert vector_key(long + "und mehr") == vector_key(long + "und weniger")
    assert vector_key("Licht im Park") != vector_key("Bank im Park")
