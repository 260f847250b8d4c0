"""A person's own data: to take along, or to have erased."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consult.contributions.models import Contribution
from consult.participants.forms import ErasureForm
from consult.participants.states import ErasureScope
from consult.records.personal_data import personal_data_of
from consult.records.predicates import may_erase
from consult.records.selectors import held_contribution, waiting_erasure
from consult.records.services.erasing import StaffAccount, refuse_staff
from consult.records.services.erasure import (
    NotErasable,
    request_contribution_erasure,
    request_erasure,
)
from site_content.pages.presenters.own_data import archive_of
from site_content.pages.views.secrecy import behind_a_key


@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def own_data(request: HttpRequest) -> HttpResponse:
    """Say what the file holds; a POST hands it out. Asks for the password again."""
    if request.method == "GET":
        return render(request, "account/own_data.html")
    now = timezone.now()
    name = f"meine-daten-{timezone.localdate(now):%Y-%m-%d}.zip"
    return HttpResponse(
        archive_of(personal_data_of(request.user, now)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def erase_account(request: HttpRequest) -> HttpResponse:
    """Explain and ask; a POST requests the erasure and ends the session."""
    try:
        refuse_staff(request.user)
    except StaffAccount:
        return render(request, "account/erase_staff.html")
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        scope = ErasureScope(form.cleaned_data["scope"])
        request_erasure(user=request.user, scope=scope, at=timezone.now())
        logout(request)
        return redirect("account_erased")
    status = 422 if form.errors else 200
    return render(request, "account/erase.html", {"form": form}, status=status)


@require_GET
def account_erased(request: HttpRequest) -> HttpResponse:
    """What happens now; the page is the same for everybody."""
    return render(request, "account/erased.html")


@require_http_methods(["GET", "POST"])
def erase_contribution(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once more, then have one contribution and the address with it erased."""
    found = held_contribution(key, request.user)
    if found is None:
        raise Http404
    return behind_a_key(_erase_contribution(request, found, key))


def _erase_contribution(request: HttpRequest, found: Contribution, key: str) -> HttpResponse:
    context = {"ref": found.ref, "key": key, "text": found.comment_row.comment}
    if found.participant_id and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.method == "POST":
        try:
            request_contribution_erasure(contribution=found, user=request.user, at=timezone.now())
        except NotErasable:
            return render(request, "records/erase_refused.html", context, status=409)
        messages.success(
            request,
            _("Wir löschen Ihren Beitrag und Ihre Adresse jetzt. Das dauert meist Sekunden."),
        )
        return redirect("receipt", key=key)
    if waiting_erasure(found) or not may_erase(request.user, found):
        return render(request, "records/erase_refused.html", context)
    return render(request, "records/erase.html", context)
