"""What was moved about dealing with a paper: recorded and corrected."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.admin_views.desk import carry_out, form_page, found_step, recording_only
from consult.council.forms import ProceduralCorrectionForm, ProceduralForm
from consult.council.models import ProceduralMotion
from consult.council.services.procedural import (
    correct_procedural_motion,
    record_procedural_motion,
)
from consult.council.states import ProceduralKind, ProceduralResult

PLACE = "h-route"


@recording_only
def record(request: HttpRequest, pk: int, step: int) -> HttpResponse:
    """Record a motion about dealing with the paper."""
    found = found_step(pk, step)
    form = ProceduralForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {**_words(form), "kind": ProceduralKind(form.cleaned_data["kind"])}
        return carry_out(
            request,
            pk,
            lambda: record_procedural_motion(
                step=found, actor=request.user, at=timezone.now(), **words
            ),
            _("Der Antrag ist eingetragen."),
            at=PLACE,
        )
    title = _("Antrag zur Geschäftsordnung: %(body)s") % {"body": found.body}
    return form_page(request, title, form, paper=found.paper, button=_("Antrag eintragen"))


@recording_only
def correct(request: HttpRequest, pk: int, motion: int) -> HttpResponse:
    """Correct the record on a motion by a new one."""
    rows = ProceduralMotion.objects.select_related("step__paper", "step__body")
    found = get_object_or_404(rows, pk=motion, step__paper=pk)
    initial = {name: getattr(found, name) for name in ProceduralCorrectionForm.Meta.fields}
    form = ProceduralCorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = _words(form)
        return carry_out(
            request,
            pk,
            lambda: correct_procedural_motion(
                motion=found, actor=request.user, at=timezone.now(), **words
            ),
            _("Die Berichtigung ist eingetragen. Der frühere Eintrag bleibt lesbar."),
            at=PLACE,
        )
    title = _("Antrag berichtigen: %(kind)s") % {"kind": found.get_kind_display()}
    button = _("Berichtigung eintragen")
    return form_page(request, title, form, paper=found.step.paper, button=button)


def _words(form: ProceduralForm) -> dict[str, Any]:
    return {**form.cleaned_data, "result": ProceduralResult(form.cleaned_data["result"])}
