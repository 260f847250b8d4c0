"""The start page: what this is, where it stands, what can be done now, what has changed."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.council.selectors import public_papers, route_of
from consult.evaluation.selectors import revision_to
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import latest_public_round, public_rounds
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.actionplan.selectors import work_has_begun
from drafts.concept.states import Openness
from drafts.editions.models import Edition
from drafts.editions.selectors import contents, current_edition, first_open_goal
from drafts.editions.states import EditionStatus
from site_content.pages.languages import for_readers
from site_content.pages.models import HomePage, NewsPage, SignLanguagePage
from site_content.pages.presenters.achievements import achievements, specimen
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.procedure import Standing, Step, nine_steps, present_step
from site_content.pages.views.themes import page_links

Shown = dict[str, Any]


NEWS_AT_THE_START = 3
NEWS_A_PAGE = 20
EASY = "de-x-ls"


def home(request: HttpRequest) -> HttpResponse:
    """Put the start page together from what exists; an empty site says so kindly."""
    now = timezone.now()
    standing = _standing(now)
    evaluated = _newest_evaluated()
    context = {
        "page": _words(),
        "edition": standing.edition,
        "steps": nine_steps(standing),
        "extensions": _extensions(standing.round, now),
        "promise": _promise(standing.round, timezone.localdate(now)),
        "actions": _actions(standing),
        "can_write": bool(standing.round and standing.round.is_open(now)),
        "reading_aids": _reading_aids(),
        "news": list(_news()[:NEWS_AT_THE_START]),
        "specimen": specimen(standing.edition),
        "achievements": achievements(evaluated, timezone.localdate(now)) if evaluated else None,
    }
    return render(request, "pages/home.html", context)


def news(request: HttpRequest) -> HttpResponse:
    """All news in the reader's language, newest first."""
    page = Paginator(_news(), NEWS_A_PAGE).get_page(request.GET.get("seite"))
    context = {"news": page, "pages": page_links(request, page, "seite")}
    return render(request, "pages/all_news.html", context)


def _news():
    return for_readers(NewsPage.objects.live().public()).order_by("-day", "-pk")


def _words() -> HomePage | None:
    """The start page in the reader's language, else in the main one."""
    # An alias repeats the German words: it only holds the place of a language version's pages.
    pages = list(
        HomePage.objects.live().filter(alias_of=None).select_related("locale").order_by("pk")
    )
    own = [page for page in pages if page.locale.language_code == get_language()]
    return (own or pages or [None])[0]


def _reading_aids() -> list[Shown]:
    """Easy German and sign language, where the city has them."""
    aids = []
    if EASY in dict(settings.LANGUAGES):
        label = _("Leichte Sprache")
        aids.append({"label": label, "url": translate_url(reverse("home"), EASY), "code": EASY})
    found = SignLanguagePage.objects.live().filter(view_restrictions=None).order_by("path")
    page = found.filter(locale__language_code=get_language()).first() or found.first()
    if page is not None:
        url = f"/{page.locale.language_code}/{page.slug}/"
        aids.append({"label": _("Gebärdensprache (Video)"), "url": url, "code": "de"})
    return aids


def _standing(now: datetime) -> Standing:
    edition = current_edition()
    if edition is None:
        return Standing(round=latest_public_round(now))
    papers = [paper for paper in public_papers() if paper.edition_id == edition.pk]
    return Standing(
        edition=edition,
        is_revised=revision_to(edition) is not None,
        round=latest_public_round(now),
        paper=papers[0] if papers else None,
        route=list(route_of(papers[0])) if papers else [],
        measures_begun=edition.status == EditionStatus.IN_FORCE and work_has_begun(edition),
    )


def _newest_evaluated() -> ConsultationRound | None:
    return next((row for row in public_rounds() if row.status in TALLIES_READABLE), None)


def _promise(round_: ConsultationRound | None, today: date) -> str:
    if round_ is None or round_.status in {RoundStatus.ANSWERED, RoundStatus.ARCHIVED}:
        return ""
    if round_.answer_due < today:
        return _("Die Antworten waren bis {day} versprochen und sind überfällig.").format(
            day=day(round_.answer_due)
        )
    return _("Jedes Thema bekommt bis {day} eine begründete Antwort.").format(
        day=day(round_.answer_due)
    )


def _extensions(round_: ConsultationRound | None, now: datetime) -> list[str]:
    """Why the end of a running round is later than it was announced."""
    if round_ is None or not round_.is_open(now):
        return []
    words = _("Die Beteiligung wurde verlängert: statt {former} bis {end}. Der Grund: {reason}")
    return [
        words.format(former=day(row.former_end), end=day(row.new_end), reason=row.reason)
        for row in round_.extensions.order_by("at")
    ]


# --- at most three things to do ------------------------------------------------------------------


def _actions(standing: Standing) -> list[Shown]:
    step = present_step(standing)
    if standing.edition is None:
        return []
    if standing.round and standing.round.status == RoundStatus.SUSPENDED:
        return [_read(standing.edition), _how_it_works(), _own_contribution()]
    if step == Step.TAKING_PART:
        return _while_open(standing.edition)
    if step in {Step.EVALUATION, Step.REVISION} and standing.round:
        return [_read(standing.edition), _themes(standing.round), _own(step)]
    if step > Step.REVISION:
        return [_read(standing.edition), *_council(standing), _own_contribution()]
    return [_read(standing.edition), _how_it_works()]


def _own(step: Step) -> Shown:
    return _understood() if step == Step.EVALUATION else _own_contribution()


def _while_open(edition: Edition) -> list[Shown]:
    sections = contents(edition)
    open_goals = edition.goals.filter(openness=Openness.OPEN).count()
    goal = first_open_goal(edition)
    actions = [
        {
            "title": _("In zwei Minuten mitmachen"),
            "text": _(
                "Wählen Sie ein Thema und schreiben Sie einen Satz. Ohne Konto, in jeder Sprache, "
                "auch am Telefon."
            ),
            "meta": _("Drei kleine Schritte"),
            "url": reverse("first_steps"),
            "label": _("Jetzt anfangen"),
        },
        {
            "title": _("Einen Abschnitt lesen"),
            "text": _(
                "Lesen Sie, was geplant ist, und schreiben Sie zu einem Absatz, was Sie denken."
            ),
            "meta": ngettext("{n} Abschnitt", "{n} Abschnitte", len(sections)).format(
                n=len(sections)
            ),
            "url": reverse("current_edition"),
            "label": _("Abschnitt auswählen"),
        },
    ]
    if goal is not None:
        actions.append(
            {
                "title": _("Über Ziele abstimmen"),
                "text": ngettext(
                    "{n} Ziel ist offen. Sagen Sie: Ich stimme zu, ich stimme nicht zu oder ich "
                    "weiß es nicht.",
                    "{n} Ziele sind offen. Sagen Sie zu jedem: Ich stimme zu, ich stimme nicht zu "
                    "oder ich weiß es nicht.",
                    open_goals,
                ).format(n=open_goals),
                "meta": _("Ihre Stimme ist geheim"),
                "url": reverse("goal", args=[edition.number, goal.slug]),
                "label": _("Mit dem ersten Ziel beginnen"),
            }
        )
    # Three things at most: one's own contribution stands in the navigation.
    return actions if goal is not None else [*actions, _own_contribution()]


def _read(edition: Edition) -> Shown:
    in_force = edition.status == EditionStatus.IN_FORCE
    return {
        "title": _("Die geltende Fassung lesen") if in_force else _("Den Entwurf lesen"),
        "text": _("Alle Abschnitte mit Zielen und Maßnahmen, zum Lesen und zum Drucken."),
        "meta": _("Fassung {n}: {status}").format(
            n=edition.number, status=edition.get_status_display()
        ),
        "url": reverse("current_edition"),
        "label": _("Zum Text"),
    }


def _themes(round_: ConsultationRound) -> Shown:
    return {
        "title": _("Themen und Antworten"),
        "text": _("Was Menschen gesagt haben, wie viele es waren und was die Stadt antwortet."),
        "meta": _("Antworten bis {day}").format(day=day(round_.answer_due)),
        "url": reverse("round_themes", args=[round_.ref]),
        "label": _("Themen ansehen"),
    }


def _council(standing: Standing) -> list[Shown]:
    if standing.paper is None:
        return []
    return [
        {
            "title": _("Den Weg durch den Rat verfolgen"),
            "text": _("Was entschieden wird, was es kostet und wie die Gremien abgestimmt haben."),
            "meta": _("Vorlage {reference}").format(reference=standing.paper.reference),
            "url": reverse("paper", args=[standing.paper.pk]),
            "label": _("Zur Beschlussmappe"),
        }
    ]


def _understood() -> Shown:
    return {
        "title": _("Haben wir Sie verstanden?"),
        "text": _(
            "Sehen Sie nach, zu welchem Thema Ihr Beitrag gehört. Fehlt Ihr Anliegen? Dann sagen "
            "Sie es."
        ),
        "meta": _("Mit Konto oder mit dem Link aus Ihrem Beleg"),
        "url": reverse("my_contributions"),
        "label": _("Meinen Beitrag prüfen"),
    }


def _own_contribution() -> Shown:
    return {
        "title": _("Ihren Beitrag verfolgen"),
        "text": _("Sie haben schon geschrieben? Sehen Sie nach, was daraus geworden ist."),
        "meta": _("Mit Konto oder mit dem Link aus Ihrem Beleg"),
        "url": reverse("my_contributions"),
        "label": _("Zu meinen Beiträgen"),
    }


def _how_it_works() -> Shown:
    return {
        "title": _("Wissen, wie es abläuft"),
        "text": _("Vom Entwurf bis zum Bericht: was wann geschieht und wer antwortet."),
        "meta": _("Eine Seite"),
        "url": f"{reverse('home')}so-funktioniert-es/",
        "label": _("So funktioniert es"),
    }
