"""What holds for every response: who may share it, readable addresses, second factor."""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

PRIVATE = "private, no-store"
# Whoever sends one of these is shown pages of their own.
PERSONAL_COOKIES = ("sessionid", "messages", "csrftoken")
DESK = "wagtailadmin.access_admin"
MACHINE_ADDRESSES = "/oparl/"


def shared_pages(get_response):
    """Let a page without a session be shared for some seconds, keep all others private.

    A request without a session gets the same bytes as everybody: with an ETag, without a cookie,
    made once in SHARED_PAGE_SECONDS and kept in the cache. A request with a session bypasses
    every cache both ways.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _cache_key(request)
        kept = cache.get(key) if key else None
        if kept is not None:
            return _answer(request, *kept)
        response = get_response(request)
        if "Cache-Control" in response or request.path.startswith(("/static/", "/media/")):
            return response
        if key is None or not _is_shared(response):
            response["Cache-Control"] = PRIVATE
            return response
        if response.status_code != 200:
            return _with_headers(response)
        body = response.content
        page = (body, _etag(body), response["Content-Type"], response.get("Content-Language", ""))
        cache.set(key, page, settings.SHARED_PAGE_SECONDS)
        return _answer(request, *page)

    return middleware


def machine_addresses(get_response):
    """Answer OParl alike to everybody, so that any cache can keep the answer.

    No cookie is read and no language is guessed there: the words are German.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(MACHINE_ADDRESSES):
            return get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        response = get_response(request)
        response.headers.pop("Vary", None)
        return response

    return middleware


def readable_paths(get_response):
    """Answer addresses that the database could not look up: PostgreSQL takes no NUL in a text."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            raise Http404
        return get_response(request)

    return middleware


def staff_desk(get_response):
    """Lead staff to their second factor before they reach the admin.

    Who has none is led to its set-up; a session that has not shown it yet is asked for it.

    The desk speaks the city's language, whatever the browser asks for, unless somebody has chosen
    another one in the profile.

    Raises PermissionDenied for people without a desk: Wagtail would send them to the login, which
    sends whoever is logged in back.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/"):
            translation.activate(settings.LANGUAGE_CODE)
            if request.user.is_authenticated and not request.user.has_perm(DESK):
                raise PermissionDenied
            if settings.STAFF_NEED_SECOND_FACTOR and request.user.is_authenticated:
                detour = _way_to_second_factor(request)
                if detour:
                    return redirect(f"{reverse(detour)}?next={request.path}")
        response = get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return response

    return middleware


def _cache_key(request: HttpRequest) -> str | None:
    if request.method not in {"GET", "HEAD"} or request.path.startswith("/admin/"):
        return None
    if any(name in request.COOKIES for name in PERSONAL_COOKIES):
        return None
    address = f"{request.get_host()} {request.get_full_path()}"
    return (
        settings.SHARED_PAGE_PREFIX + hashlib.blake2b(address.encode(), digest_size=16).hexdigest()
    )


def _is_shared(response: HttpResponse) -> bool:
    return (
        response.status_code in {200, 301, 302, 404}
        and not response.cookies
        and not response.streaming
    )


def _answer(
    request: HttpRequest, body: bytes, etag: str, content_type: str, language: str
) -> HttpResponse:
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=content_type)
        if language:
            response["Content-Language"] = language
    response["ETag"] = etag
    return _with_headers(response)


def _with_headers(response: HttpResponse) -> HttpResponse:
    seconds = settings.SHARED_PAGE_SECONDS
    response["Cache-Control"] = f"public, max-age=0, s-maxage={seconds}"
    response["Vary"] = "Accept-Encoding"
    return response


def _etag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def _way_to_second_factor(request: HttpRequest) -> str:
    from consult.participants.second_factor import has_second_factor, has_shown_second_factor

    if not has_second_factor(request.user):
        return "mfa_activate_totp"
    return "" if has_shown_second_factor(request) else "mfa_reauthenticate"
