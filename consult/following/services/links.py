"""Links in mails that work without an account. Each names a row, never an address."""

from dataclasses import dataclass

from django.core import signing

from consult.following.models import Follower
from consult.following.states import Rhythm

_STOP = "consult.following.stop"
_MANAGE = "consult.following.manage"


@dataclass(frozen=True)
class Stop:
    """What one click stops: one thing that is followed, or all mails of a rhythm."""

    follower: Follower
    topic: str = ""
    object: str = ""
    rhythm: str = ""


def stop_token(stop: Stop) -> str:
    """What the link in a mail carries. It holds as long as the follower exists."""
    return signing.dumps(
        [stop.follower.pk, stop.topic, stop.object, stop.rhythm], salt=_STOP, compress=True
    )


def read_stop_token(token: str) -> Stop | None:
    """What the link stops, or None where it was not made by us or nothing is left to stop."""
    try:
        pk, topic, object_, rhythm = signing.loads(token, salt=_STOP)
    except signing.BadSignature:
        return None
    follower = Follower.objects.select_related("user").filter(pk=pk).first()
    return Stop(follower, topic, object_, rhythm) if follower else None


def manage_token(follower: Follower) -> str:
    """What the link to everything that a guest follows carries."""
    return signing.dumps(follower.pk, salt=_MANAGE)


def follower_behind(token: str) -> Follower | None:
    """The guest behind a link, or None. Accounts log in instead."""
    try:
        pk = signing.loads(token, salt=_MANAGE)
    except signing.BadSignature:
        return None
    return Follower.objects.filter(pk=pk, user=None).first()


def stop_of_digest(follower: Follower, rhythm: Rhythm) -> Stop:
    """What a digest's link stops: everything that comes in its rhythm."""
    return Stop(follower, rhythm=rhythm.value)
