"""What is followed: the button on a page, and the list of everything."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from consult.following.models import Follower, Subscription
from consult.following.selectors import Followed, find_followed, subscription_to, subscriptions_of
from consult.following.states import CHOICES, Rhythm, Topic
from site_content.pages.presenters.figures import day


@dataclass(frozen=True)
class Button:
    """The way to follow something; `rhythm` is empty while the visitor does not."""

    url: str
    signed_in: bool
    rhythm: str
    feed: str

    @property
    def is_followed(self) -> bool:
        """Whether the visitor is told of it."""
        return self.rhythm not in {"", Rhythm.NEVER}


def follow_button(request: HttpRequest, topic: Topic, object_: str) -> Button:
    """The button for a page; one query for an account, none for others."""
    row = subscription_to(request.user, topic, object_)
    return Button(
        url=reverse("follow", args=[topic.value, object_]),
        signed_in=request.user.is_authenticated,
        rhythm=row.rhythm if row else "",
        feed=feed_url(topic, object_),
    )


def feed_url(topic: Topic, object_: str) -> str:
    """The Atom feed on the same thing."""
    return reverse("feed", args=[topic.value, object_])


def said_of(rhythm: str) -> str:
    """How often somebody is told, in a sentence."""
    return {
        Rhythm.AT_ONCE: _("Sie bekommen sofort eine E-Mail, wenn etwas geschieht."),
        Rhythm.DAILY: _("Sie bekommen einmal am Tag eine E-Mail, wenn etwas geschehen ist."),
        Rhythm.WEEKLY: _("Sie bekommen einmal in der Woche eine E-Mail, wenn etwas geschehen ist."),
        Rhythm.NEVER: _("Sie bekommen dazu keine E-Mails."),
    }[Rhythm(rhythm)]


def followed_rows(follower: Follower | None) -> list[dict[str, Any]]:
    """Everything that is followed and can still be found, with what can be changed."""
    if follower is None:
        return []
    return [_row(row) for row in subscriptions_of(follower)]


def _row(row: Subscription) -> dict[str, Any]:
    found = find_followed(row.topic, row.object) or _gone(row)
    return {
        "topic": row.topic,
        "object": row.object,
        "kind": Topic(row.topic).label,
        "name": found.name,
        "url": found.url,
        "since": day(row.since),
        "rhythm": row.rhythm,
        "said": said_of(row.rhythm),
        "choices": [(value, label, value == row.rhythm) for value, label in CHOICES],
        "is_stopped": row.rhythm == Rhythm.NEVER,
    }


def _gone(row: Subscription) -> Followed:
    return Followed(Topic(row.topic), row.object, _("nicht mehr öffentlich"), "")
