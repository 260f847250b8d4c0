"""The answers: coordination asks and publishes, departments draft and sign."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from consult.evaluation.admin_views.response_list import (
    ALL,
    NOBODY,
    PAGE,
    SIGNED,
    Row,
    crumbs,
    is_in,
    lateness,
    overview_page,
    rows_of,
)
from consult.evaluation.admin_views.response_page import answer_page
from consult.evaluation.admin_views.response_versions import (
    ask_service,
    release_draft,
    save_version,
)
from consult.evaluation.forms import DraftForm, RequestForm
from consult.evaluation.models import Response
from consult.evaluation.predicates import may_draft_response, may_evaluate
from consult.evaluation.selectors import responses_of_department
from consult.evaluation.services.responses import (
    ResponseStepRefused,
    draft_response,
    publish_response,
    request_response,
    sign_response,
)
from consult.evaluation.states import ThemeStatus
from consult.participants.predicates import has_role
from consult.participants.states import Role
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted
from consult.rounds.states import TALLIES_READABLE, RoundStatus

# Each theme is a deed of its own: so many end within a request's time.
BATCH = 100
NOT_SAVED = gettext_lazy("Noch nicht gespeichert. Am Feld steht, was fehlt.")
SENTENCES = {
    "signed_already": gettext_lazy("Die Antwort ist schon gezeichnet und bleibt bei ihrem Amt."),
    "no_outcome": gettext_lazy("Wählen Sie, was aus dem Anliegen wird."),
    "no_reason": gettext_lazy("Schreiben Sie eine Begründung."),
    "published_already": gettext_lazy(
        "Die Antwort ist schon veröffentlicht und wird nicht mehr geändert."
    ),
    "no_language": gettext_lazy("Diese Sprache hat die Seite nicht. Wählen Sie eine andere."),
    "no_service": gettext_lazy(
        "Für diese Installation ist kein Übersetzungsdienst eingerichtet. Schreiben Sie die "
        "Übersetzung selbst."
    ),
    "requested_already": gettext_lazy(
        "Ein Entwurf in dieser Sprache ist schon bestellt. Laden Sie die Seite gleich neu."
    ),
    "empty": gettext_lazy("Schreiben Sie zuerst Ergebnis und Begründung und speichern Sie beides."),
    "step_not_allowed": gettext_lazy(
        "Jemand anderes war schneller, der Stand hat sich geändert. Prüfen Sie neu."
    ),
}


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
        {"header_title": _("Antworten"), "breadcrumbs_items": crumbs()},
    )


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What a person's departments owe, most urgent first."""
    if not has_role(request.user, Role.DEPARTMENT):
        raise PermissionDenied
    today = timezone.localdate()
    owed = responses_of_department(request.user).filter(theme__status=ThemeStatus.CONFIRMED)
    page = Paginator(owed, PAGE).get_page(request.GET.get("page"))
    rows = [Row(found.theme, found, "", lateness(found, today)) for found in page]
    return render(
        request,
        "responses/mine.html",
        {
            "header_title": _("Meine Antworten"),
            "breadcrumbs_items": crumbs(_("Meine Antworten")),
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
    rows = rows_of(round_)
    name = request.GET.get("liste", ALL)
    section = request.GET.get("abschnitt", "")
    shown = [row for row in rows if is_in(row, name, section)]
    if request.method != "POST":
        return overview_page(request, round_, rows, shown)
    if not may_evaluate(request.user, round_):
        raise PermissionDenied
    deed, fits = BULK_DEEDS.get(request.POST.get("deed", ""), (None, ""))
    if deed is None:
        return HttpResponseBadRequest()
    chosen = _chosen(request, shown, fits)
    if not chosen:
        error = _("Wählen Sie mindestens ein Thema aus, bei dem dieser Schritt ansteht.")
        messages.error(request, error)
        return overview_page(request, round_, rows, shown, error=error)
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
        return answer_page(request, response)
    deed = DEEDS.get(request.POST.get("deed", ""))
    if deed is None:
        return HttpResponseBadRequest()
    try:
        return deed(request, response)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except ResponseStepRefused as refused:
        messages.error(request, SENTENCES[refused.code])
        return redirect("responses:answer", pk)


def _version(request: HttpRequest, response: Response) -> HttpResponse:
    saved = save_version(request, response)
    if isinstance(saved, HttpResponse):
        return saved
    messages.error(request, NOT_SAVED)
    return answer_page(request, response, text_form=saved)


def _draft(request: HttpRequest, response: Response) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return answer_page(request, response, form)
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


# What is done to one answer.
DEEDS = {
    "draft": _draft,
    "sign": _sign,
    "publish": _publish_one,
    "version": _version,
    "translate": ask_service,
    "release_version": release_draft,
}


def _request(request, round_, rows, shown, chosen) -> HttpResponse:
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return overview_page(request, round_, rows, shown, form=form)
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
