"""What a confirmed decision makes of the edition."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consult.council.models import Decision, Paper
from consult.council.predicates import may_record_decisions
from consult.council.selectors import standing_decisions
from consult.council.services.access import PaperStepRefused, require
from consult.council.states import PENDING, DecisionStatus, Effect, ItemOutcome
from drafts.actionplan.services import create_measures
from drafts.editions.models import Edition
from drafts.editions.services import put_in_force, set_edition_status
from drafts.editions.states import EditionStatus


@transaction.atomic
def adopt_amended_edition(*, paper: Paper, edition: Edition, actor, at: datetime) -> Edition:
    """Put the consolidated text of an "adopted as amended" decision in force.

    The edition must have been revised from the submitted one; the council office confirms it.
    """
    require(may_record_decisions(actor))
    outcomes = {
        decision.outcome
        for decision in standing_decisions(paper)
        if decision.item.effect == Effect.ADOPT_EDITION
        and decision.step.authoritative
        and decision.status == DecisionStatus.CONFIRMED
        and decision.outcome not in PENDING
    }
    if outcomes != {ItemOutcome.ADOPTED_AS_AMENDED}:
        raise PaperStepRefused("not_adopted_as_amended")
    if edition.based_on_id != paper.edition_id:
        raise PaperStepRefused("not_based_on_submitted_edition")
    set_edition_status(edition=paper.edition, status=EditionStatus.SUPERSEDED, actor=actor)
    return _adopt(edition, actor, at)


def take_effect(decision: Decision, actor, at: datetime) -> None:
    """Put the edition in force, or end it, after the deciding body's record was confirmed.

    Part of `confirm_decision`, which has asked who may. An amended adoption waits for its text.
    """
    edition = decision.item.paper.edition
    if decision.item.effect != Effect.ADOPT_EDITION:
        return
    if decision.outcome == ItemOutcome.ADOPTED:
        _adopt(edition, actor, at)
    elif decision.outcome == ItemOutcome.REJECTED:
        set_edition_status(edition=edition, status=EditionStatus.NOT_ADOPTED, actor=actor)


def _adopt(edition: Edition, actor, at: datetime) -> Edition:
    edition = put_in_force(edition=edition, actor=actor, on=timezone.localdate(at))
    create_measures(edition=edition, actor=actor)
    return edition
