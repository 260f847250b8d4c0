"""The desk of reported barriers: the six weeks are counted openly."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from consult.participants.decorators import only_if
from consult.records.forms import BarrierAnswerForm
from consult.records.models import BarrierReport
from consult.records.predicates import may_answer_barriers
from consult.records.services.barriers import BarrierStepRefused, answer_barrier
from consult.records.states import BarrierStatus
from consult.rounds.services import NotPermitted

REPORTS_A_PAGE = 30

coordination_only = only_if(may_answer_barriers)


@require_GET
@coordination_only
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the most urgent first; then what was answered."""
    found = BarrierReport.objects.select_related("answered_by").order_by("-status", "due_on", "pk")
    page = Paginator(found, REPORTS_A_PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    return _page(request, "desk", {"page": page, "rows": [_row(row, today) for row in page]})


@coordination_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One report; POST answers it."""
    found = get_object_or_404(BarrierReport.objects.select_related("answered_by"), pk=pk)
    form = BarrierAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _answer(request, found, form.cleaned_data["answer"])
    context = {
        "row": _row(found, timezone.localdate()),
        "form": form if found.status == BarrierStatus.OPEN else None,
    }
    return _page(request, "one", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, found: BarrierReport, answer: str) -> HttpResponse:
    try:
        answer_barrier(report=found, answer=answer, actor=request.user, at=timezone.now())
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except BarrierStepRefused:
        messages.error(request, _("Diese Meldung hat inzwischen jemand beantwortet."))
        return redirect("barriers:one", found.pk)
    messages.success(request, _("Die Antwort ist gespeichert und geht, wo möglich, per E-Mail ab."))
    return redirect("barriers:desk")


def _row(found: BarrierReport, today: date) -> dict[str, Any]:
    left = (found.due_on - today).days
    if found.status != BarrierStatus.OPEN:
        clock = ""
    elif left < 0:
        clock = ngettext("seit %(days)s Tag überfällig", "seit %(days)s Tagen überfällig", -left)
    else:
        clock = ngettext("noch %(days)s Tag", "noch %(days)s Tage", left)
    return {
        "report": found,
        "clock": clock % {"days": abs(left)} if clock else "",
        "late": found.status == BarrierStatus.OPEN and left < 0,
        "reachable": bool(found.contact),
    }


def _page(
    request: HttpRequest, name: str, values: dict[str, Any], status: int = 200
) -> HttpResponse:
    title = _("Gemeldete Barrieren")
    context = {
        "header_title": title,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Start")},
            {"url": reverse("barriers:desk"), "label": title},
        ],
        **values,
    }
    return render(request, f"barriers/{name}.html", context, status=status)
