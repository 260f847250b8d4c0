"""Reads of residents' suggestions in bundles: beside the text, on the desk, as credits.

The public reads (`bundles_beside`, `bundle_of`, `credits_in`) reach bundles with at least one
published suggestion, and of these names only where the author agrees.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from consult.contributions.models import Suggestion, SuggestionBundle, SuggestionSupport
from consult.contributions.states import IN_TEXT, SuggestionStatus, Visibility
from consult.evaluation.models import CarryOver, Change, ChangeCause, SuggestionDecision
from consult.evaluation.states import CarryState, Cause, RevisionStatus
from drafts.editions.models import Edition


class Author(NamedTuple):
    """A published suggestion of a bundle; `person` is None for guests."""

    ref: str
    person: int | None
    name: str
    agreed: bool
    round_id: int


@dataclass(frozen=True)
class Bundle:
    """Suggestions with the same effect as an edition has them.

    `carried` is "" in the edition that they were written for, else how they came into this one.
    """

    row: SuggestionBundle
    authors: list[Author]
    supporters: set[int]
    section_wid: str
    target_wid: str
    carried: str = ""
    decision: SuggestionDecision | None = None
    reasons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def first(self) -> Author:
        """The suggestion that was first, for addresses and order."""
        return self.authors[0]

    @property
    def proposers(self) -> int:
        """How many people propose it; each guest counts."""
        return len({author.person or f"guest {author.ref}" for author in self.authors})

    @property
    def people(self) -> int:
        """How many people propose or support it, each once."""
        own = {author.person for author in self.authors}
        return self.proposers + len(self.supporters - own)


@dataclass(frozen=True)
class Credit:
    """Who proposed a changed wording: the names of those who agree, and how many others."""

    names: list[str]
    others: int


def bundles_beside(edition: Edition, section_wid: str = "") -> list[Bundle]:
    """The bundles of a section of an edition, or of the whole: own ones and open ones taken over.

    In the order in which they came. A number of queries that does not grow with them.
    """
    here, carried = Q(edition=edition), Q(edition=edition)
    if section_wid:
        here &= Q(section_wid=section_wid)
        # What has lost its place stays with the section that it was in.
        lost = Q(state=CarryState.GONE, contribution__section_wid=section_wid)
        carried &= Q(section_wid=section_wid) | lost
    over = CarryOver.objects.filter(carried).values("contribution__suggestion__bundle")
    taken = Q(pk__in=over, status=SuggestionStatus.OPEN)
    return _bundles(SuggestionBundle.objects.filter(here | taken), edition)


def bundle_of(suggestion: Suggestion) -> Bundle | None:
    """The bundle of a suggestion at the place that it was written for."""
    return bundle_at(suggestion.bundle_id)


def bundle_at(pk: int) -> Bundle | None:
    """The bundle with this key; None if there is none or nothing of it is public."""
    return next(iter(_bundles(SuggestionBundle.objects.filter(pk=pk))), None)


def taken_over(bundle: SuggestionBundle) -> CarryOver | None:
    """How the bundle came into the newest edition that has been released since, or None."""
    return (
        CarryOver.objects.filter(contribution__suggestion__bundle=bundle)
        .select_related("edition")
        .order_by("-edition__number", "contribution")
        .first()
    )


def place_now(bundle: SuggestionBundle) -> tuple[str, str]:
    """Section and place of a bundle in the newest edition; its former place where it is gone."""
    row = taken_over(bundle)
    if row is None or row.state == CarryState.GONE:
        return bundle.section_wid, bundle.target_wid
    return row.section_wid, row.target_wid


def standing_decisions(**conditions) -> QuerySet[SuggestionDecision]:
    """The adoptions that stand: the last decision of each bundle that is in the working text."""
    newest = (
        SuggestionDecision.objects.values("bundle").annotate(last=Max("pk")).values_list("last")
    )
    return (
        SuggestionDecision.objects.filter(pk__in=newest, outcome__in=IN_TEXT, **conditions)
        .select_related("bundle")
        .order_by("pk")
    )


def credits_in(edition: Edition, section_wid: str) -> dict[str, Credit]:
    """Whose suggestion the present wording of a place goes back to, by key.

    Where a later revision has changed the place for another reason, nobody is credited.
    """
    if edition.based_on_id is None:
        return {}
    causes = ChangeCause.objects.filter(
        kind=Cause.SUGGESTION,
        change__section_wid=section_wid,
        change__revision__to_edition__concept=edition.concept_id,
        change__revision__to_edition__number__lte=edition.number,
    ).order_by("pk")
    bundles: dict[int, list[int]] = defaultdict(list)
    for change, bundle in causes.values_list("change", "suggestion"):
        bundles[change].append(bundle)
    if not bundles:
        return {}
    newest = _last_changes(edition, section_wid)
    named = credits_of({pk for change in newest.values() for pk in bundles.get(change, ())})
    return {
        wid: _joined([named[pk] for pk in bundles[change]])
        for wid, change in newest.items()
        if change in bundles
    }


def credits_of(bundles: Iterable[int]) -> dict[int, Credit]:
    """Who proposed what these bundles say, in one query."""
    authors = _authors(set(bundles))
    return {pk: _credit(authors[pk]) for pk in bundles}


def first_refs(bundles: Iterable[int]) -> dict[int, str]:
    """The number of the first published suggestion of each bundle that has one."""
    return {pk: authors[0].ref for pk, authors in _authors(bundles).items() if authors}


def reasons_of(bundles: list[Bundle], most: int) -> dict[int, list[tuple[str, str]]]:
    """Number and reason of the first published suggestions of each bundle, in one query."""
    refs = [author.ref for bundle in bundles for author in bundle.authors[:most]]
    rows = Suggestion.objects.filter(contribution__ref__in=refs).order_by("contribution_id")
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for bundle, ref, words in rows.values_list(
        "bundle", "contribution__ref", "contribution__comment_row__comment"
    ):
        found[bundle].append((ref, words))
    return found


def supported_by(user, bundles: Iterable[Bundle]) -> set[int]:
    """Which of these bundles a person supports; nothing for visitors."""
    if not user.is_authenticated:
        return set()
    return {bundle.row.pk for bundle in bundles if user.pk in bundle.supporters}


def _bundles(rows: QuerySet[SuggestionBundle], edition: Edition | None = None) -> list[Bundle]:
    """The bundles with something public, at their places in `edition` where that is a later one."""
    found = {row.pk: row for row in rows.select_related("edition__concept").order_by("pk")}
    if not found:
        return []
    authors, supporters = _authors(found), _supporters(found)
    decisions = {
        decision.bundle_id: decision
        for decision in SuggestionDecision.objects.filter(bundle__in=found)
        .select_related("decided_by")
        .order_by("pk")
    }
    earlier = [pk for pk, row in found.items() if edition and row.edition_id != edition.pk]
    places = _places(earlier, edition) if earlier else {}
    return [
        _bundle(row, authors[pk], supporters[pk], places.get(pk), decisions.get(pk))
        for pk, row in found.items()
        if authors[pk]
    ]


def _places(bundles: list[int], edition: Edition | None) -> dict[int, CarryOver]:
    rows = CarryOver.objects.filter(
        edition=edition, contribution__suggestion__bundle__in=bundles
    ).select_related("contribution__suggestion")
    return {row.contribution.suggestion.bundle_id: row for row in rows.order_by("-pk")}


def _bundle(row, authors, supporters, carried: CarryOver | None, decision) -> Bundle:
    place = carried if carried and carried.target_wid else row
    return Bundle(
        row=row,
        authors=authors,
        supporters=supporters,
        section_wid=place.section_wid,
        target_wid=place.target_wid,
        carried=carried.state if carried else "",
        decision=decision,
    )


def _authors(bundles: Iterable[int]) -> dict[int, list[Author]]:
    rows = (
        Suggestion.objects.filter(
            bundle__in=list(bundles), contribution__status=Visibility.PUBLISHED
        )
        .order_by("contribution_id")
        .values_list(
            "bundle", "contribution__ref", "contribution__participant",
            "contribution__display_name", "credit_agreed", "contribution__round",
        )
    )  # fmt: skip
    found: dict[int, list[Author]] = defaultdict(list)
    for bundle, *author in rows:
        found[bundle].append(Author(*author))
    return found


def _supporters(bundles: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    rows = SuggestionSupport.objects.filter(bundle__in=list(bundles))
    for bundle, person in rows.values_list("bundle", "participant"):
        found[bundle].add(person)
    return found


def _last_changes(edition: Edition, section_wid: str) -> dict[str, int]:
    rows = Change.objects.filter(
        section_wid=section_wid,
        op__in=["replace", "insert"],
        revision__status=RevisionStatus.RELEASED,
        revision__to_edition__concept=edition.concept_id,
        revision__to_edition__number__lte=edition.number,
    ).order_by("revision__to_edition__number")
    return dict(rows.values_list("wid", "pk"))


def _credit(authors: list[Author]) -> Credit:
    named = {
        (author.person or author.ref): author.name
        for author in authors
        if author.agreed and author.name
    }
    people = {author.person or author.ref for author in authors}
    return Credit(names=list(named.values()), others=len(people) - len(named))


def _joined(found: list[Credit]) -> Credit:
    names = dict.fromkeys(name for credit in found for name in credit.names)
    return Credit(names=list(names), others=sum(credit.others for credit in found))
