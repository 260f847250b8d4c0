"""What search engines and browsers ask for by a fixed name: robots.txt, sitemap.xml."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET
from wagtail.models import Page

from consult.council.selectors import public_meetings, public_papers
from consult.evaluation.selectors.synopsis import has_answers
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.models import Edition
from drafts.editions.selectors import current_edition, languages_by_part
from drafts.editions.services import goal_slug
from site_content.pages.models import InfoPage, NewsPage

OVERVIEWS = ("home", "news", "current_edition", "themes", "editions", "papers", "dates")


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Keep robots away from forms, receipts and the desk; name the sitemap."""
    address = request.build_absolute_uri(reverse("sitemap"))
    return render(request, "robots.txt", {"sitemap": address}, content_type="text/plain")


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the overviews, the newest edition, reports, papers, meetings, files and other pages."""
    host = request.get_host()
    parts = {
        "uebersichten": Addresses(host, [(name, []) for name in OVERVIEWS]),
        "konzept": EditionAddresses(host),
        "berichte": Addresses(host, _reports()),
        "seiten": WrittenPages(host, InfoPage),
        "meldungen": WrittenPages(host, NewsPage),
    }
    return sitemap_page(request, parts)


@require_GET
def icon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that do not read the page's own link to the mark."""
    return redirect(static("img/mark.png"))


class OnThisHost(Sitemap):
    """Addresses of the host that was asked, with the scheme of the request."""

    def __init__(self, host: str) -> None:
        self.host = host

    def get_domain(self, site: object = None) -> str:  # noqa: ARG002 - Django passes it
        """The host of the request: the row of django.contrib.sites is not kept."""
        return self.host


class Addresses(OnThisHost):
    """Named addresses that exist in every language."""

    i18n = True
    alternates = True

    def __init__(self, host: str, names: Sequence[tuple[str, list[Any]]]) -> None:
        super().__init__(host)
        self.names = names

    def items(self) -> Sequence[tuple[str, list[Any]]]:
        """Pairs of a name and its arguments."""
        return self.names

    def location(self, item: tuple[str, list[Any]]) -> str:
        """The path in the active language."""
        name, arguments = item
        return reverse(name, args=arguments)


class EditionAddresses(Addresses):
    """The newest edition; a section or goal in the languages in which it can be read."""

    def __init__(self, host: str) -> None:
        edition = current_edition()
        super().__init__(host, _edition(edition) if edition else [])
        self.languages = _languages(edition) if edition else {}

    def get_languages_for_item(self, item: tuple[str, list[Any]]) -> list[str]:
        """The contents list stands in every language: it says what is translated."""
        name, arguments = item
        everywhere = [code for code, _name in settings.LANGUAGES]
        if name == "edition":
            return everywhere
        found = self.languages[name, arguments[-1]]
        return [code for code in everywhere if code in found]


class WrittenPages(OnThisHost):
    """Pages of one kind that editors write; each language has a page of its own."""

    def __init__(self, host: str, kind: type[Page]) -> None:
        super().__init__(host)
        self.kind = kind

    def items(self) -> Any:
        """Public pages only."""
        return self.kind.objects.live().public().select_related("locale").order_by("path")

    def location(self, item: Page) -> str:
        """The path of the page, without its host."""
        return item.relative_url(None) or item.url

    def lastmod(self, item: Page) -> Any:
        """When an editor published it last."""
        return item.last_published_at


def _languages(edition: Edition) -> dict[tuple[str, str], list[str]]:
    """The languages of each section and goal by its name in addresses."""
    known = languages_by_part(edition)
    slugs = {
        "section": edition.sections.values_list("slug", "wid"),
        "goal": edition.goals.values_list("slug", "wid"),
    }
    return {(name, slug): known[wid] for name, rows in slugs.items() for slug, wid in rows}


def _edition(edition: Edition) -> list[tuple[str, list[Any]]]:
    slugs = edition.sections.order_by("position").values_list("slug", flat=True)
    numbers = edition.goals.order_by("section__position", "position").values_list(
        "number", flat=True
    )
    return [
        ("edition", [edition.number]),
        *(("section", [edition.number, slug]) for slug in slugs),
        *(("goal", [edition.number, goal_slug(number)]) for number in numbers),
    ]


def _reports() -> list[tuple[str, list[Any]]]:
    return [
        *(("round_themes", [round_.ref]) for round_ in public_rounds()),
        *(("synopsis", [round_.ref]) for round_ in public_rounds() if _has_synopsis(round_)),
        *(("paper", [paper.pk]) for paper in public_papers()),
        *(("meeting", [meeting.pk]) for meeting in public_meetings().order_by("day", "pk")),
        *(("edition_documents", [number]) for number in _numbers()),
    ]


def _has_synopsis(round_: ConsultationRound) -> bool:
    return round_.status in TALLIES_READABLE and has_answers(round_)


def _numbers() -> list[int]:
    # Files of old editions stay, so do the pages that lead to them.
    found = Edition.objects.readable().order_by("number")
    return list(found.values_list("number", flat=True))
