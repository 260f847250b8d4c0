import numpy as np

from tests.workers.analysis.voices import round_of_contributions
from workers.analysis.features import Features, build_features
from workers.analysis.themes import vectors_of


def test_across_languages_only_meaning_counts():
    meaning = np.array([[1, 0], [0.6, 0.8], [0.6, 0.8]], dtype=np.float32)
    wording = np.array([[1], [1], [1]], dtype=np.float32)
    features = Features(meaning, wording, np.array([0, 0, 1], dtype=np.int32))
    similar = features.similarities(slice(0, 1))[0]
    assert np.allclose(similar, [1, (0.6 + 0.5) / 1.5, 0.6])


def test_without_vectors_words_of_one_language_still_count():
    contributions = round_of_contributions()
    texts = [c.text for c in contributions]
    features = build_features(texts, ["de"] * 24 + ["xx"] * 6, None)
    similar = features.similarities(slice(0, len(texts)))
    assert similar[0, 2] > similar[0, 9]
    assert not similar[0, 24:].any()


def test_a_foreign_contribution_is_nearest_to_what_means_the_same():
    contributions = round_of_contributions()
    vectors = vectors_of(contributions)
    rows = np.array([vectors[c.id] for c in contributions])
    languages = ["de"] * 24 + ["tr", "en", "uk", "ar", "tr", "en"]
    similar = build_features([c.text for c in contributions], languages, rows).similarities(
        slice(24, 30)
    )
    topics = [int(row[:24].argmax()) // 8 for row in similar]
    assert topics == [0, 0, 1, 1, 2, 2]
