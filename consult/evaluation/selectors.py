"""Reads of an evaluation: public ones reach released rows only, the workshop's say so."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    Assignment,
    Change,
    ChangeCause,
    GoalResult,
    LedgerEntry,
    ProposalMember,
    Response,
    Revision,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.states import (
    CHANGES_TEXT,
    ResponseStatus,
    RevisionStatus,
    RunStatus,
    SummaryStatus,
    ThemeStatus,
)
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE

LEDGER_FIELDS = ("received", "published", "hidden", "withdrawn", "erased", "in_review")


def ledger_sums(round_: ConsultationRound) -> dict[str, int]:
    """Received = published + hidden + withdrawn + erased + in review, counted from rows."""
    counts = Counter(
        dict(
            Contribution.objects.filter(round=round_)
            .values_list("status")
            .annotate(number=Count("pk"))
        )
    )
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


def confirmed_themes(round_: ConsultationRound) -> QuerySet[Theme]:
    """Themes and single voices that stand, in the order of their numbers."""
    return Theme.objects.filter(round=round_, status=ThemeStatus.CONFIRMED).order_by("number")


def unassigned(round_: ConsultationRound) -> QuerySet[Contribution]:
    """Published contributions that nobody has put into a theme yet."""
    return (
        Contribution.objects.published()
        .filter(round=round_)
        .exclude(assignments__is_current=True)
        .order_by("pk")
    )


def left_out_of_analysis(round_: ConsultationRound) -> QuerySet[Contribution]:
    """Contributions without a theme that no run has made a proposal for."""
    proposed = ProposalMember.objects.filter(run__round=round_)
    return unassigned(round_).exclude(pk__in=proposed.values("contribution"))


def unanswered_themes(round_: ConsultationRound) -> QuerySet[Theme]:
    """Themes and single voices without a published answer."""
    return confirmed_themes(round_).exclude(response__status=ResponseStatus.PUBLISHED)


def members_of(theme: Theme) -> QuerySet[Contribution]:
    """The published contributions that are in a theme now."""
    return (
        Contribution.objects.published()
        .filter(assignments__theme=theme, assignments__is_current=True)
        .select_related("comment_row")
        .order_by("pk")
    )


def public_themes(round_: ConsultationRound) -> list[dict[str, Any]]:
    """What the themes page shows: theme, sizes, released summary, published answer.

    Each entry: {theme, size, people, stances {stance: n}, summary | None, response | None}.
    """
    themes = list(
        confirmed_themes(round_).prefetch_related(
            Prefetch(
                "summaries",
                Summary.objects.filter(status=SummaryStatus.RELEASED).select_related("released_by"),
                to_attr="released",
            ),
            Prefetch(
                "response",
                Response.objects.filter(status=ResponseStatus.PUBLISHED).select_related(
                    "lead_department"
                ),
            ),
        )
    )
    figures = _theme_figures(round_)
    readable = _readable_refs(themes)
    return [
        {
            "theme": theme,
            **figures[theme.pk],
            "summary": _without_hidden(theme.released[0], readable) if theme.released else None,
            "response": getattr(theme, "response", None),
        }
        for theme in themes
    ]


def latest_run(round_: ConsultationRound) -> AnalysisRun | None:
    """The newest evaluation of a round, whatever its state."""
    return AnalysisRun.objects.filter(round=round_).order_by("-queued_at", "-pk").first()


def progress(run: AnalysisRun) -> dict[str, int]:
    """How many steps of a run are done: {done, total}."""
    states = Counter(run.shards.values_list("status", flat=True))
    return {"done": states[RunStatus.DONE], "total": sum(states.values())}


def open_proposals(round_: ConsultationRound) -> QuerySet[ThemeProposal]:
    """What the newest finished run proposes and nobody has settled. For the workshop only."""
    run = (
        AnalysisRun.objects.filter(round=round_, status=RunStatus.DONE)
        .order_by("-queued_at", "-pk")
        .first()
    )
    return (
        ThemeProposal.objects.filter(run=run, dismissed_at=None)
        .exclude(
            # Themes made by hand name no proposal; a NULL in the list would exclude everything.
            pk__in=Theme.objects.filter(round=round_, from_proposal__isnull=False).values(
                "from_proposal"
            )
        )
        .annotate(size=Count("members"))
        .order_by("position")
    )


def goal_results(round_: ConsultationRound) -> dict[int, dict[str, GoalResult]]:
    """Results by goal pk and scope; empty before the round is closed. No cell is under ten."""
    if round_.status not in TALLIES_READABLE:
        return {}
    run = _last_done(round_)
    found: dict[int, dict[str, GoalResult]] = defaultdict(dict)
    for row in GoalResult.objects.filter(run=run).select_related("goal"):
        found[row.goal_id][row.scope] = row
    return found


def opinion_method(round_: ConsultationRound) -> dict[str, Any]:
    """How the opinion groups of a closed round were found, with their map; empty before."""
    if round_.status not in TALLIES_READABLE:
        return {}
    run = _last_done(round_)
    return run.method.get("opinions", {}) if run else {}


def days_of_contributions(round_: ConsultationRound) -> list[date]:
    """The local day of each contribution that stands in public, as text or as a stub."""
    received = Contribution.objects.listed().filter(round=round_)
    return [timezone.localdate(at) for at in received.values_list("received_at", flat=True)]


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


def open_revision(from_edition) -> Revision | None:
    """The revision that is being prepared from this edition, if any."""
    return Revision.objects.filter(from_edition=from_edition, status=RevisionStatus.OPEN).first()


def revision_changes(revision: Revision) -> QuerySet[Change]:
    """The changes in reading order with their causes and the themes behind them."""
    return revision.changes.order_by("position").prefetch_related(
        Prefetch(
            "causes",
            ChangeCause.objects.select_related(
                "response__theme__round", "response__lead_department"
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


def owed_answers(round_: ConsultationRound) -> dict[int, Response]:
    """Answers that were asked for and are not published, by theme: department and day alone."""
    owed = (
        Response.objects.filter(theme__round=round_)
        .exclude(status=ResponseStatus.PUBLISHED)
        .select_related("lead_department")
        .only("theme_id", "due_on", "status", "lead_department__name")
    )
    return {response.theme_id: response for response in owed}


def current_members(round_: ConsultationRound, refs) -> dict[str, Assignment]:
    """Those of the named contributions that are published and in a theme now, by number."""
    found = Assignment.objects.filter(
        theme__round=round_,
        is_current=True,
        contribution__ref__in=refs,
        contribution__status=Visibility.PUBLISHED,
    ).select_related("contribution")
    return {row.contribution.ref: row for row in found}


def words_of_single_voices(themes) -> dict[int, Contribution]:
    """The published contribution behind each single voice, with its words, by theme."""
    found = Assignment.objects.filter(
        theme__in=themes, is_current=True, contribution__status=Visibility.PUBLISHED
    ).select_related("contribution__comment_row")
    return {row.theme_id: row.contribution for row in found}


def public_theme(round_: ConsultationRound, number: int) -> Theme | None:
    """A theme by its number, also one that was merged or dissolved since: its address stays."""
    return (
        Theme.objects.filter(round=round_, number=number)
        .select_related("merged_into")
        .prefetch_related(Prefetch("merged_from", Theme.objects.order_by("number")))
        .first()
    )


def handwork(round_: ConsultationRound) -> dict[str, Any]:
    """What people did to the themes: {confirmed, by_hand, merged, moved, released_by [name]}.

    `moved` counts how often a contribution was put into another theme than before.
    """
    status = Counter(Theme.objects.filter(round=round_).values_list("status", flat=True))
    released = Summary.objects.filter(
        theme__round=round_, status=SummaryStatus.RELEASED
    ).select_related("released_by")
    return {
        "confirmed": status[ThemeStatus.CONFIRMED],
        "by_hand": confirmed_themes(round_).filter(from_proposal=None).count(),
        "merged": status[ThemeStatus.MERGED],
        "moved": Assignment.objects.filter(theme__round=round_, is_current=False).count(),
        "released_by": sorted({str(summary.released_by) for summary in released}),
    }


def texts_of(contributions) -> dict[int, str]:
    """The words of contributions by key, in one query."""
    return dict(
        Comment.objects.filter(contribution__in=contributions).values_list(
            "contribution_id", "comment"
        )
    )


def overtaken_summaries(round_: ConsultationRound) -> list[Summary]:
    """Released summaries that cite something which is no longer public."""
    released = Summary.objects.filter(
        theme__round=round_, status=SummaryStatus.RELEASED
    ).select_related("theme")
    found = list(released)
    readable = _published_refs({ref for summary in found for ref in _cited(summary)})
    return [summary for summary in found if not readable.issuperset(_cited(summary))]


def _last_done(round_: ConsultationRound) -> AnalysisRun | None:
    done = AnalysisRun.objects.filter(round=round_, status=RunStatus.DONE)
    return done.order_by("-queued_at", "-pk").first()


def _readable_refs(themes: Sequence[Any]) -> set[str]:
    return _published_refs({ref for t in themes for s in t.released for ref in _cited(s)})


def _published_refs(refs: set[str]) -> set[str]:
    return set(Contribution.objects.published().filter(ref__in=refs).values_list("ref", flat=True))


def _cited(summary: Summary) -> set[str]:
    cites = {ref for line in summary.sentences for ref in line["cites"]}
    return cites | {quote["ref"] for quote in summary.quotes}


def _without_hidden(summary: Summary, readable: set[str]) -> Summary:
    """Whatever rests on a text that was hidden or erased since is not shown any more."""
    summary.sentences = [s for s in summary.sentences if readable.issuperset(s["cites"])]
    summary.quotes = [quote for quote in summary.quotes if quote["ref"] in readable]
    return summary


def _theme_figures(round_: ConsultationRound) -> dict[int, dict[str, Any]]:
    figures: dict[int, dict[str, Any]] = defaultdict(
        lambda: {"size": 0, "people": 0, "stances": Counter()}
    )
    people: dict[int, set[object]] = defaultdict(set)
    rows = Assignment.objects.filter(
        Q(contribution__status=Visibility.PUBLISHED), theme__round=round_, is_current=True
    ).values_list(
        "theme_id", "contribution__stance", "contribution__participant_id", "contribution_id"
    )
    for theme, stance, participant, contribution in rows:
        figures[theme]["size"] += 1
        figures[theme]["stances"][stance] += 1
        people[theme].add(participant or ("guest", contribution))
    for theme, who in people.items():
        figures[theme]["people"] = len(who)
    return figures
