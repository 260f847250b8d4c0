"""Whom a motion concerns: places, the contributions and themes behind them, followers.

Everything here reaches filed motions of public papers, and votes of public meetings only.
"""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet

from consult.council.amendments import public_motions, standing_votes
from consult.council.models import AmendmentMotion, MotionCause, MotionVote, Paper
from consult.council.states import MotionOp, Publicity
from consult.evaluation.models import Theme
from consult.evaluation.states import ResponseStatus, RevisionStatus, ThemeKind, ThemeStatus
from drafts.editions.models import Edition, EditionMeasure


def motions_touching(
    editions: Iterable[Edition], wids: Iterable[str], theme: Theme | None
) -> list[AmendmentMotion]:
    """Filed motions on these places of public papers on the editions, or that take up the theme.

    A motion on a measure touches its goal, and who strikes a goal touches its measures. Each has
    how the bodies voted (`standing`) and the released changes that name it (`in_text`).
    """
    editions, wids = list(editions), set(wids)
    pairs = set(
        EditionMeasure.objects.filter(
            Q(wid__in=wids) | Q(goal__wid__in=wids), edition__in=editions
        ).values_list("wid", "goal__wid")
    )
    measures = {measure for measure, goal in pairs if goal in wids}
    goals = {goal for measure, goal in pairs if measure in wids}
    touching = Q(wid__in=wids | measures) | Q(wid__in=goals, op=MotionOp.STRIKE)
    if theme is not None:
        touching |= _takes_up(theme)
    return list(
        public_motions()
        .filter(touching, paper__edition__in=editions)
        .select_related("paper__edition", "settled_by", "taken_up__round", "taken_up__merged_into")
        .prefetch_related(standing_votes(), _released_changes())
        .order_by("paper", "number")
    )


def motions_taking_up(theme: Theme) -> QuerySet[AmendmentMotion]:
    """The filed motions that name a theme, or one merged into it, as cause; with `standing`."""
    found = public_motions().filter(_takes_up(theme)).select_related("settled_by")
    return found.prefetch_related(standing_votes()).order_by("paper", "number")


def places_touched(motion: AmendmentMotion) -> set[str]:
    """The keys of its place, the goal of its measure, and the measures of a goal that it strikes."""
    rows = EditionMeasure.objects.filter(edition=motion.paper.edition_id)
    found = {motion.wid, *rows.filter(wid=motion.wid).values_list("goal__wid", flat=True)}
    if motion.op == MotionOp.STRIKE:
        found.update(rows.filter(goal__wid=motion.wid).values_list("wid", flat=True))
    return found - {""}


def admitted_motions() -> QuerySet[AmendmentMotion]:
    """The motions of public papers that were admitted to the vote, whatever became of them."""
    found = public_motions().exclude(admitted_at=None)
    return found.select_related("taken_up__round").order_by("pk")


def public_motion_votes() -> QuerySet[MotionVote]:
    """How bodies voted on motions in public, without records that were corrected."""
    return MotionVote.objects.filter(
        motion__in=public_motions(),
        step__publicity=Publicity.PUBLIC,
        corrected_by_vote__isnull=True,
    ).select_related(
        "motion__paper__edition", "motion__group", "motion__body", "motion__taken_up__round",
        "step__body", "step__meeting", "corrects",
    )  # fmt: skip


def themes_to_take_up(paper: Paper, section_wid: str) -> QuerySet[Theme]:
    """The answered themes and single voices of a section that a motion can name as its cause.

    For an item, which is in no section, all answered themes on the paper's concept. Single voices
    are left out there.
    """
    found = Theme.objects.filter(
        round__edition__concept=paper.edition.concept_id,
        round__edition__number__lte=paper.edition.number,
        status=ThemeStatus.CONFIRMED,
        response__status=ResponseStatus.PUBLISHED,
    )
    chosen = Q(section_wid=section_wid) if section_wid else Q(kind=ThemeKind.THEME)
    return found.filter(chosen).select_related("round").order_by("-round", "number")


def _takes_up(theme: Theme) -> Q:
    return Q(taken_up=theme) | Q(taken_up__merged_into=theme)


def _released_changes() -> Prefetch:
    released = (
        MotionCause.objects.filter(cause__change__revision__status=RevisionStatus.RELEASED)
        .select_related(
            "cause__change__revision__to_edition", "cause__change__revision__from_edition"
        )
        .order_by("cause__change__revision", "cause__change__position")
    )
    return Prefetch("causes", released, to_attr="in_text")
