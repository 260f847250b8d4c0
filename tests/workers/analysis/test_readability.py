"""How hard sentences are said to be."""

from hypothesis import given
from hypothesis import strategies as st

from workers.analysis.readability import EASIEST, HARDEST, complexity, read, text_complexity

OFFICE = (
    "Zur Förderung der gesellschaftlichen Teilhabe zugewanderter Menschen werden bedarfsgerechte "
    "Beratungsstrukturen unter Einbeziehung zivilgesellschaftlicher Akteure weiterentwickelt."
)
EVERYDAY = "Die Stadt baut neue Wohnungen für Familien mit wenig Geld."
EASY = "Wir helfen Ihnen."


def test_office_german_is_harder_than_everyday_german_and_that_harder_than_easy_german():
    assert complexity(OFFICE) > complexity(EVERYDAY) + 1 > complexity(EASY) + 1


def test_rare_words_are_harder_than_common_ones():
    assert complexity("Das ist eine Obliegenheit.") > complexity("Das ist eine Aufgabe.")


def test_a_text_counts_sentences_by_their_words():
    mixed = text_complexity(read(f"{OFFICE} {EASY}"))
    assert mixed is not None
    assert complexity(OFFICE) > mixed > (complexity(OFFICE) + complexity(EASY)) / 2


def test_nothing_to_read_has_no_complexity():
    assert text_complexity(read("")) is None
    assert text_complexity(read("123 🙂")) is None


@given(st.text(max_size=300))
def test_every_text_can_be_read(text):
    readings = read(text)
    assert all(text[r.start : r.end].strip() for r in readings)
    mean = text_complexity(readings)
    assert mean is None or EASIEST <= mean <= HARDEST
