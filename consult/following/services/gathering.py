"""From tellings to mails: what is due for a follower goes into one mail, exactly once."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.following.models import Follower, Telling
from consult.following.selectors import find_followed, is_own
from consult.following.services.items import Item, day
from consult.following.services.links import Stop, manage_token, stop_of_digest, stop_token
from consult.following.services.wording import LONGEST_HEADLINE, item_of
from consult.following.states import Rhythm, Topic
from consult.participants.services import write_notice

Group = tuple[Rhythm, str, str]


@transaction.atomic
def gather_next(*, at: datetime) -> bool:
    """Write the mails that are due for one follower; return whether anybody had some.

    The tellings are marked in the transaction that writes the mails, under the follower's lock:
    a worker that dies, a sweep that was missed and two sweeps at once change nothing. A digest
    holds everything since the last one; without anything to tell there is none.
    """
    due = Telling.objects.filter(follower=OuterRef("pk"), gathered_at=None, due_at__lte=at)
    follower = (
        Follower.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(Exists(due))
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if follower is None:
        return False
    tellings = list(
        follower.tellings.filter(gathered_at=None, due_at__lte=at)
        .select_related("occurrence")
        .order_by("occurrence__happened_at", "pk")
    )
    with translation.override(_language(follower)):
        for group, members in _groups(tellings).items():
            _write(follower, group, members, at)
    Telling.objects.filter(pk__in=[row.pk for row in tellings]).update(gathered_at=at)
    return True


def _groups(tellings: list[Telling]) -> dict[Group, list[Telling]]:
    """A digest a rhythm; what is told at once, a mail for each thing that is followed."""
    groups: dict[Group, list[Telling]] = defaultdict(list)
    for row in tellings:
        at_once = row.rhythm == Rhythm.AT_ONCE
        groups[
            Rhythm(row.rhythm), row.topic if at_once else "", row.object if at_once else ""
        ].append(row)
    return groups


def _write(follower: Follower, group: Group, tellings: list[Telling], at: datetime) -> None:
    if follower.user is not None and not follower.user.is_active:
        return
    found = [item_of(row, follower, at) for row in tellings]
    items = [item for item in found if item is not None]
    if not items:
        return
    write_notice(
        key=f"told:{follower.pk}:{tellings[0].pk}",
        template="news",
        context=_context(follower, group, items, at),
        at=at,
        user=follower.user,
        email=follower.email,
        language=follower.language,
    )


def _context(follower: Follower, group: Group, items: list[Item], at: datetime) -> dict[str, Any]:
    rhythm, topic, object_ = group
    site = settings.WAGTAILADMIN_BASE_URL
    is_digest = rhythm != Rhythm.AT_ONCE
    stop = (
        stop_of_digest(follower, rhythm)
        if is_digest
        else Stop(follower, topic=topic, object=object_)
    )
    return {
        "subject": _subject(items, at, is_digest=is_digest),
        "intro": _("das ist seit unserer letzten E-Mail geschehen:")
        if is_digest
        else _("es gibt etwas Neues:"),
        "items": [item.as_context(site) for item in items],
        "because": _because(follower, group),
        "stop": stop_token(stop),
        "manage_url": site + _manage_path(follower),
    }


def _subject(items: list[Item], at: datetime, *, is_digest: bool) -> str:
    if len(items) == 1:
        return Truncator(" ".join(items[0].headline.split())).chars(LONGEST_HEADLINE)
    n = len(items)
    if is_digest:
        return ngettext("{n} Neuigkeit, {day}", "{n} Neuigkeiten, {day}", n).format(
            n=n, day=day(at)
        )
    return ngettext("{n} Neuigkeit für Sie", "{n} Neuigkeiten für Sie", n).format(n=n)


def _because(follower: Follower, group: Group) -> str:
    rhythm, topic, object_ = group
    if rhythm == Rhythm.DAILY:
        return _("Sie bekommen diese E-Mail, weil Sie Neues einmal am Tag lesen wollen.")
    if rhythm == Rhythm.WEEKLY:
        return _("Sie bekommen diese E-Mail, weil Sie Neues einmal in der Woche lesen wollen.")
    if topic == Topic.CONTRIBUTION and is_own(follower, object_):
        return _("Sie bekommen diese E-Mail, weil Sie den Beitrag {ref} geschrieben haben.").format(
            ref=object_
        )
    found = find_followed(topic, object_)
    return _("Sie bekommen diese E-Mail, weil Sie „{name}“ verfolgen.").format(
        name=found.name if found else object_
    )


def _manage_path(follower: Follower) -> str:
    if follower.user is not None:
        return reverse("following")
    return reverse("guest_following", args=[manage_token(follower)])


def _language(follower: Follower) -> str:
    return follower.user.language if follower.user else follower.language
