"""Atom feeds: follow without an account and without an address. One language each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consult.following.selectors import find_followed
from site_content.pages.presenters.feeds import (
    Entry,
    council_entries,
    entries_of,
    news_entries,
)


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What the city announces."""
    return _feed(request, _("Neuigkeiten"), reverse("news"), news_entries())


@require_safe
def council(request: HttpRequest) -> HttpResponse:
    """Papers and decisions."""
    return _feed(request, _("Rat und Beschluss"), reverse("papers"), council_entries())


@require_safe
def topic(request: HttpRequest, topic: str, key: str) -> HttpResponse:
    """What happens to a concept, section, goal, theme or contribution."""
    found = find_followed(topic, key)
    if found is None:
        raise Http404
    return _feed(request, found.name, found.url, entries_of(found.topic, found.object))


def _feed(request: HttpRequest, title: str, url: str, entries: list[Entry]) -> HttpResponse:
    # The sharing of pages adds ETag and Cache-Control, as for every public page.
    feed = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(url),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(request.path),
    )
    for entry in entries:
        link = request.build_absolute_uri(entry.url)
        feed.add_item(
            title=entry.title,
            link=link,
            description=entry.summary,
            unique_id=get_tag_uri(f"{link}#{entry.at:%Y%m%d%H%M%S}", entry.at),
            pubdate=entry.at,
            updateddate=entry.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
