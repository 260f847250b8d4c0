"""Nothing typed is lost: a form that was not taken is kept for the browser that typed it.

Whatever ends without success (a missing field, a limit, a round that closed meanwhile, an expired
form, a fault) leaves the words on the server for a day, under a key in the session. The next look
at the form finds them there, also after a login. Success deletes them.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.contributions.services.drafts import forget_draft, keep_draft, kept_draft

View = Callable[..., HttpResponse]

SESSION_KEY = "draft_key"
ASKED = "entwurf"
# Not what protects the form, traps programs or names one sending of it.
LEFT_OUT = {"csrfmiddlewaretoken", "website", "key", ASKED}
# What a form is about besides its address.
PLACES = ("stelle", "antwort")


def place_of(request: HttpRequest, path: str = "") -> str:
    """Which form this is: its address without the language, and what it is about."""
    _language, _slash, address = (path or request.path).strip("/").partition("/")
    asked = {**request.GET.dict(), **request.POST.dict()}
    return "|".join([address, *(asked.get(name, "")[:60] for name in PLACES)])[:300]


def keeps_draft(
    view: View, place: Callable[[HttpRequest], str] = place_of, *, is_sent: bool = True
) -> View:
    """Let a view with a form keep what was typed until it is sent with success.

    The view reads it with draft_of. A button named `entwurf` keeps it (`sichern`), keeps it and
    leads to the login (`anmelden`), or deletes it (`loeschen`). `place` says which form it is, if
    not the one at this address; where `is_sent` is false, another step sends it.
    """

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        here = place(request)
        if request.POST.get(ASKED) in _BUTTONS:
            return _BUTTONS[request.POST[ASKED]](request, here)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            raise
        except Exception:
            keep(request, here, typed(request))
            raise
        if is_sent and 300 <= response.status_code < 400:
            forget(request, here)
        else:
            keep(request, here, typed(request))
        return response

    keeping.place_of_draft = place  # type: ignore[attr-defined]
    return keeping


def draft_of(request: HttpRequest, place: str = "") -> dict[str, Any]:
    """What was kept of the form at this address, or of the one that is named; empty for most."""
    if not hasattr(request, "draft"):
        key = request.session.get(SESSION_KEY)
        here = place or place_of(request)
        request.draft = kept_draft(key=key, place=here, at=timezone.now()) if key else {}
    return request.draft


def form_again(request: HttpRequest, found: ResolverMatch) -> HttpResponse:
    """Show a form that was too old to be taken once more, with all that was typed."""
    request.draft = typed(request)
    keep(request, found.func.place_of_draft(request), request.draft)
    messages.warning(
        request,
        _(
            "Das Formular war zu lange offen. Es ist nichts verloren: Ihr Text steht noch da. "
            "Schicken Sie ihn bitte noch einmal ab."
        ),
    )
    request.method = "GET"
    response = found.func(request, *found.args, **found.kwargs)
    response.status_code = 403
    return response


def typed(request: HttpRequest) -> dict[str, Any]:
    """The fields of a form as they were sent."""
    return {name: value for name, value in request.POST.items() if name not in LEFT_OUT}


def keep(request: HttpRequest, place: str, values: dict[str, Any]) -> None:
    """Keep what was typed for this browser, unless too much comes from one place."""
    if not any(str(value).strip() for value in values.values()):
        return
    if not ratelimit.consume(request, action="draft"):
        return
    key = request.session.setdefault(SESSION_KEY, secrets.token_urlsafe(24))
    keep_draft(key=key, place=place, values=values, at=timezone.now())


def forget(request: HttpRequest, place: str) -> None:
    """Delete what was kept of a form."""
    key = request.session.get(SESSION_KEY)
    if key:
        forget_draft(key=key, place=place)


def _keep_on_request(request: HttpRequest, place: str) -> HttpResponse:
    keep(request, place, typed(request))
    messages.success(
        request,
        _(
            "Zwischengespeichert für 24 Stunden, nur für diesen Browser. Abgeschickt ist noch nichts."
        ),
    )
    return redirect(_here(request))


def _keep_and_log_in(request: HttpRequest, place: str) -> HttpResponse:
    keep(request, place, typed(request))
    return redirect_to_login(_here(request))


def _forget_on_request(request: HttpRequest, place: str) -> HttpResponse:
    forget(request, place)
    messages.success(request, _("Der Entwurf ist gelöscht."))
    return redirect(_here(request))


def _here(request: HttpRequest) -> str:
    """The address of the form with what it is about."""
    query = request.GET.copy()
    for name in PLACES:
        if request.POST.get(name):
            query[name] = request.POST[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


_BUTTONS = {
    "sichern": _keep_on_request,
    "anmelden": _keep_and_log_in,
    "loeschen": _forget_on_request,
}
