"""What the screens of the moderation desk share: who may look, tabs, clocks, rows.

`lanes` shows the queues and the log, `case` one contribution in its context.
The author's address and a reporter's contact are read nowhere here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _

from consult.contributions.admin_views.places import places_of
from consult.contributions.models import Complaint, Contribution, Report, Suggestion
from consult.contributions.predicates import is_author, may_moderate
from consult.contributions.selectors import difference
from consult.contributions.states import Kind
from consult.participants.decorators import only_if
from drafts.concept.languages import language_of


@dataclass(frozen=True)
class Clock:
    """A point in time in words; `late` marks a deadline that has passed."""

    text: str
    late: bool


moderators_only = only_if(may_moderate)


def tabs(current: str) -> list[dict[str, Any]]:
    """The lanes with their counts; the one that is shown is marked."""
    waiting = counts()
    lanes = [
        ("held", _("Zurückgehalten"), waiting["held"]),
        ("reports", _("Meldungen"), waiting["reports"]),
        ("complaints", _("Beschwerden"), waiting["complaints"]),
        ("log", _("Protokoll"), None),
    ]
    return [
        {
            "url": reverse(f"moderation:{lane}"),
            "label": label,
            "count": count,
            "current": lane == current,
        }
        for lane, label, count in lanes
    ]


def counts() -> dict[str, int]:
    """How many cases wait in each lane."""
    return {
        "held": Contribution.objects.in_review().count(),
        "reports": Contribution.objects.filter(reports__in=_open_reports()).distinct().count(),
        "complaints": Complaint.objects.filter(outcome="").count(),
    }


def _open_reports():
    return Report.objects.filter(decision=None)


def next_lane() -> str:
    """The address name of the first lane in which something waits."""
    lanes = [lane for lane, number in counts().items() if number]
    return f"moderation:{(lanes or ['held'])[0]}"


def crumbs(*more: str) -> list[dict[str, str]]:
    """The way from the start of the admin to this page."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("moderation:held"), "label": _("Moderation")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]


def rows_of(contributions: list[Contribution], user) -> list[dict[str, Any]]:
    """Contributions as a template shows them.

    Row: {contribution, place, language, text, wording, is_own}; `wording` is the difference that a
    suggestion proposes, word by word, and empty for others.
    """
    places, wordings = places_of(contributions), _wordings(contributions)
    return [
        {
            "contribution": found,
            "place": places.get(found.pk),
            "language": language_of(found.language),
            "text": _text(found),
            "wording": wordings.get(found.pk, []),
            "is_own": is_author(user, found),
        }
        for found in contributions
    ]


def deadline(moment: datetime | None, now: datetime) -> Clock:
    """How long there is to decide, or how long it is overdue."""
    if moment is None:
        return Clock(_("ohne Frist"), late=False)
    if moment <= now:
        late = timesince(moment, now, depth=1)
        return Clock(_("%(time)s über der Frist") % {"time": late}, late=True)
    return Clock(_("noch %(time)s") % {"time": timeuntil(moment, now, depth=1)}, late=False)


def age(moment: datetime, now: datetime) -> Clock:
    """How long something has waited."""
    return Clock(_("wartet: %(time)s") % {"time": timesince(moment, now, depth=1)}, late=False)


def _wordings(contributions: list[Contribution]) -> dict[int, list[tuple[str, str]]]:
    pks = [found.pk for found in contributions if found.kind == Kind.SUGGESTION]
    found = Suggestion.objects.filter(contribution__in=pks).select_related("bundle")
    return {
        row.contribution_id: difference(row.bundle.op, row.bundle.old_text, row.new_text)
        for row in found
    }


def _text(contribution: Contribution) -> str:
    words = getattr(contribution, "comment_row", None)
    return words.comment if words else ""
