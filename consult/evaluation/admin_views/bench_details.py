"""What stands in the middle of the bench, a theme or proposal or the rest, and what is beside it."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import registry

from consult.contributions.admin_views.places import places_of
from consult.contributions.models import Contribution
from consult.evaluation.admin_views.bench import (
    BUNDLES,
    CONFIRMED,
    DOUBTS,
    LOOSE,
    PROPOSALS,
    SINGLES,
    Bench,
    Detail,
    Entry,
)
from consult.evaluation.models import Assignment, ProposalMember, Theme, ThemeProposal
from consult.evaluation.selectors import (
    current_members,
    doubtful_contributions,
    doubtful_places,
    members_of,
    unassigned,
)
from consult.evaluation.states import SummaryStatus, ThemeKind, ThemeStatus
from consult.participants.models import User
from consult.rounds.models import ConsultationRound
from drafts.concept.languages import language_of
from workers.analysis.stopwords import is_stopword
from workers.analysis.texts import stem, words

MEMBER_PAGE = 15
FEW_CITES = 5
NEIGHBOURS = 5
LOG_LINES = 12


def detail_of(bench: Bench, subject: ThemeProposal | Theme | str) -> Detail:
    """What stands in the middle for a row of a list."""
    if isinstance(subject, Theme):
        return theme_detail(bench, subject)
    if isinstance(subject, ThemeProposal):
        return proposal_detail(bench, subject)
    return bundle_detail(bench, subject)


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
        SINGLES if proposal.kind == ThemeKind.SINGLE_VOICE else PROPOSALS,
        vocabulary_of(proposal),
        {
            "sentences": [shown_sentence(line, {}) for line in proposal.summary],
            "fits": _standing_theme(proposal),
        },
    )


def _standing_theme(proposal: ThemeProposal) -> Theme | None:
    fits = proposal.fits
    return fits if fits and fits.status == ThemeStatus.CONFIRMED else None


def theme_detail(bench: Bench, theme: Theme) -> Detail:
    """A theme with its contributions, its summary and its history."""
    confirmed = theme.status == ThemeStatus.CONFIRMED
    return Detail(
        "workshop/detail_theme.html" if confirmed else "workshop/detail_past.html",
        theme.title,
        bench.url("theme", theme.number),
        members_of(theme),
        theme,
        SINGLES if theme.kind == ThemeKind.SINGLE_VOICE else CONFIRMED,
        vocabulary_of(theme) if confirmed else frozenset(),
        {
            "summary": _summary(bench.round_, theme),
            "history": history(theme),
            "reading": theme.readings.filter(is_current=True).select_related("by").first(),
        },
    )


def loose_detail(bench: Bench) -> Detail:
    """All published contributions without a theme."""
    return Detail(
        "workshop/detail_loose.html",
        _("Beiträge ohne Thema"),
        bench.url("loose"),
        unassigned(bench.round_).select_related("comment_row"),
        home=LOOSE,
    )


def doubts_detail(bench: Bench) -> Detail:
    """Contributions that the program is not sure of, wherever they are, most doubtful first."""
    return Detail(
        "workshop/detail_doubts.html",
        _("Zweifelhafte Zuordnungen"),
        bench.url("doubts"),
        doubtful_contributions(bench.round_).select_related("comment_row"),
        home=DOUBTS,
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
        home=BUNDLES,
    )


def members_page(bench: Bench, detail: Detail, number: str | None) -> dict[str, Any]:
    """One page of a detail's contributions: {page, rows}."""
    page: Page[Contribution] = Paginator(detail.members, MEMBER_PAGE).get_page(number)
    shown = list(page)
    places = places_of(shown)
    bundles = _bundles_of(bench, shown)
    themes = themes_of(shown)
    doubts = _doubts_of(bench, shown) if detail.home == DOUBTS else {}
    near = detail.values.get("neighbours", {})
    rows = [
        {
            "contribution": found,
            "text": found.comment_row.comment,
            "language": language_of(found.language),
            "place": places.get(found.pk),
            "bundle": bundles.get(found.pk),
            "theme": themes.get(found.pk),
            "near": near.get(found.pk),
            "doubt": doubts.get(found.pk),
        }
        for found in shown
    ]
    return {"page": page, "rows": rows}


def neighbours(bench: Bench, detail: Detail) -> list[dict[str, Any]]:
    """Other proposals and themes that use the same words; rare words count more."""
    others = [
        *((row, vocabulary_of(row)) for row in bench.proposals),
        *((row, vocabulary_of(row)) for row in bench.themes),
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
    lines += _departures(theme)
    return sorted(lines, key=lambda line: line["at"], reverse=True)[:LOG_LINES]


def _departures(theme: Theme) -> list[dict[str, Any]]:
    """When contributions of a theme were put into another one: {at, who, what}."""
    left = (
        Assignment.objects.filter(replaced__theme=theme)
        .exclude(theme=theme)
        .values("at", "by", "theme__title")
        .annotate(number=Count("pk"))
        .order_by("-at")[:LOG_LINES]
    )
    people = User.objects.in_bulk({row["by"] for row in left})
    return [
        {
            "at": row["at"],
            "who": str(people[row["by"]]),
            "what": ngettext(
                "%(number)s Beitrag ging nach „%(title)s“",
                "%(number)s Beiträge gingen nach „%(title)s“",
                row["number"],
            )
            % {"number": row["number"], "title": row["theme__title"]},
        }
        for row in left
    ]


def shown_sentence(line: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """A sentence of a summary with its cites; those that are `gone` are marked."""
    cites = [{"ref": ref, "gone": ref in gone} for ref in line["cites"]]
    return {
        "text": line["sentence"],
        "template": line.get("template", ""),
        "cites": cites,
        "is_long": len(cites) > FEW_CITES,
    }


def _bundles_of(bench: Bench, shown: Collection[Contribution]) -> dict[int, dict[str, Any]]:
    inside = ProposalMember.objects.filter(run=bench.run, contribution__in=shown)
    rows = inside.exclude(bundle="").values_list("contribution_id", "bundle")
    return {pk: bench.bundles[ref] for pk, ref in rows if ref in bench.bundles}


def _doubts_of(bench: Bench, shown: Collection[Contribution]) -> dict[int, dict[str, Any]]:
    """Why each of the contributions is doubtful, where the program put it and what is as near."""
    places = doubtful_places(bench.round_).filter(contribution__in=shown)
    entries: dict[int, Entry] = {row.pk: bench.entry(row) for row in bench.proposals}
    entries |= {row.from_proposal_id: bench.entry(row) for row in bench.themes}
    return {
        row.contribution_id: {
            "reason": row.get_doubt_display(),
            "here": entries.get(row.proposal_id),
            "near": entries.get(row.near_to_id),
        }
        for row in places
    }


def themes_of(shown: Collection[Contribution]) -> dict[int, Theme]:
    """The theme in which each of the contributions is now."""
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


def vocabulary_of(row: Theme | ThemeProposal) -> frozenset[str]:
    """The stems of what a theme or proposal is called and was found by."""
    if isinstance(row, ThemeProposal):
        return _vocabulary(row.label, *row.keywords)
    keywords = row.from_proposal.keywords if row.from_proposal else []
    return _vocabulary(row.title, row.concern, *keywords)
