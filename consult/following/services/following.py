"""Beginning and ending to follow something: a person's own affair, so no log is written."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from consult.contributions.models import GuestContact
from consult.following.models import Follower, Subscription, Telling
from consult.following.selectors import Followed, find_followed, is_own
from consult.following.services.links import Stop
from consult.following.services.telling import accounts_of_addresses, followers_of_users
from consult.following.states import Rhythm, Topic
from consult.participants import encryption
from consult.participants.encryption import address_hashes
from consult.participants.models import User
from consult.participants.services import queue_notice

LINK_HOLDS = timedelta(hours=48)


class NothingToFollow(Exception):
    """There is nothing public under this key."""


class LinkExpired(Exception):
    """The link was not made by us or is older than two days."""


@dataclass(frozen=True)
class Wish:
    """What a guest asked to follow, until the address is confirmed."""

    email: str
    topic: str
    object: str
    rhythm: str
    language: str
    at: datetime


@transaction.atomic
def follow(*, user: User, topic: str, object_: str, rhythm: Rhythm, at: datetime) -> Subscription:
    """Let an account follow something, or change how often it is told. Raises NothingToFollow."""
    _require_public(topic, object_)
    pk = followers_of_users([user.pk])[user.pk]
    return _subscribe(Follower.objects.get(pk=pk), topic, object_, rhythm, at)


@transaction.atomic
def ask_to_follow(
    *, email: str, topic: str, object_: str, rhythm: Rhythm, language: str, at: datetime
) -> str:
    """Mail a link to an address that wants to follow something; return what the link carries.

    Nothing is stored but the mail until the link is used. Raises NothingToFollow.
    """
    found = _require_public(topic, object_)
    wish = {
        "email": email.strip().lower(), "topic": topic, "object": object_, "rhythm": rhythm.value,
        "language": language, "at": at.isoformat(),
    }  # fmt: skip
    token = encryption.encrypt(json.dumps(wish))
    queue_notice(
        key=f"follow:{sha256(token.encode()).hexdigest()}",
        template="confirm_following",
        context={"token": token, "name": found.name},
        email=wish["email"],
        language=language,
        at=at,
    )
    return token


def wish_behind(token: str, at: datetime) -> Wish:
    """What a guest's link asks for. Raises LinkExpired."""
    try:
        said = json.loads(encryption.decrypt(token))
        wish = Wish(**{**said, "at": datetime.fromisoformat(said["at"])})
    except (encryption.Unreadable, ValueError, TypeError, KeyError):
        raise LinkExpired from None
    if not wish.at <= at < wish.at + LINK_HOLDS:
        raise LinkExpired
    return wish


@transaction.atomic
def confirm_following(*, token: str, at: datetime) -> Subscription:
    """Let the address behind a link follow what it asked for; twice makes no difference.

    An address that an account has proved to read is told as that account, so never twice. Raises LinkExpired and NothingToFollow.
    """
    wish = wish_behind(token, at)
    _require_public(wish.topic, wish.object)
    return _subscribe(_confirmed(wish), wish.topic, wish.object, Rhythm(wish.rhythm), at)


@transaction.atomic
def change_rhythm(*, follower: Follower, topic: str, object_: str, rhythm: Rhythm) -> bool:
    """Tell somebody more or less often from now on; return whether it was followed at all."""
    rows = follower.subscriptions.filter(topic=topic, object=object_)
    return bool(rows.update(rhythm=rhythm))


@transaction.atomic
def unfollow(*, follower: Follower, topic: str, object_: str, at: datetime) -> None:
    """Tell somebody nothing more of something, also not what waits for the next mail.

    Decisions of the moderation on an own contribution are told all the same: the law wants it
    (DSA Art. 17).
    """
    if topic == Topic.CONTRIBUTION and is_own(follower, object_):
        _subscribe(follower, topic, object_, Rhythm.NEVER, at)
    else:
        follower.subscriptions.filter(topic=topic, object=object_).delete()
    _waiting(follower).filter(topic=topic, object=object_).delete()
    forget_if_idle(follower)


@transaction.atomic
def stop(*, wanted: Stop, at: datetime) -> None:
    """Do what a link to unsubscribe says; twice makes no difference."""
    follower = wanted.follower
    if not wanted.rhythm:
        unfollow(follower=follower, topic=wanted.topic, object_=wanted.object, at=at)
        return
    for row in follower.subscriptions.filter(rhythm=wanted.rhythm):
        unfollow(follower=follower, topic=row.topic, object_=row.object, at=at)
    if follower.pk is not None:
        _waiting(follower).filter(rhythm=wanted.rhythm).delete()


def forget_if_idle(follower: Follower) -> None:
    """Delete an address that follows nothing and has written nothing; the caller's transaction."""
    if follower.user_id is not None or follower.subscriptions.exists():
        return
    if not GuestContact.objects.filter(email_hash=follower.email_hash).exists():
        Follower.objects.filter(pk=follower.pk).delete()


def _confirmed(wish: Wish) -> Follower:
    accounts = accounts_of_addresses([wish.email])
    if accounts:
        [pk] = followers_of_users(accounts.values()).values()
        return Follower.objects.get(pk=pk)
    hashes = address_hashes(wish.email)
    known = Follower.objects.filter(user=None, email_hash__in=hashes).first()
    follower = known or Follower(email=wish.email)
    follower.language = wish.language
    follower.save()
    return follower


def _waiting(follower: Follower):
    return Telling.objects.filter(follower=follower.pk, gathered_at=None)


def _require_public(topic: str, object_: str) -> Followed:
    found = find_followed(topic, object_)
    if found is None:
        raise NothingToFollow
    return found


def _subscribe(
    follower: Follower, topic: str, object_: str, rhythm: Rhythm, at: datetime
) -> Subscription:
    row, _created = Subscription.objects.update_or_create(
        follower=follower,
        topic=topic,
        object=object_,
        defaults={"rhythm": rhythm},
        create_defaults={"rhythm": rhythm, "since": at},
    )
    return row
