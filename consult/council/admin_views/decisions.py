"""What a body did with an item: recorded, corrected, confirmed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consult.council.admin_views.desk import (
    carry_out,
    desk_only,
    found_decision,
    found_item,
    found_step,
    paper_address,
    recording_only,
)
from consult.council.admin_views.record_page import Subject, record_page
from consult.council.forms import CorrectionForm, DecisionForm
from consult.council.models import Decision, GroupVote, ResolutionItem, RouteStep
from consult.council.selectors import standing_decisions, with_votes
from consult.council.services.decisions import (
    confirm_decision,
    correct_decision,
    record_decision,
)
from consult.council.states import ItemOutcome

PLACE = "h-route"


@recording_only
def record(request: HttpRequest, pk: int, step: int, item: int) -> HttpResponse:
    """Record what a body did with one item."""
    found, subject = found_step(pk, step), found_item(pk, item)
    form = DecisionForm(request.POST or None, step=found)
    return record_page(
        request,
        _subject(_("Ergebnis eintragen"), found, subject),
        form,
        lambda votes: record_decision(
            item=subject,
            step=found,
            actor=request.user,
            at=timezone.now(),
            group_votes=votes.rows(GroupVote),
            **_outcome(form),
        ),
    )


@recording_only
def correct(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Correct a record by a new one."""
    found = found_decision(pk, decision)
    initial = {name: getattr(found, name) for name in DecisionForm.Meta.fields}
    form = CorrectionForm(request.POST or None, initial=initial, step=found.step)
    return record_page(
        request,
        _subject(_("Ergebnis berichtigen"), found.step, found.item),
        form,
        lambda votes: correct_decision(
            decision=found,
            actor=request.user,
            at=timezone.now(),
            group_votes=votes.rows(GroupVote),
            **_outcome(form),
        ),
        done=_(
            "Die Berichtigung ist eingetragen, vorläufig. Eine zweite Person bestätigt sie. "
            "Der frühere Eintrag bleibt lesbar."
        ),
        corrects=found,
    )


@require_POST
@desk_only
def confirm(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Confirm a record after the minutes, as the second person."""
    found = found_decision(pk, decision)
    return carry_out(
        request,
        pk,
        lambda: confirm_decision(decision=found, actor=request.user, at=timezone.now()),
        _("Bestätigt. Das Ergebnis ist jetzt endgültig."),
        at=PLACE,
    )


def _outcome(form: DecisionForm) -> dict[str, Any]:
    return {**form.cleaned_data, "outcome": ItemOutcome(form.cleaned_data["outcome"])}


def _subject(title: str, step: RouteStep, item: ResolutionItem) -> Subject:
    return Subject(
        title=title,
        step=step,
        name=_item_name(item),
        facts=item.title,
        words=item.text,
        back=paper_address(item.paper_id, PLACE),
        others=[(other, _item_name(other.item)) for other in _others(step, item)],
    )


def _others(step: RouteStep, item: ResolutionItem) -> list[Decision]:
    """What was recorded with votes on other items in the same meeting."""
    rows = with_votes(standing_decisions(step.paper).filter(step=step)).exclude(item=item)
    return [row for row in rows.order_by("item__number") if row.group_votes.all()]


def _item_name(item: ResolutionItem) -> str:
    return _("Punkt %(number)s") % {"number": item.number}
