"""The statement on accessibility, the form for barriers, and what became of a report."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from consult.records.services.barriers import barrier_behind, barrier_token, report_barrier
from consult.records.states import BarrierStatus
from site_content.pages.forms import BarrierForm
from site_content.pages.models import AccessibilityStatement
from site_content.pages.presenters.figures import day
from site_content.pages.views.drafts import draft_of, keeps_draft
from site_content.pages.views.form_pages import describe_errors, status_of, too_fast
from site_content.pages.views.secrecy import behind_a_key


@require_GET
def statement(request: HttpRequest) -> HttpResponse:
    """What the city declares by law, made of its settings."""
    said = AccessibilityStatement.for_request(request)
    context = {
        "said": said,
        "gaps": list(said.gaps.all()) if said.pk else [],
        "assessed": day(said.assessed_on),
        "reviewed": day(said.reviewed_on),
    }
    return render(request, "accessibility/statement.html", context)


@keeps_draft
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Take what anybody says about a barrier, or which content is needed in another form."""
    posted = request.POST if request.method == "POST" else None
    form = BarrierForm(posted, initial={"page": request.GET.get("seite", ""), **draft_of(request)})
    if request.method == "POST" and form.is_valid() and _may_report(request, form):
        found = report_barrier(
            page=form.cleaned_data["page"],
            text=form.cleaned_data["text"],
            contact=form.cleaned_data["contact"],
            language=get_language(),
            at=timezone.now(),
        )
        messages.success(request, _("Ihre Meldung ist da. Heben Sie den Link dieser Seite auf."))
        return redirect("barrier", token=barrier_token(found))
    describe_errors(form)
    return render(request, "accessibility/report.html", {"form": form}, status=status_of(form))


@require_GET
def state(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever reported: until when an answer is due, and the answer."""
    found = barrier_behind(token)
    if found is None:
        raise Http404
    context = {
        "said": AccessibilityStatement.for_request(request),
        "text": found.text,
        "page": found.page,
        "filed": day(found.filed_at),
        "due": day(found.due_on),
        "answer": found.answer,
        "answered": day(found.answered_at),
        "late": found.status == BarrierStatus.OPEN and found.due_on < timezone.localdate(),
    }
    return behind_a_key(render(request, "accessibility/state.html", context))


def _may_report(request: HttpRequest, form: BarrierForm) -> bool:
    allowed = ratelimit.consume(request, action="barrier")
    if not allowed:
        form.add_error(None, too_fast())
    return allowed
