"""Answers that are owed or given, and the changes of the text that they led to."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from consult.contributions.states import Visibility
from consult.evaluation.models import (
    Assignment,
    Change,
    ChangeCause,
    Response,
    ResponseText,
    Revision,
    Theme,
)
from consult.evaluation.selectors.themes import members_of
from consult.evaluation.states import (
    CHANGES_TEXT,
    AnswerTextStatus,
    ResponseStatus,
    RevisionStatus,
)
from consult.rounds.models import ConsultationRound
from drafts.concept.snapshots import content_hash
from drafts.concept.states import BINDING
from drafts.editions.models import Edition


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


def answer_hash(response: Response) -> str:
    """The SHA-256 of the German answer, by which a version names what it renders."""
    return content_hash({"outcome": response.outcome, "reason": response.reason})


def released_texts(responses: Iterable[Response]) -> dict[int, list[ResponseText]]:
    """The versions of answers that people released, by answer, in one query."""
    found: dict[int, list[ResponseText]] = defaultdict(list)
    rows = ResponseText.objects.filter(response__in=responses, status=AnswerTextStatus.RELEASED)
    for text in rows.order_by("language"):
        found[text.response_id].append(text)
    return found


def chosen_text(texts: Iterable[ResponseText], languages: Iterable[str]) -> ResponseText | None:
    """The version in the first of these languages that has one; None means the German answer.

    German among the languages is passed over: it is what remains.
    """
    by_language = {text.language: text for text in texts}
    return next((by_language[code] for code in languages if code in by_language), None)


def languages_of_members(theme: Theme) -> list[tuple[str, int]]:
    """In which languages people wrote in a theme, the most frequent first, without German."""
    counts = Counter(members_of(theme).values_list("language", flat=True))
    return [(code, number) for code, number in counts.most_common() if code != BINDING]


def open_revision(from_edition) -> Revision | None:
    """The revision that is being prepared from this edition, if any."""
    return Revision.objects.filter(from_edition=from_edition, status=RevisionStatus.OPEN).first()


def revision_changes(revision: Revision) -> QuerySet[Change]:
    """The changes in reading order with their causes and the themes behind them."""
    return _with_causes(revision.changes.order_by("position"))


def changes_to(edition: Edition) -> list[Change]:
    """The same of the released revision that led to an edition, each with its revision."""
    changes = Change.objects.filter(
        revision__to_edition=edition, revision__status=RevisionStatus.RELEASED
    )
    named = changes.select_related("revision__from_edition", "revision__round")
    return list(_with_causes(named.order_by("revision", "position")))


def changes_between(older: Edition, newer: Edition) -> list[Change]:
    """The changes of all public revisions that led from one edition to a later one, in order.

    A revision is public if both of its editions can be read.
    """
    readable = Edition.objects.readable().values("pk")
    changes = Change.objects.filter(
        revision__status=RevisionStatus.RELEASED,
        revision__from_edition__concept=older.concept_id,
        revision__from_edition__number__gte=older.number,
        revision__to_edition__number__lte=newer.number,
        revision__from_edition__in=readable,
        revision__to_edition__in=readable,
    )
    in_order = changes.select_related("revision__to_edition").order_by(
        "revision__to_edition__number", "position"
    )
    return list(_with_causes(in_order))


def _with_causes(changes: QuerySet[Change]) -> QuerySet[Change]:
    return changes.prefetch_related(
        Prefetch(
            "causes",
            ChangeCause.objects.select_related(
                "response__theme__round", "response__lead_department", "suggestion"
            ).order_by("pk"),
        )
    )


def themes_without_change(revision: Revision) -> list[Response]:
    """Answers that promise another wording and led to none: reported openly.

    A theme whose residents' suggestion changed the text has led to one.
    """
    if revision.round_id is None:
        return []
    by_suggestion = Assignment.objects.filter(
        is_current=True,
        contribution__status=Visibility.PUBLISHED,
        contribution__suggestion__bundle__causes__change__revision=revision,
    )
    return list(
        Response.objects.filter(
            theme__round=revision.round_id,
            status=ResponseStatus.PUBLISHED,
            outcome__in=CHANGES_TEXT,
        )
        .exclude(causes__change__revision=revision)
        .exclude(theme__in=by_suggestion.values("theme"))
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
