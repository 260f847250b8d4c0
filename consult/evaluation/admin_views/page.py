"""A request to the workshop of one round: its status, list, detail and neighbours."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from consult.evaluation.admin_views.bench import (
    BUNDLES,
    CONFIRMED,
    DOUBTS,
    LIST_PAGE,
    LOOSE,
    PROPOSALS,
    SINGLES,
    Bench,
    Detail,
    summaries_to_release,
)
from consult.evaluation.admin_views.bench_details import (
    detail_of,
    doubts_detail,
    loose_detail,
    members_page,
    neighbours,
)
from consult.evaluation.admin_views.obstacles import obstacles
from consult.evaluation.forms import MoveForm, ThemeForm, TitleForm
from consult.evaluation.models import Theme, ThemeProposal
from consult.evaluation.predicates import may_evaluate, may_read_second
from consult.evaluation.selectors import (
    confirmed_themes,
    latest_run,
    ledger_sums,
    progress,
    progress_by_step,
)
from consult.evaluation.services.themes import ThemeStepRefused
from consult.evaluation.states import RunStatus, ThemeKind
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import TALLIES_READABLE, RoundStatus

SENTENCES = {
    "proposal_settled": gettext_lazy("Über diesen Vorschlag hat inzwischen jemand entschieden."),
    "nothing_left": gettext_lazy(
        "Alle Beiträge dieses Vorschlags sind inzwischen in Themen. Es bleibt nichts zu bestätigen."
    ),
    "no_title": gettext_lazy("Geben Sie dem Thema einen Namen."),
    "not_members": gettext_lazy(
        "Die Beiträge sind inzwischen in einem anderen Thema. Wählen Sie neu aus."
    ),
    "nothing_would_remain": gettext_lazy(
        "Mindestens ein Beitrag muss im Thema bleiben. Zum Umbenennen ändern Sie oben den Namen."
    ),
    "other_round": gettext_lazy("Beiträge können nur in ein Thema derselben Runde."),
    "step_not_allowed": gettext_lazy(
        "Jemand anderes war schneller, der Stand hat sich geändert. Prüfen Sie neu."
    ),
}


SENTENCES |= {
    "undone_already": gettext_lazy("Dieser Schritt ist schon rückgängig gemacht."),
    "is_undoing": gettext_lazy(
        "Das war selbst ein Rückgängig. Machen Sie den Schritt einfach noch einmal."
    ),
    "moved_since": gettext_lazy(
        "Mindestens ein Beitrag wurde danach noch einmal verschoben. Machen Sie zuerst den "
        "späteren Schritt rückgängig."
    ),
    "others_joined": gettext_lazy(
        "In das Thema kamen danach weitere Beiträge oder Themen. Machen Sie zuerst die späteren "
        "Schritte rückgängig, oder verschieben Sie diese Beiträge."
    ),
    "renamed_since": gettext_lazy(
        "Das Thema wurde danach noch einmal umbenannt, oder es besteht nicht mehr."
    ),
    "former_theme_merged": gettext_lazy(
        "Das frühere Thema wurde danach mit einem anderen zusammengeführt. Machen Sie zuerst das "
        "Zusammenführen rückgängig."
    ),
    "answer_requested": gettext_lazy(
        "Für das Thema ist schon eine Antwort angefordert. Es kann nicht mehr verschwinden."
    ),
    "answered_since": gettext_lazy(
        "Zum Thema hat ein Fachamt danach eine Antwort gezeichnet. Sie gilt auch für diese "
        "Beiträge."
    ),
    "newer_proposals": gettext_lazy(
        "Inzwischen gibt es neuere Vorschläge. Dieser alte erscheint nicht mehr."
    ),
}


class Unfinished(Exception):
    """What was entered is not enough: the page is shown again with it and with a sentence."""

    def __init__(self, sentence: str, **values: Any):
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


class WorkshopPage:
    """What the views of the workshop share. A round that is still open has no workshop."""

    def __init__(self, request: HttpRequest, ref: str):
        self.request = request
        self.round_ = get_object_or_404(
            ConsultationRound.objects.select_related("edition"),
            ref=ref,
            status__in=TALLIES_READABLE,
        )
        self.bench = Bench(self.round_)
        self.now = timezone.now()

    def require_open(self) -> None:
        """Deny deeds on a round that is answered."""
        if not may_evaluate(self.request.user, self.round_):
            raise PermissionDenied

    def act(self, deeds: dict[str, Callable[..., str]], detail: Detail) -> HttpResponse:
        """Do what the pressed button says and lead to where the work goes on."""
        self.require_open()
        deed = deeds.get(self.request.POST.get("deed", ""))
        if deed is None:
            return HttpResponseBadRequest()
        try:
            return redirect(deed(self, detail))
        except NotPermitted as refused:
            raise PermissionDenied from refused
        except ThemeStepRefused as refused:
            messages.error(self.request, SENTENCES[refused.code])
            return redirect(self.request.get_full_path())
        except Unfinished as unfinished:
            messages.error(self.request, unfinished.sentence)
            return self.render(detail, status=422, **unfinished.values)

    def url_of_list(self, name: str) -> str:
        """The workshop with one of its lists."""
        return f"{self.bench.url('bench')}?liste={name}"

    @property
    def wants_unread(self) -> bool:
        """Whether only themes are asked for that no second person has read."""
        return self.request.GET.get("gelesen") == "nein"

    def list_name(self, detail: Detail | None = None) -> str:
        """Which list stands at the side: the one asked for, else the one of the detail."""
        asked = self.request.GET.get("liste", "")
        counts = self.bench.counts()
        if asked in counts:
            return asked
        if detail is not None:
            return detail.home
        filled = [name for name, number in counts.items() if number]
        return (filled or [PROPOSALS])[0]

    def first_detail(self) -> Detail | None:
        """What stands in the middle when nothing was chosen."""
        name = self.list_name()
        if name == LOOSE:
            return loose_detail(self.bench)
        if name == DOUBTS:
            return doubts_detail(self.bench)
        entries = self._entries(name)
        return detail_of(self.bench, entries[0].subject) if entries.object_list else None

    def render(self, detail: Detail | None, *, status: int = 200, **values: Any) -> HttpResponse:
        """Show the workshop; `values` replace what the detail would show."""
        name = self.list_name(detail)
        context = {
            "header_title": _("Themen-Werkstatt"),
            "breadcrumbs_items": crumbs(self.round_),
            "round": self.round_,
            "may_act": may_evaluate(self.request.user, self.round_),
            "strip": self._strip(),
            "obstacles": obstacles(self),
            "tabs": self._tabs(name),
            "list_name": name,
            "list_query": self._list_query(name),
            "reading_filter": self._reading_filter(name),
            "words": self.request.GET.get("q", ""),
            "list_template": f"workshop/list_{name.replace('-', '_')}.html",
            "entries": self._entries(name),
            "singles_left": len(self.single_proposals),
            "detail": detail,
            **self._run_state(),
        }
        if detail is not None:
            context |= self._detail_values(detail)
        return render(self.request, "workshop/bench.html", context | values, status=status)

    @cached_property
    def single_proposals(self) -> list[ThemeProposal]:
        """Proposals of single voices that nobody has confirmed."""
        return self.bench.of_kind(ThemeKind.SINGLE_VOICE, self.bench.proposals)

    @cached_property
    def sums(self) -> dict[str, int]:
        """The ledger of the round now."""
        return ledger_sums(self.round_)

    def _entries(self, name: str) -> Page[Any]:
        entries = self.bench.unread(name) if self.wants_unread else self.bench.entries(name)
        return Paginator(entries, LIST_PAGE).get_page(self.request.GET.get("page"))

    def _list_query(self, name: str) -> str:
        query = {"liste": name, "page": self._entries(name).number}
        return urlencode(query | ({"gelesen": "nein"} if self.wants_unread else {}))

    def _reading_filter(self, name: str) -> list[dict[str, Any]]:
        if name not in {CONFIRMED, SINGLES}:
            return []
        url, unread = self.url_of_list(name), len(self.bench.unread(name))
        return [
            {
                "label": _("Alle"),
                "count": self.bench.counts()[name],
                "url": url,
                "current": not self.wants_unread,
            },
            {
                "label": _("Noch nicht gegengelesen"),
                "count": unread,
                "url": f"{url}&gelesen=nein",
                "current": self.wants_unread,
            },
        ]

    def _detail_values(self, detail: Detail) -> dict[str, Any]:
        targets = confirmed_themes(self.round_)
        if isinstance(detail.subject, Theme):
            targets = targets.exclude(pk=detail.subject.pk)
        concern = detail.subject.concern if isinstance(detail.subject, Theme) else ""
        return {
            "members": members_page(self.bench, detail, self.request.GET.get("seite")),
            "near": neighbours(self.bench, detail),
            "theme_form": ThemeForm(initial={"title": detail.title, "concern": concern}),
            "move_form": MoveForm(themes=targets),
            "title_form": TitleForm(),
            "chosen": set(),
            "may_read": self._may_read(detail),
            **detail.values,
        }

    def _may_read(self, detail: Detail) -> bool:
        theme = detail.subject
        return isinstance(theme, Theme) and may_read_second(self.request.user, theme)

    def _tabs(self, current: str) -> list[dict[str, Any]]:
        labels = {
            PROPOSALS: _("Vorschläge"),
            CONFIRMED: _("Bestätigt"),
            SINGLES: _("Einzelstimmen"),
            LOOSE: _("Ohne Thema"),
            BUNDLES: _("Bündel"),
            DOUBTS: _("Zweifelhaft"),
        }
        return [
            {
                "label": labels[name],
                "count": number,
                "url": self.url_of_list(name),
                "current": name == current,
            }
            for name, number in self.bench.counts().items()
        ]

    def _strip(self) -> list[dict[str, Any]]:
        confirmed, open_ = len(self.bench.themes), len(self.bench.proposals)
        waiting = summaries_to_release(self.round_)
        share = _("%(done)s von %(total)s") % {"done": confirmed, "total": confirmed + open_}
        return [
            {"label": _("Veröffentlicht"), "value": self.sums["published"]},
            {"label": _("Ohne Thema"), "value": self.bench.loose, "due": self.bench.loose > 0},
            {
                "label": _("Bestätigt"),
                "value": share,
                "note": _("Themen und Einzelstimmen"),
                "due": open_ > 0,
            },
            {"label": _("Zusammenfassungen freizugeben"), "value": waiting, "due": waiting > 0},
            {
                "label": _("Antworten bis"),
                "value": date_format(self.round_.answer_due, "j. F"),
                **self._days_left(),
            },
        ]

    def _days_left(self) -> dict[str, Any]:
        if self.round_.status != RoundStatus.CLOSED:
            return {"note": self.round_.get_status_display()}
        left = (self.round_.answer_due - timezone.localdate()).days
        if left < 0:
            late = ngettext("seit %(days)s Tag überfällig", "seit %(days)s Tagen überfällig", -left)
            return {"note": late % {"days": -left}, "due": True}
        return {"note": ngettext("noch %(days)s Tag", "noch %(days)s Tage", left) % {"days": left}}

    def _run_state(self) -> dict[str, Any]:
        run = latest_run(self.round_)
        state = run.status if run else "none"
        working = state in {RunStatus.QUEUED, RunStatus.RUNNING}
        return {
            "run": run,
            "run_template": f"workshop/run_{state}.html",
            "progress": progress(run) if run and working else None,
            "progress_by_step": [
                {"name": step.label, **number} for step, number in progress_by_step(run).items()
            ]
            if run and working
            else [],
            "reload": working and "auto" in self.request.GET,
            "may_propose": not working and self.bench.loose > 0,
        }


def crumbs(round_: ConsultationRound | None = None, *more: str) -> list[dict[str, str]]:
    """The way to a page of the workshop."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("workshop:rounds"), "label": _("Themen-Werkstatt")},
    ]
    if round_ is not None:
        trail.append({"url": reverse("workshop:bench", args=[round_.ref]), "label": str(round_)})
    return [*trail, *({"url": "", "label": label} for label in more)]
