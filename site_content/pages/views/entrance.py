"""The address without a language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from consult.participants.models import User


@never_cache
def entrance(request: HttpRequest) -> HttpResponse:
    """Lead to the start page in the language of the account, else in one the browser asks for.

    German if it asks for none that we have. Nobody shares this answer.
    """
    user = request.user
    language = user.language if isinstance(user, User) else get_language()
    response = redirect(f"/{language}/")
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
