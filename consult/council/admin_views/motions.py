"""Amendment motions at the desk: listed by place, judged, settled; then the adopted text."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from consult.council.admin_views.desk import (
    REFUSALS,
    crumbs,
    desk_only,
    form_page,
    found_paper,
    recording_only,
)
from consult.council.admin_views.motions_page import motions_page
from consult.council.amendments import SubmittedText
from consult.council.forms.motions import (
    MoverMotionForm,
    RefuseMotionForm,
    first_values,
)
from consult.council.models import (
    AmendmentMotion,
    Paper,
    ResolutionItem,
)
from consult.council.motion_places import PART_NAMES, place_name
from consult.council.services.access import PaperStepRefused
from consult.council.services.consolidation import consolidate, prepare_amended_revision
from consult.council.services.motions import (
    Wanted,
    file_for_mover,
    judge_motion,
    target_text,
    withdraw_motion,
)
from consult.council.services.settling import settle_all, settle_motion
from consult.council.states import MotionPart, MotionStatus
from consult.evaluation.services.revision import RevisionNotReady
from consult.rounds.services import NotPermitted
from drafts.editions.places import Place


def carry_out(
    request: HttpRequest, pk: int, deed: Callable[[], object], done: object, *, at: str = ""
) -> HttpResponse:
    """Do one deed, say what came of it, go back to the motions of the paper."""
    try:
        deed()
    except NotPermitted as refused:
        raise PermissionDenied from refused
    except PaperStepRefused as refused:
        messages.error(request, REFUSALS[refused.code])
    except RevisionNotReady:
        messages.error(request, REFUSALS["step_not_allowed"])
    else:
        messages.success(request, done)
    return redirect(reverse("council_desk:motions", args=[pk]) + (f"#{at}" if at else ""))


@require_GET
@desk_only
def motions(request: HttpRequest, pk: int) -> HttpResponse:
    """All filed motions of a paper by place, what cannot both hold, and the adopted text."""
    return motions_page(request, found_paper(pk))


@require_GET
@recording_only
def choose_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Every item and place of the paper, to enter a motion on it."""
    paper = found_paper(pk)
    return render(
        request,
        "council_desk/motion_places.html",
        {
            "header_title": _("Änderungsantrag eintragen: wozu?"),
            "breadcrumbs_items": crumbs(paper, _("Änderungsantrag eintragen")),
            "paper": paper,
            "items": paper.items.order_by("number"),
            "places": _places(SubmittedText(paper).places),
        },
    )


@recording_only
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a motion that somebody has handed in."""
    paper = found_paper(pk)
    wid = request.GET.get("stelle", "").replace("\x00", "")
    item = _item(paper, request.GET.get("punkt", ""))
    asked = Wanted(op="", base_hash="", item=item, wid=wid, part=request.GET.get("teil", ""))
    try:
        place, name = target_text(paper, asked)
    except PaperStepRefused as refused:
        raise Http404 from refused
    form = MoverMotionForm(
        request.POST or None, initial=first_values(place), paper=paper, place=place, item=item
    )
    if request.method == "POST" and form.is_valid():
        try:
            filed = file_for_mover(
                paper=paper,
                mover=form.mover(),
                wanted=form.wanted(),
                actor=request.user,
                at=timezone.now(),
            )
        except PaperStepRefused as refused:
            form.add_error(None, REFUSALS[refused.code])
        else:
            messages.success(request, _("%(name)s ist eingetragen.") % {"name": filed.name})
            return _back(pk, filed)
    title = _("Änderungsantrag eintragen: %(place)s") % {"place": name}
    return form_page(request, title, form, paper=paper, button=_("Antrag eintragen"))


@recording_only
def refuse(request: HttpRequest, pk: int, motion: int) -> HttpResponse:
    """Say why a motion is not admitted to the vote."""
    found = found_motion(pk, motion)
    form = RefuseMotionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request,
            pk,
            lambda: judge_motion(
                motion=found,
                status=MotionStatus.INADMISSIBLE,
                actor=request.user,
                at=timezone.now(),
                reason=form.cleaned_data["reason"],
            ),
            _("%(name)s ist nicht zugelassen.") % {"name": found.name},
            at=anchor_of(found),
        )
    title = _("%(name)s nicht zulassen") % {"name": found.name}
    return form_page(request, title, form, paper=found.paper, button=_("Nicht zulassen"))


@require_POST
@desk_only
def settle_open(request: HttpRequest, pk: int, by: int) -> HttpResponse:
    """Settle every open motion on which nothing is left to vote, because one was accepted."""
    accepted = found_motion(pk, by)
    return carry_out(
        request,
        pk,
        lambda: settle_all(by=accepted, actor=request.user),
        _("Erledigt sind die Anträge, denen %(name)s zuvorgekommen ist.") % {"name": accepted.name},
        at=anchor_of(accepted),
    )


@require_POST
@desk_only
def deed(request: HttpRequest, pk: int, motion: int, name: str) -> HttpResponse:
    """Admit a motion or withdraw it for its mover."""
    found = found_motion(pk, motion)
    if name not in DEEDS:
        raise Http404
    do, done = DEEDS[name]
    return carry_out(
        request,
        pk,
        lambda: do(found, request.user),
        done % {"name": found.name},
        at=anchor_of(found),
    )


@require_POST
@desk_only
def settle(request: HttpRequest, pk: int, motion: int, by: int) -> HttpResponse:
    """Say that a motion is settled by another one that was accepted."""
    found, other = found_motion(pk, motion), found_motion(pk, by)
    return carry_out(
        request,
        pk,
        lambda: settle_motion(motion=found, by=other, actor=request.user),
        _("%(name)s ist erledigt.") % {"name": found.name},
        at=anchor_of(found),
    )


@require_POST
@desk_only
def write_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the accepted motions onto the working pages."""
    return carry_out(
        request,
        pk,
        lambda: consolidate(paper=found_paper(pk), actor=request.user, at=timezone.now()),
        _("Geschrieben als Entwürfe. Eine zweite Person prüft sie im Redaktionssystem."),
        at="h-text",
    )


@require_POST
@desk_only
def compare_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Compare the reviewed text with the submitted one and name each change's motion."""
    return carry_out(
        request,
        pk,
        lambda: prepare_amended_revision(
            paper=found_paper(pk), actor=request.user, at=timezone.now()
        ),
        _("Verglichen. Jede Änderung nennt ihren Antrag."),
        at="h-text",
    )


def _admit(found: AmendmentMotion, actor) -> object:
    return judge_motion(
        motion=found, status=MotionStatus.ADMISSIBLE, actor=actor, at=timezone.now()
    )


def _withdraw(found: AmendmentMotion, actor) -> object:
    return withdraw_motion(motion=found, actor=actor)


DEEDS: dict[str, tuple[Callable[[AmendmentMotion, Any], object], Any]] = {
    "zulassen": (_admit, gettext_lazy("%(name)s ist zur Abstimmung zugelassen.")),
    "zurueckziehen": (_withdraw, gettext_lazy("%(name)s ist zurückgezogen.")),
}


def _places(places: dict[str, Place]) -> list[dict[str, Any]]:
    """Sections, blocks, goals and measures, each with the parts that a motion can be on."""
    return [
        {
            "wid": wid,
            "name": place_name(places, wid),
            "text": place.text,
            "parts": [
                {"name": PART_NAMES[MotionPart(part.part)], "part": part.part}
                for part in places.values()
                if part.part and part.wid == wid
            ],
        }
        for wid, place in places.items()
        if not place.part
    ]


def found_motion(pk: int, motion: int) -> AmendmentMotion:
    """A filed motion of this paper: drafts do not exist here."""
    return get_object_or_404(
        AmendmentMotion.objects.exclude(status=MotionStatus.DRAFT).select_related(
            "paper__edition", "group", "body", "item"
        ),
        pk=motion,
        paper=pk,
    )


def _item(paper: Paper, number: str) -> ResolutionItem | None:
    is_key = number.isascii() and number.isdigit() and len(number) < 10
    return paper.items.filter(pk=number).first() if is_key else None


def anchor_of(motion: AmendmentMotion) -> str:
    """The place of a motion on the page of all motions."""
    return f"ae-{motion.number}"


def _back(pk: int, motion: AmendmentMotion) -> HttpResponse:
    return redirect(address_of(pk, motion))


def address_of(pk: int, motion: AmendmentMotion) -> str:
    """Where a motion is listed at the desk."""
    return f"{reverse('council_desk:motions', args=[pk])}#{anchor_of(motion)}"
