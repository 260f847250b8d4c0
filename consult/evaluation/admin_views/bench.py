"""What the theme workshop shows. The number of queries does not grow with the contributions.

A closed round has a few hundred proposals and themes: they are read whole, in one query each, and
give the lists, their counts and the neighbours. Contributions are read one page at a time.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry

from consult.contributions.admin_views.places import language_of, places_of
from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import (
    AnalysisRun,
    Assignment,
    ProposalMember,
    Summary,
    Theme,
    ThemeProposal,
)
from consult.evaluation.selectors import (
    confirmed_themes,
    current_members,
    members_of,
    open_proposals,
    unassigned,
)
from consult.evaluation.states import RunStatus, SummaryStatus, ThemeKind, ThemeStatus
from consult.participants.models import User
from consult.rounds.models import ConsultationRound
from workers.analysis.stopwords import is_stopword
from workers.analysis.texts import stem, words

LIST_PAGE = 30
MEMBER_PAGE = 15
FEW_VOICES = 3
FEW_CITES = 5
NEIGHBOURS = 5
LOG_LINES = 12

# Names of the lists, as they stand in the address.
PROPOSALS, CONFIRMED, SINGLES = "vorschlaege", "bestaetigt", "einzelstimmen"
LOOSE, BUNDLES = "ohne-thema", "buendel"


@dataclass(frozen=True)
class Entry:
    """A row of a list: a proposal, a theme or the representative of a bundle.

    `number` is what merging names a theme by.
    """

    subject: ThemeProposal | Theme | str
    title: str
    url: str
    size: str
    state: str = ""
    tone: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Detail:
    """What stands in the middle: its template, its contributions and its values."""

    template: str
    title: str
    url: str
    members: QuerySet[Contribution]
    subject: ThemeProposal | Theme | None = None
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
        found = _with_people(confirmed_themes(self.round_), "assignments", current)
        return list(found.select_related("from_proposal", "confirmed_by"))

    @cached_property
    def loose(self) -> int:
        """How many published contributions are in no theme."""
        return unassigned(self.round_).count()

    @cached_property
    def run(self) -> AnalysisRun | None:
        """The newest finished run."""
        done = AnalysisRun.objects.filter(round=self.round_, status=RunStatus.DONE)
        return done.order_by("-queued_at", "-pk").first()

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
        }

    def entries(self, name: str) -> list[Entry]:
        """The rows of a list."""
        if name == BUNDLES:
            return [self._bundle_entry(row) for row in self.bundles.values()]
        if name == LOOSE:
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
            return Entry(row, row.label, url, size, _("Vorschlag"), "machine")
        few = row.kind == ThemeKind.THEME and row.left <= FEW_VOICES
        state, tone = (_("Wenige Stimmen"), "warn") if few else (_("Bestätigt"), "ok")
        return Entry(row, row.title, self.url("theme", row.number), size, state, tone, row.number)

    def detail(self, subject: ThemeProposal | Theme | str) -> Detail:
        """What stands in the middle for a row of a list."""
        if isinstance(subject, Theme):
            return theme_detail(self, subject)
        if isinstance(subject, ThemeProposal):
            return proposal_detail(self, subject)
        return bundle_detail(self, subject)

    def url(self, name: str, *args) -> str:
        """The address of a page of this round's workshop."""
        return reverse(f"workshop:{name}", args=[self.round_.ref, *args])

    def _bundle_entry(self, row: dict[str, Any]) -> Entry:
        ref = row["bundle"]
        size = _size(row["left"], row["known"] + row["guests"])
        return Entry(ref, _("Wie %(ref)s") % {"ref": ref}, self.url("bundle", ref), size)


def proposal_detail(bench: Bench, proposal: ThemeProposal) -> Detail:
    """A proposal with those of its contributions that are still without a theme."""
    free = (
        unassigned(bench.round_)
        .filter(pk__in=proposal.members.values("contribution"))
        .select_related("comment_row")
    )
    return Detail(
        "workshop/detail_proposal.html",
        proposal.label,
        bench.url("proposal", proposal.pk),
        free,
        proposal,
        _vocabulary(proposal.label, *proposal.keywords),
        {"sentences": [shown_sentence(line, {}) for line in proposal.summary]},
    )


def theme_detail(bench: Bench, theme: Theme) -> Detail:
    """A theme with its contributions, its summary and its history."""
    confirmed = theme.status == ThemeStatus.CONFIRMED
    return Detail(
        "workshop/detail_theme.html" if confirmed else "workshop/detail_past.html",
        theme.title,
        bench.url("theme", theme.number),
        members_of(theme),
        theme,
        _theme_vocabulary(theme) if confirmed else frozenset(),
        {"summary": _summary(bench.round_, theme), "history": history(theme)},
    )


def loose_detail(bench: Bench) -> Detail:
    """All published contributions without a theme."""
    return Detail(
        "workshop/detail_loose.html",
        _("Beiträge ohne Thema"),
        bench.url("loose"),
        unassigned(bench.round_).select_related("comment_row"),
    )


def bundle_detail(bench: Bench, representative: str) -> Detail:
    """Near-identical texts, wherever they are now."""
    inside = ProposalMember.objects.filter(run=bench.run, bundle=representative)
    return Detail(
        "workshop/detail_bundle.html",
        _("Fast gleiche Texte wie %(ref)s") % {"ref": representative},
        bench.url("bundle", representative),
        Contribution.objects.published()
        .filter(pk__in=inside.values("contribution"))
        .select_related("comment_row")
        .order_by("pk"),
    )


def members_page(bench: Bench, detail: Detail, number: str | None) -> dict[str, Any]:
    """One page of a detail's contributions: {page, rows}."""
    page: Page[Contribution] = Paginator(detail.members, MEMBER_PAGE).get_page(number)
    shown = list(page)
    places = places_of(shown)
    bundles = _bundles_of(bench, shown)
    themes = _themes_of(shown)
    rows = [
        {
            "contribution": found,
            "text": found.comment_row.comment,
            "language": language_of(found.language),
            "place": places.get(found.pk),
            "bundle": bundles.get(found.pk),
            "theme": themes.get(found.pk),
        }
        for found in shown
    ]
    return {"page": page, "rows": rows}


def neighbours(bench: Bench, detail: Detail) -> list[dict[str, Any]]:
    """Other proposals and themes that use the same words; rare words count more."""
    others = [
        *((row, _vocabulary(row.label, *row.keywords)) for row in bench.proposals),
        *((row, _theme_vocabulary(row)) for row in bench.themes),
    ]
    spread = Counter(word for _row, vocabulary in others for word in vocabulary)
    ranked = sorted(
        (
            (-sum(1 / spread[word] for word in detail.vocabulary & vocabulary), place)
            for place, (row, vocabulary) in enumerate(others)
            if row != detail.subject and detail.vocabulary & vocabulary
        ),
    )
    return [
        {
            "entry": bench.entry(others[place][0]),
            "shared": ", ".join(sorted(detail.vocabulary & others[place][1])),
        }
        for _score, place in ranked[:NEIGHBOURS]
    ]


def history(theme: Theme) -> list[dict[str, Any]]:
    """What happened to a theme, newest first: {at, who, what}."""
    logged = registry.get_logs_for_instance(theme).select_related("user")
    lines = [
        {"at": entry.timestamp, "who": str(entry.user or ""), "what": entry.message}
        for entry in logged.order_by("-timestamp")[:LOG_LINES]
    ]
    added = (
        Assignment.objects.filter(theme=theme)
        .values("at", "by")
        .annotate(number=Count("pk"))
        .order_by("-at")[:LOG_LINES]
    )
    people = User.objects.in_bulk({row["by"] for row in added})
    lines += [
        {
            "at": row["at"],
            "who": str(people[row["by"]]),
            "what": ngettext(
                "%(number)s Beitrag zugeordnet", "%(number)s Beiträge zugeordnet", row["number"]
            )
            % {"number": row["number"]},
        }
        for row in added
    ]
    return sorted(lines, key=lambda line: line["at"], reverse=True)[:LOG_LINES]


def shown_sentence(line: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """A sentence of a summary with its cites; those that are `gone` are marked."""
    cites = [{"ref": ref, "gone": ref in gone} for ref in line["cites"]]
    return {"text": line["sentence"], "cites": cites, "is_long": len(cites) > FEW_CITES}


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


def _bundles_of(bench: Bench, shown: Collection[Contribution]) -> dict[int, dict[str, Any]]:
    inside = ProposalMember.objects.filter(run=bench.run, contribution__in=shown)
    rows = inside.exclude(bundle="").values_list("contribution_id", "bundle")
    return {pk: bench.bundles[ref] for pk, ref in rows if ref in bench.bundles}


def _themes_of(shown: Collection[Contribution]) -> dict[int, Theme]:
    current = Assignment.objects.filter(contribution__in=shown, is_current=True)
    return {row.contribution_id: row.theme for row in current.select_related("theme")}


def _summary(round_: ConsultationRound, theme: Theme) -> dict[str, Any] | None:
    newest = (
        theme.summaries.exclude(status=SummaryStatus.REPLACED)
        .select_related("released_by", "theme__round")
        .first()
    )
    if newest is None:
        return None
    named = {ref for line in newest.sentences for ref in line["cites"]}
    named |= {quote["ref"] for quote in newest.quotes}
    inside = {
        ref for ref, row in current_members(round_, named).items() if row.theme_id == theme.pk
    }
    return {
        "row": newest,
        "is_due": newest.status == SummaryStatus.DUE,
        "is_draft": newest.status == SummaryStatus.MACHINE_DRAFT,
        "is_stale": len(inside) < len(named),
        "sentences": [shown_sentence(line, named - inside) for line in newest.sentences],
        "quotes": [{**quote, "gone": quote["ref"] not in inside} for quote in newest.quotes],
    }


def _vocabulary(*parts: str) -> frozenset[str]:
    found = {word for part in parts for word in words(part)}
    return frozenset(
        stem(word, "de") for word in found if len(word) > 3 and not is_stopword(word.casefold())
    )


def _theme_vocabulary(theme: Theme) -> frozenset[str]:
    keywords = theme.from_proposal.keywords if theme.from_proposal else []
    return _vocabulary(theme.title, theme.concern, *keywords)
