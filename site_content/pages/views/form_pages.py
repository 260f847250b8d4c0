"""What the pages of taking part share: errors of a form, refusals, the way back after login."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _


def status_of(form) -> int:
    """The HTTP status of a page with this form."""
    if not form.is_bound:
        return 200
    return 429 if too_fast() in form.non_field_errors() else 422


def describe_errors(form) -> None:
    """Tie each wrong field to its error and its hint for screen readers."""
    for name in form.errors:
        if name in form.fields:
            widget = form.fields[name].widget
            widget.attrs["aria-invalid"] = "true"
            field_id = form[name].auto_id
            described = [f"{field_id}_error"]
            if form.fields[name].help_text:
                described.append(f"{field_id}_helptext")
            widget.attrs["aria-describedby"] = " ".join(described)


def too_fast() -> str:
    """What is said where too much came from one place."""
    return _(
        "Von hier kamen in kurzer Zeit sehr viele Beiträge. Warten Sie ein paar Minuten und "
        "schicken Sie das Formular dann noch einmal ab. Ihr Text bleibt hier stehen."
    )


def come_back(view: str, request: HttpRequest) -> str:
    """The address of an account page that leads back here."""
    return f"{reverse(view)}?{urlencode({'next': request.get_full_path()})}"


def message_page(
    request: HttpRequest,
    heading: str,
    why: str,
    *,
    back: str,
    back_label: str,
    status: int,
    typed: str = "",
) -> HttpResponse:
    """Say why something cannot be done, and where to go; `typed` words are shown to be kept."""
    values = {
        "heading": heading,
        "sentence": why,
        "back": back,
        "back_label": back_label,
        "typed": typed,
    }
    return render(request, "contributions/not_possible.html", values, status=status)
