"""From an occurrence to those who are told: each of them once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from consult.contributions.models import GuestContact
from consult.following.models import Follower, Occurrence, Subscription, Telling
from consult.following.services.audience import Audience, audience_of
from consult.following.services.moments import due_at
from consult.following.states import (
    OCCURRENCE_TRANSITIONS,
    SOONEST_FIRST,
    Happening,
    OccurrenceStatus,
    Rhythm,
    Topic,
)

BATCH = 1000


class OccurrenceStepRefused(Exception):
    """The occurrence was told already."""


@dataclass(frozen=True)
class Interest:
    """Why a follower is told."""

    follower: int
    rhythm: Rhythm
    topic: str
    object: str


@transaction.atomic
def tell_next(*, at: datetime) -> bool:
    """Write for one occurrence who is told and when; return whether there was one.

    All or nothing: a worker that dies leaves the occurrence to the next one. The database refuses
    to tell anybody the same twice.
    """
    occurrence = (
        Occurrence.objects.select_for_update(skip_locked=True)
        .filter(status=OccurrenceStatus.NOTED)
        .order_by("pk")
        .first()
    )
    if occurrence is None:
        return False
    if occurrence.until is None or at < occurrence.until:
        _write(occurrence, _soonest(_interests(audience_of(occurrence))), at)
    _set_status(occurrence, OccurrenceStatus.TOLD)
    return True


def _write(occurrence: Occurrence, interests: Iterable[Interest], at: datetime) -> None:
    happening = Happening(occurrence.happening)
    Telling.objects.bulk_create(
        [
            Telling(
                follower_id=found.follower,
                occurrence=occurrence,
                topic=found.topic,
                object=found.object,
                rhythm=found.rhythm,
                due_at=due_at(found.rhythm, happening, at, occurrence.until),
            )
            for found in interests
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def _soonest(interests: Iterable[Interest]) -> list[Interest]:
    """One interest a follower: the one that is told first; an own contribution before a place."""
    chosen: dict[int, Interest] = {}
    for found in interests:
        known = chosen.get(found.follower)
        if known is None or _rank(found) < _rank(known):
            chosen[found.follower] = found
    return list(chosen.values())


def _rank(interest: Interest) -> tuple[int, bool]:
    return SOONEST_FIRST.index(interest.rhythm), interest.topic != Topic.CONTRIBUTION


def _interests(audience: Audience) -> Iterator[Interest]:
    yield from _subscribed(audience)
    yield from _authors(audience)


def _subscribed(audience: Audience) -> Iterator[Interest]:
    wanted = Q(topic=Topic.CONTRIBUTION, object__in=audience.contributions.values("ref"))
    for topic, keys in audience.places.items():
        wanted |= Q(topic=topic, object__in=keys)
    rows = Subscription.objects.filter(wanted, _reachable("follower__user"))
    if audience.except_for is not None:
        rows = rows.exclude(follower__user=audience.except_for)
    rows = rows.exclude(rhythm=Rhythm.NEVER)
    for row in rows.only("follower_id", "rhythm", "topic", "object"):
        yield Interest(row.follower_id, Rhythm(row.rhythm), row.topic, row.object)


def _authors(audience: Audience) -> Iterator[Interest]:
    """Whoever wrote something follows it at once, where nothing else was said."""
    rows = audience.contributions.distinct()
    said: set[tuple[object, str]] = {
        (key, object_)
        for user, hash_, object_ in Subscription.objects.filter(
            topic=Topic.CONTRIBUTION, object__in=rows.values("ref")
        ).values_list("follower__user", "follower__email_hash", "object")
        for key in (user, hash_)
    }
    by_user = dict[int, str]()
    for ref, user in (
        rows.filter(participant__is_active=True)
        .exclude(participant=audience.except_for)
        .order_by("-pk")
        .values_list("ref", "participant")
    ):
        if user is not None and (user, ref) not in said:
            by_user[user] = ref
    yield from _at_once(followers_of_users(by_user), by_user)
    yield from _guests(rows, said)


def _guests(rows, said: set[tuple[object, str]]) -> Iterator[Interest]:
    contacts: dict[str, GuestContact] = {}
    for contact in GuestContact.objects.filter(contribution__in=rows.values("pk")).select_related(
        "contribution"
    ):
        if (contact.email_hash, contact.contribution.ref) not in said:
            contacts[contact.email.lower()] = contact
    accounts = accounts_of_addresses(contacts)
    by_user = {user: contacts[address].contribution.ref for address, user in accounts.items()}
    yield from _at_once(followers_of_users(by_user), by_user)
    others = {address: row for address, row in contacts.items() if address not in accounts}
    for address, follower in followers_of_addresses(others).items():
        ref = others[address].contribution.ref
        yield Interest(follower, Rhythm.AT_ONCE, Topic.CONTRIBUTION, ref)


def _at_once(followers: dict[int, int], refs: dict[int, str]) -> Iterator[Interest]:
    for user, follower in followers.items():
        yield Interest(follower, Rhythm.AT_ONCE, Topic.CONTRIBUTION, refs[user])


def accounts_of_addresses(addresses: Iterable[str]) -> dict[str, int]:
    """Accounts that have proved to read one of the addresses: they are told as accounts."""
    rows = EmailAddress.objects.filter(
        email__in=list(addresses), verified=True, user__is_active=True
    )
    return dict(rows.values_list("email", "user_id"))


def followers_of_users(users: Iterable[int]) -> dict[int, int]:
    """The followers behind accounts, by account; those that are missing are made."""
    wanted = list(users)
    rows = Follower.objects.filter(user__in=wanted)
    known = set(rows.values_list("user_id", flat=True))
    Follower.objects.bulk_create(
        [Follower(user_id=user) for user in wanted if user not in known],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    return {row.user_id: row.pk for row in rows.all() if row.user_id is not None}


def followers_of_addresses(contacts: dict[str, GuestContact]) -> dict[str, int]:
    """The followers behind guests' addresses, by address; those that are missing are made."""
    hashes = [row.email_hash for row in contacts.values()]
    rows = Follower.objects.filter(user=None, email_hash__in=hashes)
    known = set(rows.values_list("email_hash", flat=True))
    Follower.objects.bulk_create(
        [
            Follower(email=address, email_hash=row.email_hash, language=row.language)
            for address, row in contacts.items()
            if row.email_hash not in known
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    by_hash = dict(rows.values_list("email_hash", "pk"))
    return {address: by_hash[row.email_hash] for address, row in contacts.items()}


def _reachable(user: str) -> Q:
    return Q(**{f"{user}__isnull": True}) | Q(**{f"{user}__is_active": True})


def _set_status(occurrence: Occurrence, status: OccurrenceStatus) -> None:
    if (OccurrenceStatus(occurrence.status), status) not in OCCURRENCE_TRANSITIONS:
        raise OccurrenceStepRefused(occurrence.key)
    occurrence.status = status
    occurrence.save(update_fields=["status"])
