"""Taking back a step of the workshop: rows are added, so that both decisions stay readable."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.evaluation.models import Assignment, Theme, ThemeDeed, ThemeProposal
from consult.evaluation.selectors import UndoPlan, undo_plan
from consult.evaluation.services.assignments import (
    ThemeStepRefused,
    assign,
    begin,
    members,
    overtake,
    set_theme_status,
)
from consult.evaluation.states import ThemeStatus, ThemeStep


@transaction.atomic
def undo_deed(*, deed: ThemeDeed, actor, at: datetime) -> ThemeDeed:
    """Bring everything back to where it was before a deed, by a deed that names it.

    Contributions return to their former theme or are without one; a theme that the deed made is
    dissolved, themes that it merged or left empty stand again, a name and a dismissed proposal are restored.
    Raises NotPermitted, and ThemeStepRefused with the code of `UndoPlan.obstacle` where something
    later rests on the deed. The number of queries does not grow with the contributions.
    """
    begin(actor, deed.round)
    plan = undo_plan(deed)
    if plan.obstacle:
        raise ThemeStepRefused(plan.obstacle)
    undoing = ThemeDeed.objects.create(
        round=deed.round,
        step=ThemeStep.UNDO,
        theme=deed.theme,
        proposal=deed.proposal,
        undoes=deed,
        by=actor,
        at=at,
    )
    for theme in plan.restored:
        set_theme_status(theme=theme, status=ThemeStatus.CONFIRMED, actor=actor)
    _put_back(plan, undoing)
    if deed.theme is not None:
        log(deed.theme, "theme.undo", user=actor, data={"step": deed.step})
        _restore(plan, deed.theme.pk, undoing)
    elif deed.proposal is not None:
        _reopen(deed.proposal)
    return undoing


def _put_back(plan: UndoPlan, undoing: ThemeDeed) -> None:
    for theme, _number in plan.back:
        returning = Contribution.objects.filter(
            assignments__in=[row.pk for row in plan.rows if _came_from(row, theme)]
        )
        assign(undoing, theme, returning)
    loose = [row.pk for row in plan.rows if row.replaced is None]
    Assignment.objects.filter(pk__in=loose).update(is_current=False)


def _came_from(row: Assignment, theme: Theme) -> bool:
    return row.replaced is not None and row.replaced.theme_id == theme.pk


def _reopen(proposal: ThemeProposal) -> None:
    proposal.dismissed_by, proposal.dismissed_at = None, None
    proposal.save(update_fields=["dismissed_by", "dismissed_at"])


def _restore(plan: UndoPlan, pk: int, undoing: ThemeDeed) -> None:
    # Fresh: putting contributions back may have changed it.
    deed, theme = plan.deed, Theme.objects.get(pk=pk)
    if plan.dissolved:
        set_theme_status(theme=theme, status=ThemeStatus.DISSOLVED, actor=undoing.by)
        return
    if members(theme).count() == 1:
        theme.kind = deed.former_kind
    if deed.step == ThemeStep.RENAME:
        theme.title, theme.concern = deed.former_title, deed.former_concern
    theme.save(update_fields=["kind", "title", "concern"])
    overtake([theme], undoing.at)
