"""Reporting a contribution, and what the person who reported it can do after the decision."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consult.contributions.forms import ReportForm
from consult.contributions.predicates import may_complain_about_report
from consult.contributions.selectors import reportable_contribution
from consult.contributions.services.moderation import ComplaintRefused, complain
from consult.contributions.services.moderation import report as file_report
from consult.contributions.services.notices import report_behind
from consult.contributions.states import Rule, Visibility
from site_content.pages.forms import ComplaintForm
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.quoting import author_name
from site_content.pages.presenters.wordings import wording_of
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import describe_errors, status_of, too_fast
from site_content.pages.views.secrecy import behind_a_key


@keeps_draft
@never_cache
def report(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a notice about a contribution from anybody."""
    contribution = reportable_contribution(ref) if "\x00" not in ref else None
    if contribution is None:
        raise Http404
    if "gemeldet" in request.GET:
        back = reverse("contribution", args=[ref])
        return render(request, "contributions/reported.html", {"ref": ref, "back": back})
    form = ReportForm(request.POST or None, initial=draft_of(request))
    if request.method == "POST" and form.is_valid() and _may_report(request, form):
        file_report(
            contribution=contribution,
            rule=Rule(form.cleaned_data["rule"]),
            text=form.cleaned_data["text"],
            contact=form.cleaned_data["contact"],
            language=get_language(),
            at=timezone.now(),
        )
        return redirect(f"{request.path}?gemeldet=1")
    describe_errors(form)
    return render(
        request,
        "contributions/report.html",
        {
            "form": form,
            "ref": ref,
            "text": contribution.comment_row.comment,
            "who": author_name(contribution),
            "wording": wording_of(contribution),
            "language": contribution.language if contribution.language != "und" else "",
        },
        status=status_of(form),
    )


@keeps_draft
@never_cache
def decision(request: HttpRequest, token: str) -> HttpResponse:
    """What was decided on somebody's report; a POST complains about it, once."""
    found = report_behind(token)
    if found is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = ComplaintForm(posted, initial=draft_of(request))
    if request.method == "POST" and form.is_valid():
        _complain(request, found, form.cleaned_data["text"])
        return redirect(request.path)
    decided = found.decision
    response = render(
        request,
        "contributions/report_decision.html",
        {
            "form": form if may_complain_about_report(found, timezone.localdate()) else None,
            "ref": found.contribution.ref,
            "rule": found.get_rule_display(),
            "is_shown": found.contribution.status == Visibility.PUBLISHED,
            "decided": day(decided.decided_at),
            "reason": decided.reason,
            "until": day(decided.complaint_until),
            "complaint": getattr(decided, "complaint", None),
            "is_own": getattr(getattr(decided, "complaint", None), "report_id", None) == found.pk,
        },
        status=status_of(form),
    )
    return behind_a_key(response)


def _complain(request: HttpRequest, found, text: str) -> None:
    try:
        complain(decision=found.decision, report=found, text=text, at=timezone.now())
    except ComplaintRefused:
        messages.error(request, _("Zu dieser Entscheidung kann man sich nicht mehr beschweren."))
        return
    messages.success(
        request, _("Ihre Beschwerde ist eingegangen. Eine andere Person entscheidet darüber.")
    )


def _may_report(request: HttpRequest, form: ReportForm) -> bool:
    allowed = ratelimit.consume(request, action="report")
    if not allowed:
        form.add_error(None, too_fast())
    return allowed
