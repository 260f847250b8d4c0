"""What every public page shows around its content: city, deadline, languages, navigation."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_info, ngettext, override
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import latest_public_round, suspension_of
from consult.rounds.states import RoundStatus
from site_content.pages.languages import for_readers
from site_content.pages.models import City, InfoPage

# Root, start page, information page.
INFO_DEPTH = 3
# The statement on accessibility is made of its settings; an older page of this name is not linked.
OWN_PAGE = "barrierefreiheit"


def frame(request: HttpRequest) -> dict[str, object]:
    """Add what base.html shows; nothing is read from the database until a template asks."""
    now = timezone.now()
    return {
        "now": now,
        "is_demo": settings.IS_DEMO,
        "deadline": SimpleLazyObject(lambda: deadline(latest_public_round(now), now)),
        "page_languages": SimpleLazyObject(lambda: _languages(request)),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "foot_links": SimpleLazyObject(_foot_links),
    }


def deadline(round_: ConsultationRound | None, now: datetime) -> dict[str, Any]:
    """The line under the masthead: what can be done, until when, share of the time that passed."""
    if round_ is None:
        return {}
    if round_.is_open(now):
        return {
            "state": _("Sie können mitreden"),
            "until": _("bis {end}. {left}").format(
                end=last_moment(round_.closes_at), left=_days_left(days_left(round_, now))
            ),
            "percent": _percent(round_, now),
            "calendar": reverse("calendar_entry", args=[f"round-{round_.pk}-closes"]),
        }
    if round_.status == RoundStatus.ANNOUNCED:
        return {
            "state": _("Die Beteiligung beginnt bald:"),
            "until": moment(round_.opens_at) + ".",
            "percent": 0,
            "calendar": reverse("calendar_entry", args=[f"round-{round_.pk}-opens"]),
        }
    if round_.status == RoundStatus.SUSPENDED:
        return {
            "state": suspension_note(round_),
            "until": "",
            "percent": _percent(round_, now),
        }
    if round_.status in {RoundStatus.ANSWERED, RoundStatus.ARCHIVED}:
        return {
            "state": _("Beantwortet."),
            "until": _("Die Stadt hat alle Themen dieser Runde beantwortet."),
            "percent": 100,
        }
    return {
        "state": _("Die Beteiligung ist beendet."),
        "until": _("Die Stadt antwortet bis {day}.").format(
            day=date_format(round_.answer_due, "DATE_FORMAT")
        ),
        "percent": 100,
    }


def suspension_note(round_: ConsultationRound) -> str:
    """Why nobody can take part in a suspended round, in the words of the city."""
    suspension = suspension_of(round_)
    if suspension is None:
        return _("Die Beteiligung ist unterbrochen.")
    return _("Die Beteiligung ist unterbrochen: {reason}").format(reason=suspension.reason)


def moment(at: datetime) -> str:
    """A deadline in words: weekday, date and time in the city's time zone."""
    local = timezone.localtime(at)
    return _("{weekday}, {day}, {time} Uhr").format(
        weekday=date_format(local, "l"),
        day=date_format(local, "DATE_FORMAT"),
        time=date_format(local, "H:i"),
    )


def last_moment(end: datetime) -> str:
    """The end of a half-open window in words: midnight belongs to the evening before."""
    local = timezone.localtime(end)
    if (local.hour, local.minute) != (0, 0):
        return moment(end)
    evening = local - timedelta(days=1)
    return _("{weekday}, {day}, 24 Uhr").format(
        weekday=date_format(evening, "l"), day=date_format(evening, "DATE_FORMAT")
    )


def days_left(round_: ConsultationRound, now: datetime) -> int:
    """How many days there are until the last one on which people can take part."""
    last = timezone.localdate(round_.closes_at - timedelta(seconds=1))
    return (last - timezone.localdate(now)).days


def _days_left(days: int) -> str:
    if days <= 0:
        return _("Heute ist der letzte Tag.")
    return ngettext("Noch {n} Tag.", "Noch {n} Tage.", days).format(n=days)


def _percent(round_: ConsultationRound, now: datetime) -> int:
    whole = (round_.closes_at - round_.opens_at).total_seconds()
    passed = (now - round_.opens_at).total_seconds()
    return max(0, min(100, round(100 * passed / whole)))


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    """This page in every language, as the reader may choose."""
    route = getattr(request, "_wagtail_route_for_request", None)
    addresses = _addresses_of_page(request, route.page) if route else {}
    return [
        {
            **get_language_info(code),
            "url": addresses.get(code) or translate_url(request.get_full_path(), code),
            "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
        }
        for code, _name in settings.LANGUAGES
    ]


def _addresses_of_page(request: HttpRequest, page: Page) -> dict[str, str]:
    """Where an editor's page stands in every language.

    Where it is not translated its German version is shown, and the start where there is none.
    """
    pages = page.get_translations(inclusive=True).live().select_related("locale")
    known = {page.locale.language_code: page.get_url(request) for page in pages}
    with override(settings.LANGUAGE_CODE):
        german = known.get(settings.LANGUAGE_CODE, reverse("home"))
        return {code: translate_url(german, code) for code, _name in settings.LANGUAGES} | known


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    items = [
        (reverse("home"), _("Start")),
        (reverse("current_edition"), _("Lesen und mitreden")),
        (reverse("themes"), _("Themen und Antworten")),
        (reverse("editions"), _("Fassungen")),
        (reverse("papers"), _("Rat und Beschluss")),
        (reverse("my_contributions"), _("Mein Beitrag")),
    ]
    return [
        {"url": url, "label": label, "current": _is_current(request.path, url)}
        for url, label in items
    ]


def _is_current(path: str, url: str) -> bool:
    return path == url or (url != reverse("home") and path.startswith(url))


def _foot_links() -> list[dict[str, Any]]:
    """The information pages right below the start page, in the order that editors gave them."""
    pages = (
        InfoPage.objects.live()
        .filter(depth=INFO_DEPTH, view_restrictions=None)
        .exclude(slug=OWN_PAGE)
    )
    return [
        {"url": page.address, "label": page.title, "language": page.foreign_language}
        for page in for_readers(pages).order_by("path")
    ]


def name_of_city() -> str:
    """The name under which the city publishes, for documents that no request asks for."""
    site = Site.objects.filter(is_default_site=True).first()
    return City.for_site(site).name if site else ""
