"""Reports that a decision asks for: they begin and end with it, and are handed in."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.council.models import Decision, ResolutionItem
from consult.council.predicates import may_prepare_papers
from consult.council.services.access import PaperStepRefused, require
from consult.council.states import ADOPTING
from drafts.actionplan.models import DeliveredReport, ReportingObligation
from drafts.actionplan.services import (
    ReportNotOwed,
    deliver_report,
    end_obligation,
    take_on_obligation,
)
from drafts.actionplan.states import DutyKind


def duty_source(item: ResolutionItem) -> str:
    """The key by which the obligation of an item is found again."""
    return f"item-{item.pk}"


def settle_duty(decision: Decision, actor, at: datetime) -> None:
    """Begin the obligation that an adopted item asks for, or end it where a correction says no.

    Part of `confirm_decision`, which has asked who may. The first report is due a rhythm after the
    meeting.
    """
    item = decision.item
    if not item.duty or item.duty_months is None or item.duty_to is None:
        return
    day = decision.step.meeting_on or timezone.localdate(at)
    if decision.outcome in ADOPTING:
        take_on_obligation(
            edition=item.paper.edition,
            source=duty_source(item),
            kind=DutyKind(item.duty),
            begins_on=day,
            actor=actor,
            resolved_as=_named(decision),
            subject=item.title or item.text[:240],
            recipient=item.duty_to.name,
            rhythm_months=item.duty_months,
        )
        return
    running = ReportingObligation.objects.filter(source=duty_source(item), ended_on=None).first()
    if running is not None:
        reason = decision.correction_reason
        end_obligation(obligation=running, on=timezone.localdate(at), reason=reason, actor=actor)


@transaction.atomic
def hand_in_report(
    *,
    obligation: ReportingObligation,
    title: str,
    delivered_on: date,
    actor,
    at: datetime,
    url: str = "",
) -> DeliveredReport:
    """Record that a report was laid before the body that had asked for it.

    The coordination office may. Refused where none is owed, and for a day that is still to come.
    """
    require(may_prepare_papers(actor))
    if not title.strip():
        raise PaperStepRefused("no_title")
    if delivered_on > timezone.localdate(at):
        raise PaperStepRefused("not_delivered_yet")
    try:
        return deliver_report(
            obligation=obligation,
            title=title,
            delivered_on=delivered_on,
            url=url,
            actor=actor,
            at=at,
        )
    except ReportNotOwed as refused:
        raise PaperStepRefused("no_report_owed") from refused


def _named(decision: Decision) -> str:
    item = decision.item
    words = _("Vorlage {reference}, Punkt {number}")
    if decision.resolution_number:
        words = _("Vorlage {reference}, Punkt {number} (Beschluss {resolution})")
    return words.format(
        reference=item.paper.reference, number=item.number, resolution=decision.resolution_number
    )
