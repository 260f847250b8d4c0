"""Numbers and phrases in words, in both directions of writing."""

from django.utils.translation import override

from site_content.pages.presenters.figures import apart, listed


def test_phrases_are_joined_with_the_comma_of_the_language():
    assert listed(["7 übernommen", "6 teilweise"]) == "7 übernommen, 6 teilweise"
    with override("ar"):
        assert (
            listed(["\u20687\u2069 أ", "\u20686\u2069 ب"])
            == "\u200f\u20687\u2069 أ، \u20686\u2069 ب"
        )
        assert listed([]) == ""


def test_numbers_keep_their_direction_in_a_line_from_right_to_left():
    assert apart("2026-R1-0078") == "2026-R1-0078"
    with override("ar"):
        assert apart("2026-R1-0078") == "\u20682026-R1-0078\u2069"
