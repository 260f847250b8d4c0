"""The erasure desk: the coordination office acts for somebody who asks by letter.

It knows contributions by their number only; accounts and addresses are read nowhere here.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consult.contributions.models import Contribution
from consult.participants.decorators import only_if
from consult.participants.models import ErasureRequest
from consult.participants.states import ErasureStatus
from consult.records.forms import NumberForm, ReasonForm
from consult.records.predicates import may_erase_for_others
from consult.records.selectors import contribution_to_erase, waiting_erasure
from consult.records.services.erasure import NotErasable, request_erasure_for_author
from drafts.concept.languages import language_of

SHOWN = 50
TONES = {ErasureStatus.DONE: "ok", ErasureStatus.REFUSED: "warn"}


coordination_only = only_if(may_erase_for_others)


@require_GET
@coordination_only
def desk(request: HttpRequest) -> HttpResponse:
    """Find a contribution by its number; below, what was asked for lately and how it stands."""
    form = NumberForm(request.GET if "ref" in request.GET else None)
    if form.is_valid():
        found = contribution_to_erase(form.cleaned_data["ref"])
        if found:
            return redirect("erasures:one", ref=found.ref)
        form.add_error("ref", _("Es gibt keinen Beitrag mit dieser Nummer."))
    rows = [
        {"request": row, "tone": TONES.get(ErasureStatus(row.status), "")}
        for row in ErasureRequest.objects.order_by("-requested_at", "-pk")[:SHOWN]
    ]
    return _page(request, "desk", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@coordination_only
def one(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the words once more, then ask for their erasure with a reason."""
    found = contribution_to_erase(ref)
    if found is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _ask(request, found, form.cleaned_data["reason"])
    context = {
        "contribution": found,
        "text": found.comment_row.comment,
        "language": language_of(found.language),
        "form": form if may_erase_for_others(request.user, found) else None,
        "waits": waiting_erasure(found) is not None,
        "back": reverse("erasures:desk"),
    }
    return _page(request, "one", context, found.ref)


def _ask(request: HttpRequest, found: Contribution, reason: str) -> HttpResponse:
    try:
        request_erasure_for_author(
            contribution=found, reason=reason, actor=request.user, at=timezone.now()
        )
    except NotErasable:
        messages.error(request, _("Der Beitrag ist schon gelöscht."))
    else:
        messages.success(
            request,
            _("Beitrag {ref} wird jetzt gelöscht. Das dauert meist wenige Sekunden.").format(
                ref=found.ref
            ),
        )
    return redirect("erasures:desk")


def _page(request: HttpRequest, name: str, context: dict[str, Any], ref: str = "") -> HttpResponse:
    crumbs = [
        {"url": reverse("wagtailadmin_home"), "label": _("Start")},
        {"url": reverse("erasures:desk"), "label": _("Löschen auf Wunsch")},
        *([{"url": "", "label": ref}] if ref else []),
    ]
    frame = {"header_title": _("Löschen auf Wunsch"), "breadcrumbs_items": crumbs}
    return render(request, f"erasures/{name}.html", {**frame, **context})
