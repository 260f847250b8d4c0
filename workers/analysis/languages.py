"""Which language a contribution is written in."""

from functools import cache
from typing import Any

# What people in German towns write in; fewer candidates make short texts safer to judge.
LANGUAGES = (
    "ar", "bg", "de", "el", "en", "es", "fa", "fr", "hr", "it", "pl", "ro", "ru", "tr", "uk",
)  # fmt: skip
UNKNOWN = "und"


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(LANGUAGES)
    return identifier


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the likeliest of ``LANGUAGES``; ``und`` for a text without letters."""
    if not any(character.isalpha() for character in text):
        return UNKNOWN
    return str(_identifier().classify(text)[0])
