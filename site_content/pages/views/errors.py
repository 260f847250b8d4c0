"""Pages for what went wrong; each says what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import resolve

from site_content.pages.views.drafts import form_again


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address leads nowhere."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not see this."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form was open too long: it is shown again with all that was typed, to be sent once more.

    Not where another site sent it: nobody should be led to send what a stranger has filled in.
    """
    found = resolve(request.path_info)
    is_foreign = reason.startswith(("Origin checking", "Referer checking"))
    if hasattr(found.func, "place_of_draft") and not is_foreign:
        return form_again(request, found)
    return render(request, "403_form.html", {"typed": request.POST.get("text", "")}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours; without database and context processors."""
    return HttpResponse(render_to_string("500.html"), status=500)
