"""Answers that are owed or given, and the changes of the text that they led to."""

from collections import defaultdict
from datetime import date

from django.db.models import Prefetch, QuerySet

from consult.evaluation.models import (
    Change,
    ChangeCause,
    Response,
    Revision,
)
from consult.evaluation.states import (
    CHANGES_TEXT,
    ResponseStatus,
    RevisionStatus,
)
from consult.rounds.models import ConsultationRound


def responses_of_department(user) -> QuerySet[Response]:
    """The answers that a person's departments owe, most urgent first."""
    return (
        Response.objects.filter(lead_department__members__user=user)
        .exclude(status=ResponseStatus.PUBLISHED)
        .select_related("theme__round", "lead_department")
        .order_by("due_on", "pk")
    )


def overdue_responses(round_: ConsultationRound, on: date) -> QuerySet[Response]:
    """Answers that are late; shown in public."""
    return Response.objects.filter(theme__round=round_, due_on__lt=on).exclude(
        status=ResponseStatus.PUBLISHED
    )


def owed_answers(round_: ConsultationRound) -> dict[int, Response]:
    """Answers that were asked for and are not published, by theme: department and day alone."""
    owed = (
        Response.objects.filter(theme__round=round_)
        .exclude(status=ResponseStatus.PUBLISHED)
        .select_related("lead_department")
        .only("theme_id", "due_on", "status", "lead_department__name")
    )
    return {response.theme_id: response for response in owed}


def open_revision(from_edition) -> Revision | None:
    """The revision that is being prepared from this edition, if any."""
    return Revision.objects.filter(from_edition=from_edition, status=RevisionStatus.OPEN).first()


def revision_changes(revision: Revision) -> QuerySet[Change]:
    """The changes in reading order with their causes and the themes behind them."""
    return revision.changes.order_by("position").prefetch_related(
        Prefetch(
            "causes",
            ChangeCause.objects.select_related(
                "response__theme__round", "response__lead_department", "suggestion"
            ).order_by("pk"),
        )
    )


def themes_without_change(revision: Revision) -> list[Response]:
    """Answers that promise another wording and led to none: reported openly."""
    if revision.round_id is None:
        return []
    return list(
        Response.objects.filter(
            theme__round=revision.round_id,
            status=ResponseStatus.PUBLISHED,
            outcome__in=CHANGES_TEXT,
        )
        .exclude(causes__change__revision=revision)
        .select_related("theme__round")
        .order_by("theme__number")
    )


def revision_to(edition) -> Revision | None:
    """The released revision that led to this edition, if it came from one."""
    return (
        Revision.objects.filter(to_edition=edition, status=RevisionStatus.RELEASED)
        .select_related("from_edition", "round")
        .first()
    )


def released_revisions(editions) -> QuerySet[Revision]:
    """The released revisions that led to any of these editions."""
    return Revision.objects.filter(to_edition__in=editions, status=RevisionStatus.RELEASED)


def changes_by_answer(round_: ConsultationRound) -> dict[int | None, list[Change]]:
    """The changes in released editions that answers of this round caused, by answer."""
    found: dict[int | None, list[Change]] = defaultdict(list)
    causes = (
        ChangeCause.objects.filter(
            response__theme__round=round_, change__revision__status=RevisionStatus.RELEASED
        )
        .select_related("change__revision__to_edition")
        .order_by("change__position", "pk")
    )
    for cause in causes:
        found[cause.response_id].append(cause.change)
    return found
