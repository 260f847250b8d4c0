"""The moderation desk: the queue with its clock, one case in its context, the log.

Every page asks `may_moderate`; a complaint is decided by somebody who did not take the decision.
The author's address and a reporter's contact are read nowhere here.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.contributions.admin_views.forms import (
    ComplaintForm,
    DecisionForm,
    LogFilter,
    measures_for,
)
from consult.contributions.admin_views.places import language_of, places_of
from consult.contributions.models import Complaint, Contribution, ModerationDecision, Report
from consult.contributions.predicates import may_decide_complaint, may_moderate
from consult.contributions.services.moderation import (
    ComplaintRefused,
    DecisionIncomplete,
    NotAModerator,
    decide,
    decide_complaint,
)
from consult.contributions.services.status import StatusStepRefused
from consult.contributions.states import LISTED, Rule, Visibility

PAGE = 20
LOG_PAGE = 50
LIKE_CASES = 10
NOT_SAVED = gettext_lazy("Noch nicht gespeichert. Am Feld steht, was fehlt.")
TONES = {Visibility.PUBLISHED: "ok", Visibility.HELD: "warn", Visibility.HIDDEN: "warn"}


@dataclass(frozen=True)
class Clock:
    """A point in time in words; `late` marks a deadline that has passed."""

    text: str
    late: bool


def moderators_only(view):
    """Deny everybody else, administrators without the role included."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if not may_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


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
        {**row, "clock": _deadline(row["contribution"].decide_by, now)} for row in _rows(list(page))
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
    rows = [_report_row(row, now) for row in _rows(list(page))]
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
            "clock": _age(complaint.filed_at, now),
            "own": not may_decide_complaint(request.user, complaint),
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


@moderators_only
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """One contribution in its context; POST decides on it."""
    contribution = _contribution(ref)
    if request.method != "POST":
        return _case(request, contribution)
    form = DecisionForm(request.POST, status=contribution.status)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return _case(request, contribution, form=form)
    if _open_complaint(contribution):
        messages.error(request, _("Entscheiden Sie zuerst über die Beschwerde."))
        return redirect("moderation:case", ref)
    try:
        decide(
            contribution=contribution, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except NotAModerator as refused:
        raise PermissionDenied from refused
    except (DecisionIncomplete, StatusStepRefused):
        messages.error(
            request,
            _(
                "Jemand anderes hat inzwischen entschieden. Lesen Sie den Verlauf und prüfen Sie neu."
            ),
        )
        return redirect("moderation:case", ref)
    messages.success(request, _("Entscheidung zu %(ref)s gespeichert.") % {"ref": ref})
    return redirect(_next_lane())


@require_POST
@moderators_only
def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide a complaint as the second person."""
    found = get_object_or_404(Complaint.objects.select_related("decision__contribution"), pk=pk)
    if not may_decide_complaint(request.user, found):
        raise PermissionDenied
    contribution = _contribution(found.decision.contribution.ref)
    form = ComplaintForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return _case(request, contribution, complaint_form=form)
    try:
        decide_complaint(
            complaint=found, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except NotAModerator as refused:
        raise PermissionDenied from refused
    except (ComplaintRefused, DecisionIncomplete, StatusStepRefused):
        messages.error(
            request,
            _("Über diese Beschwerde wurde inzwischen entschieden. Lesen Sie den Verlauf."),
        )
        return redirect("moderation:case", contribution.ref)
    messages.success(
        request,
        _("Entscheidung über die Beschwerde zu %(ref)s gespeichert.") % {"ref": contribution.ref},
    )
    return redirect("moderation:complaints")


def _queue(request: HttpRequest, lane: str, values: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        f"moderation/{lane}.html",
        {
            "header_title": _("Moderation"),
            "breadcrumbs_items": _crumbs(),
            "tabs": _tabs(lane),
            **values,
        },
    )


def _tabs(current: str) -> list[dict[str, Any]]:
    counts = _counts()
    lanes = [
        ("held", _("Zurückgehalten"), counts["held"]),
        ("reports", _("Meldungen"), counts["reports"]),
        ("complaints", _("Beschwerden"), counts["complaints"]),
        ("log", _("Protokoll"), None),
    ]
    return [
        {
            "url": reverse(f"moderation:{lane}"),
            "label": label,
            "count": count,
            "current": lane == current,
        }
        for lane, label, count in lanes
    ]


def _counts() -> dict[str, int]:
    return {
        "held": Contribution.objects.in_review().count(),
        "reports": Contribution.objects.filter(reports__in=_open_reports()).distinct().count(),
        "complaints": Complaint.objects.filter(outcome="").count(),
    }


def _open_reports():
    return Report.objects.filter(decision=None)


def _next_lane() -> str:
    lanes = [lane for lane, number in _counts().items() if number]
    return f"moderation:{(lanes or ['held'])[0]}"


def _crumbs(*more: str) -> list[dict[str, str]]:
    trail = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("moderation:held"), "label": _("Moderation")},
    ]
    return [*trail, *({"url": "", "label": label} for label in more)]


def _rows(contributions: list[Contribution]) -> list[dict[str, Any]]:
    places = places_of(contributions)
    return [
        {
            "contribution": found,
            "place": places.get(found.pk),
            "language": language_of(found.language),
            "text": _text(found),
        }
        for found in contributions
    ]


def _report_row(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    unsettled = [found for found in row["contribution"].reports.all() if not found.decision_id]
    number = len(unsettled)
    rules = sorted({found.get_rule_display() for found in unsettled})
    return {
        **row,
        "clock": _age(row["contribution"].oldest, now),
        "rules": rules,
        "number": ngettext("%(number)s Meldung", "%(number)s Meldungen", number)
        % {"number": number},
    }


def _deadline(moment: datetime | None, now: datetime) -> Clock:
    if moment is None:
        return Clock(_("ohne Frist"), late=False)
    if moment <= now:
        late = timesince(moment, now, depth=1)
        return Clock(_("%(time)s über der Frist") % {"time": late}, late=True)
    return Clock(_("noch %(time)s") % {"time": timeuntil(moment, now, depth=1)}, late=False)


def _age(moment: datetime, now: datetime) -> Clock:
    return Clock(_("wartet: %(time)s") % {"time": timesince(moment, now, depth=1)}, late=False)


def _contribution(ref: str) -> Contribution:
    return get_object_or_404(
        Contribution.objects.select_related("round", "edition", "comment_row"), ref=ref
    )


def _text(contribution: Contribution) -> str:
    words = getattr(contribution, "comment_row", None)
    return words.comment if words else ""


def _case(
    request: HttpRequest,
    contribution: Contribution,
    form: DecisionForm | None = None,
    complaint_form: ComplaintForm | None = None,
) -> HttpResponse:
    complained = _open_complaint(contribution)
    parent = _parent(contribution)
    reported = list(contribution.reports.order_by("filed_at", "pk"))
    rows = {
        row["contribution"].pk: row
        for row in _rows([found for found in (contribution, parent) if found])
    }
    return render(
        request,
        "moderation/case.html",
        {
            "header_title": contribution.ref,
            "breadcrumbs_items": _crumbs(contribution.ref),
            "tabs": _tabs(""),
            "case": rows[contribution.pk],
            "tone": TONES.get(contribution.status, "plain"),
            "clock": _case_clock(contribution),
            "parent": rows.get(parent.pk) if parent else None,
            "public_url": _public_url(contribution),
            "reports": [_report(found) for found in reported],
            "history": _decisions(contribution),
            "like": _like_cases(request, contribution, reported),
            "form": form or DecisionForm(status=contribution.status),
            "complaint": complained,
            "complaint_form": _complaint_form(request, complained, complaint_form),
            "can_decide": not complained and bool(measures_for(contribution.status)),
        },
        status=422 if form or complaint_form else 200,
    )


def _case_clock(contribution: Contribution) -> Clock | None:
    if contribution.status != Visibility.HELD:
        return None
    return _deadline(contribution.decide_by, timezone.now())


def _complaint_form(request, complained, bound) -> ComplaintForm | None:
    if complained and may_decide_complaint(request.user, complained):
        return bound or ComplaintForm()
    return None


def _parent(contribution: Contribution) -> Contribution | None:
    words = getattr(contribution, "comment_row", None)
    if words is None or words.parent_id in {0, words.pk}:
        return None
    return (
        Contribution.objects.select_related("comment_row", "edition")
        .filter(comment_row=words.parent_id)
        .first()
    )


def _public_url(contribution: Contribution) -> str:
    if contribution.status not in LISTED:
        return ""
    return reverse("contribution", args=[contribution.ref])


def _report(found) -> dict[str, Any]:
    return {
        "rule": found.get_rule_display(),
        "text": found.text,
        "filed_at": found.filed_at,
        "settled": found.decision_id is not None,
        "reachable": bool(found.contact),
    }


def _decisions(contribution: Contribution):
    return contribution.decisions.select_related("decided_by", "complaint__decided_by").order_by(
        "-decided_at", "-pk"
    )


def _open_complaint(contribution: Contribution) -> Complaint | None:
    return (
        Complaint.objects.select_related("decision__decided_by")
        .filter(decision__contribution=contribution, outcome="")
        .order_by("filed_at")
        .first()
    )


def _like_cases(request: HttpRequest, contribution: Contribution, reported) -> dict[str, Any]:
    rule = request.GET.get("rule", "")
    if rule not in Rule:
        rule = _rule_in_question(contribution, reported)
    decisions = (
        ModerationDecision.objects.filter(rule=rule)
        .exclude(contribution=contribution)
        .select_related("contribution", "complaint")
        .order_by("-decided_at", "-pk")[:LIKE_CASES]
    )
    return {"rule": Rule(rule), "rules": list(Rule), "decisions": decisions}


def _rule_in_question(contribution: Contribution, reported) -> str:
    unsettled = [found.rule for found in reported if not found.decision_id]
    decided = _decisions(contribution).exclude(rule="").values_list("rule", flat=True)
    return (unsettled or list(decided[:1]) or [Rule.INSULT])[0]
