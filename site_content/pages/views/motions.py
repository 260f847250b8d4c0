"""Drafting an amendment motion at the place one reads: for members of a council group alone.

To everybody else a draft does not exist. Nothing of it is kept by a browser or a proxy.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.amendments import SubmittedText, drafts_for, own_groups, own_motions
from consult.council.forms.motions import GroupMotionForm, first_values, values_of
from consult.council.models import AmendmentMotion, Paper
from consult.council.motion_words import MOTION_REFUSALS
from consult.council.predicates import may_draft_motions
from consult.council.selectors import paper_of
from consult.council.services.access import PaperStepRefused
from consult.council.services.motions import (
    Wanted,
    change_motion,
    discard_motion,
    draft_motion,
    file_motion,
    target_text,
    withdraw_motion,
)
from consult.council.states import MotionStatus
from consult.rounds.services import NotPermitted
from drafts.concept.snapshots import content_hash
from drafts.editions.places import Place
from site_content.pages.presenters.motion_subjects import subjects
from site_content.pages.presenters.motions import brief, preview
from site_content.pages.views.form_pages import describe_errors, status_of

ABOUT_WORDS = frozenset(
    {
        "no_new_text",
        "nothing_new",
        "wording_too_long",
        "by_hand",
        "table_shape",
        "costs_unreadable",
        "field_too_long",
    }
)
ABOUT = {
    **dict.fromkeys(ABOUT_WORDS, "new_text"),
    "no_such_move": "to_wid",
    "no_costs": "cost_one_off",
    "no_reason_to_move": "reason",
    "no_such_change": "op",
}


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def kept_private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return kept_private


@_private
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a place of the text (`stelle`) or an item (`punkt`), or a new draft."""
    paper = _paper(request, pk)
    asked = request.GET
    wid = asked.get("stelle", "").replace("\x00", "")
    item = paper.items.filter(pk=asked["punkt"]).first() if _is_number(asked, "punkt") else None
    place, name = _place(paper, wid, item, asked.get("teil", ""))
    form = _form(request, paper, place, first_values(place), item=item)
    if request.method == "POST" and form.is_valid():
        found = _try(
            form,
            lambda: draft_motion(
                paper=paper,
                group=form.cleaned_data["group"],
                wanted=form.wanted(),
                actor=request.user,
                at=timezone.now(),
            ),
            place,
        )
        if found is not None:
            messages.success(
                request, _("Der Entwurf ist gespeichert. Nur Ihre Fraktion sieht ihn.")
            )
            return redirect("motion_draft", pk, found.pk)
    return _page(request, paper, form, place, name)


@_private
def draft(request: HttpRequest, pk: int, motion: int) -> HttpResponse:
    """A draft of the own group: read it, change it, hand it in or throw it away."""
    paper = _paper(request, pk)
    found = drafts_for(request.user, paper).filter(pk=motion).first()
    if found is None:
        raise Http404
    if request.method == "POST" and "einreichen" in request.POST:
        return _file(request, found)
    if request.method == "POST" and "verwerfen" in request.POST:
        discard_motion(motion=found, actor=request.user)
        messages.success(request, _("Der Entwurf ist verworfen."))
        return redirect("paper", pk)
    place, name = _place(paper, found.wid, found.item, found.part)
    form = _form(request, paper, place, values_of(found), item=found.item)
    form.fields["group"].queryset = own_groups(request.user).filter(pk=found.group_id)
    form.fields["group"].widget = HiddenInput()
    if request.method == "POST" and form.is_valid():
        changed = _try(
            form,
            lambda: change_motion(motion=found, wanted=form.wanted(), actor=request.user),
            place,
        )
        if changed is not None:
            messages.success(
                request, _("Der Entwurf ist gespeichert. Nur Ihre Fraktion sieht ihn.")
            )
            return redirect("motion_draft", pk, found.pk)
    return _page(request, paper, form, place, name, motion=found)


@_private
def withdraw(request: HttpRequest, pk: int, motion: int) -> HttpResponse:
    """Ask once more, then withdraw a filed motion of the own group before its vote."""
    paper = _paper(request, pk)
    found = own_motions(request.user).filter(paper=pk, pk=motion).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        shown = {"paper": paper, "motion": brief(found)}
        return render(request, "council/withdraw_motion.html", shown)
    try:
        withdraw_motion(motion=found, actor=request.user)
    except (NotPermitted, PaperStepRefused):
        messages.error(request, _("Über den Antrag ist schon entschieden. Lesen Sie den Stand."))
    else:
        messages.success(request, _("{name} ist zurückgezogen.").format(name=found.name))
    return redirect(f"{reverse('paper', args=[pk])}#ae-{found.number}")


def _paper(request: HttpRequest, pk: int) -> Paper:
    found = paper_of(pk)
    if found is None or not may_draft_motions(request.user, found):
        raise Http404
    return found


def _is_number(asked, name: str) -> bool:
    value = asked.get(name, "")
    return value.isascii() and value.isdigit() and len(value) < 10


def _place(paper: Paper, wid: str, item, part: str) -> tuple[Place, str]:
    try:
        return target_text(paper, Wanted(op="", base_hash="", item=item, wid=wid, part=part))
    except PaperStepRefused as refused:
        raise Http404 from refused


def _form(request: HttpRequest, paper: Paper, place: Place, initial, item) -> GroupMotionForm:
    return GroupMotionForm(
        request.POST or None,
        initial=initial,
        paper=paper,
        place=place,
        groups=own_groups(request.user),
        item=item,
    )


def _try(form: GroupMotionForm, deed: Callable[[], AmendmentMotion], place: Place):
    """Do the deed, or put what is wrong beside its field; nothing typed is lost."""
    try:
        return deed()
    except PaperStepRefused as refused:
        field = ABOUT.get(refused.code)
        form.add_error(field if field in form.fields else None, _sentence(refused.code))
        if refused.code == "text_moved_on":
            # Who reads the present wording on the page may send the same words once more.
            form.data = {**form.data.dict(), "base_hash": content_hash(place.text)}
    return None


def _sentence(code: str) -> object:
    known = {
        **MOTION_REFUSALS,
        "not_submitted": _("Die Vorlage liegt dem Rat nicht mehr vor. Anträge sind geschlossen."),
    }
    return known[code]


def _file(request: HttpRequest, found: AmendmentMotion) -> HttpResponse:
    try:
        filed = file_motion(motion=found, actor=request.user, at=timezone.now())
    except PaperStepRefused as refused:
        messages.error(request, _sentence(refused.code))
        return redirect("motion_draft", found.paper_id, found.pk)
    messages.success(
        request, _("{name} ist eingereicht und jetzt öffentlich.").format(name=filed.name)
    )
    return redirect(f"{reverse('paper', args=[filed.paper_id])}#ae-{filed.number}")


def _page(
    request: HttpRequest,
    paper: Paper,
    form: GroupMotionForm,
    place: Place,
    name: str,
    motion: AmendmentMotion | None = None,
) -> HttpResponse:
    describe_errors(form)
    shown = motion or _as_typed(form, place, paper)
    places = SubmittedText(paper).places
    return render(
        request,
        "council/motion_form.html",
        {
            "paper": paper,
            "form": form,
            "place": name,
            "old": place.text,
            "motion": preview(shown, places) if shown else None,
            "is_stored": motion is not None,
            "subjects": subjects(paper, place, places) if motion is None else [],
        },
        status=status_of(form),
    )


def _as_typed(form: GroupMotionForm, place: Place, paper: Paper) -> AmendmentMotion | None:
    """What was sent and could not be stored yet, to be seen as a difference."""
    if not form.is_bound or not hasattr(form, "cleaned_data") or not form.cleaned_data.get("op"):
        return None
    data = form.cleaned_data
    places = SubmittedText(paper).places
    return AmendmentMotion(
        paper=paper,
        status=MotionStatus.DRAFT,
        wid=place.wid,
        part=place.part,
        op=data["op"],
        side=data.get("side") or "after",
        old_text=place.text,
        new_text=data.get("new_text", ""),
        to_place=places[data["to_wid"]].text[:60] if data.get("to_wid") in places else "",
        group=data.get("group"),
        finance=data.get("finance", "not_estimated"),
        cost_one_off=data.get("cost_one_off"),
        cost_yearly=data.get("cost_yearly"),
    )
