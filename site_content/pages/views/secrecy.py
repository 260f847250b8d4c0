"""Answers behind an address that is a key in itself, as that of a receipt."""

from django.http import HttpResponse


def behind_a_key(response: HttpResponse) -> HttpResponse:
    """Keep the address from caches, search engines and other sites; return the response.

    Only the origin is told, to nobody the path. Not "no-referrer": with that, browsers send
    "Origin: null", and the protection of forms refuses every form on the page.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
