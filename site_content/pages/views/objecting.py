"""An author looks how a contribution was understood, and says that the own point is missing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.contributions.models import Contribution
from consult.evaluation.models import ThemeObjection
from consult.evaluation.predicates import may_object
from consult.evaluation.services.objections import (
    ObjectionRefused,
    file_objection,
    withdraw_objection,
)
from consult.evaluation.services.understood import contribution_behind
from consult.evaluation.states import ObjectionStatus, ThemeKind
from consult.records.selectors import Trace, held_contribution, trace_contribution
from consult.rounds.states import RoundStatus
from drafts.concept.languages import language_of
from site_content.pages.forms import ObjectionForm
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.theme_report import theme_url
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import describe_errors, status_of
from site_content.pages.views.secrecy import behind_a_key


@keeps_draft
@require_http_methods(["GET", "POST"])
def object_to_theme(request: HttpRequest, key: str) -> HttpResponse:
    """Show words and theme side by side; a POST objects, or takes an open objection back.

    `key` is that of the receipt, the number for the author's account, or the link of a mail.
    """
    found = held_contribution(key, request.user) or contribution_behind(key)
    if found is None:
        raise Http404
    trace = trace_contribution(found)
    if request.method == "POST" and "zuruecknehmen" in request.POST:
        return _take_back(request, _open(trace))
    posted = request.POST if request.method == "POST" else None
    form = ObjectionForm(posted, initial=draft_of(request))
    if request.method == "POST" and form.is_valid() and _is_filed(request, found, form):
        return behind_a_key(redirect(request.path))
    describe_errors(form)
    context = _context(request, trace, key)
    context["form"] = form if context["may_object"] or form.is_bound else None
    return behind_a_key(render(request, "records/object.html", context, status=status_of(form)))


def _is_filed(request: HttpRequest, found: Contribution, form: ObjectionForm) -> bool:
    try:
        file_objection(contribution=found, text=form.cleaned_data["text"], at=timezone.now())
    except ObjectionRefused:
        form.add_error(None, _("Das geht gerade nicht. Unten steht, warum. Ihr Text bleibt hier."))
        return False
    messages.success(
        request,
        _("Wir haben gelesen: Ihr Anliegen fehlt. Ein Mensch prüft es und antwortet Ihnen."),
    )
    return True


def _take_back(request: HttpRequest, objection: ThemeObjection | None) -> HttpResponse:
    try:
        if objection is not None:
            withdraw_objection(objection=objection)
            messages.success(request, _("Ihr Einwand ist zurückgenommen."))
    except ObjectionRefused:
        messages.error(request, _("Über Ihren Einwand ist schon entschieden."))
    return behind_a_key(redirect(request.path))


def _context(request: HttpRequest, trace: Trace, key: str) -> dict[str, Any]:
    found, theme = trace.contribution, trace.theme
    own_page = "contribution" if contribution_behind(key) else "receipt"
    return {
        "ref": found.ref,
        "text": trace.text,
        "language": language_of(found.language),
        "theme": {
            "title": theme.title,
            "concern": theme.concern,
            "url": theme_url(found.round, theme.number),
            "is_single": theme.kind == ThemeKind.SINGLE_VOICE,
        }
        if theme and found.round.status in {RoundStatus.CLOSED, RoundStatus.ANSWERED}
        else None,
        "may_object": may_object(found, trace.assignment),
        "why_not": _why_not(trace),
        "objections": [_shown(row) for row in trace.objections],
        "open": _open(trace) is not None,
        "back": reverse(own_page, args=[found.ref if own_page == "contribution" else key]),
    }


def _open(trace: Trace) -> ThemeObjection | None:
    return next((row for row in trace.objections if row.status == ObjectionStatus.OPEN), None)


def _shown(row: ThemeObjection) -> dict[str, Any]:
    return {
        "text": row.text,
        "theme": row.assignment.theme.title,
        "day": day(row.filed_at),
        "outcome": row.get_outcome_display() if row.outcome else "",
        "reason": row.reason,
        "settled": day(row.settled_at),
    }


def _why_not(trace: Trace) -> str:
    status = trace.contribution.round.status
    if status in {RoundStatus.ANSWERED, RoundStatus.ARCHIVED}:
        return _(
            "Die Stadt hat diese Runde beantwortet. Einwände waren bis dahin möglich. Wenn die "
            "Antwort Ihr Anliegen nicht trifft, schreiben Sie uns bitte in der nächsten Runde."
        )
    if status == RoundStatus.CLOSED and trace.theme is None:
        return _(
            "Ihr Beitrag hat noch kein Thema. Sobald ein Mensch ihn zugeordnet hat, können Sie "
            "hier sagen, ob etwas fehlt."
        )
    if status == RoundStatus.CLOSED:
        return _("Sie haben zu dieser Zuordnung schon geschrieben.")
    return _("Die Runde läuft noch. Die Beiträge werden danach Themen zugeordnet.")
