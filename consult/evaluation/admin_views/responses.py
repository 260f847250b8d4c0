"""The answers: coordination asks and publishes, departments draft and sign."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET
from wagtail.log_actions import registry

from consult.contributions.admin_views.places import language_of
from consult.contributions.states import Visibility
from consult.evaluation.admin_views.bench import shown_sentence
from consult.evaluation.forms import DraftForm, RequestForm
from consult.evaluation.models import Response, Theme
from consult.evaluation.predicates import may_draft_response, may_evaluate, may_sign_response
from consult.evaluation.selectors import confirmed_themes, members_of, responses_of_department
from consult.evaluation.services.responses import (
    ResponseStepRefused,
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.states import Outcome, ResponseStatus, SummaryStatus, ThemeStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.editions.selectors import contents

PAGE = 50
MEMBER_PAGE = 25
# Each theme is a deed of its own: so many end within a request's time.
BATCH = 100
LOG_LINES = 12

ALL, NOBODY, LATE = "alle", "ohne-auftrag", "ueberfaellig"
OPEN, SIGNED, PUBLISHED = "in-arbeit", "gezeichnet", "veroeffentlicht"

NOT_SAVED = gettext_lazy("Noch nicht gespeichert. Am Feld steht, was fehlt.")
SENTENCES = {
    "signed_already": gettext_lazy("Die Antwort ist schon gezeichnet und bleibt bei ihrem Amt."),
    "no_outcome": gettext_lazy("Wählen Sie, was aus dem Anliegen wird."),
    "no_reason": gettext_lazy("Schreiben Sie eine Begründung."),
    "published_already": gettext_lazy(
        "Die Antwort ist schon veröffentlicht und wird nicht mehr geändert."
    ),
    "empty": gettext_lazy("Schreiben Sie zuerst Ergebnis und Begründung und speichern Sie beides."),
    "step_not_allowed": gettext_lazy(
        "Jemand anderes war schneller, der Stand hat sich geändert. Prüfen Sie neu."
    ),
}


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


def may_see_answers(user) -> bool:
    """Coordination and departments work on answers."""
    return may_evaluate(user) or has_role(user, Role.DEPARTMENT)


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Lead coordination to the round in work and a department to its own answers."""
    if has_role(request.user, Role.DEPARTMENT) and not may_evaluate(request.user):
        return redirect("responses:mine")
    if not may_evaluate(request.user):
        raise PermissionDenied
    closed = ConsultationRound.objects.filter(status__in=TALLIES_READABLE).order_by("-closes_at")
    found = closed.filter(status=RoundStatus.CLOSED).first() or closed.first()
    if found:
        return redirect("responses:of_round", found.ref)
    return render(
        request,
        "responses/none.html",
        {"header_title": _("Antworten"), "breadcrumbs_items": _crumbs()},
    )


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What a person's departments owe, most urgent first."""
    if not has_role(request.user, Role.DEPARTMENT):
        raise PermissionDenied
    today = timezone.localdate()
    owed = responses_of_department(request.user).filter(theme__status=ThemeStatus.CONFIRMED)
    page = Paginator(owed, PAGE).get_page(request.GET.get("page"))
    rows = [Row(found.theme, found, "", _lateness(found, today)) for found in page]
    return render(
        request,
        "responses/mine.html",
        {
            "header_title": _("Meine Antworten"),
            "breadcrumbs_items": _crumbs(_("Meine Antworten")),
            "page": page,
            "rows": rows,
            "departments": [
                found.department.name
                for found in request.user.department_memberships.select_related("department")
            ],
        },
    )


def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """All themes of a round with the state of their answers; POST asks or publishes."""
    if not may_evaluate(request.user):
        raise PermissionDenied
    round_ = get_object_or_404(ConsultationRound, ref=ref, status__in=TALLIES_READABLE)
    rows = _rows(round_)
    name = request.GET.get("liste", ALL)
    section = request.GET.get("abschnitt", "")
    shown = [row for row in rows if _is_in(row, name, section)]
    if request.method != "POST":
        return _overview(request, round_, rows, shown)
    if not may_evaluate(request.user, round_):
        raise PermissionDenied
    deed, fits = BULK_DEEDS.get(request.POST.get("deed", ""), (None, ""))
    if deed is None:
        return HttpResponseBadRequest()
    chosen = _chosen(request, shown, fits)
    if not chosen:
        error = _("Wählen Sie mindestens ein Thema aus, bei dem dieser Schritt ansteht.")
        messages.error(request, error)
        return _overview(request, round_, rows, shown, error=error)
    _say_what_is_left(request, len(chosen) - BATCH)
    return deed(request, round_, rows, shown, chosen[:BATCH])


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer: draft, sign, publish."""
    response = get_object_or_404(
        Response.objects.select_related(
            "theme__round", "lead_department", "drafted_by", "signed_by", "published_by"
        ),
        pk=pk,
    )
    if not may_draft_response(request.user, response):
        raise PermissionDenied
    if request.method != "POST":
        return _answer(request, response)
    deed = {"draft": _draft, "sign": _sign, "publish": _publish_one}.get(
        request.POST.get("deed", "")
    )
    if deed is None:
        return HttpResponseBadRequest()
    try:
        return deed(request, response)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except ResponseStepRefused as refused:
        messages.error(request, SENTENCES[refused.code])
        return redirect("responses:answer", pk)


def _draft(request: HttpRequest, response: Response) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return _answer(request, response, form)
    draft_response(response=response, actor=request.user, **form.cleaned_data)
    messages.success(request, _("Entwurf gespeichert. Das Amt kann ihn jetzt zeichnen."))
    return redirect("responses:answer", response.pk)


def _sign(request: HttpRequest, response: Response) -> HttpResponse:
    sign_response(response=response, actor=request.user, at=timezone.now())
    messages.success(
        request, _("Gezeichnet. Die Koordinierungsstelle kann die Antwort veröffentlichen.")
    )
    return redirect("responses:answer", response.pk)


def _publish_one(request: HttpRequest, response: Response) -> HttpResponse:
    publish_response(response=response, actor=request.user, at=timezone.now())
    messages.success(request, _("Veröffentlicht. Wer zum Thema geschrieben hat, bekommt Post."))
    return redirect("responses:answer", response.pk)


def _request(request, round_, rows, shown, chosen) -> HttpResponse:
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return _overview(request, round_, rows, shown, form=form)
    done, refused = 0, 0
    for row in chosen:
        try:
            request_response(
                theme=row.theme,
                lead_department=form.cleaned_data["department"],
                due_on=form.cleaned_data["due_on"],
                actor=request.user,
            )
        except ResponseStepRefused:
            refused += 1
        else:
            done += 1
    text = ngettext("%(done)s Antwort angefordert.", "%(done)s Antworten angefordert.", done)
    _report(request, text % {"done": done}, done)
    left = ngettext(
        "%(refused)s Antwort ist schon gezeichnet und bleibt bei ihrem Amt.",
        "%(refused)s Antworten sind schon gezeichnet und bleiben bei ihrem Amt.",
        refused,
    )
    _warn(request, left % {"refused": refused}, refused)
    return redirect(request.get_full_path())


def _publish(request, round_, rows, shown, chosen) -> HttpResponse:
    done, refused = 0, 0
    for row in chosen:
        try:
            if row.response is None:
                raise ResponseStepRefused("empty")
            publish_response(response=row.response, actor=request.user, at=timezone.now())
        except ResponseStepRefused:
            refused += 1
        else:
            done += 1
    text = ngettext("%(done)s Antwort veröffentlicht.", "%(done)s Antworten veröffentlicht.", done)
    _report(request, text % {"done": done}, done)
    left = ngettext(
        "%(refused)s Thema wurde übersprungen: Es hat keine gezeichnete Antwort.",
        "%(refused)s Themen wurden übersprungen: Sie haben keine gezeichnete Antwort.",
        refused,
    )
    _warn(request, left % {"refused": refused}, refused)
    return redirect(request.get_full_path())


# What is done to several themes at once, and the list whose rows it fits.
BULK_DEEDS = {"request": (_request, NOBODY), "publish": (_publish, SIGNED)}


def _report(request: HttpRequest, text: str, number: int) -> None:
    if number:
        messages.success(request, text)


def _warn(request: HttpRequest, text: str, number: int) -> None:
    if number:
        messages.warning(request, text)


def _rows(round_: ConsultationRound) -> list[Row]:
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
        late = _lateness(response, today) if response else ""
        rows.append(Row(theme, response, places.get(theme.section_wid, ""), late))
    return rows


def _is_in(row: Row, name: str, section: str) -> bool:
    if section and row.theme.section_wid != section:
        return False
    if name == LATE:
        return bool(row.late)
    return name == ALL or row.list_name == name


def _chosen(request: HttpRequest, shown: list[Row], fits: str) -> list[Row]:
    if request.POST.get("scope") == "list":
        return [row for row in shown if row.list_name == fits]
    numbers = set(request.POST.getlist("theme"))
    return [row for row in shown if str(row.theme.number) in numbers]


def _say_what_is_left(request: HttpRequest, number: int) -> None:
    text = ngettext(
        "Ein Schritt nimmt höchstens %(batch)s Themen. %(number)s Thema ist übrig, wiederholen Sie "
        "den Schritt.",
        "Ein Schritt nimmt höchstens %(batch)s Themen. %(number)s Themen sind übrig, wiederholen "
        "Sie den Schritt.",
        max(number, 0),
    )
    _warn(request, text % {"batch": BATCH, "number": number}, max(number, 0))


def _lateness(response: Response, today: date) -> str:
    days = (today - response.due_on).days
    if days <= 0 or response.status == ResponseStatus.PUBLISHED:
        return ""
    text = ngettext("seit %(days)s Tag überfällig", "seit %(days)s Tagen überfällig", days)
    return text % {"days": days}


def _overview(
    request: HttpRequest,
    round_: ConsultationRound,
    rows: list[Row],
    shown: list[Row],
    *,
    form: RequestForm | None = None,
    error: str = "",
) -> HttpResponse:
    section = request.GET.get("abschnitt", "")
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    sections = {row.theme.section_wid: row.place for row in rows if row.place}
    return render(
        request,
        "responses/overview.html",
        {
            "header_title": _("Antworten"),
            "breadcrumbs_items": _crumbs(str(round_)),
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
            "count": sum(_is_in(row, name, section) for row in rows),
            "current": name == current,
        }
        for name, label in labels
    ]


def _answer(
    request: HttpRequest, response: Response, form: DraftForm | None = None
) -> HttpResponse:
    theme = response.theme
    page = Paginator(members_of(theme), MEMBER_PAGE).get_page(request.GET.get("seite"))
    draft = {"outcome": response.outcome, "reason": response.reason}
    stands = theme.status == ThemeStatus.CONFIRMED
    return render(
        request,
        "responses/answer.html",
        {
            "header_title": _("Antwort auf „%(title)s“") % {"title": theme.title},
            "breadcrumbs_items": _crumbs(theme.title),
            "response": response,
            "theme": theme,
            "stands": stands,
            "outcome": Outcome(response.outcome).label if response.outcome else "",
            "late": _lateness(response, timezone.localdate()),
            "state_template": f"responses/answer_{response.status}.html",
            "sentences": _released_sentences(theme),
            "members": {"page": page, "rows": [_member(found) for found in page]},
            "form": form or DraftForm(initial=draft),
            "may_sign": stands and may_sign_response(request.user, response),
            "may_publish": stands and may_evaluate(request.user, theme.round),
            "history": registry.get_logs_for_instance(response)
            .select_related("user")
            .order_by("-timestamp")[:LOG_LINES],
            "public_url": reverse("theme", args=[theme.round.ref, theme.number]),
        },
        status=422 if form else 200,
    )


def _released_sentences(theme: Theme) -> list[dict[str, Any]]:
    summary = theme.summaries.filter(status=SummaryStatus.RELEASED).first()
    return [shown_sentence(line, ()) for line in summary.sentences] if summary else []


def _member(found) -> dict[str, Any]:
    return {
        "contribution": found,
        "text": found.comment_row.comment,
        "language": language_of(found.language),
    }


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("responses:start"), "label": _("Antworten")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]
