"""Several wordings of one text brought together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.editions.word_merging import merge_wordings, steps_of

BASE = "Die Stadt fördert Kurse für alle."
words = st.lists(st.sampled_from(["eins", "zwei", "drei", "vier", "fünf"]), max_size=8)
texts = words.map(" ".join)


@pytest.mark.parametrize(
    ("wordings", "merged"),
    [
        ([], BASE),
        ([BASE], BASE),
        (["Die Stadt bezahlt Kurse für alle."], "Die Stadt bezahlt Kurse für alle."),
        (
            ["Die Stadt bezahlt Kurse für alle.", "Die Stadt fördert Kurse für Kinder."],
            "Die Stadt bezahlt Kurse für Kinder.",
        ),
        # Neighbouring words are different words.
        (
            ["Die Stadt bezahlt Kurse für alle.", "Die Stadt fördert Gruppen für alle."],
            "Die Stadt bezahlt Gruppen für alle.",
        ),
        (
            ["Die Kurse für alle.", "Die Stadt fördert Kurse für wirklich alle."],
            "Die Kurse für wirklich alle.",
        ),
        # Two who want the same agree.
        (["Die Stadt bezahlt Kurse für alle."] * 2, "Die Stadt bezahlt Kurse für alle."),
        (
            ["Die Stadt bezahlt Kurse für alle.", "Die Stadt bezahlt Kurse für Kinder."],
            "Die Stadt bezahlt Kurse für Kinder.",
        ),
        # An insertion in front of a word that another one changes.
        (
            ["Die Stadt fördert gute Kurse für alle.", "Die Stadt fördert Gruppen für alle."],
            "Die Stadt fördert gute Gruppen für alle.",
        ),
        (["Die Stadt bezahlt Kurse für alle.", "Die Stadt plant Kurse für alle."], None),
        (["Die Stadt.", "Die Stadt fördert alle Kurse für alle."], None),
        (
            ["Die Stadt fördert gute Kurse für alle.", "Die Stadt fördert neue Kurse für alle."],
            None,
        ),
    ],
)
def test_what_touches_different_words_comes_together(wordings, merged):
    assert merge_wordings(BASE, wordings) == merged


def test_points_of_a_list_stay_lines():
    base = "Kurse\nBeratung\nTreffen"
    merged = merge_wordings(base, ["Kurse\nTreffen", "Kurse\nBeratung\nTreffen im Stadtteil"])
    assert merged == "Kurse\nTreffen im Stadtteil"


@given(texts, st.lists(texts, max_size=3))
def test_the_order_of_wordings_does_not_matter(base, wordings):
    assert merge_wordings(base, wordings) == merge_wordings(base, reversed(wordings))


@given(texts, texts)
def test_one_wording_alone_is_taken_as_it_is(base, wording):
    assert merge_wordings(base, [wording]) == wording
    assert merge_wordings(base, [wording, base, wording]) == wording


@given(texts, texts, texts)
def test_merged_text_holds_the_steps_of_both(base, one, other):
    merged = merge_wordings(base, [one, other])
    if merged is not None and base not in {one, other}:
        taken = {step.words for text in (one, other) for step in steps_of(base, text)}
        for inserted in taken:
            assert " ".join(inserted) in merged
