"""How the bodies voted on amendment motions, at the desk: recorded, corrected, confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import desk_only, found_step, recording_only
from consult.council.admin_views.motions import address_of, anchor_of, carry_out, found_motion
from consult.council.admin_views.record_page import Subject, record_page
from consult.council.amendments import SubmittedText, motions_of, would_settle
from consult.council.forms.motions import MotionCorrectionForm, MotionVoteForm
from consult.council.models import AmendmentMotion, MotionGroupVote, MotionVote, RouteStep
from consult.council.services.motion_votes import (
    confirm_motion_vote,
    correct_motion_vote,
    record_motion_vote,
)
from consult.council.states import MOTION_OPEN, MotionStatus


@recording_only
def vote(request: HttpRequest, pk: int, motion: int, step: int) -> HttpResponse:
    """Record how a body voted on a motion."""
    found, where = found_motion(pk, motion), found_step(pk, step)
    form = MotionVoteForm(request.POST or None)
    return record_page(
        request,
        _subject(_("Abstimmung eintragen"), found, where),
        form,
        lambda votes: record_motion_vote(
            motion=found,
            step=where,
            actor=request.user,
            at=timezone.now(),
            group_votes=votes.rows(MotionGroupVote),
            **_outcome(form),
        ),
    )


@recording_only
def correct(request: HttpRequest, pk: int, vote: int) -> HttpResponse:
    """Correct a record by a new one."""
    found = _vote(pk, vote)
    initial = {name: getattr(found, name) for name in ("outcome", "wording", "note")}
    form = MotionCorrectionForm(request.POST or None, initial=initial)
    return record_page(
        request,
        _subject(_("Abstimmung berichtigen"), found.motion, found.step),
        form,
        lambda votes: correct_motion_vote(
            vote=found,
            actor=request.user,
            at=timezone.now(),
            group_votes=votes.rows(MotionGroupVote),
            reason=form.cleaned_data["reason"],
            **_outcome(form),
        ),
        done=_(
            "Die Berichtigung ist eingetragen, vorläufig. Eine zweite Person bestätigt sie. "
            "Der Text wird danach neu berechnet."
        ),
        corrects=found,
    )


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int, vote: int) -> HttpResponse:
    """Confirm a record after the minutes, as the second person."""
    found = _vote(pk, vote)
    return carry_out(
        request,
        pk,
        lambda: confirm_motion_vote(vote=found, actor=request.user, at=timezone.now()),
        _("Bestätigt: %(name)s.") % {"name": found.motion.name},
        at=anchor_of(found.motion),
    )


def _vote(pk: int, vote: int) -> MotionVote:
    return get_object_or_404(
        MotionVote.objects.select_related("motion__paper__edition", "step__body", "recorded_by"),
        pk=vote,
        motion__paper=pk,
    )


def _outcome(form: MotionVoteForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "outcome": MotionStatus(data["outcome"]),
        "wording": data["wording"],
        "note": data["note"],
    }


def _subject(title: str, motion: AmendmentMotion, step: RouteStep) -> Subject:
    return Subject(
        title=f"{title}: {motion.name}",
        step=step,
        name=f"{motion.name}, {motion.mover}",
        facts=f"{motion.place}, {motion.get_op_display()}",
        words=motion.new_text,
        back=address_of(motion.paper_id, motion),
        others=[(other, other.motion.name) for other in _others(step, motion)],
        follows=_would_settle(motion, step),
    )


def _others(step: RouteStep, motion: AmendmentMotion) -> list[MotionVote]:
    """What was recorded with votes on other motions in the same meeting."""
    rows = step.motion_votes.filter(corrected_by_vote__isnull=True).exclude(motion=motion)
    rows = rows.select_related("motion").prefetch_related("group_votes")
    return [row for row in rows.order_by("motion__number") if row.group_votes.all()]


def _would_settle(motion: AmendmentMotion, step: RouteStep) -> str:
    """What accepting a motion leaves nothing to vote on, where the body decides."""
    if not step.authoritative:
        return ""
    text, others = SubmittedText(motion.paper), motions_of(motion.paper)
    found = would_settle(motion, others, text.sections)
    names = ", ".join(one.name for one in found if one.status in MOTION_OPEN)
    if not names:
        return ""
    return _(
        "Wird %(name)s angenommen, sind damit erledigt: %(settled)s. Das Programm schlägt es "
        "danach vor."
    ) % {"name": motion.name, "settled": names}
