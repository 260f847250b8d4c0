"""What the rules of easy language find in a text, and what they leave alone."""

import pytest

from workers.analysis.easy_language import Rule, check, check_plain, divided

AGAINST = [
    ("Der Antrag wird geprüft.", Rule.PASSIVE, "wird geprüft"),
    ("Der Antrag wird vom Amt geprüft.", Rule.PASSIVE, "wird vom Amt geprüft"),
    ("Das wurde gestern beraten.", Rule.PASSIVE, "wurde gestern beraten"),
    ("Wir hören, dass Wege gebaut werden.", Rule.PASSIVE, "gebaut werden"),
    ("Das ist das Haus des Lehrers.", Rule.GENITIVE, "des Lehrers"),
    ("Die Leiterin der Schule hilft.", Rule.GENITIVE, "Leiterin der Schule"),
    ("Wegen des Regens bleiben wir da.", Rule.GENITIVE, "Wegen des"),
    ("Wir könnten helfen.", Rule.SUBJUNCTIVE, "könnten"),
    ("Das geht nicht.", Rule.NEGATION, "nicht"),
    ("Wir haben keine Zeit.", Rule.NEGATION, "keine"),
    ("Das Wohnungsamt hilft.", Rule.COMPOUND, "Wohnungsamt"),
    ("Das ist soziodemografisch.", Rule.HARD_WORD, "soziodemografisch"),
    ("Es gibt zwölf Kurse.", Rule.NUMBER_WORD, "zwölf"),
    ("Es kamen 25.000 Menschen.", Rule.HIGH_NUMBER, "25.000"),
    ("Es sind 30 Prozent.", Rule.HIGH_NUMBER, "30 Prozent"),
    ("Das steht in Kapitel XIV.", Rule.HIGH_NUMBER, "XIV"),
    ("Sie lernen z. B. Deutsch.", Rule.ABBREVIATION, "z. B."),
    ("Die VHS hilft.", Rule.ABBREVIATION, "VHS"),
    ("Das Amt (im Rathaus) hilft.", Rule.SIGN, "("),
    ("Alle Schüler:innen kommen.", Rule.SIGN, ":"),
    ("Wir helfen, weil das wichtig ist.", Rule.SEVERAL_STATEMENTS, ", weil"),
    ("Wenn Sie Fragen haben, rufen Sie an.", Rule.SEVERAL_STATEMENTS, "Wenn"),
]
FINE = [
    "Wir helfen Ihnen.",
    "Sie lernen Deutsch in der Bücherei.",
    "Wir werden Sie besuchen.",
    "Die Stadt wird größer.",
    "Seit 2019 gibt es 12 Kurse.",
    "Das Wohnungs·amt hilft bei der Suche.",
    "Das Wohnungs-Amt hilft.",
    "Ich gebe der Frau das Buch.",
    "Sie sagt: „Das ist gut.“",
    "",
    "🙂",
]


@pytest.mark.parametrize(("text", "rule", "words"), AGAINST)
def test_a_place_against_a_rule_is_found(text, rule, words):
    found = [text[f.start : f.end] for f in check(text) if f.rule is rule]
    assert words in found


@pytest.mark.parametrize("text", FINE)
def test_easy_sentences_are_left_alone(text):
    assert check(text) == []


def test_a_sentence_of_more_than_twelve_words_is_long():
    short = " ".join(["gut"] * 12) + "."
    assert [f.rule for f in check(f"gut {short}")] == [Rule.LONG_SENTENCE]
    assert check(short) == []


def test_places_are_counted_from_the_start_of_the_text():
    text = "Das ist gut. Das geht nicht."
    [found] = check(text)
    assert text[found.start : found.end] == "nicht"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Wohnungsamt", ("Wohnungs", "amt")),
        ("Kindergartenplatz", ("Kinder", "garten", "platz")),
        ("Bürgerbeteiligung", ("Bürger", "beteiligung")),
        ("Öffnungszeiten", ("Öffnungs", "zeiten")),
        ("Nachbarschaft", ()),
        ("Möglichkeit", ()),
        ("Unterstützung", ()),
        ("Einwohnerinnen", ()),
        ("Zusammenleben", ()),
    ],
)
def test_compounds_are_divided_between_words(word, parts):
    assert divided(word) == parts
    assert "".join(parts).lower() in {word.lower(), ""}


def test_a_text_for_everybody_is_asked_less():
    text = "Das Wohnungsamt hilft nicht. Der Antrag wird geprüft."
    assert [f.rule for f in check_plain(text)] == [Rule.PASSIVE]
