import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.quotes import LONGEST, excerpt, pick_representatives


@given(st.text(st.sampled_from("ab .!?\n„“"), max_size=900))
def test_an_excerpt_is_verbatim_short_and_on_one_line(text):
    passage = excerpt(text, lambda part: part.count("a"))
    assert passage in text
    assert len(passage) <= LONGEST
    assert "\n" not in passage
    assert bool(passage) == bool(text.strip())


def test_the_passage_that_speaks_for_the_theme_is_taken():
    text = "Guten Tag. " * 30 + "Der Bus fehlt abends."
    assert "Der Bus fehlt abends." in excerpt(text, lambda part: part.count("Bus"))


def test_the_first_pick_stands_for_most_and_the_second_for_the_rest():
    similar = np.array(
        [
            [1, 0.9, 0.5, 0, 0],
            [0.9, 1, 0.9, 0, 0],
            [0.5, 0.9, 1, 0, 0],
            [0, 0, 0, 1, 0.9],
            [0, 0, 0, 0.9, 1],
        ]
    )
    assert pick_representatives(similar, [9] * 5, 2) == [1, 3]


def test_a_text_of_few_words_stands_for_others_only_if_it_must():
    similar = np.full((3, 3), 0.8)
    assert pick_representatives(similar, [0, 9, 9], 1) == [1]
    assert sorted(pick_representatives(similar, [0, 9, 9], 3)) == [0, 1, 2]
