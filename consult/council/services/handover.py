"""A draft is read by the council groups that were given it."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.models import CouncilGroup, DraftHandover, Paper
from consult.council.predicates import works_on_papers
from consult.council.services.access import lock_draft, require


@transaction.atomic
def hand_draft_over(*, paper: Paper, group: CouncilGroup, actor, at: datetime) -> DraftHandover:
    """Let the members of a council group read a paper that is being prepared.

    Raises NotPermitted, and PaperStepRefused once it was submitted.
    """
    require(works_on_papers(actor))
    paper = lock_draft(paper)
    handover, is_new = DraftHandover.objects.get_or_create(
        paper=paper, group=group, defaults={"handed_by": actor, "handed_at": at}
    )
    if is_new:
        log(paper, "paper.hand_over", user=actor, data={"group": group.name})
    return handover


@transaction.atomic
def take_draft_back(*, paper: Paper, group: CouncilGroup, actor) -> None:
    """End that: the draft does not exist for the group any more. What it marked and asked stays."""
    require(works_on_papers(actor))
    paper = lock_draft(paper)
    number, _rows = paper.handovers.filter(group=group).delete()
    if number:
        log(paper, "paper.take_back", user=actor, data={"group": group.name})
