from drafts.editions.comparison import compare_words
from site_content.pages.presenters.changes import changed_lines

OLD = "Alle lernen Deutsch.\nDas dauert.\nFür wen: alle\nFederführung: Schulamt"
NEW = "Alle lernen bald Deutsch.\nDas dauert.\nFür wen: alle\nFederführung: Sozialamt"


def text(parts) -> str:
    return "".join(words for op, words in parts if op != "delete")


def test_lines_without_a_change_are_left_out_and_the_others_stay_whole():
    parts = changed_lines(compare_words(OLD, NEW))
    assert text(parts) == "Alle lernen bald Deutsch.\nFederführung: Sozialamt"


def test_lines_before_the_first_and_after_the_last_change_are_left_out():
    parts = changed_lines(
        compare_words("Erstens.\nZweitens.\nDrittens.", "Erstens.\nZwei.\nDrittens.")
    )
    assert text(parts) == "Zwei."


def test_a_single_part_stays():
    assert changed_lines(compare_words("", "Neu.\nAlles.")) == [("insert", "Neu.\nAlles.")]
