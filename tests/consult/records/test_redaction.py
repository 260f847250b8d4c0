"""Words and names of a person in what others wrote."""

import pytest

from consult.records.redaction import GONE, without_name, without_quotations

SAID = "Der Kurs am Samstag muss für Eltern mit kleinen Kindern offen sein."


@pytest.mark.parametrize(
    ("text", "said", "kept"),
    [
        ("", SAID, ""),
        ("Wir danken.", SAID, "Wir danken."),
        # The whole, and any five words of it; case, spaces and punctuation do not matter.
        (f"Sie schreiben: „{SAID}“ Ja.", SAID, f"Sie schreiben: „{GONE}.“ Ja."),
        ("Zitat: MUSS für   Eltern, mit kleinen", SAID, f"Zitat: {GONE}"),
        ("Zweimal: Der Kurs am Samstag muss. Und: mit kleinen Kindern offen sein!", SAID,
         f"Zweimal: {GONE}. Und: {GONE}!"),
        # Four words are anybody's.
        ("Der Kurs am Samstag ist gut.", SAID, "Der Kurs am Samstag ist gut."),
        # Short texts are found whole.
        ("Jemand sagt: Mehr Busse bitte. Ja.", "Mehr Busse bitte!", f"Jemand sagt: {GONE}. Ja."),
        ("Mehr Busse", "Mehr Busse bitte!", "Mehr Busse"),
        # Very short ones only where nothing else stands.
        ("Ja", "Ja.", GONE),
        ("Ja, das geht.", "Ja.", "Ja, das geht."),
        ("Text", " … ", "Text"),
    ],
)  # fmt: skip
def test_quotations_are_cut(text, said, kept):
    assert without_quotations(text, said) == kept


@pytest.mark.parametrize(
    ("text", "name", "kept"),
    [
        ("Ada schreibt an ADA.", "Ada", f"{GONE} schreibt an {GONE}."),
        ("Adana bleibt.", "Ada", "Adana bleibt."),
        ("Nichts.", " ", "Nichts."),
        ("Wer ist (x)?", "(x)", f"Wer ist {GONE}?"),
    ],
)
def test_names_are_cut_as_words_of_their_own(text, name, kept):
    assert without_name(text, name) == kept
