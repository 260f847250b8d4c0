"""One occasion: its facts, its originals, its notes and what can be done with them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from consult.intake.admin_views.desk import (
    Refused,
    carry_out,
    crumbs,
    desk_only,
    found_occasion,
    sentence,
    tabs,
)
from consult.intake.forms import CardsForm, OccasionForm, OriginalForm, TranscriptForm
from consult.intake.models import Occasion, StoredFile
from consult.intake.predicates import may_check, may_enter
from consult.intake.selectors import notes_of
from consult.intake.services.occasions import (
    add_original,
    change_occasion,
    open_occasion,
    split_transcript,
)
from consult.intake.serving import private_file
from consult.intake.states import WRITABLE, NoteStatus
from consult.rounds.services import NotPermitted


@desk_only
def create(request: HttpRequest) -> HttpResponse:
    """Write down an occasion."""
    form = OccasionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            found = open_occasion(
                round_=data.pop("round"), actor=request.user, at=timezone.now(), **data
            )
        except NotPermitted as refused:
            raise PermissionDenied from refused
        messages.success(request, _("Der Anlass ist angelegt. Jetzt fehlen die Beiträge."))
        return redirect("intake:occasion", found.pk)
    return form_page(request, _("Anlass anlegen"), form, reverse("intake:desk"))


@desk_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is said of an occasion."""
    found = found_occasion(pk)
    form = OccasionForm(request.POST or None, instance=found)
    address = reverse("intake:occasion", args=[pk])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        return carry_out(
            request,
            lambda: change_occasion(occasion=found, actor=request.user, **data),
            _("Die Änderungen sind gespeichert."),
            address,
        )
    return form_page(request, _("Anlass ändern"), form, address)


@require_GET
@desk_only
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The occasion with its notes."""
    return _page(request, found_occasion(pk))


@require_POST
@desk_only
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Make drafts of a transcript."""
    found = found_occasion(pk)
    form = TranscriptForm(request.POST, edition=found.round.edition)
    if not form.is_valid():
        return _page(request, found, transcript=form)
    try:
        made, known = split_transcript(
            occasion=found, actor=request.user, at=timezone.now(), **form.cleaned_data
        )
    except NotPermitted as refused:
        raise PermissionDenied from refused
    text = ngettext("%(n)s Entwurf angelegt.", "%(n)s Entwürfe angelegt.", made) % {"n": made}
    if known:
        text += " " + ngettext(
            "%(n)s stand schon da und wurde nicht noch einmal angelegt.",
            "%(n)s standen schon da und wurden nicht noch einmal angelegt.",
            known,
        ) % {"n": known}
    messages.success(request, text)
    return redirect("intake:notes" if made else "intake:occasion", pk)


@require_POST
@desk_only
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a scan of the original."""
    found = found_occasion(pk)
    form = OriginalForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            add_original(
                occasion=found,
                name=file.name,
                content=file.read(),
                actor=request.user,
                at=timezone.now(),
            )
        except NotPermitted as refused:
            raise PermissionDenied from refused
        except Refused as problem:
            form.add_error("file", sentence(problem))
        else:
            messages.success(request, _("Das Original ist abgelegt. Nur dieses Büro sieht es."))
            return redirect("intake:occasion", pk)
    return _page(request, found, original=form)


@require_GET
@desk_only
def original(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Hand out a scan to the desk."""
    return private_file(get_object_or_404(StoredFile, pk=file, occasion=pk))


def form_page(request: HttpRequest, title: str, form, back: str, **values: Any) -> HttpResponse:
    """A page that is one form."""
    return render(
        request,
        "intake_desk/form.html",
        {
            "header_title": title,
            "breadcrumbs_items": crumbs(("", title)),
            "form": form,
            "back": back,
            **values,
        },
        status=422 if form.errors else 200,
    )


def _page(request: HttpRequest, found: Occasion, **wrong) -> HttpResponse:
    waiting = list(notes_of(found, NoteStatus.SUBMITTED))
    checkable = [note for note in waiting if may_check(request.user, note)]
    return render(
        request,
        "intake_desk/occasion.html",
        {
            "header_title": found.title,
            "breadcrumbs_items": crumbs(("", found.title)),
            "tabs": tabs(""),
            "occasion": found,
            "may_enter": may_enter(request.user, found.round),
            "written": list(notes_of(found, *WRITABLE)),
            "waiting": waiting,
            "next_check": checkable[0] if checkable else None,
            "received": list(notes_of(found, NoteStatus.RECEIVED)),
            "originals": found.originals.defer("content").order_by("pk"),
            "forms": {
                "transcript": TranscriptForm(edition=found.round.edition),
                "original": OriginalForm(),
                "cards": CardsForm(),
                **wrong,
            },
            "wrong": next(iter(wrong), ""),
        },
        status=422 if wrong else 200,
    )
