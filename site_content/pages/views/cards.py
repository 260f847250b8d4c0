"""The way in with a printed code, for people who took part on paper or at a meeting."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consult.intake.models import Card
from consult.intake.selectors import waiting_card
from consult.intake.services.cards import as_typed
from consult.records.selectors import contribution_by_receipt
from site_content.pages.forms import CodeForm
from site_content.pages.presenters.figures import day
from site_content.pages.views.form_pages import describe_errors, message_page
from site_content.pages.views.secrecy import behind_a_key


@never_cache
def enter_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a card; POST leads to what became of its contribution.

    Guessing is limited by address, and a code has almost 60 bits.
    """
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="receipt_code"):
            form.add_error(None, _too_often())
            status = 429
        elif key := _known(form.cleaned_data["code"]):
            return behind_a_key(redirect("receipt", key=key))
        else:
            form.add_error("code", _unknown())
    describe_errors(form)
    if form.errors and status == 200:
        status = 422
    return behind_a_key(render(request, "records/enter_code.html", {"form": form}, status=status))


def card_not_entered(request: HttpRequest, card: Card) -> HttpResponse:
    """What the holder of a card reads before the office has entered what stood on it."""
    return message_page(
        request,
        _("Ihre Karte ist noch nicht eingetragen"),
        _(
            "Der Code gilt. Er gehört zu: {occasion}, {day}. Sobald Ihr Beitrag eingetragen und "
            "von einer zweiten Person verglichen ist, lesen Sie hier, was daraus wird."
        ).format(occasion=card.occasion.title, day=day(card.occasion.held_on)),
        back=reverse("home"),
        back_label=_("Zur Startseite"),
        status=200,
    )


def _known(text: str) -> str:
    code = as_typed(text)
    is_known = bool(code) and bool(contribution_by_receipt(code) or waiting_card(code))
    return code if is_known else ""


def _unknown() -> str:
    return _(
        "Diesen Code kennen wir nicht. Prüfen Sie ihn: Die Zeichen 0, O, 1, I und L kommen nicht "
        "vor. Hilft das nicht, fragen Sie in unserem Büro nach."
    )


def _too_often() -> str:
    return _(
        "Von hier kamen sehr viele Versuche. Warten Sie zehn Minuten und versuchen Sie es neu."
    )
