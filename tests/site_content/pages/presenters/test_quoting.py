from site_content.pages.presenters.quoting import quoted


def test_a_quote_is_not_cut_within_a_word():
    assert quoted("Sie sind der Grund, warum dieses Ha…") == "Sie sind der Grund, warum dieses …"
    assert quoted("Sie sind der Grund, wa…") == "Sie sind der Grund …"


def test_marks_within_a_quote_are_one_level_down():
    assert quoted("„Er ist elf.“ Sätze wie diesen") == "‚Er ist elf.‘ Sätze wie diesen"


def test_a_whole_sentence_stays_as_it_is():
    assert quoted("Alle lernen Deutsch.") == "Alle lernen Deutsch."
