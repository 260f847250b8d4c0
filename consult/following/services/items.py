"""A piece of news in a mail: its form, days in words, and what in it is the reader's own."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.models import Contribution
from consult.following.models import Follower, Telling
from consult.following.selectors import own_contributions
from consult.following.states import Topic


@dataclass(frozen=True)
class Item:
    """One piece of news: a headline, sentences, and where to read more."""

    headline: str
    lines: list[str]
    url: str
    label: str

    def as_context(self, site: str) -> dict[str, Any]:
        """What the template of the mail shows, with a whole address."""
        return {
            "headline": self.headline,
            "lines": self.lines,
            "url": site + self.url,
            "label": self.label,
        }


def day(of: datetime | date | None) -> str:
    """A day in words, in the city's time."""
    if of is None:
        return ""
    local = timezone.localdate(of) if isinstance(of, datetime) else of
    return date_format(local, "DATE_FORMAT")


def moment(of: datetime) -> str:
    """A deadline in words: day and time in the city's time."""
    local = timezone.localtime(of)
    return _("{day}, {time} Uhr").format(day=day(of), time=date_format(local, "H:i"))


def followed_or_own(telling: Telling, follower: Follower) -> QuerySet[Contribution]:
    """The contribution that is followed, or the reader's own ones."""
    own = own_contributions(follower)
    if own.filter(ref=telling.object).exists():
        return own
    return Contribution.objects.filter(ref=telling.object)


def own_refs(telling: Telling, follower: Follower, told: QuerySet[Contribution]) -> list[str]:
    """Numbers of the reader's own contributions among those that are concerned."""
    if telling.topic != Topic.CONTRIBUTION:
        return []
    own = own_contributions(follower).values("pk")
    return list(told.filter(pk__in=own).distinct().order_by("pk").values_list("ref", flat=True))


def about_yours(refs: list[str]) -> list[str]:
    """The sentence that names the reader's own contributions, where there are any."""
    if not refs:
        return []
    return [
        ngettext("Das betrifft Ihren Beitrag {refs}.", "Das betrifft Ihre Beiträge {refs}.",
                 len(refs)).format(refs=", ".join(refs))
    ]  # fmt: skip


def with_way(headline: str, lines: list[str], refs: list[str], url: str) -> Item:
    """News that lead an author to the way of the own contribution, others to `url`."""
    if refs:
        url = reverse("contribution", args=[refs[0]])
        return Item(headline, lines, url, _("Der ganze Weg Ihres Beitrags"))
    return Item(headline, lines, url, _("Weiterlesen"))
