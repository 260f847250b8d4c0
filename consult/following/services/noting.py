"""What happened, read from the rows that the deeds have written.

The deeds know nothing of it: some live below this app, and none has to wait. A sweep looks for
rows that have no occurrence yet, so nothing is missed and nothing is noted twice (the key is
unique). Votes never make an occurrence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from wagtail.models import Page

from consult.contributions.models import Contribution
from consult.council.concerns import admitted_motions, public_motion_votes
from consult.council.selectors import public_decisions, public_papers
from consult.council.states import DecisionStatus
from consult.evaluation.models import LedgerEntry, Response, Revision
from consult.evaluation.states import ResponseStatus, RevisionStatus
from consult.following.models import Occurrence
from consult.following.states import Happening
from consult.rounds.models import ConsultationRound, RoundExtension, RoundSuspension
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.actionplan.models import MeasureStep

# No transaction stays open longer: what was written before is known to every sweep.
OVERLAP = timedelta(days=2)
# The workshop corrects itself; what has stood for a day is told.
WEEK, DAY = timedelta(days=7), timedelta(days=1)
TALKING = (RoundStatus.OPEN, RoundStatus.SUSPENDED, RoundStatus.CLOSED)
LONG_AGO = timedelta(days=36500)


@dataclass(frozen=True)
class Seen:
    """A row behind an occurrence. `key` never changes for the same happening."""

    happening: Happening
    key: str
    at: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    until: datetime | None = None


def note_occurrences(*, at: datetime) -> int:
    """Write an occurrence for everything that has happened and has none; return how many.

    What lies before the beginning (the day on which an older installation got this app) is left
    out.
    """
    seen = {found.key: found for found in _everything(at)}
    known = set(Occurrence.objects.filter(key__in=seen).values_list("key", flat=True))
    beginning = Occurrence.objects.filter(happening=Happening.BEGINNING).first()
    fresh = [
        found
        for key, found in seen.items()
        if key not in known and not (beginning and found.at < beginning.happened_at)
    ]
    Occurrence.objects.bulk_create(
        [
            Occurrence(
                key=found.key,
                happening=found.happening,
                facts=found.facts,
                happened_at=found.at,
                noted_at=at,
                until=found.until,
            )
            for found in sorted(fresh, key=lambda found: found.at)
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    return len(fresh)


def _everything(at: datetime) -> Iterator[Seen]:
    last = Occurrence.objects.aggregate(at=Max("noted_at"))["at"]
    since = min(last, at) - OVERLAP if last else at - LONG_AGO
    for round_ in ConsultationRound.objects.public().order_by("pk"):
        yield from _round(round_, at)
    yield from _extensions_and_suspensions()
    yield from _contributions(since)
    yield from _answers(since)
    yield from _texts()
    yield from _council()
    yield from _motions(since)
    yield from _measures(since)
    yield from _news()


def _round(round_: ConsultationRound, at: datetime) -> Iterator[Seen]:
    facts = {"round": round_.pk}
    if round_.status == RoundStatus.ANNOUNCED:
        return
    opened = f"round_opened:{round_.pk}"
    yield Seen(Happening.ROUND_OPENED, opened, round_.opens_at, facts, until=round_.closes_at)
    if round_.status == RoundStatus.OPEN:
        yield from _closing_soon(round_, at)
    if round_.status in TALLIES_READABLE:
        yield Seen(Happening.ROUND_CLOSED, f"round_closed:{round_.pk}", round_.closes_at, facts)


def _closing_soon(round_: ConsultationRound, at: datetime) -> Iterator[Seen]:
    """A week and a day before the end. An end that has moved is told anew."""
    end = round_.closes_at
    for before in (DAY, WEEK):
        if end - before <= at < end and end - before > round_.opens_at:
            key = f"closing_soon:{round_.pk}:{end:%Y%m%d%H%M}:{before.days}"
            yield Seen(Happening.CLOSING_SOON, key, end - before, {"round": round_.pk}, until=end)
            return


def _extensions_and_suspensions() -> Iterator[Seen]:
    for row in RoundExtension.objects.order_by("pk"):
        facts = {"round": row.round_id, "extension": row.pk}
        yield Seen(
            Happening.ROUND_EXTENDED, f"round_extended:{row.pk}", row.at, facts, until=row.new_end
        )
    for pause in RoundSuspension.objects.select_related("round").order_by("pk"):
        facts = {"round": pause.round_id, "suspension": pause.pk}
        yield Seen(Happening.ROUND_SUSPENDED, f"round_suspended:{pause.pk}", pause.since, facts)
        if pause.until and pause.until < pause.round.closes_at:
            end = pause.round.closes_at
            key = f"round_resumed:{pause.pk}"
            yield Seen(Happening.ROUND_RESUMED, key, pause.until, facts, until=end)
    for entry in LedgerEntry.objects.filter(occasion="answering").order_by("pk"):
        facts = {"round": entry.round_id}
        key = f"round_answered:{entry.round_id}"
        yield Seen(Happening.ROUND_ANSWERED, key, entry.at, facts)


def _contributions(since: datetime) -> Iterator[Seen]:
    rows = Contribution.objects.published().filter(
        round__status__in=TALKING, status_since__gt=since
    )
    for pk, ref, at in rows.values_list("pk", "ref", "status_since"):
        yield Seen(Happening.CONTRIBUTION, f"contribution:{ref}", at, {"contribution": pk})


def _answers(since: datetime) -> Iterator[Seen]:
    rows = Response.objects.filter(status=ResponseStatus.PUBLISHED, published_at__gt=since)
    for row in rows.only("pk", "theme_id", "published_at"):
        at = row.published_at
        if at is not None:
            facts = {"response": row.pk, "theme": row.theme_id}
            yield Seen(Happening.ANSWERED, f"theme_answered:{row.pk}", at, facts)


def _texts() -> Iterator[Seen]:
    rows = Revision.objects.filter(status=RevisionStatus.RELEASED).select_related("to_edition")
    for row in rows:
        if row.to_edition is not None:
            at = row.to_edition.created_at
            yield Seen(Happening.TEXT_CHANGED, f"text_changed:{row.pk}", at, {"revision": row.pk})


def _council() -> Iterator[Seen]:
    for paper in public_papers():
        if paper.submitted_at is not None:
            key = f"paper_submitted:{paper.pk}"
            yield Seen(Happening.PAPER, key, paper.submitted_at, {"paper": paper.pk})
    for row in public_decisions().order_by("pk"):
        facts = {"decision": row.pk}
        yield Seen(Happening.DECISION, f"item_decided:{row.pk}", row.recorded_at, facts)
        if row.status == DecisionStatus.CONFIRMED and row.confirmed_at is not None:
            key = f"decision_confirmed:{row.pk}"
            yield Seen(Happening.DECISION_CONFIRMED, key, row.confirmed_at, facts)


def _motions(since: datetime) -> Iterator[Seen]:
    for motion in admitted_motions().filter(admitted_at__gt=since):
        if motion.admitted_at is not None:
            key = f"motion_admitted:{motion.pk}"
            facts = {"motion": motion.pk}
            yield Seen(Happening.MOTION_ADMITTED, key, motion.admitted_at, facts)
    for vote in public_motion_votes().filter(recorded_at__gt=since).order_by("pk"):
        facts = {"vote": vote.pk}
        yield Seen(Happening.MOTION_VOTED, f"motion_voted:{vote.pk}", vote.recorded_at, facts)


def _measures(since: datetime) -> Iterator[Seen]:
    for pk, at in MeasureStep.objects.filter(at__gt=since).values_list("pk", "at"):
        yield Seen(Happening.MEASURE, f"measure_reported:{pk}", at, {"step": pk})


def _news() -> Iterator[Seen]:
    # Pages of the site live above this app: they are known by the name of their kind.
    pages = (
        Page.objects.live()
        .public()
        .filter(content_type__app_label="pages", content_type__model="newspage", alias_of=None)
    )
    first = pages.values_list("translation_key").annotate(at=Max("first_published_at"))
    for key, at in first:
        if at is not None:
            facts = {"page": str(key)}
            yield Seen(Happening.NEWS, f"news_published:{key}", at, facts)
