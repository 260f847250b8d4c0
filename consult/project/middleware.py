"""What holds for every response: sharing of public pages, second factor for staff."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse

SHARED = "public, max-age=0, s-maxage=10"
PRIVATE = "private, no-store"


def shared_pages(get_response):
    """Let a page without a session be shared for ten seconds, keep all others private.

    A request without a session cookie gets the same bytes as everybody: with an ETag, and without
    a cookie. A request with one bypasses every cache both ways.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(("/static/", "/media/")) or "Cache-Control" in response:
            return response
        if _is_shared(request, response):
            return _shared(request, response)
        response["Cache-Control"] = PRIVATE
        return response

    return middleware


def second_factor_for_staff(get_response):
    """Lead staff without a second factor to its set-up before they reach the admin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/"):
            request._csp_replace = settings.ADMIN_CONTENT_SECURITY_POLICY
            if _needs_second_factor(request.user):
                return redirect(f"{reverse('mfa_activate_totp')}?next={request.path}")
        return get_response(request)

    return middleware


def _is_shared(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and response.status_code in {200, 301, 302, 404}
        and not response.cookies
        and not response.streaming
    )


def _shared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = SHARED
    response["Vary"] = "Accept-Encoding"
    if response.status_code != 200:
        return response
    etag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified(headers={"Cache-Control": SHARED})
    response["ETag"] = etag
    return response


def _needs_second_factor(user) -> bool:
    if not settings.STAFF_NEED_SECOND_FACTOR or not user.is_authenticated:
        return False
    from allauth.mfa.utils import is_mfa_enabled

    return user.has_perm("wagtailadmin.access_admin") and not is_mfa_enabled(user)
