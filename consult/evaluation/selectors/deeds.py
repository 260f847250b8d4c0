"""What people decided in the workshop, step by step, and what undoing a step would do."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from consult.evaluation.models import Assignment, Theme, ThemeDeed
from consult.evaluation.selectors.runs import latest_done_run
from consult.evaluation.states import ResponseStatus, ThemeStatus, ThemeStep
from consult.rounds.models import ConsultationRound


@dataclass(frozen=True)
class UndoPlan:
    """What undoing a deed would do, or why it is not possible.

    `obstacle` is the code of a refusal, empty where the deed can be undone. `rows` are the
    assignments of the deed; `back` counts how many contributions return to which theme, `loose`
    those that had none. `restored` are themes that stand again, `dissolved` the one that goes.
    """

    deed: ThemeDeed
    obstacle: str = ""
    rows: list[Assignment] = field(default_factory=list)
    back: list[tuple[Theme, int]] = field(default_factory=list)
    loose: int = 0
    restored: list[Theme] = field(default_factory=list)
    dissolved: Theme | None = None


def deeds_of(round_: ConsultationRound) -> QuerySet[ThemeDeed]:
    """The steps of people in a round's workshop, newest first."""
    return (
        ThemeDeed.objects.filter(round=round_)
        .select_related("theme", "proposal", "by", "undone_by__by", "undoes__theme")
        .order_by("-pk")
    )


def undo_plan(deed: ThemeDeed) -> UndoPlan:
    """Find out what undoing would do; the number of queries does not grow with the contributions."""
    rows = list(deed.assignments.select_related("replaced__theme__merged_into", "contribution"))
    merged = set(deed.merged.all())
    obstacle = next((code for code, holds in OBSTACLES.items() if holds(deed, rows, merged)), "")
    if obstacle:
        return UndoPlan(deed, obstacle)
    former = [row.replaced.theme for row in rows if row.replaced]
    gone = {theme for theme in [*former, *merged] if theme.status != ThemeStatus.CONFIRMED}
    back = Counter(former)
    return UndoPlan(
        deed,
        rows=rows,
        back=sorted(back.items(), key=lambda pair: pair[0].number),
        loose=len(rows) - len(former),
        restored=sorted(gone, key=lambda theme: theme.number),
        dissolved=deed.theme if made_theme(deed) else None,
    )


def made_theme(deed: ThemeDeed) -> bool:
    """Whether the deed made its theme: then there was nothing that it was before."""
    return deed.theme is not None and not deed.former_kind


def _undone_already(deed: ThemeDeed, _rows, _merged) -> bool:
    return ThemeDeed.objects.filter(undoes=deed).exists()


def _is_undoing(deed: ThemeDeed, _rows, _merged) -> bool:
    return deed.step == ThemeStep.UNDO


def _moved_since(_deed: ThemeDeed, rows: list[Assignment], _merged) -> bool:
    return not all(row.is_current for row in rows)


def _renamed_since(deed: ThemeDeed, _rows, _merged) -> bool:
    if deed.step != ThemeStep.RENAME or deed.theme is None:
        return False
    later = deed.theme.deeds.filter(pk__gt=deed.pk, step=ThemeStep.RENAME, undone_by=None)
    return later.exists() or deed.theme.status != ThemeStatus.CONFIRMED


def _others_joined(deed: ThemeDeed, rows: list[Assignment], _merged) -> bool:
    if not made_theme(deed):
        return False
    inside = Assignment.objects.filter(theme=deed.theme, is_current=True)
    merged = Theme.objects.filter(merged_into=deed.theme)
    return inside.exclude(pk__in=[row.pk for row in rows]).exists() or merged.exists()


def _former_theme_merged(_deed: ThemeDeed, rows: list[Assignment], merged: set[Theme]) -> bool:
    former = {row.replaced.theme for row in rows if row.replaced}
    return any(theme.status == ThemeStatus.MERGED for theme in former.difference(merged))


def _answer_requested(deed: ThemeDeed, _rows, _merged) -> bool:
    return made_theme(deed) and hasattr(deed.theme, "response")


def _answered_since(deed: ThemeDeed, rows: list[Assignment], _merged) -> bool:
    response = getattr(deed.theme, "response", None)
    if response is None or not rows:
        return False
    is_given = response.status in {ResponseStatus.SIGNED, ResponseStatus.PUBLISHED}
    return is_given and response.signed_at > deed.at


def _newer_proposals(deed: ThemeDeed, _rows, _merged) -> bool:
    if deed.step != ThemeStep.DISMISS:
        return False
    return deed.proposal is None or deed.proposal.run != latest_done_run(deed.round)


Obstacle = Callable[[ThemeDeed, list[Assignment], set[Theme]], bool]
# In the order in which they are looked for; the first one that holds is said.
OBSTACLES: dict[str, Obstacle] = {
    "undone_already": _undone_already,
    "is_undoing": _is_undoing,
    "answer_requested": _answer_requested,
    "moved_since": _moved_since,
    "others_joined": _others_joined,
    "renamed_since": _renamed_since,
    "former_theme_merged": _former_theme_merged,
    "answered_since": _answered_since,
    "newer_proposals": _newer_proposals,
}
