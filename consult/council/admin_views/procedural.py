"""What was moved about dealing with a paper: recorded and corrected."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.admin_views.desk import (
    answer_forms,
    form_page,
    found_step,
    paper_address,
    recording_only,
)
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
    answer = answer_forms(
        request,
        [form],
        lambda: record_procedural_motion(
            step=found, actor=request.user, at=timezone.now(), **_words(form)
        ),
        _("Der Antrag ist eingetragen."),
        back=paper_address(pk, PLACE),
    )
    title = _("Antrag zur Geschäftsordnung: %(body)s") % {"body": found.body}
    button = _("Antrag eintragen")
    return answer or form_page(request, title, form, paper=found.paper, button=button)


@recording_only
def correct(request: HttpRequest, pk: int, motion: int) -> HttpResponse:
    """Correct the record on a motion by a new one."""
    rows = ProceduralMotion.objects.select_related("step__paper", "step__body")
    found = get_object_or_404(rows, pk=motion, step__paper=pk)
    initial = {name: getattr(found, name) for name in ProceduralCorrectionForm.Meta.fields}
    form = ProceduralCorrectionForm(request.POST or None, initial=initial)
    answer = answer_forms(
        request,
        [form],
        lambda: correct_procedural_motion(
            motion=found, actor=request.user, at=timezone.now(), **_words(form)
        ),
        _("Die Berichtigung ist eingetragen. Der frühere Eintrag bleibt lesbar."),
        back=paper_address(pk, PLACE),
    )
    title = _("Antrag berichtigen: %(kind)s") % {"kind": found.get_kind_display()}
    button = _("Berichtigung eintragen")
    return answer or form_page(request, title, form, paper=found.step.paper, button=button)


def _words(form: ProceduralForm) -> dict[str, Any]:
    words = {**form.cleaned_data, "result": ProceduralResult(form.cleaned_data["result"])}
    return {**words, "kind": ProceduralKind(words["kind"])} if "kind" in words else words
