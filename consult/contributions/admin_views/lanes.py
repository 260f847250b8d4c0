"""The queues of the moderation desk with their clocks, and the log of all decisions."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from consult.contributions.admin_views.desk import (
    age,
    crumbs,
    deadline,
    moderators_only,
    rows_of,
    tabs,
)
from consult.contributions.admin_views.forms import LogFilter
from consult.contributions.models import Complaint, Contribution, ModerationDecision
from consult.contributions.predicates import is_author, may_decide_complaint

PAGE = 20
LOG_PAGE = 50


@require_GET
@moderators_only
def held(request: HttpRequest) -> HttpResponse:
    """Texts that wait for their first decision, the nearest deadline first."""
    now = timezone.now()
    waiting = (
        Contribution.objects.in_review()
        .select_related("comment_row", "round")
        .order_by("decide_by", "pk")
    )
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    rows = [
        {**row, "clock": deadline(row["contribution"].decide_by, now)}
        for row in rows_of(list(page), request.user)
    ]
    return _queue(request, "held", {"rows": rows, "page": page})


@require_GET
@moderators_only
def reports(request: HttpRequest) -> HttpResponse:
    """Contributions with open reports, the oldest report first."""
    now = timezone.now()
    unsettled = Q(reports__decision=None)
    reported = (
        Contribution.objects.filter(reports__isnull=False)
        .annotate(
            open_reports=Count("reports", filter=unsettled),
            oldest=Min("reports__filed_at", filter=unsettled),
        )
        .filter(open_reports__gt=0)
        .select_related("comment_row", "round")
        .prefetch_related("reports")
        .order_by("oldest", "pk")
    )
    page = Paginator(reported, PAGE).get_page(request.GET.get("page"))
    rows = [_report_row(row, now) for row in rows_of(list(page), request.user)]
    return _queue(request, "reports", {"rows": rows, "page": page})


@require_GET
@moderators_only
def complaints(request: HttpRequest) -> HttpResponse:
    """Complaints without a decision, the oldest first."""
    now = timezone.now()
    waiting = (
        Complaint.objects.filter(outcome="")
        .select_related("decision__contribution", "decision__decided_by")
        .order_by("filed_at", "pk")
    )
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "complaint": complaint,
            "decision": complaint.decision,
            "contribution": complaint.decision.contribution,
            "clock": age(complaint.filed_at, now),
            "may_decide": may_decide_complaint(request.user, complaint),
            "is_own": is_author(request.user, complaint.decision.contribution),
        }
        for complaint in page
    ]
    return _queue(request, "complaints", {"rows": rows, "page": page})


@require_GET
@moderators_only
def log(request: HttpRequest) -> HttpResponse:
    """All decisions, newest first, by rule and measure."""
    form = LogFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    decisions = (
        ModerationDecision.objects.filter(
            **{name: value for name, value in wanted.items() if value}
        )
        .select_related("contribution", "decided_by", "complaint")
        .order_by("-decided_at", "-pk")
    )
    page = Paginator(decisions, LOG_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    found = ngettext("%(count)s Entscheidung", "%(count)s Entscheidungen", count)
    return _queue(request, "log", {"filter": form, "page": page, "found": found % {"count": count}})


def _queue(request: HttpRequest, lane: str, values: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        f"moderation/{lane}.html",
        {
            "header_title": _("Moderation"),
            "breadcrumbs_items": crumbs(),
            "tabs": tabs(lane),
            **values,
        },
    )


def _report_row(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    unsettled = [found for found in row["contribution"].reports.all() if not found.decision_id]
    number = len(unsettled)
    rules = sorted({found.get_rule_display() for found in unsettled})
    return {
        **row,
        "clock": age(row["contribution"].oldest, now),
        "rules": rules,
        "number": ngettext("%(number)s Meldung", "%(number)s Meldungen", number)
        % {"number": number},
    }
