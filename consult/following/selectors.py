"""Reads of what is followed and by whom. Only what is public can be followed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.evaluation.models import Theme
from consult.evaluation.states import ThemeStatus
from consult.following.models import Follower, Subscription, Telling
from consult.following.states import Happening, Topic
from consult.participants.encryption import address_hashes
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.models import Edition, EditionGoal, EditionSection
from drafts.editions.selectors import contents


@dataclass(frozen=True)
class Followed:
    """Something public that can be followed: what it is called and where it stands."""

    topic: Topic
    object: str
    name: str
    url: str


def find_followed(topic: str, object_: str) -> Followed | None:
    """What a topic and a key stand for in the active language, or None if it is not public."""
    if topic not in Topic or "\x00" in object_:
        return None
    found = _FINDERS[Topic(topic)](object_)
    return Followed(Topic(topic), object_, *found) if found else None


def follower_of(user) -> Follower | None:
    """The row of an account, if it follows something or was told something."""
    return Follower.objects.filter(user=user).first() if user.is_authenticated else None


def subscriptions_of(follower: Follower) -> QuerySet[Subscription]:
    """What somebody follows, in the order in which it began; stopped mails are among them."""
    return follower.subscriptions.order_by("since", "pk")


def subscription_to(user, topic: str, object_: str) -> Subscription | None:
    """The row by which an account follows something, or has stopped mails on it."""
    if not user.is_authenticated:
        return None
    return Subscription.objects.filter(follower__user=user, topic=topic, object=object_).first()


def told_of_beginning(round_) -> int:
    """How many accounts and addresses were told that a round has begun, and still exist."""
    return Telling.objects.filter(
        occurrence__happening=Happening.ROUND_OPENED, occurrence__facts__round=round_.pk
    ).count()


def own_contributions(follower: Follower) -> QuerySet[Contribution]:
    """What the follower wrote: with the account, or as a guest under the same address."""
    address = follower.user.email if follower.user else follower.email
    by_address = Q(guest_contact__email_hash__in=address_hashes(address))
    if follower.user is None:
        return Contribution.objects.filter(by_address)
    return Contribution.objects.filter(by_address | Q(participant=follower.user))


def is_own(follower: Follower, ref: str) -> bool:
    """Whether the follower wrote the contribution with this number."""
    return own_contributions(follower).filter(ref=ref).exists()


def _concept(key: str) -> tuple[str, str] | None:
    if not key.isdigit():
        return None
    edition = Edition.objects.readable().filter(concept=int(key)).order_by("-number").first()
    return (edition.title, reverse("edition", args=[edition.number])) if edition else None


def _section(wid: str) -> tuple[str, str] | None:
    row = _newest(EditionSection, wid)
    if row is None:
        return None
    entry = next(
        found for found in contents(row.edition, get_language() or "de") if found["wid"] == wid
    )
    name = f"{entry['number']} {entry['title']}".strip()
    return name, reverse("section", args=[row.edition.number, row.slug])


def _goal(wid: str) -> tuple[str, str] | None:
    row = _newest(EditionGoal, wid)
    if row is None:
        return None
    name = _("Ziel {number}").format(number=row.number)
    return name, reverse("goal", args=[row.edition.number, row.slug])


def _theme(key: str) -> tuple[str, str] | None:
    if not key.isdigit():
        return None
    theme = Theme.objects.filter(
        pk=int(key), status=ThemeStatus.CONFIRMED, round__status__in=TALLIES_READABLE
    ).select_related("round")
    row = theme.first()
    return (row.title, reverse("theme", args=[row.round.ref, row.number])) if row else None


def _contribution(ref: str) -> tuple[str, str] | None:
    if not Contribution.objects.listed().filter(ref=ref).exists():
        return None
    return _("Beitrag {ref}").format(ref=ref), reverse("contribution", args=[ref])


def _newest(parts, wid: str):
    rows = parts.objects.filter(wid=wid, edition__in=Edition.objects.readable())
    return rows.select_related("edition").order_by("-edition__number").first()


_FINDERS: dict[Topic, Callable[[str], tuple[str, str] | None]] = {
    Topic.CONCEPT: _concept,
    Topic.SECTION: _section,
    Topic.GOAL: _goal,
    Topic.THEME: _theme,
    Topic.CONTRIBUTION: _contribution,
}
