"""The list of answers of a round: rows, filters by state and section, the page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.states import Visibility
from consult.evaluation.forms import RequestForm
from consult.evaluation.models import Response, Theme
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.selectors import confirmed_themes
from consult.evaluation.states import ResponseStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.selectors import contents

PAGE = 50
ALL, NOBODY, LATE = "alle", "ohne-auftrag", "ueberfaellig"
OPEN, SIGNED, PUBLISHED = "in-arbeit", "gezeichnet", "veroeffentlicht"


@dataclass(frozen=True)
class Row:
    """A theme in the list of answers."""

    theme: Theme
    response: Response | None
    place: str
    late: str

    @property
    def state(self) -> str:
        """The step that the answer is in."""
        return self.response.get_status_display() if self.response else _("ohne Auftrag")

    @property
    def list_name(self) -> str:
        """In which of the lists the theme stands."""
        if self.response is None:
            return NOBODY
        if self.response.status in {ResponseStatus.DUE, ResponseStatus.DRAFT}:
            return OPEN
        return SIGNED if self.response.status == ResponseStatus.SIGNED else PUBLISHED


def rows_of(round_: ConsultationRound) -> list[Row]:
    """The confirmed themes and single voices of a round with their answers."""
    today = timezone.localdate()
    current = Q(
        assignments__is_current=True, assignments__contribution__status=Visibility.PUBLISHED
    )
    themes = (
        confirmed_themes(round_)
        .annotate(left=Count("assignments", filter=current))
        .select_related("response__lead_department")
    )
    places = {
        section["wid"]: " ".join(filter(None, [section["number"], section["title"]]))
        for section in contents(round_.edition)
    }
    rows = []
    for theme in themes:
        response = getattr(theme, "response", None)
        late = lateness(response, today) if response else ""
        rows.append(Row(theme, response, places.get(theme.section_wid, ""), late))
    return rows


def is_in(row: Row, name: str, section: str) -> bool:
    """Whether a row stands in the list of this name and in this section; empty is any."""
    if section and row.theme.section_wid != section:
        return False
    if name == LATE:
        return bool(row.late)
    return name == ALL or row.list_name == name


def lateness(response: Response, today: date) -> str:
    """For how many days an answer has been due, in words; empty while it is in time."""
    days = (today - response.due_on).days
    if days <= 0 or response.status == ResponseStatus.PUBLISHED:
        return ""
    text = ngettext("seit %(days)s Tag überfällig", "seit %(days)s Tagen überfällig", days)
    return text % {"days": days}


def overview_page(
    request: HttpRequest,
    round_: ConsultationRound,
    rows: list[Row],
    shown: list[Row],
    *,
    form: RequestForm | None = None,
    error: str = "",
) -> HttpResponse:
    """The list, a form for commissioning, and what stands in the way; status 422 with one."""
    section = request.GET.get("abschnitt", "")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    sections = {row.theme.section_wid: row.place for row in rows if row.place}
    return render(
        request,
        "responses/overview.html",
        {
            "header_title": _("Antworten"),
            "breadcrumbs_items": crumbs(str(round_)),
            "round": round_,
            "rounds": _other_rounds(round_),
            "may_act": may_evaluate(request.user, round_),
            "tabs": _tabs(request, rows, section),
            "sections": [
                {"wid": wid, "name": name, "current": wid == section}
                for wid, name in sorted(sections.items(), key=lambda item: item[1])
            ],
            "list_name": request.GET.get("liste", ALL),
            "page": page,
            "nobody": sum(row.list_name == NOBODY for row in shown),
            "signed": sum(row.list_name == SIGNED for row in shown),
            "form": form or RequestForm(initial={"due_on": round_.answer_due}),
            "error": error,
            "chosen": set(request.POST.getlist("theme")),
            "scope": request.POST.get("scope", "chosen"),
        },
        status=422 if form or error else 200,
    )


def _other_rounds(round_: ConsultationRound):
    closed = ConsultationRound.objects.filter(status__in=TALLIES_READABLE)
    return closed.exclude(pk=round_.pk).order_by("-closes_at")


def _tabs(request: HttpRequest, rows: list[Row], section: str) -> list[dict[str, Any]]:
    labels = [
        (ALL, _("Alle")),
        (NOBODY, _("Ohne Auftrag")),
        (OPEN, _("In Arbeit")),
        (LATE, _("Überfällig")),
        (SIGNED, _("Gezeichnet")),
        (PUBLISHED, _("Veröffentlicht")),
    ]
    current = request.GET.get("liste", ALL)
    return [
        {
            "name": name,
            "label": label,
            "count": sum(is_in(row, name, section) for row in rows),
            "current": name == current,
        }
        for name, label in labels
    ]


def crumbs(*more: str) -> list[dict[str, str]]:
    """Where one stands."""
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("responses:start"), "label": _("Antworten")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
