"""Reads of what people said. What is not public does not leave this module.

The public reads (`talk_in`, `posts_of`, `published_contribution`, `reportable_contribution`) reach
listed rows only, and of a hidden, withdrawn or erased one neither words nor name.
`held_texts_of` shows its author what waits for a decision.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import FilteredRelation, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import (
    Contribution,
    ContributionTranslation,
    Suggestion,
    Unconfirmed,
)
from consult.contributions.states import Channel, Measure, Operation, Visibility
from consult.rounds.models import ConsultationRound
from drafts.editions.comparison import compare_words
from drafts.editions.models import Edition

THREADS_A_PAGE = 50
REPLIES_A_THREAD = 20


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


class Entry(NamedTuple):
    """Where a listed contribution stands; its words are read for one page at a time."""

    pk: int
    ref: str
    status: str
    stance: str
    channel: str
    target: str
    thread: int
    parent: int


@dataclass(frozen=True)
class Talk:
    """The outline of a section's discussion: every listed contribution without its words."""

    entries: list[Entry]

    @cached_property
    def published(self) -> list[Entry]:
        """What is counted: words that anybody can read."""
        return [entry for entry in self.entries if entry.status == Visibility.PUBLISHED]

    @cached_property
    def by_target(self) -> Counter[str]:
        """How many published contributions there are at each place."""
        return Counter(entry.target for entry in self.published)

    @cached_property
    def offline(self) -> int:
        """How many of them came in another way than online."""
        return sum(entry.channel != Channel.ONLINE for entry in self.published)

    @cached_property
    def answers(self) -> dict[int, list[int]]:
        """The answers of each thread in reading order: an answer, then the answers to it."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for entry in self.entries:
            if entry.pk != entry.thread:
                branch = entry.pk if entry.parent == entry.thread else entry.parent
                found[entry.thread].append((branch, entry.pk))
        return {thread: [pk for _branch, pk in sorted(pairs)] for thread, pairs in found.items()}


def translations_of(
    contributions: Iterable[Contribution | int], language: str
) -> dict[int, ContributionTranslation]:
    """Machine translations of published contributions into a language, by contribution."""
    found = ContributionTranslation.objects.filter(
        contribution__in=contributions,
        contribution__status=Visibility.PUBLISHED,
        language=language,
        made_at__isnull=False,
    )
    return {row.contribution_id: row for row in found}


@dataclass(frozen=True)
class Posts:
    """One page of a discussion in reading order.

    Post: {pk, ref, status, stance, kind, channel, language, target_wid, quote, quote_language,
    received_at, name, text, wording, rule, decided_at, translation, service, depth}; `depth` is 0
    to 2, `wording` of a suggestion are operation, old and new text. `more` says how many answers
    a thread has left,
    by the thread's number.
    """

    posts: list[dict[str, Any]]
    more: dict[str, int]
    pages: int


def talk_in(edition: Edition, section_wid: str) -> Talk:
    """Return the outline of a section's discussion, in one query."""
    rows = (
        Contribution.objects.listed()
        .filter(edition=edition, section_wid=section_wid)
        .order_by("pk")
        .values_list(
            "pk", "ref", "status", "stance", "channel", "target_wid",
            "comment_row__thread_id", "comment_row__parent_id",
        )
    )  # fmt: skip
    return Talk([Entry(*row) for row in rows])


def posts_of(
    talk: Talk, *, wanted: Wanted, places: list[str], day: date, language: str = ""
) -> Posts:
    """Return one page of a discussion with its words, in one query.

    With a language, each post has its machine translation where a service made one.

    A page holds 50 threads with up to 20 answers each, or 20 answers of one thread. The random
    order is a hash of number and day, so that it stays for a day and everybody sees the same.
    `places` are the section's keys in reading order.
    """
    threads = _wanted_threads(talk, wanted)
    if wanted.thread:
        pages = _pages(sum(len(talk.answers.get(t.pk, ())) for t in threads), REPLIES_A_THREAD)
        first = (wanted.page - 1) * REPLIES_A_THREAD
    else:
        pages, first = _pages(len(threads), THREADS_A_PAGE), 0
        threads.sort(key=_order(wanted.order, places, day))
        start = (wanted.page - 1) * THREADS_A_PAGE
        threads = threads[start : start + THREADS_A_PAGE]
    last = first + REPLIES_A_THREAD
    shown = {t.pk: [t.pk, *talk.answers.get(t.pk, ())[first:last]] for t in threads}
    left = {t.ref: len(talk.answers.get(t.pk, ())) - last for t in threads}
    return Posts(
        posts=_in_reading_order(shown, language),
        more={ref: number for ref, number in left.items() if number > 0},
        pages=pages,
    )


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


def suggestion_of(contribution: Contribution) -> Suggestion | None:
    """The other wording that a contribution proposes, with its bundle, or None."""
    return (
        Suggestion.objects.select_related("bundle__edition")
        .filter(contribution=contribution)
        .first()
    )


def proposed_wordings(contributions: Iterable[Contribution]) -> dict[int, tuple[str, str, str]]:
    """What these contributions propose as (operation, old, new wording), by contribution."""
    rows = Suggestion.objects.filter(contribution__in=contributions)
    return {
        pk: (op, old, new)
        for pk, op, old, new in rows.values_list(
            "contribution", "bundle__op", "bundle__old_text", "new_text"
        )
    }


def difference(op: str, old: str, new: str) -> list[tuple[str, str]]:
    """What a suggestion would do, word by word: (equal, delete or insert; text)."""
    if op == Operation.INSERT:
        return [("insert", new)]
    if op == Operation.DELETE:
        return [("delete", old)]
    return compare_words(old, new)


def held_texts_of(participant, edition: Edition, section_wid: str) -> QuerySet[Contribution]:
    """The person's own texts in a section that wait for a decision, oldest first."""
    return (
        Contribution.objects.in_review()
        .filter(edition=edition, section_wid=section_wid, participant=participant)
        .select_related("comment_row")
        .order_by("pk")
    )


def unconfirmed_texts(round_: ConsultationRound, at: datetime) -> int:
    """How many texts of a round, of every kind, can still be confirmed, and so come in."""
    waiting = (
        kind._default_manager.filter(round=round_, expires_at__gt=at)
        for kind in Unconfirmed.kinds()
    )
    return sum(rows.count() for rows in waiting)


def undecided_in_time(round_: ConsultationRound, at: datetime) -> int:
    """How many held texts of a round wait for a decision whose time has not run out."""
    return Contribution.objects.in_review().filter(round=round_, decide_by__gt=at).count()


def _wanted_threads(talk: Talk, wanted: Wanted) -> list[Entry]:
    threads = [entry for entry in talk.entries if entry.pk == entry.thread]
    if wanted.thread:
        return [entry for entry in threads if entry.ref == wanted.thread]
    return [
        entry
        for entry in threads
        if wanted.place in {"", entry.target} and wanted.stance in {"", entry.stance}
    ]


def _order(order: Order, places: list[str], day: date) -> Callable[[Entry], Any]:
    match order:
        case Order.NEWEST:
            return lambda entry: -entry.pk
        case Order.PLACE:
            position = {wid: at for at, wid in enumerate(places)}
            return lambda entry: (position.get(entry.target, len(places)), entry.pk)
    today = day.isoformat()
    return lambda entry: hashlib.blake2b(f"{entry.ref}{today}".encode()).digest()


def _in_reading_order(shown: dict[int, list[int]], language: str) -> list[dict[str, Any]]:
    rows = _rows([pk for pks in shown.values() for pk in pks], language)
    posts = []
    for thread, pks in shown.items():
        # A contribution that left the list between the two queries is left out.
        known = [pk for pk in pks if pk in rows]
        for pk in known:
            rows[pk]["depth"] = _depth(rows[pk], thread, known)
        posts += [rows[pk] for pk in known]
    return posts


def _rows(pks: list[int], language: str) -> dict[int, dict[str, Any]]:
    hidings = FilteredRelation("decisions", condition=Q(decisions__measure=Measure.HIDE))
    made = Q(translations__language=language, translations__made_at__isnull=False)
    rows = (
        Contribution.objects.listed()
        .annotate(hiding=hidings, made=FilteredRelation("translations", condition=made))
        .filter(pk__in=pks)
        .order_by("hiding__pk")
        .values(
            "pk", "ref", "status", "stance", "channel", "language", "target_wid", "quote",
            "quote_language", "kind",
            "received_at", "display_name", "comment_row__comment", "comment_row__parent_id",
            "hiding__rule", "hiding__decided_at", "suggestion__new_text",
            "suggestion__bundle__op", "suggestion__bundle__old_text",
            "made__text", "made__service",
        )
    )  # fmt: skip
    # Where something was hidden twice, the last decision stays in the dictionary.
    return {row["pk"]: _public(row) for row in rows}


_WORDING = ("bundle__op", "bundle__old_text", "new_text")


def _public(row: dict[str, Any]) -> dict[str, Any]:
    name, text = row.pop("display_name"), row.pop("comment_row__comment")
    rule, decided_at = row.pop("hiding__rule"), row.pop("hiding__decided_at")
    wording = tuple(row.pop(f"suggestion__{name}") for name in _WORDING)
    row["parent"] = row.pop("comment_row__parent_id")
    is_public = row["status"] == Visibility.PUBLISHED
    is_hidden = row["status"] == Visibility.HIDDEN
    row["name"], row["text"] = (name, text) if is_public else ("", "")
    row["wording"] = wording if is_public and wording[0] else None
    translation, service = row.pop("made__text"), row.pop("made__service")
    row["translation"], row["service"] = (translation, service) if is_public else ("", "")
    row["rule"], row["decided_at"] = (rule, decided_at) if is_hidden else ("", None)
    return row


def _depth(row: dict[str, Any], thread: int, known: list[int]) -> int:
    if row["pk"] == thread:
        return 0
    return 2 if row["parent"] != thread and row["parent"] in known else 1


def _pages(number: int, size: int) -> int:
    return max(1, -(-number // size))
