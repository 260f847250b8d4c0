"""Sums of a round: the ledger and who took part; every figure is a query with its definition."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    Assignment,
    LedgerEntry,
    Summary,
    Theme,
)
from consult.evaluation.selectors.themes import confirmed_themes
from consult.evaluation.states import (
    SummaryStatus,
    ThemeStatus,
)
from consult.rounds.models import ConsultationRound

LEDGER_FIELDS = ("received", "published", "hidden", "withdrawn", "erased", "in_review")


def ledger_sums(round_: ConsultationRound) -> dict[str, int]:
    """Received = published + hidden + withdrawn + erased + in review, counted from rows."""
    rows = Contribution.objects.filter(round=round_).values_list("status")
    return ledger_of(Counter(dict(rows.annotate(number=Count("pk")))))


def ledger_of(counts: Counter[str]) -> dict[str, int]:
    """The sums from how many contributions have which status."""
    return {
        "received": sum(counts.values()),
        "published": counts[Visibility.PUBLISHED],
        "hidden": counts[Visibility.HIDDEN],
        "withdrawn": counts[Visibility.WITHDRAWN],
        "erased": counts[Visibility.ERASED],
        "in_review": counts[Visibility.HELD],
    }


def ledger_history(round_: ConsultationRound) -> QuerySet[LedgerEntry]:
    """The stored states of the ledger with their times, oldest first."""
    return LedgerEntry.objects.filter(round=round_).order_by("at", "pk")


def sums_of(entry: LedgerEntry) -> dict[str, int]:
    """The sums as a stored state of the ledger holds them, in the form of ledger_sums."""
    return {name: getattr(entry, name) for name in LEDGER_FIELDS}


def participation(round_: ConsultationRound) -> dict[str, Any]:
    """Who took part: contributors with an account, guests' contributions, channels, languages.

    Contributors are accounts with at least one contribution that was not withdrawn or erased.
    """
    found = Contribution.objects.filter(
        round=round_, status__in=[Visibility.PUBLISHED, Visibility.HIDDEN]
    )
    return {
        "contributors": found.exclude(participant=None).values("participant").distinct().count(),
        "by_guests": found.filter(participant=None).count(),
        "channels": Counter(found.values_list("channel", flat=True)),
        "languages": Counter(found.values_list("language", flat=True)),
    }


def days_of_contributions(round_: ConsultationRound) -> list[date]:
    """The local day of each contribution that stands in public, as text or as a stub."""
    received = Contribution.objects.listed().filter(round=round_)
    return [timezone.localdate(at) for at in received.values_list("received_at", flat=True)]


def handwork(round_: ConsultationRound) -> dict[str, Any]:
    """What people did to the themes: {confirmed, by_hand, merged, moved, read, released_by [name]}.

    `moved` counts how often a contribution was put into another theme than before; `read` are the
    themes that a second person has read as they are now.
    """
    status = Counter(Theme.objects.filter(round=round_).values_list("status", flat=True))
    released = Summary.objects.filter(
        theme__round=round_, status=SummaryStatus.RELEASED
    ).select_related("released_by")
    return {
        "confirmed": status[ThemeStatus.CONFIRMED],
        "by_hand": confirmed_themes(round_).filter(from_proposal=None).count(),
        "merged": status[ThemeStatus.MERGED],
        "moved": Assignment.objects.filter(theme__round=round_).exclude(replaced=None).count(),
        "read": confirmed_themes(round_).filter(readings__is_current=True).count(),
        "released_by": sorted({str(summary.released_by) for summary in released}),
    }
