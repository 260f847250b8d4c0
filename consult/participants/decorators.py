"""Who may see a view of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def only_if(may: Callable[[Any], bool]) -> Callable[[View], View]:
    """Answer 403 to everybody for whom the predicate is false, also to a superuser without a role.

    Django's own `user_passes_test` would send them to the login, where they are already.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
