"""The route: bodies in order, their dates, and how their meetings ended."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    answer_forms,
    carry_out,
    desk_only,
    form_page,
    found_paper,
    found_step,
    paper_address,
    recording_only,
)
from consult.council.admin_views.page import paper_page
from consult.council.forms import (
    DropForm,
    HeldCorrectionForm,
    HeldForm,
    ScheduleForm,
    StepForm,
)
from consult.council.models import RouteStep
from consult.council.services.route import (
    add_reading,
    add_step,
    correct_step,
    hold_step,
    move_step,
    remove_step,
    schedule_step,
    set_step_status,
)
from consult.council.states import Publicity, StepOutcome, StepStatus

PLACE = "h-route"


@require_POST
@desk_only
def steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a body at the end of the route."""
    paper = found_paper(pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return paper_page(request, paper, step=form)
    return carry_out(
        request,
        pk,
        lambda: add_step(paper=paper, actor=request.user, **form.cleaned_data),
        _("Das Gremium steht am Ende der Beratungsfolge."),
        at=PLACE,
    )


@require_POST
@desk_only
def step_deed(request: HttpRequest, pk: int, step: int, name: str) -> HttpResponse:
    """Move a body, take it out, invite it or send the paper to it once more."""
    found = found_step(pk, step)
    if name not in STEP_DEEDS:
        raise Http404
    deed, done = STEP_DEEDS[name]
    return carry_out(request, pk, lambda: deed(found, request.user), done, at=PLACE)


@desk_only
def schedule(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say when a body meets."""
    found = found_step(pk, step)
    form = ScheduleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "publicity": Publicity(form.cleaned_data["publicity"])}
        return carry_out(
            request,
            pk,
            lambda: schedule_step(step=found, actor=request.user, **fields),
            _("Der Termin ist gespeichert."),
            at=PLACE,
        )
    title = _("Termin: %(body)s") % {"body": found.body}
    return form_page(request, title, form, paper=found.paper, button=_("Termin speichern"))


@recording_only
def held(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say that a body has met, and what came of it."""
    found = found_step(pk, step)
    form = HeldForm(request.POST or None, step=found)
    answer = answer_forms(
        request,
        [form],
        lambda: hold_step(
            step=found,
            day=form.cleaned_data["meeting_on"] or found.meeting_on or timezone.localdate(),
            actor=request.user,
            at=timezone.now(),
            **_ended(form),
        ),
        HELD.get(form.data.get("outcome"), ""),
        back=paper_address(pk, PLACE),
    )
    title = _("Sitzung: %(body)s") % {"body": found.body}
    button = _("Als beraten eintragen")
    return answer or form_page(request, title, form, paper=found.paper, button=button)


@recording_only
def correct(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say after the minutes that a meeting ended otherwise than was recorded."""
    found = found_step(pk, step)
    initial = {name: getattr(found, name) for name in ("outcome", "result", "referred_to")}
    form = HeldCorrectionForm(request.POST or None, step=found, initial=initial)
    answer = answer_forms(
        request,
        [form],
        lambda: correct_step(
            step=found,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            **_ended(form),
        ),
        _("Die Berichtigung ist eingetragen. Was vorher dort stand, bleibt im Verlauf lesbar."),
        back=paper_address(pk, PLACE),
    )
    title = _("Sitzung berichtigen: %(body)s") % {"body": found.body}
    button = _("Berichtigung eintragen")
    return answer or form_page(request, title, form, paper=found.paper, button=button)


@recording_only
def drop(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Say that a body will not meet on the paper, and why."""
    found = found_step(pk, step)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request,
            pk,
            lambda: set_step_status(
                step=found, status=StepStatus.DROPPED, actor=request.user, **form.cleaned_data
            ),
            _("Eingetragen: Die Beratung in diesem Gremium entfällt."),
            at=PLACE,
        )
    title = _("Beratung entfällt: %(body)s") % {"body": found.body}
    return form_page(request, title, form, paper=found.paper, button=_("Als entfallen eintragen"))


def _ended(form: HeldForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "outcome": StepOutcome(data["outcome"]),
        "result": data["result"],
        "referred_to": data["referred_to"],
    }


def _move(by: int) -> Callable[[RouteStep, Any], object]:
    def deed(found: RouteStep, actor) -> object:
        return move_step(step=found, to=found.position + by, actor=actor)

    return deed


def _invite(found: RouteStep, actor) -> object:
    return set_step_status(step=found, status=StepStatus.INVITED, actor=actor)


def _remove(found: RouteStep, actor) -> None:
    remove_step(step=found, actor=actor)


def _read_again(found: RouteStep, actor) -> object:
    return add_reading(step=found, actor=actor)


MOVED = gettext_lazy("Die Beratungsfolge ist geändert.")
STEP_DEEDS = {
    "vor": (_move(-1), MOVED),
    "zurueck": (_move(1), MOVED),
    "entfernen": (_remove, gettext_lazy("Das Gremium ist aus der Beratungsfolge genommen.")),
    "einladen": (_invite, gettext_lazy("Die Einladung ist eingetragen.")),
    "noch-einmal": (
        _read_again,
        gettext_lazy("Das Gremium berät noch einmal. Tragen Sie den Termin ein."),
    ),
}
HELD = {
    StepOutcome.REFERRED: gettext_lazy(
        "Die Sitzung ist eingetragen: Die Vorlage ist verwiesen. Setzen Sie das Gremium mit „Noch "
        "einmal beraten“ wieder in die Beratungsfolge, wenn sie zurückkommt."
    ),
    StepOutcome.VOTED: gettext_lazy(
        "Die Sitzung ist eingetragen. Tragen Sie jetzt ein, was sie zu jedem Punkt tat."
    ),
    StepOutcome.WITHOUT_VOTE: gettext_lazy(
        "Die Sitzung ist eingetragen: Die Vorlage geht ohne Votum weiter."
    ),
    StepOutcome.ADJOURNED: gettext_lazy(
        "Die Sitzung ist eingetragen: Das Gremium hat vertagt. Setzen Sie es mit „Noch einmal "
        "beraten“ wieder in die Beratungsfolge."
    ),
}
