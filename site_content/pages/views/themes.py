"""What residents raised in a round and what the city answers."""

from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.contributions.selectors import translations_of
from consult.contributions.states import said_as
from consult.council.concerns import motions_taking_up
from consult.evaluation.models import Theme
from consult.evaluation.selectors import (
    handwork,
    latest_run,
    members_of,
    progress,
    public_theme,
    texts_of,
)
from consult.evaluation.states import RunStatus, ThemeKind, ThemeStatus
from consult.following.states import Topic
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import latest_public_round, public_rounds
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.concept.languages import language_of
from drafts.editions.selectors import contents, goal_numbers
from site_content.pages.frame import moment
from site_content.pages.presenters.figures import day, listed
from site_content.pages.presenters.following import follow_button
from site_content.pages.presenters.motions import brief, standing_words
from site_content.pages.presenters.quoting import author_name
from site_content.pages.presenters.rare_voices import objections, rare_voices
from site_content.pages.presenters.synopsis_lines import line_url, synopsis_url
from site_content.pages.presenters.taking_part import taking_part
from site_content.pages.presenters.theme_filter import ThemeFilter
from site_content.pages.presenters.theme_report import (
    Report,
    Shown,
    ledger,
    outcome_sentence,
    placement,
    report_of,
    section_name,
    shown_entries,
    theme_url,
)

THEMES_A_PAGE = 10
CONTRIBUTIONS_A_PAGE = 50


def current(request: HttpRequest) -> HttpResponse:
    """Lead to the themes of the round that the site speaks of."""
    found = latest_public_round(timezone.now())
    if found is None:
        return render(request, "evaluation/no_round.html")
    return redirect("round_themes", ref=found.ref)


def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """The report on a round; while it runs, only when the themes will come."""
    found = _round_or_404(ref)
    now = timezone.now()
    context = {"round": found, **_round_words(found), "other_rounds": _other_rounds(found)}
    if found.status not in TALLIES_READABLE:
        return render(request, "evaluation/before_closing.html", context)
    report = report_of(found)
    context |= {
        "ledger": ledger(found),
        "taking_part": taking_part(found),
        "placement": placement(report),
        "rare": rare_voices(report),
        "objections": objections(found),
        "method": _method(found),
        "synopsis": synopsis_url(found),
        **_lists(request, report, timezone.localdate(now)),
    }
    if found.status == RoundStatus.CLOSED:
        context["progress"] = _progress(found)
        return render(request, "evaluation/being_evaluated.html", context)
    return render(request, "evaluation/answered.html", context)


def theme(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One theme with all its contributions; a merged one says where they went."""
    found = _round_or_404(ref)
    wanted = public_theme(found, number) if found.status in TALLIES_READABLE else None
    if wanted is None:
        raise Http404
    context = {
        "round": found,
        "theme": wanted,
        "can_object": found.status == RoundStatus.CLOSED,
        **_round_words(found),
    }
    if wanted.status != ThemeStatus.CONFIRMED:
        return render(request, "evaluation/former_theme.html", context | _successor(found, wanted))
    report = report_of(found)
    entry = next(entry for entry in report.entries if entry["theme"].pk == wanted.pk)
    today = timezone.localdate(timezone.now())
    page = Paginator(members_of(wanted), CONTRIBUTIONS_A_PAGE).get_page(request.GET.get("seite"))
    context |= {
        "entry": shown_entries(report, [entry], today)[0],
        "is_single_voice": wanted.kind == ThemeKind.SINGLE_VOICE,
        "lineage": [
            {"title": former.title, "number": former.number} for former in _lineage(wanted)
        ],
        "contributions": _contributions(found, list(page)),
        "pages": page_links(request, page, "seite"),
        "part": _part_words(page),
        "follow": follow_button(request, Topic.THEME, str(wanted.pk)),
        "line": line_url(wanted),
        "motions": [
            {**brief(motion), "status": standing_words(motion)}
            for motion in motions_taking_up(wanted)
        ],
    }
    return render(request, "evaluation/theme.html", context)


def page_links(
    request: HttpRequest, page: Page, name: str, anchor: str = ""
) -> dict[str, str | int]:
    """The addresses of the pages before and after, with all else in the address kept."""
    return {
        "number": page.number,
        "count": page.paginator.num_pages,
        "before": _page_url(request, name, page.number - 1, anchor) if page.has_previous() else "",
        "after": _page_url(request, name, page.number + 1, anchor) if page.has_next() else "",
    }


def _round_or_404(ref: str) -> ConsultationRound:
    found = public_rounds().filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


def _round_words(found: ConsultationRound) -> Shown:
    return {
        "opens": moment(found.opens_at),
        "closes": moment(found.closes_at),
        "window": _("{start} bis {end}").format(
            start=day(found.opens_at), end=day(found.closes_at)
        ),
        "answer_due": day(found.answer_due),
    }


def _other_rounds(found: ConsultationRound) -> list[Shown]:
    return [
        {
            "title": other.title,
            "ref": other.ref,
            "status": other.get_status_display(),
            "url": reverse("round_themes", args=[other.ref]),
        }
        for other in public_rounds()
        if other.pk != found.pk and other.status in TALLIES_READABLE
    ]


def _lists(request: HttpRequest, report: Report, today: date) -> Shown:
    """Themes and single voices, each filtered, arranged and cut into pages of its own."""
    wanted = ThemeFilter.from_query(request.GET, report)
    themes, voices = report.of_kind(ThemeKind.THEME), report.of_kind(ThemeKind.SINGLE_VOICE)
    found = wanted.arrange(wanted.select(themes), report)
    page = Paginator(found, THEMES_A_PAGE).get_page(request.GET.get("seite"))
    single = Paginator(wanted.select(voices), THEMES_A_PAGE).get_page(request.GET.get("stimmen"))
    shown = shown_entries(report, [*page, *single], today)
    return {
        "filter": wanted.fields(report),
        "is_filtered": wanted.is_set,
        "theme_count": ngettext("{n} Thema", "{n} Themen", len(themes)).format(n=len(themes)),
        "found_count": _found_words(len(found), len(themes)),
        "theme_outcomes": outcome_sentence(themes),
        "themes": shown[: len(page)],
        "theme_pages": page_links(request, page, "seite", "themen"),
        "voice_count": ngettext("{n} Einzelstimme", "{n} Einzelstimmen", len(voices)).format(
            n=len(voices)
        ),
        "voice_outcomes": outcome_sentence(voices),
        "voices": shown[len(page) :],
        "voice_pages": page_links(request, single, "stimmen", "einzelstimmen"),
    }


def _found_words(found: int, total: int) -> str:
    if not total:
        return ""
    return ngettext("{n} von {total} Thema", "{n} von {total} Themen", total).format(
        n=found, total=total
    )


def _page_url(request: HttpRequest, name: str, number: int, anchor: str) -> str:
    query = request.GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}{'#' + anchor if anchor else ''}"


def _progress(found: ConsultationRound) -> str:
    """How far the programme is, in words."""
    run = latest_run(found)
    if run is None or run.status == RunStatus.QUEUED:
        return _("Das Programm, das Themen vorschlägt, hat noch nicht begonnen.")
    if run.status == RunStatus.FAILED:
        return _("Das Programm ist stehen geblieben. Wir starten den Schritt neu.")
    if run.status == RunStatus.DONE:
        return _("Das Programm ist fertig. Jetzt prüfen Menschen jeden Vorschlag.")
    return _("Das Programm schlägt Themen vor: {done} von {total} Schritten sind fertig.").format(
        **progress(run)
    )


def _method(found: ConsultationRound) -> Shown:
    """Which programme proposed, what people did with it, who released the summaries."""
    run = latest_run(found)
    work = handwork(found)
    sentences = [
        ngettext(
            "Menschen haben {n} Thema oder Einzelstimme bestätigt.",
            "Menschen haben {n} Themen und Einzelstimmen bestätigt.",
            work["confirmed"],
        ).format(n=work["confirmed"]),
        ngettext(
            "Davon hat ein Mensch {n} selbst angelegt.",
            "Davon haben Menschen {n} selbst angelegt.",
            work["by_hand"],
        ).format(n=work["by_hand"]),
        _("Eine zweite Person hat {n} von allen bestätigten gegengelesen.").format(n=work["read"]),
        ngettext(
            "{n} Thema wurde mit einem anderen zusammengeführt.",
            "{n} Themen wurden mit anderen zusammengeführt.",
            work["merged"],
        ).format(n=work["merged"]),
        ngettext(
            "{n}-mal wurde ein Beitrag einem anderen Thema zugeordnet.",
            "{n}-mal wurde ein Beitrag einem anderen Thema zugeordnet.",
            work["moved"],
        ).format(n=work["moved"]),
    ]
    return {
        "had_programme": run is not None and run.status == RunStatus.DONE,
        "details": _facts(run.method.get("themes", {})) if run else [],
        "sentences": sentences,
        "released_by": listed(work["released_by"]),
    }


def _facts(method: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, str(value)) for name, value in method.items() if isinstance(value, str | int | float)
    ]


def _successor(found: ConsultationRound, wanted: Theme) -> Shown:
    into = wanted.merged_into
    return {
        "successor": {"title": into.title, "url": theme_url(found, into.number)} if into else None
    }


def _lineage(wanted: Theme) -> list[Theme]:
    return list(wanted.merged_from.all())


def _part_words(page: Page) -> str:
    return _("Beiträge {start} bis {end} von {total}").format(
        start=page.start_index(), end=page.end_index(), total=page.paginator.count
    )


def _contributions(found: ConsultationRound, rows: list[Contribution]) -> list[Shown]:
    texts = texts_of(rows)
    translations = translations_of(rows, get_language())
    sections = {row["wid"]: section_name(row) for row in contents(found.edition)}
    goals = goal_numbers(found.edition)
    return [
        {
            "ref": row.ref,
            "url": reverse("contribution", args=[row.ref]),
            "stance": said_as(row.stance, row.kind),
            "icon": f"i-{row.stance or 'pen'}",
            "name": author_name(row),
            "day": day(row.received_at),
            "channel": row.get_channel_display() if row.channel != "online" else "",
            "place": _place(row, sections, goals),
            "quote": row.quote,
            "quote_language": language_of(row.quote_language),
            "text": texts.get(row.pk, ""),
            "language": language_of(row.language),
            "translation": translations.get(row.pk),
        }
        for row in rows
    ]


def _place(row: Contribution, sections: dict[str, str], goals: dict[str, str]) -> str:
    section = sections.get(row.section_wid, "")
    if row.target_wid in goals:
        return _("{section}, Ziel {number}").format(section=section, number=goals[row.target_wid])
    return section
