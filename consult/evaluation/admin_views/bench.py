"""What the theme workshop shows. The number of queries does not grow with the contributions.

A closed round has a few hundred proposals and themes: they are read whole, in one query each, and
give the lists, their counts and the neighbours. Contributions are read one page at a time.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    Assignment,
    ProposalMember,
    SecondReading,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.selectors import (
    confirmed_themes,
    doubtful_places,
    latest_done_run,
    open_proposals,
    unassigned,
)
from consult.evaluation.states import SummaryStatus, ThemeKind, ThemeStatus
from consult.rounds.models import ConsultationRound

LIST_PAGE = 30
FEW_VOICES = 3
# Names of the lists, as they stand in the address.
PROPOSALS, CONFIRMED, SINGLES = "vorschlaege", "bestaetigt", "einzelstimmen"
LOOSE, BUNDLES, DOUBTS = "ohne-thema", "buendel", "zweifelhaft"


@dataclass(frozen=True)
class Entry:
    """A row of a list: a proposal, a theme or the representative of a bundle.

    `number` is what merging names a theme by; `is_read` says that a second person has read it.
    """

    subject: ThemeProposal | Theme | str
    title: str
    url: str
    size: str
    state: str = ""
    tone: str = ""
    number: int | None = None
    is_read: bool = False


@dataclass(frozen=True)
class Detail:
    """What stands in the middle: its template, its contributions and its values.

    `home` is the list beside it unless another one was asked for.
    """

    template: str
    title: str
    url: str
    members: QuerySet[Contribution]
    subject: ThemeProposal | Theme | None = None
    home: str = ""
    vocabulary: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)


class Bench:
    """One round in the workshop; each part is read when a page first needs it."""

    def __init__(self, round_: ConsultationRound):
        self.round_ = round_

    @cached_property
    def proposals(self) -> list[ThemeProposal]:
        """Open proposals in which at least one contribution is still without a theme."""
        assigned = Assignment.objects.filter(
            contribution=OuterRef("members__contribution"), is_current=True
        )
        free = Q(members__contribution__status=Visibility.PUBLISHED) & ~Exists(assigned)
        return list(
            _with_people(open_proposals(self.round_), "members", free)
            .filter(left__gt=0)
            .order_by("position")
        )

    @cached_property
    def themes(self) -> list[Theme]:
        """Confirmed themes and single voices with their present size."""
        current = Q(
            assignments__is_current=True, assignments__contribution__status=Visibility.PUBLISHED
        )
        found = _with_people(confirmed_themes(self.round_), "assignments", current).annotate(
            is_read=Exists(SecondReading.objects.filter(theme=OuterRef("pk"), is_current=True))
        )
        return list(found.select_related("from_proposal", "confirmed_by"))

    @cached_property
    def loose(self) -> int:
        """How many published contributions are in no theme."""
        return unassigned(self.round_).count()

    @cached_property
    def doubts(self) -> int:
        """How many published contributions stand where the program doubts it."""
        return doubtful_places(self.round_).count()

    @cached_property
    def run(self) -> AnalysisRun | None:
        """The newest finished run."""
        return latest_done_run(self.round_)

    @cached_property
    def bundles(self) -> dict[str, dict[str, Any]]:
        """Near-identical texts by the number of their representative, the largest first."""
        found = (
            ProposalMember.objects.filter(run=self.run, contribution__status=Visibility.PUBLISHED)
            .exclude(bundle="")
            .values("bundle")
            .annotate(
                left=Count("pk"),
                known=Count("contribution__participant", distinct=True),
                guests=Count("pk", filter=Q(contribution__participant=None)),
            )
            .filter(left__gt=1)
            .order_by("-left", "bundle")
        )
        return {row["bundle"]: row for row in found}

    def of_kind(self, kind: ThemeKind, rows: Iterable[Any]) -> list[Any]:
        """Those proposals or themes that are of one kind."""
        return [row for row in rows if row.kind == kind]

    def counts(self) -> dict[str, int]:
        """How many entries each list has."""
        kinds = Counter(row.kind for row in self.proposals)
        confirmed = Counter(row.kind for row in self.themes)
        return {
            PROPOSALS: kinds[ThemeKind.THEME],
            CONFIRMED: confirmed[ThemeKind.THEME],
            SINGLES: kinds[ThemeKind.SINGLE_VOICE] + confirmed[ThemeKind.SINGLE_VOICE],
            LOOSE: self.loose,
            BUNDLES: len(self.bundles),
            DOUBTS: self.doubts,
        }

    def entries(self, name: str) -> list[Entry]:
        """The rows of a list."""
        if name == BUNDLES:
            return [self._bundle_entry(row) for row in self.bundles.values()]
        if name in {LOOSE, DOUBTS}:
            return []
        kind = ThemeKind.SINGLE_VOICE if name == SINGLES else ThemeKind.THEME
        proposals = self.of_kind(kind, self.proposals) if name != CONFIRMED else []
        themes = self.of_kind(kind, self.themes) if name != PROPOSALS else []
        return [self.entry(row) for row in [*proposals, *themes]]

    def entry(self, row: ThemeProposal | Theme) -> Entry:
        """The row of a proposal or theme of this bench."""
        size = size_of(row)
        if isinstance(row, ThemeProposal):
            url = self.url("proposal", row.pk)
            title = _("Passt zu „%(title)s“") % {"title": row.label} if row.fits_id else row.label
            return Entry(row, title, url, size, _("Vorschlag"), "machine")
        few = row.kind == ThemeKind.THEME and row.left <= FEW_VOICES
        state, tone = (_("Wenige Stimmen"), "warn") if few else (_("Bestätigt"), "ok")
        url = self.url("theme", row.number)
        return Entry(row, row.title, url, size, state, tone, row.number, row.is_read)

    def unread(self, name: str) -> list[Entry]:
        """Those rows of a list that are themes which no second person has read."""
        return [row for row in self.entries(name) if row.number is not None and not row.is_read]

    def url(self, name: str, *args) -> str:
        """The address of a page of this round's workshop."""
        return reverse(f"workshop:{name}", args=[self.round_.ref, *args])

    def _bundle_entry(self, row: dict[str, Any]) -> Entry:
        ref = row["bundle"]
        size = _size(row["left"], row["known"] + row["guests"])
        return Entry(ref, _("Wie %(ref)s") % {"ref": ref}, self.url("bundle", ref), size)


def summaries_to_release(round_: ConsultationRound) -> int:
    """How many confirmed themes have a summary that nobody has released or rejected."""
    return Summary.objects.filter(
        theme__round=round_,
        theme__status=ThemeStatus.CONFIRMED,
        status=SummaryStatus.MACHINE_DRAFT,
    ).count()


def size_of(row: Any) -> str:
    """How many contributions of how many people, in words."""
    return _size(row.left, row.known + row.guests)


def _with_people(rows: QuerySet[Any], path: str, condition: Q) -> QuerySet[Any]:
    # A guest cannot be recognised again: each contribution of a guest counts as a person.
    return rows.annotate(
        left=Count(path, filter=condition),
        known=Count(f"{path}__contribution__participant", filter=condition, distinct=True),
        guests=Count(path, filter=condition & Q(**{f"{path}__contribution__participant": None})),
    )


def _size(contributions: int, people: int) -> str:
    said = ngettext("%(number)s Beitrag", "%(number)s Beiträge", contributions)
    who = ngettext("%(number)s Person", "%(number)s Personen", people)
    return _("%(contributions)s, %(people)s") % {
        "contributions": said % {"number": contributions},
        "people": who % {"number": people},
    }
