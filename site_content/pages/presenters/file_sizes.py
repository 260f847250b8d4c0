"""How large a file is, for the words of the link that leads to it."""

from django.core.cache import cache
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language

from consult.documents.selectors import documents_about
from consult.documents.states import DocumentStatus

SECONDS_KEPT = 30 * 24 * 3600
COPIES = ("pdf", "html")


def stored_sizes(kind: str, subject: str, language: str) -> dict[str, str]:
    """The sizes of stored files by format; one that is not made yet is missing."""
    return {
        format_: filesizeformat(row.size)
        for (written, format_), row in documents_about(kind, subject).items()
        if written == language and row.status == DocumentStatus.DONE
    }


def remember_copy(paper: int, format_: str, size: int) -> None:
    """Remember the size in bytes of a pack's copy: it is made anew for everybody who asks."""
    cache.set(_key(paper, format_), size, SECONDS_KEPT)


def copy_sizes(paper: int) -> dict[str, str]:
    """The sizes that the copies of a pack had when they were last made in this language."""
    keys = {_key(paper, format_): format_ for format_ in COPIES}
    return {keys[key]: filesizeformat(size) for key, size in cache.get_many(list(keys)).items()}


def _key(paper: int, format_: str) -> str:
    return f"pack-size:{paper}:{format_}:{get_language()}"
