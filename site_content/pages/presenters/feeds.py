"""What feeds list: headlines and links to public pages, newest first.

No words of residents: a reader's program keeps what it has read, also when it was hidden since.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.council.amendments import public_motions
from consult.council.concerns import admitted_motions, public_motion_votes
from consult.council.selectors import public_decisions, public_papers
from consult.council.wording import outcome_word
from consult.evaluation.models import Change, Response
from consult.evaluation.states import ResponseStatus, RevisionStatus
from consult.following.states import Topic
from consult.rounds.selectors import public_rounds
from consult.rounds.states import RoundStatus
from drafts.actionplan.models import MeasureStep
from drafts.actionplan.states import MeasureStatus
from drafts.editions.models import EditionMeasure
from site_content.pages.models import NewsPage
from site_content.pages.presenters.motions import motion_url

ENTRIES = 50


@dataclass(frozen=True)
class Entry:
    """One headline. `url` is a path of this site."""

    title: str
    url: str
    at: datetime
    summary: str = ""


def entries_of(topic: Topic, key: str) -> list[Entry]:
    """The newest entries on something public that can be followed."""
    return _newest(_SOURCES[topic](key))


def council_entries() -> list[Entry]:
    """Papers that were submitted, motions on them and what the bodies decided."""
    return _newest([*_papers(), *_motions(Q()), *_decisions()])


def news_entries() -> list[Entry]:
    """News in the active language."""
    return _newest(_news())


def _newest(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry.at, reverse=True)[:ENTRIES]


def _concept(key: str) -> list[Entry]:
    answers = _answers(Response.objects.filter(theme__round__edition__concept=int(key)))
    motions = _motions(Q(paper__edition__concept=int(key)))
    return [*_news(), *answers, *_papers(), *motions, *_decisions(), *_rounds()]


def _section(wid: str) -> list[Entry]:
    return [
        *_contributions(Contribution.objects.filter(section_wid=wid)),
        *_answers(Response.objects.filter(theme__section_wid=wid)),
        *_changes(Change.objects.filter(section_wid=wid)),
        *_motions(Q(section_wid=wid)),
    ]


def _goal(wid: str) -> list[Entry]:
    measures = EditionMeasure.objects.filter(goal__wid=wid)
    return [
        *_contributions(Contribution.objects.filter(target_wid=wid)),
        *_changes(Change.objects.filter(wid=wid)),
        *_motions(Q(wid=wid) | Q(wid__in=measures.values("wid"))),
        *_measures(wid),
    ]


def _theme(key: str) -> list[Entry]:
    members = Contribution.objects.filter(assignments__theme=int(key), assignments__is_current=True)
    changes = Change.objects.filter(
        causes__response__theme=int(key), revision__status=RevisionStatus.RELEASED
    )
    return [
        *_answers(Response.objects.filter(theme=int(key))),
        *_contributions(members),
        *_motions(Q(taken_up=int(key)) | Q(wid__in=changes.values("wid"))),
    ]


def _contribution(ref: str) -> list[Entry]:
    own = Contribution.objects.get(ref=ref)
    replies = Contribution.objects.filter(comment_row__parent_id=own.pk).exclude(pk=own.pk)
    assigned = {"theme__assignments__contribution": own, "theme__assignments__is_current": True}
    return [*_contributions(replies), *_answers(Response.objects.filter(**assigned))]


def _contributions(rows: QuerySet[Contribution]) -> list[Entry]:
    return [
        Entry(
            _("{stance}: Beitrag {ref}").format(stance=row.get_stance_display(), ref=row.ref),
            reverse("contribution", args=[row.ref]),
            row.status_since,
        )
        for row in rows.published().distinct().order_by("-status_since")[:ENTRIES]
    ]


def _answers(rows: QuerySet[Response]) -> list[Entry]:
    published = rows.filter(status=ResponseStatus.PUBLISHED).select_related("theme__round")
    return [
        Entry(
            _("Antwort der Stadt: {theme}").format(theme=row.theme.title),
            reverse("theme", args=[row.theme.round.ref, row.theme.number]),
            row.published_at,
            row.get_outcome_display(),
        )
        for row in published.distinct().order_by("-published_at")[:ENTRIES]
        if row.published_at is not None
    ]


def _changes(rows: QuerySet[Change]) -> list[Entry]:
    released = rows.filter(revision__status=RevisionStatus.RELEASED)
    return [
        Entry(
            _("Text geändert: {place}").format(place=row.place),
            reverse("changes", args=[row.revision.to_edition.number]),
            row.revision.to_edition.created_at,
            _("Fassung {n}").format(n=row.revision.to_edition.number),
        )
        for row in released.select_related("revision__to_edition").order_by("-pk")[:ENTRIES]
        if row.revision.to_edition is not None
    ]


def _measures(goal_wid: str) -> list[Entry]:
    steps = MeasureStep.objects.filter(measure__adopted_as__goal__wid=goal_wid)
    rows = steps.select_related("measure__adopted_as__goal__edition").order_by("-at")[:ENTRIES]
    return [
        Entry(
            _("Maßnahme {number}: {state}").format(
                number=row.measure.adopted_as.number, state=MeasureStatus(row.status).label
            ),
            _goal_url(row.measure.adopted_as.goal),
            row.at,
        )
        for row in rows
    ]


def _goal_url(goal) -> str:
    return reverse("goal", args=[goal.edition.number, goal.slug])


def _papers() -> list[Entry]:
    return [
        Entry(
            _("Dem Rat liegt vor: {title}").format(title=row.title),
            reverse("paper", args=[row.pk]),
            row.submitted_at,
            row.reference,
        )
        for row in public_papers()[:ENTRIES]
        if row.submitted_at is not None
    ]


def _decisions() -> list[Entry]:
    rows = public_decisions().order_by("-recorded_at")[:ENTRIES]
    return [
        Entry(
            _("{body}: Punkt {number} {outcome}").format(
                body=row.step.body.name,
                number=row.item.number,
                outcome=outcome_word(row),
            ),
            reverse("paper", args=[row.item.paper_id]),
            row.confirmed_at or row.recorded_at,
            f"{row.item.paper.reference}. {row.get_status_display()}.",
        )
        for row in rows
    ]


def _motions(which: Q) -> list[Entry]:
    """Motions that come to the vote, and how bodies voted on them in public."""
    motions = admitted_motions().filter(which)
    votes = public_motion_votes().filter(motion__in=public_motions().filter(which))
    admitted = [
        Entry(
            _("Änderungsantrag zu {place}").format(place=row.place),
            motion_url(row),
            row.admitted_at,
            f"{row.paper.reference}, {row.name}, {row.mover}",
        )
        for row in motions.order_by("-admitted_at")[:ENTRIES]
        if row.admitted_at is not None
    ]
    voted = [
        Entry(
            _("{body}: {name} {outcome}").format(
                body=row.step.body.name, name=row.motion.name, outcome=row.get_outcome_display()
            ),
            motion_url(row.motion),
            row.confirmed_at or row.recorded_at,
            f"{row.motion.paper.reference}, {row.motion.place}. {row.get_status_display()}.",
        )
        for row in votes.order_by("-recorded_at")[:ENTRIES]
    ]
    return [*admitted, *voted]


def _rounds() -> list[Entry]:
    return [
        Entry(
            row.title,
            reverse("round_themes", args=[row.ref]),
            row.opens_at,
            row.get_status_display(),
        )
        for row in public_rounds()
        if row.status != RoundStatus.ANNOUNCED
    ]


def _news() -> list[Entry]:
    pages = NewsPage.objects.live().public().filter(locale__language_code=get_language())
    return [
        Entry(page.title, page.relative_url(None) or "", page.first_published_at, page.lede)
        for page in pages.order_by("-first_published_at")[:ENTRIES]
        if page.first_published_at is not None
    ]


_SOURCES: dict[Topic, Callable[[str], list[Entry]]] = {
    Topic.CONCEPT: _concept,
    Topic.SECTION: _section,
    Topic.GOAL: _goal,
    Topic.THEME: _theme,
    Topic.CONTRIBUTION: _contribution,
}
