"""Reads of the working text."""

from django.db.models import QuerySet

from drafts.concept.models import ConceptPage
from drafts.concept.states import BINDING


def concepts() -> QuerySet[ConceptPage]:
    """The concepts by title: the binding pages, not those of their language versions."""
    return ConceptPage.objects.filter(locale__language_code=BINDING).order_by("title")
