"""One contribution in its context: what was reported, what was decided, the decision forms.

Nobody decides on what they wrote; a complaint is decided by somebody who did not decide first.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from consult.contributions.admin_views.desk import (
    Clock,
    crumbs,
    deadline,
    moderators_only,
    next_lane,
    rows_of,
    tabs,
)
from consult.contributions.admin_views.forms import ComplaintForm, DecisionForm, measures_for
from consult.contributions.models import Complaint, Contribution, ModerationDecision
from consult.contributions.predicates import is_author, may_decide_complaint
from consult.contributions.services.moderation import (
    ComplaintRefused,
    DecisionIncomplete,
    NotAModerator,
    decide,
    decide_complaint,
)
from consult.contributions.services.status import StatusStepRefused
from consult.contributions.states import LISTED, Rule, Visibility

LIKE_CASES = 10
NOT_SAVED = gettext_lazy("Noch nicht gespeichert. Am Feld steht, was fehlt.")
TONES = {Visibility.PUBLISHED: "ok", Visibility.HELD: "warn", Visibility.HIDDEN: "warn"}


@moderators_only
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """One contribution in its context; POST decides on it."""
    contribution = _contribution(ref)
    if request.method != "POST":
        return _case(request, contribution)
    form = DecisionForm(request.POST, contribution=contribution)
    if not form.is_valid():
        messages.error(request, NOT_SAVED)
        return _case(request, contribution, form=form)
    if is_author(request.user, contribution):
        raise PermissionDenied
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
    return redirect(next_lane())


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


def _contribution(ref: str) -> Contribution:
    return get_object_or_404(
        Contribution.objects.select_related("round", "edition", "comment_row"), ref=ref
    )


def _case(
    request: HttpRequest,
    contribution: Contribution,
    form: DecisionForm | None = None,
    complaint_form: ComplaintForm | None = None,
) -> HttpResponse:
    complained = _open_complaint(contribution)
    is_own = is_author(request.user, contribution)
    parent = _parent(contribution)
    reported = list(contribution.reports.order_by("filed_at", "pk"))
    rows = {
        row["contribution"].pk: row
        for row in rows_of([found for found in (contribution, parent) if found], request.user)
    }
    return render(
        request,
        "moderation/case.html",
        {
            "header_title": contribution.ref,
            "breadcrumbs_items": crumbs(contribution.ref),
            "tabs": tabs(""),
            "case": rows[contribution.pk],
            "tone": TONES.get(contribution.status, "plain"),
            "clock": _clock(contribution),
            "parent": rows.get(parent.pk) if parent else None,
            "public_url": _public_url(contribution),
            "reports": [_report(found) for found in reported],
            "history": _decisions(contribution),
            "like": _like_cases(request, contribution, reported),
            "form": form or DecisionForm(contribution=contribution),
            "complaint": complained,
            "complaint_form": _complaint_form(request, complained, complaint_form),
            "is_own": is_own,
            "can_decide": not (is_own or complained) and bool(measures_for(contribution)),
        },
        status=422 if form or complaint_form else 200,
    )


def _clock(contribution: Contribution) -> Clock | None:
    if contribution.status != Visibility.HELD:
        return None
    return deadline(contribution.decide_by, timezone.now())


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
