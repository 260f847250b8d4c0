"""The auditor's desk: sums and ballots of every round, and what was done by whom."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import ModelLogEntry

from consult.contributions.services.voting import BallotsSealed, export_ballots
from consult.records.predicates import may_audit
from consult.rounds.models import ConsultationRound
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE

# Accounts and settings of the site are not what an audit of a round is about.
AUDITED_APPS = ("actionplan", "contributions", "council", "editions", "evaluation", "rounds")
DEEDS_A_PAGE = 50


@require_GET
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round with its kept sums and, after closing, the list of its ballots."""
    _require_auditor(request)
    rows = [_round(round_) for round_ in public_rounds().prefetch_related("ledger")]
    return render(request, "audit/rounds.html", _frame("rounds") | {"rows": rows})


@require_GET
def deeds(request: HttpRequest) -> HttpResponse:
    """What people and the clock have done, newest first."""
    _require_auditor(request)
    entries = (
        ModelLogEntry.objects.filter(content_type__app_label__in=AUDITED_APPS)
        .select_related("user", "content_type")
        .order_by("-timestamp", "-pk")
    )
    page = Paginator(entries, DEEDS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/deeds.html", _frame("deeds") | {"page": page})


@require_POST
def ballots(request: HttpRequest, ref: str) -> HttpResponse:
    """The list of ballots as a file; that it was handed out is logged."""
    _require_auditor(request)
    round_ = get_object_or_404(ConsultationRound, ref=ref)
    try:
        rows = export_ballots(round_=round_, actor=request.user)
    except BallotsSealed:
        return render(
            request, "audit/sealed.html", _frame("rounds") | {"round": round_}, status=409
        )
    response = HttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="stimmzettel-{round_.ref}.csv"'
    return response


def _require_auditor(request: HttpRequest) -> None:
    if not may_audit(request.user):
        raise PermissionDenied


def _frame(tab: str) -> dict[str, Any]:
    title = _("Prüfung")
    return {
        "tab": tab,
        "header_title": title,
        "breadcrumbs_items": [{"url": reverse("audit:rounds"), "label": title}],
    }


def _round(round_: ConsultationRound) -> dict[str, Any]:
    return {
        "round": round_,
        "ledger": sorted(round_.ledger.all(), key=lambda entry: entry.pk),
        "is_counted": round_.status in TALLIES_READABLE,
    }
