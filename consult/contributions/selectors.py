"""Reads of what people said. What is not public never leaves the database.

The public reads (`figures_of`, `discussion`, `published_contribution`) reach listed rows only, and
of a hidden, withdrawn or erased one neither words nor name. `held_texts_of` shows its author what
waits for a decision.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import MD5, Concat, RowNumber
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution, ModerationDecision
from consult.contributions.states import Channel, Measure, Stance, Visibility
from drafts.editions.models import Edition

THREADS_A_PAGE = 50
REPLIES_A_THREAD = 20

_IS_THREAD = Q(comment_row__parent_id=F("pk"))
_PUBLISHED = Q(status=Visibility.PUBLISHED)


class Order(TextChoices):
    RANDOM = "zufall", _("Zufällig")
    NEWEST = "neu", _("Neueste zuerst")
    PLACE = "stelle", _("Nach Textstelle")


@dataclass(frozen=True)
class Wanted:
    """Which part of a discussion a reader asked for.

    `thread` is the number of one contribution whose answers are paged through instead of the
    threads.
    """

    place: str = ""
    stance: str = ""
    order: Order = Order.RANDOM
    page: int = 1
    thread: str = ""


@dataclass(frozen=True)
class Figures:
    """How much was said in a section; hidden texts are not counted, stubs only where paged."""

    published: int = 0
    offline: int = 0
    by_target: Counter[str] = field(default_factory=Counter)
    threads: Counter[tuple[str, str]] = field(default_factory=Counter)

    def threads_of(self, place: str, stance: str) -> int:
        """How many threads stand at the place and have the stance; an empty one means any."""
        return sum(
            number
            for (target, said), number in self.threads.items()
            if place in {"", target} and stance in {"", said}
        )


@dataclass(frozen=True)
class Discussion:
    """Posts in reading order with `depth` 0 to 2; `more` says how many answers a thread has left.

    Post: {pk, ref, status, stance, channel, language, target_wid, quote, received_at, name, text,
    rule, decided_at, depth}. `more` is keyed by the number of the thread.
    """

    posts: list[dict[str, Any]]
    more: dict[str, int]
    pages: int


def figures_of(edition: Edition, section_wid: str) -> Figures:
    """Count a section's contributions by place and stance, in one query."""
    rows = (
        _of_section(edition, section_wid)
        .values("target_wid", "stance")
        .annotate(
            published=Count("pk", filter=_PUBLISHED),
            offline=Count("pk", filter=_PUBLISHED & ~Q(channel=Channel.ONLINE)),
            threads=Count("pk", filter=_IS_THREAD),
        )
    )
    by_target: Counter[str] = Counter()
    threads: Counter[tuple[str, str]] = Counter()
    offline = 0
    for row in rows:
        by_target[row["target_wid"]] += row["published"]
        threads[row["target_wid"], row["stance"]] += row["threads"]
        offline += row["offline"]
    return Figures(by_target.total(), offline, by_target, threads)


def discussion(
    edition: Edition,
    section_wid: str,
    *,
    wanted: Wanted,
    figures: Figures,
    places: list[str],
    day: date,
) -> Discussion:
    """Return one page of a section's discussion, in two queries.

    A page holds 50 threads with up to 20 answers each, or 20 answers of one thread. The random
    order is a hash of number and day, so that it stays for a day and everybody sees the same.
    `places` are the section's keys in reading order.
    """
    threads = list(_threads(edition, section_wid, wanted, places, day))
    shown = _window(wanted)
    rows = _posts(threads, shown)
    more: dict[str, int] = {}
    for row in rows:
        if row["pk"] == row["thread"]:
            more[row["ref"]] = max(0, row["size"] - shown[1])
    if wanted.thread:
        size = rows[0]["size"] - 1 if rows else 0
        pages = _pages(size, REPLIES_A_THREAD)
    else:
        pages = _pages(figures.threads_of(wanted.place, wanted.stance), THREADS_A_PAGE)
    return Discussion(_in_reading_order(threads, rows), more, pages)


def published_contribution(edition: Edition, ref: str) -> Contribution | None:
    """A contribution on this edition with its words, or None unless they are public."""
    return (
        Contribution.objects.published()
        .filter(edition=edition, ref=ref)
        .select_related("comment_row")
        .first()
    )


def reportable_contribution(ref: str) -> Contribution | None:
    """A contribution whose words anybody can read and therefore report, or None."""
    return (
        Contribution.objects.published()
        .filter(ref=ref)
        .select_related("comment_row", "edition")
        .first()
    )


def held_texts_of(participant, edition: Edition, section_wid: str) -> QuerySet[Contribution]:
    """The person's own texts in a section that wait for a decision, oldest first."""
    return (
        Contribution.objects.in_review()
        .filter(edition=edition, section_wid=section_wid, participant=participant)
        .select_related("comment_row")
        .order_by("pk")
    )


def _of_section(edition: Edition, section_wid: str) -> QuerySet[Contribution]:
    return Contribution.objects.listed().filter(edition=edition, section_wid=section_wid)


def _threads(edition, section_wid, wanted: Wanted, places, day) -> QuerySet[Contribution]:
    found = _of_section(edition, section_wid).filter(_IS_THREAD)
    if wanted.thread:
        return found.filter(ref=wanted.thread).values_list("pk", flat=True)
    if wanted.place:
        found = found.filter(target_wid=wanted.place)
    if wanted.stance in Stance:
        found = found.filter(stance=wanted.stance)
    start = (wanted.page - 1) * THREADS_A_PAGE
    ordered = found.order_by(*_order(wanted.order, places, day))
    return ordered.values_list("pk", flat=True)[start : start + THREADS_A_PAGE]


def _order(order: Order, places: list[str], day: date) -> tuple[Any, ...]:
    if order == Order.NEWEST:
        return ("-received_at", "-pk")
    if order == Order.PLACE:
        keys = Value(places, output_field=ArrayField(CharField()))
        place = Func(
            keys, F("target_wid"), function="array_position", output_field=IntegerField()
        )
        return (place.asc(nulls_last=True), "pk")
    return (MD5(Concat("ref", Value(day.isoformat()))),)


def _window(wanted: Wanted) -> tuple[int, int]:
    # Position 1 is the thread itself; its answers follow in reading order.
    first = (wanted.page - 1) * REPLIES_A_THREAD if wanted.thread else 0
    return first + 2, first + 1 + REPLIES_A_THREAD


def _posts(threads: list[int], shown: tuple[int, int]) -> list[dict[str, Any]]:
    thread, parent = F("comment_row__thread_id"), F("comment_row__parent_id")
    branch = Case(When(comment_row__parent_id=thread, then=F("pk")), default=parent)
    hiding = ModerationDecision.objects.filter(
        contribution=OuterRef("pk"), measure=Measure.HIDE
    ).order_by("-pk")
    rows = (
        Contribution.objects.listed()
        .filter(comment_row__thread_id__in=threads)
        .annotate(
            thread=thread,
            parent=parent,
            size=Window(Count("pk"), partition_by=thread),
            position=Window(RowNumber(), partition_by=thread, order_by=[branch, F("pk")]),
            name=_only_if(_PUBLISHED, F("display_name"), CharField()),
            text=_only_if(_PUBLISHED, F("comment_row__comment"), TextField()),
            rule=_of_hiding(hiding, "rule"),
            decided_at=_of_hiding(hiding, "decided_at"),
        )
        .filter(Q(position=1) | Q(position__range=shown))
    )
    return list(
        rows.order_by("thread", "position").values(
            "pk", "ref", "status", "stance", "channel", "language", "target_wid", "quote",
            "received_at", "thread", "parent", "size", "name", "text", "rule", "decided_at",
        )
    )  # fmt: skip


def _only_if(condition: Q, value, output_field) -> Case:
    return Case(When(condition, then=value), default=Value(""), output_field=output_field)


def _of_hiding(decisions, name: str) -> Case:
    return Case(When(status=Visibility.HIDDEN, then=Subquery(decisions.values(name)[:1])))


def _in_reading_order(threads: list[int], rows) -> list[dict[str, Any]]:
    of_thread: dict[int, list[dict[str, Any]]] = defaultdict(list)
    shown = {row["pk"] for row in rows}
    for row in rows:
        row["depth"] = _depth(row, shown)
        of_thread[row["thread"]].append(row)
    return [row for thread in threads for row in of_thread[thread]]


def _depth(row: dict[str, Any], shown: set[int]) -> int:
    if row["pk"] == row["thread"]:
        return 0
    return 2 if row["parent"] != row["thread"] and row["parent"] in shown else 1


def _pages(number: int, size: int) -> int:
    return max(1, -(-number // size))
