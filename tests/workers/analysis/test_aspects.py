import numpy as np

from workers.analysis.aspects import learn, less_aspects, written
from workers.analysis.features import less_language_mean
from workers.analysis.themes import Contribution, vectors_of

SUBJECTS = (
    "Der Zoo", "Die Sauna", "Das Standesamt", "Der Flohmarkt", "Die Sternwarte", "Das Planetarium",
    "Der Campingplatz", "Die Minigolfanlage", "Der Friedhof", "Das Fundbüro", "Die Kletterhalle",
    "Der Ruderverein",
)  # fmt: skip
SAID = (
    "{} ist zu teuer.", "{} ist zu weit weg.", "{} ist schmutzig.",
    "{} schließt viel zu früh.", "{} ist sehr schön.",
)  # fmt: skip


def sentence_rows(texts):
    vectors = vectors_of([Contribution(f"{n:02}", text, "de") for n, text in enumerate(texts)])
    rows = np.array([vectors[f"{n:02}"] for n in range(len(texts))])
    return less_language_mean(rows, np.zeros(len(rows), int))


def nearest_of_same_subject(rows):
    similar = rows @ rows.T / np.outer(*[np.linalg.norm(rows, axis=1)] * 2)
    np.fill_diagonal(similar, -1)
    here = np.arange(len(rows))
    return int((similar.argmax(axis=1) // len(SAID) == here // len(SAID)).sum())


def test_short_texts_are_near_by_subject_and_not_by_what_is_said_of_it():
    rows = sentence_rows([said.format(subject) for subject in SUBJECTS for said in SAID])
    before, after = nearest_of_same_subject(rows), nearest_of_same_subject(less_aspects(rows))
    assert after > before
    assert after >= 48


def test_rows_that_differ_little_in_what_is_said_stay_as_they_are():
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(90, 384)).astype(np.float32)
    assert less_aspects(rows) is rows
    few = rows[:, :12]
    assert less_aspects(few) is few
    nothing = np.zeros((80, 384), np.float32)
    assert less_aspects(nothing) is nothing


def test_the_direction_of_what_is_said_is_learnt_and_others_are_not():
    chance = np.random.default_rng(2)
    vectors = chance.normal(0, 0.01, size=(2, 30, 12, 8))
    vectors[..., 0] += chance.normal(size=(30, 1))
    vectors[..., 1] += chance.normal(size=12)
    directions, held_down = learn(vectors)
    assert np.argmax(np.abs(directions[:, 0])) == 1
    assert held_down[0] > 0.6
    assert held_down[1:].max() < 0.1


def test_each_subject_is_given_each_aspect_in_both_languages():
    german, english = written()
    assert german[0][0] == "Museen sind zu teuer."
    assert english[0][0] == "Museums are too expensive."
    assert {len(subject) for part in (german, english) for subject in part} == {115}
