"""Writing notes and comparing them with their original."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consult.intake.admin_views.desk import (
    Refused,
    carry_out,
    crumbs,
    desk_only,
    found_occasion,
    sentence,
)
from consult.intake.forms import CheckForm, NoteForm, ReturnForm, place_choices
from consult.intake.models import Occasion, OfflineNote
from consult.intake.predicates import may_check, may_enter
from consult.intake.selectors import notes_of
from consult.intake.services.cards import CardRefused, attach_card
from consult.intake.services.notes import (
    Taken,
    accept_note,
    change_note,
    delete_note,
    return_note,
    submit_note,
    write_note,
)
from consult.intake.states import WRITABLE, CardStatus, NoteStatus
from consult.rounds.services import NotPermitted

A_PAGE = 25


@desk_only
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the drafts of an occasion on one page; POST keeps all, and hands over if asked to."""
    found = found_occasion(pk)
    page = Paginator(notes_of(found, *WRITABLE), A_PAGE).get_page(request.GET.get("page"))
    places = place_choices(found.round.edition)
    if request.method != "POST":
        forms = [NoteForm(note=note, places=places) for note in page]
        return _write_page(request, found, page, forms)
    if not may_enter(request.user, found.round):
        raise PermissionDenied
    forms = [
        NoteForm(request.POST, note=note, places=places)
        for note in page
        # Somebody may have handed a note over since the page was opened.
        if f"note-{note.pk}-text" in request.POST
    ]
    for form in forms:
        _keep(request, form)
    if "submit" in request.POST:
        _hand_over(request, [form for form in forms if not form.errors])
    if any(form.errors for form in forms):
        messages.error(request, _("Gespeichert. An einigen Feldern steht, was noch fehlt."))
        return _write_page(request, found, page, forms)
    messages.success(request, _("Die Entwürfe sind gespeichert."))
    remaining = notes_of(found, *WRITABLE).exists() and "submit" not in request.POST
    return redirect("intake:notes" if remaining else "intake:occasion", pk)


@require_POST
@desk_only
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an empty draft at the end."""
    found = found_occasion(pk)
    return carry_out(
        request,
        lambda: write_note(
            occasion=found, taken=Taken(text=""), actor=request.user, at=timezone.now()
        ),
        _("Ein leerer Entwurf steht am Ende."),
        reverse("intake:notes", args=[pk]),
    )


@require_POST
@desk_only
def throw_away(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Throw a draft away."""
    found = _note(pk, note)
    return carry_out(
        request,
        lambda: delete_note(note=found, actor=request.user),
        _("Der Entwurf ist gelöscht."),
        reverse("intake:notes", args=[pk]),
    )


@desk_only
def check(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Compare a note with its original; POST accepts it, with corrections."""
    found = _note(pk, note)
    if not may_check(request.user, found):
        return _refuse_check(request, found)
    places = place_choices(found.occasion.round.edition)
    form = CheckForm(request.POST or None, note=found, places=places, prefix="")
    if request.method == "POST" and form.is_valid():
        return _accept(request, found, form)
    return _check_page(request, found, form, ReturnForm())


@require_POST
@desk_only
def send_back(request: HttpRequest, pk: int, note: int) -> HttpResponse:
    """Send a note back with a reason."""
    found = _note(pk, note)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        places = place_choices(found.occasion.round.edition)
        checked = CheckForm(note=found, places=places, prefix="")
        return _check_page(request, found, checked, form)
    done = _("Zurückgegeben. Wer den Beitrag erfasst hat, sieht Ihren Grund.")
    return carry_out(
        request,
        lambda: return_note(note=found, reason=form.cleaned_data["reason"], actor=request.user),
        done,
        _next_address(request, found.occasion),
    )


def _note(pk: int, note: int) -> OfflineNote:
    return get_object_or_404(
        OfflineNote.objects.select_related("occasion__round__edition", "contribution"),
        pk=note,
        occasion=pk,
    )


def _has_card(note: OfflineNote) -> bool:
    # Both came with the list of notes.
    return any(card.status == CardStatus.USED for card in note.cards.all())


def _keep(request: HttpRequest, form: NoteForm) -> None:
    form.is_valid()
    if not form.has_changed():
        return
    code = form.cleaned_data.get("code")
    try:
        change_note(note=form.note, taken=form.taken(), actor=request.user, at=timezone.now())
        if code:
            attach_card(note=form.note, code=code, actor=request.user)
    except CardRefused as problem:
        form.add_error("code", sentence(problem))
    except NotPermitted as problem:
        # Somebody has handed it over meanwhile; what was typed stays on the page.
        form.add_error(None, sentence(problem))


def _hand_over(request: HttpRequest, forms: list[NoteForm]) -> None:
    number = 0
    for form in forms:
        try:
            submit_note(note=form.note, actor=request.user)
        except Refused as problem:
            form.add_error(None, sentence(problem))
        else:
            number += 1
    if number:
        text = ngettext(
            "%(n)s Beitrag wartet jetzt auf die Prüfung durch eine andere Person.",
            "%(n)s Beiträge warten jetzt auf die Prüfung durch eine andere Person.",
            number,
        )
        messages.success(request, text % {"n": number})


def _accept(request: HttpRequest, found: OfflineNote, form: CheckForm) -> HttpResponse:
    try:
        receipt = accept_note(
            note=found,
            actor=request.user,
            at=timezone.now(),
            corrected=form.taken() if form.has_changed() else None,
        )
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except Refused as problem:
        form.add_error(None, sentence(problem))
        return _check_page(request, found, form, ReturnForm())
    text = _("Angenommen: Der Beitrag hat die Nummer %(ref)s.")
    messages.success(request, text % {"ref": receipt.contribution.ref})
    return redirect(_next_address(request, found.occasion))


def _refuse_check(request: HttpRequest, found: OfflineNote) -> HttpResponse:
    if found.status != NoteStatus.SUBMITTED:
        messages.info(request, _("Diesen Beitrag hat inzwischen jemand geprüft."))
    else:
        messages.error(
            request, _("Das prüft eine andere Person: Sie haben an diesem Beitrag geschrieben.")
        )
    return redirect("intake:occasion", found.occasion_id)


def _next_address(request: HttpRequest, occasion: Occasion) -> str:
    for note in notes_of(occasion, NoteStatus.SUBMITTED):
        if may_check(request.user, note):
            return reverse("intake:check", args=[occasion.pk, note.pk])
    return reverse("intake:occasion", args=[occasion.pk])


def _write_page(request: HttpRequest, found: Occasion, page, forms) -> HttpResponse:
    return render(
        request,
        "intake_desk/notes.html",
        {
            "header_title": _("Beiträge erfassen"),
            "breadcrumbs_items": _crumbs(found, _("Beiträge erfassen")),
            "occasion": found,
            "page": page,
            "rows": [{"form": form, "note": form.note, "has_card": _has_card(form.note)}
                     for form in forms],
        },
        status=422 if any(form.errors for form in forms) else 200,
    )  # fmt: skip


def _check_page(request: HttpRequest, found: OfflineNote, form, returning) -> HttpResponse:
    occasion = found.occasion
    return render(
        request,
        "intake_desk/check.html",
        {
            "header_title": _("Mit dem Original vergleichen"),
            "breadcrumbs_items": _crumbs(occasion, _("Vergleichen")),
            "occasion": occasion,
            "note": found,
            "form": form,
            "returning": returning,
            "originals": occasion.originals.defer("content").order_by("pk"),
            "versions": found.versions.select_related("by").order_by("-at", "-pk"),
            "left": notes_of(occasion, NoteStatus.SUBMITTED).count(),
        },
        status=422 if form.errors or returning.errors else 200,
    )


def _crumbs(occasion: Occasion, label: str) -> list[dict[str, Any]]:
    return crumbs((reverse("intake:occasion", args=[occasion.pk]), occasion.title), ("", label))
