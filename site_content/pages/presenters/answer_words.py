"""The city's answer in the reader's language, with the German one that counts."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.evaluation.models import Response, ResponseText
from consult.evaluation.selectors import answer_hash, chosen_text
from drafts.concept.languages import language_of
from drafts.concept.states import BINDING
from site_content.pages.presenters.figures import day

Shown = dict[str, Any]


def answer_words(
    response: Response, texts: Iterable[ResponseText], languages: Iterable[str]
) -> Shown:
    """The words of an answer in the first of the languages that has some, else in German.

    {reason, language, note, german}; the last two are empty where the German answer itself is
    shown.
    """
    found = _wanted(list(texts), languages)
    return {
        "reason": found.reason if found else response.reason,
        "language": language_of(found.language if found else BINDING),
        "note": _note(found, response) if found else "",
        "german": response.reason if found else "",
    }


def languages_of_reader() -> list[str]:
    """What anybody reads: the language of the page."""
    return [get_language()]


def languages_of_holder(contribution: Contribution) -> list[str]:
    """What an author reads: the language they wrote in, then that of the page."""
    wrote = contribution.language
    return [get_language()] if wrote == BINDING else [wrote, get_language()]


def _wanted(texts: list[ResponseText], languages: Iterable[str]) -> ResponseText | None:
    for language in languages:
        if language == BINDING:
            return None
        found = chosen_text(texts, [language])
        if found:
            return found
    return None


def _note(text: ResponseText, response: Response) -> str:
    if text.service:
        made = _("Automatisch übersetzt von {service}, freigegeben am {day}.").format(
            service=text.service, day=day(text.released_at)
        )
    else:
        made = _("Übersetzung vom {day}.").format(day=day(text.released_at))
    changed = _("Die deutsche Antwort wurde seitdem geändert.")
    is_outdated = text.source_hash != answer_hash(response)
    binding = _("Verbindlich ist die deutsche Antwort.")
    return " ".join([made, *([changed] if is_outdated else []), binding])
