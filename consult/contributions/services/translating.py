"""Machine translation of contributions: optional, off by default.

The operator names a server that speaks LibreTranslate's interface, for example one of the own
(docs/operations.md). It gets the words of published contributions and nothing else. What it
answers stands beside the original, marked with the server's name. It is never analysed, quoted or
counted, and it goes with the words that it renders.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.db import transaction

from consult.contributions.models import Contribution, ContributionTranslation
from consult.contributions.states import Visibility

logger = logging.getLogger(__name__)

SECONDS = 30
ATTEMPTS = 6
NOT_DETECTED = "und"


class UnableToTranslate(Exception):
    """The service did not answer, or not with a translation; the message names the kind alone."""


class Translator(Protocol):
    """A service that translates plain text; `name` is shown beside what it wrote."""

    @property
    def name(self) -> str:
        """What the service is called."""

    def translate(self, text: str, source: str, target: str) -> str:
        """Return the text in the target language. Raises UnableToTranslate."""


@dataclass(frozen=True)
class LibreTranslate:
    """A server with the path /translate below `url`; `key` may be empty."""

    url: str
    key: str = ""

    @property
    def name(self) -> str:
        """The kind of service and the host that runs it."""
        return f"LibreTranslate ({urlsplit(self.url).hostname})"

    def translate(self, text: str, source: str, target: str) -> str:
        """Ask the server once; a language that was not detected is left for it to find out."""
        question = {
            "q": text,
            "source": "auto" if source == NOT_DETECTED else source,
            "target": target,
            "format": "text",
        }
        if self.key:
            question["api_key"] = self.key
        try:
            # An address that leads elsewhere would take the texts along.
            response = requests.post(
                f"{self.url.rstrip('/')}/translate",
                json=question,
                timeout=SECONDS,
                allow_redirects=False,
            )
            response.raise_for_status()
            answer = response.json()["translatedText"]
        except (requests.RequestException, ValueError, LookupError, TypeError) as problem:
            # Only its kind: the message can hold the address with a key, or words.
            raise UnableToTranslate(type(problem).__name__) from None
        if not isinstance(answer, str) or not answer.strip():
            raise UnableToTranslate("empty")
        return answer.strip().replace("\x00", "")


def configured_translator() -> Translator | None:
    """The service that the operator named, or None: then nothing leaves this machine."""
    if not settings.TRANSLATION_URL:
        return None
    return LibreTranslate(settings.TRANSLATION_URL, settings.TRANSLATION_KEY)


@transaction.atomic
def queue_translations(*, at: datetime) -> int:
    """Write a row for every published contribution and language that has none; return how many.

    Nothing is queued without a service.
    """
    if configured_translator() is None:
        return 0
    queued = 0
    for language in settings.TRANSLATION_LANGUAGES:
        missing = (
            Contribution.objects.published()
            .exclude(language=language)
            .exclude(translations__language=language)
            .values_list("pk", flat=True)
        )
        rows = ContributionTranslation.objects.bulk_create(
            [
                ContributionTranslation(contribution_id=pk, language=language, due_at=at)
                for pk in missing
            ],
            ignore_conflicts=True,
        )
        queued += len(rows)
    return queued


@transaction.atomic
def translate_next(*, at: datetime) -> bool:
    """Translate one contribution whose row is due; return whether there was one.

    The row is locked meanwhile: a worker that dies leaves it to the next one, and an erasure
    waits. A failure is tried again later, six times in about two days.
    """
    translator = configured_translator()
    if translator is None:
        return False
    row = (
        ContributionTranslation.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            made_at=None,
            due_at__lte=at,
            attempts__lt=ATTEMPTS,
            contribution__status=Visibility.PUBLISHED,
        )
        .select_related("contribution__comment_row")
        .order_by("due_at", "pk")
        .first()
    )
    if row is None:
        return False
    words = row.contribution.comment_row.comment
    row.attempts += 1
    try:
        row.text = translator.translate(words, row.contribution.language, row.language)
    except UnableToTranslate as problem:
        logger.warning("no translation: %s", problem)
        row.error = str(problem)
        row.due_at = at + timedelta(minutes=5 * 4 ** (row.attempts - 1))
    else:
        row.service, row.made_at, row.error = translator.name, at, ""
    row.save()
    return True
