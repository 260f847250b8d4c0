"""Members of the council say what they want to speak about."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.council.debate import Place, is_ahead
from consult.council.models import DebateMark, Paper
from consult.council.predicates import may_debate
from consult.council.selectors import group_of
from consult.council.services.access import PaperStepRefused, lock_paper, require
from consult.council.states import DEBATABLE


@transaction.atomic
def mark_for_debate(*, paper: Paper, place: Place, actor, at: datetime) -> DebateMark:
    """Note that a member wants to speak about an item or a goal; a second time changes nothing.

    The log names the place and the group, never the person. Raises NotPermitted, and
    PaperStepRefused once the deciding body has met.
    """
    require(may_debate(actor, paper))
    paper = _lock(paper)
    if not place.is_debated:
        raise PaperStepRefused("nothing_to_debate")
    group = group_of(actor)
    mark, is_new = DebateMark.objects.get_or_create(
        paper=paper,
        item_id=place.item,
        goal_wid=place.goal,
        member=actor,
        defaults={"group": group, "marked_at": at},
    )
    if is_new:
        log(paper, "paper.mark", data={"place": place.key, "group": str(group or "")})
    return mark


@transaction.atomic
def withdraw_mark(*, paper: Paper, place: Place, actor) -> None:
    """Take the own mark back; without one nothing happens. Refused once the body has met."""
    require(may_debate(actor, paper))
    paper = _lock(paper)
    own = paper.debate_marks.filter(member=actor, item_id=place.item, goal_wid=place.goal)
    number, _rows = own.delete()
    if number:
        log(paper, "paper.unmark", data={"place": place.key, "group": str(group_of(actor) or "")})


def _lock(paper: Paper) -> Paper:
    paper = lock_paper(paper, DEBATABLE, "not_debated_any_more")
    if not is_ahead(paper.route.all()):
        raise PaperStepRefused("not_debated_any_more")
    return paper
