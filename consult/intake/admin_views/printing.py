"""Printing cards and receipts: a code is shown once, on the page that is printed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from consult.intake.admin_views.desk import desk_only, found_occasion
from consult.intake.forms import CardsForm
from consult.intake.models import Occasion
from consult.intake.picture_code import picture_code
from consult.intake.selectors import notes_of
from consult.intake.services.cards import MOST_CARDS, print_blank_cards, print_receipts, shown
from consult.intake.states import NoteStatus
from consult.rounds.services import NotPermitted

BINDING = "de"


@require_POST
@desk_only
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """Blank cards with codes, to hand out."""
    found = found_occasion(pk)
    form = CardsForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["number"]))
        return redirect("intake:occasion", pk)
    try:
        codes = print_blank_cards(
            occasion=found,
            number=form.cleaned_data["number"],
            actor=request.user,
            at=timezone.now(),
        )
    except NotPermitted as refused:
        raise PermissionDenied from refused
    return _sheet(request, found, [_card(request, code) for code in codes])


@require_POST
@desk_only
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """A card for each received contribution that was chosen, with its number."""
    found = found_occasion(pk)
    chosen = request.POST.getlist("note")
    received = notes_of(found, NoteStatus.RECEIVED)
    notes = [note for note in received if str(note.pk) in chosen][:MOST_CARDS]
    if not notes:
        messages.error(request, _("Wählen Sie mindestens einen Beitrag."))
        return redirect("intake:occasion", pk)
    try:
        printed = print_receipts(notes=notes, actor=request.user, at=timezone.now())
    except NotPermitted as refused:
        raise PermissionDenied from refused
    return _sheet(
        request, found, [_card(request, code, note.contribution.ref) for note, code in printed]
    )


def _card(request: HttpRequest, code: str, ref: str = "") -> dict[str, Any]:
    with override(BINDING):
        link = request.build_absolute_uri(reverse("receipt", args=[code]))
    return {"code": shown(code), "picture": picture_code(link), "ref": ref}


def _sheet(request: HttpRequest, found: Occasion, cards: list[dict[str, Any]]) -> HttpResponse:
    with override(BINDING):
        entrance = request.build_absolute_uri(reverse("enter_code"))
    response = render(
        request,
        "intake_desk/cards.html",
        {"occasion": found, "cards": cards, "entrance": entrance.split("://", 1)[1]},
    )
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response
