"""In which languages a text can be read, and what a reader of a translation should know."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from drafts.concept.languages import language_of
from drafts.concept.snapshots import Data
from drafts.editions.models import Edition
from drafts.editions.selectors import BINDING, Version
from site_content.pages.presenters.figures import day


def versions_on_page(edition: Edition, versions: list[Version], path: str) -> dict[str, Any]:
    """The note on the version that is shown, and the way to the others; `path` is this page's.

    {version: {sentence, german_url} or None, other_versions, text_languages}
    """
    offered = [code for code, _name in settings.LANGUAGES]
    found = [row for row in versions if row.language in offered]
    known = {BINDING, *(row.language for row in found)}
    language = get_language()
    return {
        "version": _note(edition, found, language, path),
        "other_versions": [
            {
                **language_of(code),
                "name": get_language_info(code)["name_local"],
                "url": translate_url(path, code),
            }
            for code in offered
            if code in known and code != language
        ],
        "text_languages": known,
    }


def versions_note(entries: Iterable[Data]) -> str:
    """What a reader of another language should know of a whole edition; "" in German."""
    if get_language() == BINDING:
        return ""
    translated = ["title" not in entry["german"] for entry in entries]
    if not any(translated):
        return only_german()
    if all(translated):
        return _("Übersetzung. Verbindlich ist der deutsche Text.")
    return _(
        "Ein Teil dieses Textes ist übersetzt, der Rest steht auf Deutsch. Verbindlich ist der "
        "deutsche Text."
    )


def only_german() -> str:
    """Said where a text has no version in the reader's language."""
    return _("Dieser Text liegt nur auf Deutsch vor. Verbindlich ist die deutsche Fassung.")


def _note(edition: Edition, found: list[Version], language: str, path: str) -> Data | None:
    if language == BINDING:
        return None
    own = next((row for row in found if row.language == language), None)
    if own is None:
        return {"sentence": only_german(), "german_url": ""}
    return {"sentence": _sentence(edition, own), "german_url": translate_url(path, BINDING)}


def _sentence(edition: Edition, own: Version) -> str:
    if own.is_whole:
        return _(
            "Übersetzung vom {day} der Fassung {number}. Verbindlich ist der deutsche Text."
        ).format(day=day(own.released_at), number=edition.number)
    return _(
        "Übersetzung der Fassung {number} vom {day}. Der deutsche Text wurde seitdem geändert: Die "
        "geänderten Stellen stehen hier auf Deutsch. Verbindlich ist der deutsche Text."
    ).format(number=own.edition_number, day=day(own.source_released_at))
