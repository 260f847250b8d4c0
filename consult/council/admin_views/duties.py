"""Reports that were promised: when each is due, and handing one in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from consult.council.admin_views.desk import (
    carry_out_at,
    crumbs,
    desk_only,
    form_page,
    preparing_only,
)
from consult.council.forms import ReportForm
from consult.council.predicates import may_prepare_papers
from consult.council.services.duties import hand_in_report
from drafts.actionplan.models import ReportingObligation
from drafts.actionplan.selectors import obligations
from drafts.actionplan.states import DutyState

TONES = {DutyState.OVERDUE: "warn", DutyState.FULFILLED: "ok"}


@require_GET
@desk_only
def duties(request: HttpRequest) -> HttpResponse:
    """All reporting obligations, what is due first at the top."""
    title = _("Berichtspflichten")
    return render(
        request,
        "council_desk/duties.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(label=title),
            "rows": [
                {"owed": owed, "tone": TONES.get(owed.state, "plain")}
                for owed in obligations(timezone.localdate())
            ],
            "may_deliver": may_prepare_papers(request.user),
        },
    )


@preparing_only
def deliver(request: HttpRequest, duty: int) -> HttpResponse:
    """Say that a report was handed in."""
    found = get_object_or_404(ReportingObligation, pk=duty)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return carry_out_at(
            request,
            reverse("council_desk:duties"),
            lambda: hand_in_report(
                obligation=found, actor=request.user, at=timezone.now(), **form.words()
            ),
            _("Der Bericht ist eingetragen."),
        )
    title = _("Bericht eintragen: %(subject)s") % {"subject": found.subject}
    return form_page(request, title, form, button=_("Bericht eintragen"))
