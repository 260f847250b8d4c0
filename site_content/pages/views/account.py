"""A person's own account: what is shown, what counts, how to get in."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consult.evaluation.services.closing import ballots_can_be_linked
from consult.participants.forms import ProfileForm
from consult.participants.services import declare_residence, revoke_residence, update_profile
from consult.rounds.selectors import public_rounds
from consult.rounds.states import TALLIES_READABLE
from site_content.pages.presenters.figures import day


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show the account, or do the one deed that its button names."""
    if request.method == "GET":
        return _page(request, ProfileForm(initial=_profile(request)))
    return _DEEDS.get(request.POST.get("deed", ""), _save_profile)(request)


def _save_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    update_profile(user=request.user, **form.cleaned_data)
    messages.success(request, _("Name und Sprache sind gespeichert."))
    return redirect("account")


def _declare(request: HttpRequest) -> HttpResponse:
    declare_residence(user=request.user, at=timezone.now())
    messages.success(
        request, _("Ihr Wohnort ist erklärt. Das gilt für alles, was Sie ab jetzt tun.")
    )
    return redirect("account")


def _revoke(request: HttpRequest) -> HttpResponse:
    revoke_residence(user=request.user)
    messages.success(request, _("Ihre Erklärung zum Wohnort gilt nicht mehr."))
    return redirect("account")


_DEEDS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "profile": _save_profile,
    "declare": _declare,
    "revoke": _revoke,
}


def _profile(request: HttpRequest) -> dict[str, str]:
    return {"pseudonym": request.user.pseudonym, "language": request.user.language}


def _page(request: HttpRequest, form: ProfileForm, status: int = 200) -> HttpResponse:
    declared = request.user.residence_declared_at
    context = {
        "form": form,
        "declared": day(declared),
        "residence_template": "account/residence_declared.html"
        if declared
        else "account/residence_open.html",
        "has_second_factor": is_mfa_enabled(request.user),
        "maps": [
            found
            for found in public_rounds().filter(status__in=TALLIES_READABLE)
            if ballots_can_be_linked(found)
        ],
        "is_staff": request.user.has_perm("wagtailadmin.access_admin"),
    }
    return render(request, "account/account.html", context, status=status)
