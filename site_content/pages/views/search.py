"""Search in what is public: frozen texts, contributions, information pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from wagtail.models import Locale

from consult.contributions.models import Contribution
from consult.records.selectors import search_contributions
from drafts.editions.models import EditionText
from drafts.editions.selectors import search_texts
from drafts.editions.services import goal_slug
from site_content.pages.models import InfoPage
from site_content.pages.presenters.figures import day, language_of
from site_content.pages.presenters.theme_report import section_name
from site_content.pages.views.themes import page_links

LONGEST_QUERY = 100
MOST_TEXTS = 200
FIRST_OF_EACH = 5
HITS_A_PAGE = 20

Shown = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """One kind of hits: `key` stands in the address, `show` makes a row of a template."""

    key: str
    title: str
    hits: Sequence[Any]
    show: Any


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """An empty form, the first hits of every kind, or one kind page by page."""
    words = _words(request.GET.get("q", ""))
    context: Shown = {"words": words, "longest": LONGEST_QUERY}
    if not words:
        return render(request, "search/empty.html", context)
    groups = [group for group in _groups(words) if len(group.hits)]
    if not groups:
        return render(request, "search/nothing.html", context)
    chosen = [group for group in groups if group.key == request.GET.get("in")]
    if chosen:
        return render(request, "search/one_kind.html", context | _one_kind(request, chosen[0]))
    context["groups"] = [_overview(group, words) for group in groups]
    return render(request, "search/all_kinds.html", context)


def _words(text: str) -> str:
    readable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(readable.split())[:LONGEST_QUERY].strip()


def _groups(words: str) -> list[Group]:
    contributions = search_contributions(words)
    pages = InfoPage.objects.live().public().filter(locale=Locale.get_active()).search(words)
    return [
        Group("konzept", _("Konzept"), search_texts(words, MOST_TEXTS), _text_row),
        Group("beitraege", _("Beiträge"), _Counted(contributions), _contribution_row),
        Group("seiten", _("Informationen"), pages, _page_row),
    ]
