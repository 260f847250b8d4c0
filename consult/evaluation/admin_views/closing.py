"""Closing a round for good, and the ledger that was stored when it was closed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.evaluation.selectors import ledger_history, ledger_sums
from consult.evaluation.services.closing import close_round
from consult.rounds.models import ConsultationRound
from consult.rounds.predicates import may_run_rounds
from consult.rounds.services import NotPermitted, RoundStepRefused
from consult.rounds.states import TALLIES_READABLE, TRANSITIONS, RoundStatus
from drafts.editions.states import EditionStatus


def closing(request: HttpRequest, ref: str) -> HttpResponse:
    """What closing means, or the ledger of a closed round; POST closes it."""
    if not may_run_rounds(request.user):
        raise PermissionDenied
    round_ = get_object_or_404(ConsultationRound.objects.select_related("edition"), ref=ref)
    if request.method == "POST":
        return _close(request, round_)
    if round_.status in TALLIES_READABLE:
        return _page(request, round_, "closed", {"entries": ledger_history(round_)})
    if (RoundStatus(round_.status), RoundStatus.CLOSED) not in TRANSITIONS:
        messages.error(request, _("Schließen lässt sich nur eine Runde, die geöffnet wurde."))
        return redirect("round_desk:round", ref)
    now = timezone.now()
    return _page(
        request,
        round_,
        "closing",
        {
            "sums": ledger_sums(round_),
            "early": now < round_.closes_at,
            "unsealed": round_.edition.status == EditionStatus.OPEN,
        },
    )


def _close(request: HttpRequest, round_: ConsultationRound) -> HttpResponse:
    try:
        close_round(round_=round_, actor=request.user, at=timezone.now())
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except RoundStepRefused:
        messages.error(request, _("Die Runde ist nicht geöffnet oder schon geschlossen."))
        return redirect("round_desk:round", round_.ref)
    text = _("Runde %(ref)s ist geschlossen. Die Bilanz ist festgehalten, die Auswertung beginnt.")
    messages.success(request, text % {"ref": round_.ref})
    return redirect("round_closing", round_.ref)


def _page(
    request: HttpRequest, round_: ConsultationRound, template: str, values: dict[str, Any]
) -> HttpResponse:
    title = _("Bilanz") if template == "closed" else _("Runde schließen")
    return render(
        request,
        f"rounds/{template}.html",
        {
            "header_title": title,
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Start")},
                {"url": reverse("round_desk:desk"), "label": _("Runden")},
                {"url": reverse("round_desk:round", args=[round_.ref]), "label": round_.ref},
                {"url": "", "label": title},
            ],
            "round": round_,
            **values,
        },
    )


closing_urls = [path("rundenabschluss/<str:ref>/", closing, name="round_closing")]
