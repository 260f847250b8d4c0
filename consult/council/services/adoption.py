"""What a confirmed decision makes of the edition."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consult.council.amendments import accepted_on_text
from consult.council.models import Decision, Paper
from consult.council.predicates import may_record_decisions
from consult.council.services.access import PaperStepRefused, require
from consult.council.services.consolidation import computed_text, require_adopted_as_amended
from consult.council.states import Effect, ItemOutcome
from drafts.actionplan.services import create_measures
from drafts.concept.snapshots import content_hash
from drafts.editions.models import Edition
from drafts.editions.services import put_in_force, set_edition_status
from drafts.editions.states import EditionStatus


@transaction.atomic
def adopt_amended_edition(*, paper: Paper, edition: Edition, actor, at: datetime) -> Edition:
    """Put the consolidated text of an "adopted as amended" decision in force.

    The council office does, and it is another person than the one who released the edition. Refused
    unless the edition follows the submitted one and is, byte for byte, the submitted text with the
    accepted motions, computed now (invariant 5). Where no motion changed the text, that is the
    submitted edition itself.
    """
    require(may_record_decisions(actor))
    require_adopted_as_amended(paper)
    if not _follows(edition, paper.edition):
        raise PaperStepRefused("not_based_on_submitted_edition")
    if content_hash(computed_text(paper)) != edition.content_hash:
        raise PaperStepRefused("text_not_as_decided")
    if edition.pk != paper.edition_id:
        if edition.sections.filter(released_by=actor).exists():
            raise PaperStepRefused("released_by_the_same_person")
        # Corrected after it came into force, the submitted text is superseded by the decided one.
        if paper.edition.status != EditionStatus.IN_FORCE:
            set_edition_status(edition=paper.edition, status=EditionStatus.SUPERSEDED, actor=actor)
    return _adopt(edition, actor, at)


def take_effect(decision: Decision, actor, at: datetime) -> None:
    """Put the edition in force, or end it, after the deciding body's record was confirmed.

    Part of `confirm_decision`, which has asked who may. An amended adoption waits for its text.
    Refused where motions on the text were accepted: then it was adopted as amended.
    """
    edition = decision.item.paper.edition
    if decision.item.effect != Effect.ADOPT_EDITION:
        return
    if decision.outcome == ItemOutcome.ADOPTED:
        if accepted_on_text(decision.item.paper):
            raise PaperStepRefused("adopted_with_motions")
        _adopt(edition, actor, at)
    elif decision.outcome == ItemOutcome.REJECTED:
        set_edition_status(edition=edition, status=EditionStatus.NOT_ADOPTED, actor=actor)


def _follows(edition: Edition, submitted: Edition) -> bool:
    """Whether it is the submitted edition, or was made from it step by step."""
    found: Edition | None = edition
    while found is not None and found.number > submitted.number:
        found = found.based_on
    return found == submitted


def _adopt(edition: Edition, actor, at: datetime) -> Edition:
    edition = put_in_force(edition=edition, actor=actor, on=timezone.localdate(at))
    create_measures(edition=edition, actor=actor)
    return edition
