"""Writing a round before it opens: its text, window, influence and rules."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.rounds.admin_views.desk import coordination_only, crumbs, round_or_404
from consult.rounds.admin_views.steps import REFUSALS, do
from consult.rounds.forms import RoundForm
from consult.rounds.models import ConsultationRound
from consult.rounds.services import change_rules, plan_round
from consult.rounds.states import EDITABLE


@coordination_only
def plan(request: HttpRequest) -> HttpResponse:
    """Plan a new round."""
    now = timezone.now()
    form = RoundForm(request.POST or None, at=now, initial={"ref": _next_ref(now)})
    if request.method == "POST" and form.is_valid():
        planned = plan_round(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Die Runde ist geplant. Noch sieht sie niemand."))
        return redirect("round_desk:round", planned.ref)
    return _form(request, _("Runde planen"), form, reverse("round_desk:desk"))


@coordination_only
def change(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a round that was not opened yet."""
    found = round_or_404(ref)
    if found.status not in EDITABLE:
        messages.error(request, REFUSALS["rules_fixed"])
        return redirect("round_desk:round", ref)
    form = RoundForm(request.POST or None, instance=found, at=timezone.now())
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return do(
            request,
            found,
            lambda: change_rules(round_=found, actor=request.user, **changed),
            _("Die Änderungen sind gespeichert."),
        )
    return _form(request, _("Runde ändern"), form, reverse("round_desk:round", args=[ref]))


def _form(request: HttpRequest, title: str, form: RoundForm, back: str) -> HttpResponse:
    return render(
        request,
        "rounds/form.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(title),
            "form": form,
            "back": back,
        },
        status=422 if form.errors else 200,
    )


def _next_ref(now: datetime) -> str:
    year = timezone.localdate(now).year
    taken = set(ConsultationRound.objects.values_list("ref", flat=True))
    numbers = range(1, len(taken) + 2)
    return next(ref for number in numbers if (ref := f"{year}-R{number}") not in taken)
