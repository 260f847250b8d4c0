"""What a council member should know about who took part before reading the figures.

Everything is read for all rounds of a pack at once: the queries do not grow with their number.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KT

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.evaluation.models import AnalysisRun, Assignment, ProposalMember, Theme
from consult.evaluation.selectors import ledger_of
from consult.evaluation.states import ResponseStatus, ThemeStatus
from consult.intake.selectors import InviteeFigures, figures_of_rounds, invitee_figures_of_rounds
from consult.rounds.models import ConsultationRound
from drafts.concept.states import BINDING
from drafts.editions.models import EditionText

COUNTED = frozenset({Visibility.PUBLISHED, Visibility.HIDDEN})


@dataclass(frozen=True)
class Bundles:
    """How many groups of near-identical contributions there are, and how large the largest is."""

    number: int = 0
    largest: int = 0


@dataclass(frozen=True)
class Hearing:
    """What the rows say of one closed round.

    `themes` are {theme, size, people, response | None}; `sums` is the ledger, `people` is as
    evaluation.selectors.participation, `away` as intake.selectors.figures_of. `voters` is None
    where nobody voted; `silent` are the sections about which nobody wrote, by number and title;
    `asked` is whom the city asked by name.
    """

    round: ConsultationRound
    themes: list[dict[str, Any]]
    sums: dict[str, int]
    people: dict[str, Any]
    away: dict[str, Any]
    voters: int | None
    bundles: Bundles
    silent: list[str]
    asked: InviteeFigures


def hearings(rounds: Iterable[ConsultationRound]) -> list[Hearing]:
    """Read all closed rounds of a pack, in ten queries."""
    rounds = list(rounds)
    asked = invitee_figures_of_rounds(rounds)
    themes, parts = _themes(rounds), _parts(rounds)
    people, away = _contributors(rounds), figures_of_rounds(rounds)
    runs = _latest_runs(rounds)
    bundles, titles = _bundles(runs), _section_titles(rounds)
    return [
        Hearing(
            round=row,
            themes=themes[row.pk],
            sums=ledger_of(_count(parts[row.pk], "status")),
            people=_took_part(parts[row.pk], people.get(row.pk, 0)),
            away=away[row.pk],
            voters=runs[row.pk]["voters"] if row.pk in runs else None,
            bundles=bundles.get(row.pk, Bundles()),
            silent=_silent(parts[row.pk], titles[row.edition_id]),
            asked=asked[row.pk],
        )
        for row in rounds
    ]


def silent_sections(round_: ConsultationRound) -> list[str]:
    """The keys of the sections of the round's edition about which nobody wrote, in their order."""
    spoken = Contribution.objects.filter(round=round_).values("section_wid")
    sections = round_.edition.sections.exclude(wid__in=spoken).order_by("position")
    return list(sections.values_list("wid", flat=True))


def _themes(rounds: list[ConsultationRound]) -> dict[int, list[dict[str, Any]]]:
    standing = Theme.objects.filter(round__in=rounds, status=ThemeStatus.CONFIRMED)
    members = Assignment.objects.filter(
        contribution__status=Visibility.PUBLISHED, theme__round__in=rounds, is_current=True
    ).values_list("theme_id", "contribution__participant_id", "contribution_id")
    people: dict[int, list[object]] = defaultdict(list)
    for theme, participant, contribution in members:
        people[theme].append(participant or ("guest", contribution))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for theme in standing.select_related("response").order_by("number"):
        response = getattr(theme, "response", None)
        is_answered = response is not None and response.status == ResponseStatus.PUBLISHED
        found[theme.round_id].append(
            {
                "theme": theme,
                "size": len(people[theme.pk]),
                "people": len(set(people[theme.pk])),
                "response": response if is_answered else None,
            }
        )
    return found


def _parts(rounds: list[ConsultationRound]) -> dict[int, list[dict[str, Any]]]:
    """How many contributions share round, state, way, language and section, by round."""
    rows = (
        Contribution.objects.filter(round__in=rounds)
        .values("round_id", "status", "channel", "language", "section_wid")
        .annotate(number=Count("pk"), with_account=Count("participant"))
        .order_by()
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["round_id"]].append(row)
    return found


def _contributors(rounds: list[ConsultationRound]) -> dict[int, int]:
    """How many accounts have contributed to each round."""
    rows = Contribution.objects.filter(round__in=rounds, status__in=COUNTED).order_by()
    return dict(rows.values_list("round").annotate(Count("participant", distinct=True)))


def _took_part(parts: list[dict[str, Any]], contributors: int) -> dict[str, Any]:
    counted = [row for row in parts if row["status"] in COUNTED]
    return {
        "contributors": contributors,
        "by_guests": sum(row["number"] - row["with_account"] for row in counted),
        "channels": _count(counted, "channel"),
        "languages": _count(counted, "language"),
    }


def _count(parts: list[dict[str, Any]], name: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in parts:
        counts[row[name]] += row["number"]
    return counts


def _section_titles(rounds: list[ConsultationRound]) -> dict[int, dict[str, str]]:
    """Number and title of the sections of the rounds' editions, by edition and key in order."""
    editions = {row.edition_id for row in rounds}
    texts = EditionText.objects.filter(
        section__edition__in=editions, language=BINDING, is_current=True
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for edition, wid, number, title in texts.order_by("section__position").values_list(
        "section__edition", "section__wid", "section__number", "content__title"
    ):
        found[edition][wid] = f"{number} {title}".strip()
    return found


def _silent(parts: list[dict[str, Any]], titles: dict[str, str]) -> list[str]:
    spoken = {row["section_wid"] for row in parts}
    return [title for wid, title in titles.items() if wid not in spoken]


def _latest_runs(rounds: list[ConsultationRound]) -> dict[int, dict[str, Any]]:
    """The newest run of each round, whatever its state, with how many people voted."""
    newest: QuerySet = (
        AnalysisRun.objects.filter(round__in=rounds)
        .annotate(voters=KT("method__opinions__participants"))
        .order_by("round", "-queued_at", "-pk")
        .distinct("round")
    )
    return {
        row["round_id"]: {**row, "voters": int(row["voters"]) if row["voters"] else None}
        for row in newest.values("pk", "round_id", "voters")
    }


def _bundles(runs: dict[int, dict[str, Any]]) -> dict[int, Bundles]:
    """Groups of at least two published contributions that these runs found near-identical."""
    rows = (
        ProposalMember.objects.filter(
            run__in=[run["pk"] for run in runs.values()], contribution__status=Visibility.PUBLISHED
        )
        .exclude(bundle="")
        .values("bundle", round_id=F("run__round_id"))
        .annotate(size=Count("pk"))
        .filter(size__gt=1)
        .order_by()
    )
    sizes: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        sizes[row["round_id"]].append(row["size"])
    return {
        round_: Bundles(number=len(found), largest=max(found)) for round_, found in sizes.items()
    }
