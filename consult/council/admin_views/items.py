"""The numbered items of a paper that is being prepared."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    REFUSALS,
    carry_out,
    desk_only,
    form_page,
    found_item,
    found_paper,
    preparing_only,
)
from consult.council.admin_views.page import paper_page
from consult.council.forms import ItemForm
from consult.council.services.items import add_item, change_item, move_item, remove_item
from consult.council.states import Effect, PaperStatus

PLACE = "h-items"
DIRECTIONS = {"vor": -1, "zurueck": 1}


@require_POST
@desk_only
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an item to a paper."""
    paper = found_paper(pk)
    form = ItemForm(request.POST, paper=paper)
    if not form.is_valid():
        return paper_page(request, paper, item=form)
    done = _("Der Beschlusspunkt ist hinzugefügt.")
    return _do(request, pk, lambda: add_item(paper=paper, actor=request.user, **_words(form)), done)


@preparing_only
def change(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Change the words, the alternatives and the effect of an item."""
    found = found_item(pk, item)
    if found.paper.status != PaperStatus.PREPARING:
        messages.error(request, REFUSALS["submitted_already"])
        return redirect("council_desk:paper", pk)
    form = ItemForm(request.POST or None, instance=found, paper=found.paper)
    if request.method == "POST" and form.is_valid():
        done = _("Der Beschlusspunkt ist geändert.")
        words = _words(form)
        return _do(request, pk, lambda: change_item(item=found, actor=request.user, **words), done)
    title = _("Punkt %(number)s ändern") % {"number": found.number}
    return form_page(request, title, form, paper=found.paper, button=_("Punkt speichern"))


@require_POST
@desk_only
def move(request: HttpRequest, pk: int, item: int, direction: str) -> HttpResponse:
    """Move an item one number up or down."""
    found = found_item(pk, item)
    if direction not in DIRECTIONS:
        raise Http404
    to = found.number + DIRECTIONS[direction]
    done = _("Die Beschlusspunkte sind neu geordnet.")
    return _do(request, pk, lambda: move_item(item=found, to=to, actor=request.user), done)


@require_POST
@desk_only
def drop(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Take an item out of a paper."""
    found = found_item(pk, item)
    done = _("Der Beschlusspunkt ist entfernt, die übrigen sind neu nummeriert.")
    return _do(request, pk, lambda: remove_item(item=found, actor=request.user), done)


def _do(request: HttpRequest, pk: int, deed: Callable[[], object], done: str) -> HttpResponse:
    return carry_out(request, pk, deed, done, at=PLACE)


def _words(form: ItemForm) -> dict[str, Any]:
    return {**form.cleaned_data, "effect": Effect(form.cleaned_data["effect"])}
