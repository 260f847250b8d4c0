"""Themes with their members and what is said of them; public reads reach released rows only."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from consult.contributions.models import Comment, Contribution
from consult.contributions.states import Kind, Visibility
from consult.evaluation.models import (
    Assignment,
    Response,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.states import (
    ResponseStatus,
    SummaryStatus,
    ThemeStatus,
)
from consult.rounds.models import ConsultationRound


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


def settled_proposals(round_: ConsultationRound) -> QuerySet[ThemeProposal]:
    """Proposals that became a theme which stands or was merged; undone ones are open again."""
    # Themes made by hand name no proposal; a NULL in a list would exclude everything.
    stands = Theme.objects.filter(round=round_, from_proposal__isnull=False).exclude(
        status=ThemeStatus.DISSOLVED
    )
    return ThemeProposal.objects.filter(pk__in=stands.values("from_proposal"))


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

    Each entry: {theme, size, people, stances {stance: n}, languages {code: n}, ways {channel or
    "statement": n}, summary | None, response | None}.
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


def public_theme(round_: ConsultationRound, number: int) -> Theme | None:
    """A theme by its number, also one that was merged or dissolved since: its address stays."""
    return (
        Theme.objects.filter(round=round_, number=number)
        .select_related("merged_into")
        .prefetch_related(Prefetch("merged_from", Theme.objects.order_by("number")))
        .first()
    )


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
        lambda: {
            "size": 0,
            "people": 0,
            "stances": Counter(),
            "languages": Counter(),
            "ways": Counter(),
        }
    )
    people: dict[int, set[object]] = defaultdict(set)
    rows = Assignment.objects.filter(
        Q(contribution__status=Visibility.PUBLISHED), theme__round=round_, is_current=True
    ).values_list(
        "theme_id", "contribution__stance", "contribution__participant_id", "contribution_id",
        "contribution__channel", "contribution__kind", "contribution__language",
    )  # fmt: skip
    for theme, stance, participant, contribution, channel, kind, language in rows:
        figures[theme]["size"] += 1
        figures[theme]["stances"][stance] += 1
        figures[theme]["languages"][language] += 1
        figures[theme]["ways"][kind if kind == Kind.STATEMENT else channel] += 1
        people[theme].add(participant or ("guest", contribution))
    for theme, who in people.items():
        figures[theme]["people"] = len(who)
    return figures
