import pytest

from workers.analysis.texts import normal_form, sentence_spans, stem, words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Erster Satz. Zweiter Satz!", ["Erster Satz.", "Zweiter Satz!"]),
        ("Am 1. Mai kommt z. B. der Bus.", ["Am 1. Mai kommt z. B. der Bus."]),
        ("Etwa ca. 30 Leute, bzw. mehr.", ["Etwa ca. 30 Leute, bzw. mehr."]),
        ("Titel ohne Punkt\n\nText", ["Titel ohne Punkt", "Text"]),
        ("هل يوجد مترجم؟ نعم.", ["هل يوجد مترجم؟", "نعم."]),
        ("  \n ", []),
    ],
)
def test_sentences_are_verbatim_pieces(text, sentences):
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_composed_and_decomposed_letters_are_the_same_text():
    assert normal_form("u\u0308ber  uns\n") == normal_form("über uns")


def test_stems_join_forms_of_a_word_but_only_where_the_language_is_known():
    assert stem("Radwege", "de") == stem("Radweg", "de")
    assert stem("Radwege", "xx") != stem("Radweg", "xx")


def test_words_keep_their_spelling_and_leave_out_numbers():
    assert words("Die U-Bahn fährt 3-mal, nicht wahr?") == [
        "Die",
        "U-Bahn",
        "fährt",
        "mal",
        "nicht",
        "wahr",
    ]
