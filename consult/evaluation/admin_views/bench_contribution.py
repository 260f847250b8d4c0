"""One contribution in the workshop: why it is where it is, what is like it; and a search."""

from collections import Counter
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.evaluation.admin_views.bench import LOOSE, Bench, Detail
from consult.evaluation.admin_views.bench_details import themes_of, vocabulary_of
from consult.evaluation.models import Assignment, ProposalMember, Theme
from consult.evaluation.selectors import Neighbour, most_alike, search_round
from drafts.concept.languages import language_of
from workers.analysis.texts import stem, words


def contribution_detail(bench: Bench, found: Contribution) -> Detail:
    """A contribution with those that are most like it, wherever they are."""
    neighbours = {row.contribution_id: row for row in most_alike(found)}
    members = _in_this_order(list(neighbours))
    theme = themes_of([found]).get(found.pk)
    around = themes_of(list(members))
    return Detail(
        "workshop/detail_contribution.html",
        _("Ähnlich wie %(ref)s") % {"ref": found.ref},
        bench.url("contribution", found.ref),
        members,
        home=LOOSE,
        values={
            "contribution": found,
            "language": language_of(found.language),
            "theme": theme,
            "proposed": _proposal_of(bench, found),
            "shared_with_theme": _shared_with(theme, found) if theme else [],
            "whereabouts": _whereabouts(theme, around, neighbours),
            "placements": placements(found),
            "neighbours": neighbours,
        },
    )


def search_detail(bench: Bench, asked: str) -> Detail:
    """The contributions of the round that hold certain words, in the order of their numbers."""
    return Detail(
        "workshop/detail_search.html",
        _("Suche in allen Beiträgen"),
        bench.url("search"),
        search_round(bench.round_, asked) if asked else Contribution.objects.none(),
        home=LOOSE,
    )


def placements(found: Contribution) -> list[Assignment]:
    """Who put a contribution into which theme, newest first."""
    rows = Assignment.objects.filter(contribution=found)
    return list(rows.select_related("theme", "by", "deed").order_by("-pk"))


def _in_this_order(keys: list[int]) -> QuerySet[Contribution]:
    places = [When(pk=key, then=Value(place)) for place, key in enumerate(keys)]
    found = Contribution.objects.published().filter(pk__in=keys).select_related("comment_row")
    if not places:
        return found.none()
    return found.order_by(Case(*places, output_field=IntegerField()))


def _proposal_of(bench: Bench, found: Contribution) -> str:
    inside = ProposalMember.objects.filter(run=bench.run, contribution=found)
    return inside.values_list("proposal__label", flat=True).first() or ""


def _shared_with(theme: Theme, found: Contribution) -> list[str]:
    used = {stem(word, "de") for word in words(found.comment_row.comment)}
    return sorted(used & vocabulary_of(theme))


def _whereabouts(
    theme: Theme | None, around: dict[int, Theme], neighbours: dict[int, Neighbour]
) -> dict[str, Any]:
    """Where the nearest are: how many in the same theme, and which other theme holds most."""
    counts = Counter(around.values())
    same = counts.pop(theme, 0) if theme else 0
    [(other, most)] = counts.most_common(1) or [(None, 0)]
    return {
        "total": len(neighbours),
        "same": same,
        "other": other,
        "in_other": most,
        "is_doubtful": theme is not None and most > same,
    }
