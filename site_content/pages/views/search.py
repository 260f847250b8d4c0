"""Search in what is public: frozen texts, contributions, information pages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.contributions.models import Contribution
from consult.contributions.states import said_as
from consult.records.selectors import search_contributions
from drafts.concept.languages import language_of
from drafts.editions.models import EditionText
from drafts.editions.search import HIT_END, HIT_START, mark_parts
from drafts.editions.services import goal_slug
from drafts.editions.text_search import search_texts
from site_content.pages.languages import for_readers
from site_content.pages.models import InfoPage, NewsPage
from site_content.pages.presenters.figures import day
from site_content.pages.views.themes import page_links

LONGEST_QUERY = 100
MOST_TEXTS = 200
FIRST_HITS = 5
HITS_A_PAGE = 20

Shown = dict[str, Any]
Pieces = list[tuple[bool, str]]


@dataclass(frozen=True)
class Kind:
    """Hits of one kind: `key` stands in the address, `show` makes of a hit what is shown."""

    key: str
    title: str
    hits: Sequence[Any]
    show: Callable[[Any], Shown]


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """An empty form, the first hits of every kind, or one kind page by page."""
    typed = request.GET.get("q", "")
    words = _searchable(typed)
    context: Shown = {"words": words, "longest": LONGEST_QUERY, "cut": len(typed) > LONGEST_QUERY}
    if not words:
        return render(request, "search/empty.html", context)
    kinds = [
        (kind, page)
        for kind in _kinds(words)
        for page in [Paginator(kind.hits, HITS_A_PAGE).get_page(request.GET.get("seite"))]
        if page.paginator.count
    ]
    for kind, page in kinds:
        if kind.key == request.GET.get("in"):
            return render(request, "search/one_kind.html", context | _one_kind(request, kind, page))
    context["kinds"] = [_first_hits(kind, page, words) for kind, page in kinds]
    return render(request, "search/all_kinds.html" if kinds else "search/nothing.html", context)


def pieces(headline: str) -> Pieces:
    """Cut a headline at its control characters into (is a hit, text)."""
    parts = re.split(f"[{HIT_START}{HIT_END}]", headline)
    return [(place % 2 == 1, text) for place, text in enumerate(parts) if text]


def _searchable(text: str) -> str:
    readable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(readable.split())[:LONGEST_QUERY].strip()


def _kinds(words: str) -> list[Kind]:
    pages = [
        page
        for kind in (InfoPage, NewsPage)
        for page in kind.objects.filter(pk__in=_readable(kind)).search(words)
    ]
    return [
        Kind("konzept", _("Im Konzept"), search_texts(words, MOST_TEXTS, get_language()), _text),
        Kind(
            "beitraege",
            _("In Beiträgen"),
            search_contributions(words),
            partial(_contribution, words),
        ),
        Kind("seiten", _("Auf Informationsseiten"), pages, _information),
    ]


def _readable(kind: type[InfoPage | NewsPage]) -> list[int]:
    # Wagtail's search takes plain filters only.
    return list(for_readers(kind.objects.live().public()).values_list("pk", flat=True))


def _first_hits(kind: Kind, page: Page, words: str) -> Shown:
    return {
        "key": kind.key,
        "title": kind.title,
        "count": _count(page),
        "hits": [kind.show(hit) for hit in page.paginator.page(1)[:FIRST_HITS]],
        "more_url": f"?{urlencode({'q': words, 'in': kind.key})}"
        if page.paginator.count > FIRST_HITS
        else "",
    }


def _one_kind(request: HttpRequest, kind: Kind, page: Page) -> Shown:
    return {
        "title": kind.title,
        "count": _count(page),
        "hits": [kind.show(hit) for hit in page],
        "pages": page_links(request, page, "seite"),
    }


def _count(page: Page) -> str:
    number = page.paginator.count
    return ngettext("{n} Treffer", "{n} Treffer", number).format(n=number)


def _text(found: EditionText) -> Shown:
    title, address = _part(found)
    return {
        "title": title,
        # A section is called by its own words, a goal and a measure by ours.
        "title_language": language_of(found.language) if found.section else None,
        "url": address,
        "pieces": [(False, "… "), *pieces(found.headline), (False, " …")],
        "language": language_of(found.language),
    }


def _part(found: EditionText) -> tuple[str, str]:
    if found.section:
        section = found.section
        name = " ".join(filter(None, [section.number, found.content["title"]]))
        return name, reverse("section", args=[section.edition.number, section.slug])
    if found.goal:
        goal, number = found.goal, found.goal.edition.number
        name = _("Ziel {number}").format(number=goal.number)
        return name, reverse("goal", args=[number, goal_slug(goal.number)])
    measure = found.measure
    name = _("Maßnahme {number}: {title}").format(
        number=measure.number, title=found.content["title"]
    )
    return name, reverse("goal", args=[measure.edition.number, goal_slug(measure.goal.number)])


def _contribution(words: str, found: Contribution) -> Shown:
    in_forms = HIT_START in found.headline
    headline = found.headline if in_forms else mark_parts(found.headline, words)
    return {
        "title": _("{stance}, Beitrag {ref} vom {day}").format(
            stance=said_as(found.stance, found.kind), ref=found.ref, day=day(found.received_at)
        ),
        "url": reverse("contribution", args=[found.ref]),
        "pieces": pieces(headline),
        "language": language_of(found.language),
    }


def _information(page: InfoPage | NewsPage) -> Shown:
    return {
        "title": page.title,
        "url": page.address,
        "pieces": [(False, page.lede)],
        "language": language_of(page.locale.language_code),
    }
