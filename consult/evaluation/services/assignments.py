"""Where contributions are: rows are added, the newest is current. For the deeds of the workshop."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from wagtail.log_actions import log

from consult.contributions.models import Contribution
from consult.evaluation.models import Assignment, SecondReading, Theme, ThemeDeed
from consult.evaluation.predicates import may_evaluate
from consult.evaluation.services.summaries import request_summaries
from consult.evaluation.states import THEME_TRANSITIONS, ThemeKind, ThemeStatus, ThemeStep
from consult.rounds.models import ConsultationRound
from consult.rounds.services import NotPermitted


class ThemeStepRefused(Exception):
    """The deed does not fit the theme; `code` says why."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def begin(actor, round_: ConsultationRound) -> None:
    """Hold the round until the deed is done. Raises NotPermitted.

    One deed of a round follows the other: what is decided rests on what was decided before.
    """
    if not may_evaluate(actor, ConsultationRound.objects.select_for_update().get(pk=round_.pk)):
        raise NotPermitted


def record(
    step: ThemeStep, theme: Theme | None, actor, at: datetime, *, is_new=False, proposal=None
) -> ThemeDeed:
    """Write down a deed before it changes the theme, so that it can be undone."""
    subject = theme or proposal.run
    # Fresh: the one at hand may have been renamed since it was read.
    known = Theme.objects.get(pk=theme.pk) if theme and not is_new else None
    return ThemeDeed.objects.create(
        round=subject.round,
        step=step,
        theme=theme,
        proposal=proposal,
        former_title=known.title if known else "",
        former_concern=known.concern if known else "",
        former_kind=known.kind if known else "",
        by=actor,
        at=at,
    )


def assign(deed: ThemeDeed, theme: Theme, contributions: Iterable[Contribution]) -> set[Theme]:
    """Put contributions into a theme as part of a deed; return the themes that they left.

    The number of queries does not grow with the contributions.
    """
    moved = list(contributions)
    former = {
        row.contribution_id: row
        for row in Assignment.objects.filter(
            contribution__in=moved, is_current=True
        ).select_related("theme__round")
    }
    Assignment.objects.filter(pk__in=[row.pk for row in former.values()]).update(is_current=False)
    Assignment.objects.bulk_create(
        Assignment(
            theme=theme,
            contribution=found,
            deed=deed,
            replaced=former.get(found.pk),
            by=deed.by,
            at=deed.at,
        )
        for found in moved
    )
    _become_a_theme(theme)
    left = {row.theme for row in former.values()} - {theme}
    overtake([theme, *left], deed.at)
    return left


def overtake(themes: Iterable[Theme], at: datetime) -> None:
    """What was said and read of themes as they were holds no longer: they have changed."""
    changed = list(themes)
    SecondReading.objects.filter(theme__in=changed, is_current=True).update(is_current=False)
    request_summaries(themes=changed, at=at)


def dissolve_empty(themes: Iterable[Theme], actor) -> None:
    """Dissolve those of the themes that are left without any contribution."""
    left = set(themes)
    kept = Assignment.objects.filter(theme__in=left, is_current=True).values_list(
        "theme", flat=True
    )
    filled = set(kept)
    empty = sorted((theme for theme in left if theme.pk not in filled), key=lambda row: row.number)
    for theme in empty:
        set_theme_status(theme=theme, status=ThemeStatus.DISSOLVED, actor=actor)


def set_theme_status(*, theme: Theme, status: ThemeStatus, actor, merged_into=None) -> Theme:
    """The one gate of a theme's status. Raises ThemeStepRefused for a step not allowed."""
    locked = Theme.objects.select_for_update().get(pk=theme.pk)
    step = (ThemeStatus(locked.status), status)
    if step not in THEME_TRANSITIONS:
        raise ThemeStepRefused("step_not_allowed")
    log(theme, "theme.status", user=actor, data={"from": step[0], "to": status})
    theme.status, theme.merged_into = status, merged_into
    theme.save(update_fields=["status", "merged_into"])
    return theme


def members(theme: Theme) -> QuerySet[Contribution]:
    """All contributions that are in a theme now, also those that are not public."""
    return Contribution.objects.filter(
        assignments__theme=theme, assignments__is_current=True
    ).order_by("pk")


def _become_a_theme(theme: Theme) -> None:
    if theme.kind == ThemeKind.SINGLE_VOICE and members(theme).count() > 1:
        theme.kind = ThemeKind.THEME
        theme.save(update_fields=["kind"])
