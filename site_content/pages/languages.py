"""Which version of a page a reader gets: their own language, else the binding German."""

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def for_readers(pages: QuerySet) -> QuerySet:
    """Of these pages those in the reader's language and the German ones that have no such version.

    The reader's language is the active one.
    """
    own = Q(locale__language_code=get_language())
    german = Q(locale__language_code=settings.LANGUAGE_CODE)
    translated = pages.filter(own).values("translation_key")
    return pages.filter(own | german & ~Q(translation_key__in=translated)).select_related("locale")


def as_german(words: str) -> str | SafeString:
    """What the city has written in German, marked as German where the page is not.

    For words that stand inside a sentence or beside others; an element that is German as a whole
    carries `lang` and `dir` itself.
    """
    if not words or get_language() == settings.LANGUAGE_CODE:
        return words
    return format_html('<span lang="de" dir="ltr">{}</span>', words)
