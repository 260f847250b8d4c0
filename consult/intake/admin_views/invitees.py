"""Whom the city asks by name for a round, kept by the coordination office."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.intake.forms_invitees import AnswerForm, InvitationForm, InviteeForm
from consult.intake.models import Invitee
from consult.intake.predicates import may_keep_invitees, may_see_invitees
from consult.intake.selectors import invitee_figures, invitees_of, statement_numbers
from consult.intake.services.invitees import (
    InviteeRefused,
    change_invitee,
    drop_invitee,
    invite,
    record_answer,
)
from consult.intake.states import InviteeAnswer
from consult.participants.decorators import only_if
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted

coordination_only = only_if(may_see_invitees)
TONES = {InviteeAnswer.NONE: "warn", InviteeAnswer.WITHOUT_REMARKS: "ok"}
REFUSALS = {
    "no_name": gettext_lazy("Geben Sie mindestens eine Stelle an."),
    "name_too_long": gettext_lazy("Der Name ist zu lang. Möglich sind 160 Zeichen: {about} …"),
    "unreadable": gettext_lazy("Im Text steht ein Zeichen, das sich nicht speichern lässt."),
    "named_already": gettext_lazy("Diese Stelle steht schon in der Liste: {about}"),
    "after_the_round": gettext_lazy(
        "Der Tag liegt nach dem Ende der Runde. Prüfen Sie das Datum oder verlängern Sie die Runde."
    ),
    "answered_before": gettext_lazy("Die Antwort kann nicht vor dem Anschreiben gekommen sein."),
    "has_answered": gettext_lazy(
        "Diese Stelle hat geantwortet und bleibt in der Liste. Nehmen Sie zuerst die Antwort zurück."
    ),
    "no_day": gettext_lazy("Geben Sie an, wann die Antwort kam."),
    "day_to_come": gettext_lazy("Dieser Tag kommt erst noch. Prüfen Sie das Datum."),
    "numbers_without_remarks": gettext_lazy(
        "Nummern von Beiträgen gibt es nur bei einer Antwort mit Anmerkungen."
    ),
    "no_such_number": gettext_lazy(
        "{about} ist keine Stellungnahme und keine Mitschrift dieser Runde. Prüfen Sie die Nummer."
    ),
    "step_not_allowed": gettext_lazy("Bei dieser Stelle ist noch keine Antwort eingetragen."),
}
ABOUT = {
    "no_name": "names",
    "name_too_long": "names",
    "unreadable": "names",
    "named_already": "name",
    "after_the_round": "invited_on",
    "answered_before": "answered_on",
    "no_day": "answered_on",
    "day_to_come": "answered_on",
    "numbers_without_remarks": "numbers",
    "no_such_number": "numbers",
}


@require_GET
@coordination_only
def of_round(request: HttpRequest, ref: str) -> HttpResponse:
    """The list of a round with its figures."""
    round_ = _round(ref)
    title = _("Angeschriebene Stellen")
    return render(
        request,
        "intake_desk/invitees.html",
        {
            "header_title": _("%(title)s: Runde %(ref)s") % {"title": title, "ref": ref},
            "breadcrumbs_items": _crumbs(round_),
            "round": round_,
            "figures": invitee_figures(round_),
            "rows": [
                {"invitee": row, "tone": TONES.get(InviteeAnswer(row.answer), "ok")}
                for row in invitees_of(round_)
            ],
            "may_keep": may_keep_invitees(request.user, round_),
        },
    )


@coordination_only
def add(request: HttpRequest, ref: str) -> HttpResponse:
    """Write down who was asked, several in one step."""
    round_ = _round(ref)
    form = InvitationForm(request.POST or None, initial={"invited_on": timezone.localdate()})

    def deed() -> str:
        made, known = invite(round_=round_, actor=request.user, **form.cleaned_data)
        done = ngettext("%(n)s Stelle eingetragen.", "%(n)s Stellen eingetragen.", len(made))
        said = done % {"n": len(made)}
        again = ngettext(
            "%(n)s stand schon in der Liste.", "%(n)s standen schon in der Liste.", known
        )
        return f"{said} {again % {'n': known}}" if known else said

    title = _("Stellen eintragen")
    return _form(request, round_, form, deed, title, title)


@coordination_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    found = _invitee(pk)
    form = InviteeForm(request.POST or None, instance=Invitee.objects.get(pk=pk))

    def deed() -> str:
        change_invitee(invitee=found, actor=request.user, **form.cleaned_data)
        return _("Der Eintrag ist geändert.")

    return _form(request, found.round, form, deed, _("Ändern"), found.name)


@coordination_only
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what came back; a statement under the same name is offered."""
    found = _invitee(pk)
    numbers = statement_numbers(found)
    initial = {
        "answer": found.answer,
        "answered_on": found.answered_on or timezone.localdate(),
        "numbers": ", ".join(numbers),
    }
    has_answered = found.answered_on is not None
    form = AnswerForm(request.POST or None, initial=initial, has_answered=has_answered)

    def deed() -> str:
        record_answer(invitee=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        return _("Die Antwort ist eingetragen.")

    title = _("Antwort eintragen: %(name)s") % {"name": found.name}
    return _form(request, found.round, form, deed, _("Antwort eintragen"), title)


@require_POST
@coordination_only
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an entry off the list."""
    found = _invitee(pk)
    try:
        drop_invitee(invitee=found, actor=request.user)
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except InviteeRefused as problem:
        messages.error(request, _sentence(problem))
    else:
        messages.success(request, _("%(name)s ist entfernt.") % {"name": found.name})
    return redirect("intake:invitees", found.round.ref)


def _form(
    request: HttpRequest,
    round_: ConsultationRound,
    form: Form,
    deed: Callable[[], str],
    button: str,
    title: str,
) -> HttpResponse:
    """Show a form, or do its deed and go back to the list; nothing typed is lost."""
    if not may_keep_invitees(request.user, round_):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, deed())
        except NotPermitted as refused:
            raise PermissionDenied from refused
        except InviteeRefused as problem:
            field = ABOUT.get(problem.code, "")
            form.add_error(field if field in form.fields else None, _sentence(problem))
        else:
            return redirect("intake:invitees", round_.ref)
    context: dict[str, Any] = {
        "header_title": title,
        "breadcrumbs_items": _crumbs(round_, title),
        "form": form,
        "button": button,
        "back": reverse("intake:invitees", args=[round_.ref]),
    }
    return render(request, "intake_desk/form.html", context, status=422 if form.errors else 200)


def _sentence(problem: InviteeRefused) -> str:
    return str(REFUSALS[problem.code]).format(about=problem.about)


def _crumbs(round_: ConsultationRound, *more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("round_desk:desk"), "label": _("Runden")},
        {"url": reverse("round_desk:round", args=[round_.ref]), "label": round_.ref},
        {
            "url": reverse("intake:invitees", args=[round_.ref]) if more else "",
            "label": _("Angeschriebene Stellen"),
        },
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]


def _round(ref: str) -> ConsultationRound:
    return get_object_or_404(ConsultationRound, ref=ref)


def _invitee(pk: int) -> Invitee:
    return get_object_or_404(Invitee.objects.select_related("round"), pk=pk)
