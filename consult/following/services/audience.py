"""Whom an occurrence concerns: followers of places, and authors of contributions."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from consult.contributions.models import Contribution
from consult.contributions.states import Visibility
from consult.council.amendments import public_motions
from consult.council.concerns import places_touched
from consult.council.models import AmendmentMotion, Decision, MotionVote, Paper
from consult.evaluation.models import Assignment, Change, ChangeCause, Response, Revision, Theme
from consult.evaluation.states import RevisionStatus
from consult.following.models import Occurrence
from consult.following.states import Happening, Topic
from consult.rounds.models import ConsultationRound
from drafts.actionplan.models import MeasureStep
from drafts.editions.models import Edition

# Who took words back, or had them erased, is not told what becomes of them.
TOLD_TO_AUTHORS = (Visibility.PUBLISHED, Visibility.HIDDEN)


@dataclass(frozen=True)
class Audience:
    """`places` are keys by topic; `contributions` are those whose authors and followers are told.

    `except_for` is the account that did it.
    """

    places: dict[Topic, list[str]] = field(default_factory=dict)
    contributions: QuerySet[Contribution] = field(default_factory=Contribution.objects.none)
    except_for: int | None = None


def audience_of(occurrence: Occurrence) -> Audience:
    """Read from the rows behind the occurrence whom it concerns now: nobody, once they are gone."""
    try:
        return _AUDIENCES[Happening(occurrence.happening)](occurrence.facts)
    except ObjectDoesNotExist:
        return Audience()


def contributions_of_answer(response: Response) -> QuerySet[Contribution]:
    """The contributions in the theme of an answer, whose authors can be told."""
    return _told().filter(assignments__theme=response.theme_id, assignments__is_current=True)


def contributions_behind(changes: QuerySet[Change]) -> QuerySet[Contribution]:
    """The contributions in the themes whose answers caused these changes."""
    causes = ChangeCause.objects.filter(change__in=changes, response__isnull=False)
    return _told().filter(
        assignments__theme__in=causes.values("response__theme"), assignments__is_current=True
    )


def contributions_before(paper: Paper) -> QuerySet[Contribution]:
    """The contributions on the edition of a paper and on earlier ones of its concept."""
    return _told().filter(
        edition__concept=paper.edition.concept_id, edition__number__lte=paper.edition.number
    )


def contributions_on_measure(step: MeasureStep) -> QuerySet[Contribution]:
    """The contributions on a measure or its goal, or which changed one of them."""
    frozen = step.measure.adopted_as
    wids = [frozen.wid, frozen.goal.wid]
    changes = Change.objects.filter(wid__in=wids, revision__status="released")
    caused = contributions_behind(changes).values("pk")
    return _told().filter(Q(target_wid__in=wids) | Q(pk__in=caused))


def contributions_on_motion(motion: AmendmentMotion) -> QuerySet[Contribution]:
    """The contributions on the places of a motion, behind their words, or in its theme."""
    behind = contributions_behind(_changes_at(motion)).values("pk")
    written = Q(target_wid__in=places_touched(motion)) & Q(
        pk__in=contributions_before(motion.paper)
    )
    taken_up = Assignment.objects.filter(theme=motion.taken_up_id, is_current=True)
    return _told().filter(written | Q(pk__in=behind) | Q(pk__in=taken_up.values("contribution")))


def _told() -> QuerySet[Contribution]:
    return Contribution.objects.filter(status__in=TOLD_TO_AUTHORS)


def _nobody(facts: dict) -> Audience:  # noqa: ARG001 - one signature for all
    return Audience()


def _round(facts: dict) -> Audience:
    edition = ConsultationRound.objects.select_related("edition").get(pk=facts["round"]).edition
    return Audience(
        places={
            Topic.CONCEPT: [_concept(edition)],
            Topic.SECTION: list(edition.sections.values_list("wid", flat=True)),
            Topic.GOAL: list(edition.goals.values_list("wid", flat=True)),
        }
    )


def _contribution(facts: dict) -> Audience:
    new = Contribution.objects.select_related("comment_row").get(pk=facts["contribution"])
    row = new.comment_row
    above = {row.parent_id, row.thread_id} - {row.pk}
    return Audience(
        places={Topic.SECTION: [new.section_wid], Topic.GOAL: [new.target_wid]},
        contributions=_told().filter(pk__in=above),
        except_for=new.participant_id,
    )


def _answered(facts: dict) -> Audience:
    response = Response.objects.select_related("theme__round__edition").get(pk=facts["response"])
    theme = response.theme
    former = Theme.objects.filter(merged_into=theme).values_list("pk", flat=True)
    return Audience(
        places={
            Topic.CONCEPT: [_concept(theme.round.edition)],
            Topic.SECTION: [theme.section_wid],
            Topic.THEME: [str(pk) for pk in [theme.pk, *former]],
        },
        contributions=contributions_of_answer(response),
    )


def _text_changed(facts: dict) -> Audience:
    revision = Revision.objects.select_related("from_edition").get(pk=facts["revision"])
    changes = revision.changes.all()
    causes = ChangeCause.objects.filter(change__in=changes, response__isnull=False)
    themes = causes.values_list("response__theme", flat=True).distinct()
    return Audience(
        places={
            Topic.CONCEPT: [_concept(revision.from_edition)],
            Topic.SECTION: list(changes.values_list("section_wid", flat=True).distinct()),
            Topic.GOAL: list(changes.values_list("wid", flat=True).distinct()),
            Topic.THEME: [str(pk) for pk in themes],
        },
        contributions=contributions_behind(changes),
    )


def _paper(facts: dict) -> Audience:
    paper = Paper.objects.select_related("edition").get(pk=facts["paper"])
    return Audience(
        places={Topic.CONCEPT: [_concept(paper.edition)]},
        contributions=contributions_before(paper),
    )


def _decision(facts: dict) -> Audience:
    decision = Decision.objects.select_related("item__paper__edition", "step").get(
        pk=facts["decision"]
    )
    paper = decision.item.paper
    decides = decision.step.authoritative
    return Audience(
        places={Topic.CONCEPT: [_concept(paper.edition)]},
        contributions=contributions_before(paper) if decides else Contribution.objects.none(),
    )


def _admitted(facts: dict) -> Audience:
    return Audience(places=_places_of(_motion(facts["motion"])))


def _motion_voted(facts: dict) -> Audience:
    vote = MotionVote.objects.select_related("step").get(pk=facts["vote"])
    motion = _motion(vote.motion_id)
    decides = vote.step.authoritative
    return Audience(
        places=_places_of(motion),
        contributions=contributions_on_motion(motion) if decides else Contribution.objects.none(),
    )


def _motion(pk: int) -> AmendmentMotion:
    return public_motions().get(pk=pk)


def _places_of(motion: AmendmentMotion) -> dict[Topic, list[str]]:
    behind = ChangeCause.objects.filter(change__in=_changes_at(motion), response__isnull=False)
    themes = set(behind.values_list("response__theme", flat=True)) | {motion.taken_up_id}
    return {
        Topic.CONCEPT: [_concept(motion.paper.edition)],
        Topic.SECTION: [motion.section_wid] if motion.section_wid else [],
        Topic.GOAL: sorted(places_touched(motion)),
        Topic.THEME: [str(pk) for pk in themes if pk is not None],
    }


def _changes_at(motion: AmendmentMotion) -> QuerySet[Change]:
    """The released changes up to the paper's edition at the places that the motion touches."""
    edition = motion.paper.edition
    return Change.objects.filter(
        wid__in=places_touched(motion),
        revision__status=RevisionStatus.RELEASED,
        revision__to_edition__concept=edition.concept_id,
        revision__to_edition__number__lte=edition.number,
    )


def _measure(facts: dict) -> Audience:
    step = MeasureStep.objects.select_related(
        "measure__adopted_as__goal__section", "measure__adopted_as__edition"
    ).get(pk=facts["step"])
    frozen = step.measure.adopted_as
    return Audience(
        places={
            Topic.CONCEPT: [_concept(frozen.edition)],
            Topic.SECTION: [frozen.goal.section.wid],
            Topic.GOAL: [frozen.goal.wid],
        },
        contributions=contributions_on_measure(step),
    )


def _news(facts: dict) -> Audience:  # noqa: ARG001 - news are of the whole city
    concepts = Edition.objects.values_list("concept_id", flat=True).distinct()
    return Audience(places={Topic.CONCEPT: [str(pk) for pk in concepts]})


def _concept(edition: Edition) -> str:
    return str(edition.concept_id)


_AUDIENCES: dict[Happening, Callable[[dict], Audience]] = {
    Happening.BEGINNING: _nobody,
    Happening.ROUND_OPENED: _round,
    Happening.CLOSING_SOON: _round,
    Happening.ROUND_EXTENDED: _round,
    Happening.ROUND_SUSPENDED: _round,
    Happening.ROUND_RESUMED: _round,
    Happening.ROUND_CLOSED: _round,
    Happening.ROUND_ANSWERED: _round,
    Happening.CONTRIBUTION: _contribution,
    Happening.ANSWERED: _answered,
    Happening.TEXT_CHANGED: _text_changed,
    Happening.PAPER: _paper,
    Happening.DECISION: _decision,
    Happening.DECISION_CONFIRMED: _decision,
    Happening.MOTION_ADMITTED: _admitted,
    Happening.MOTION_VOTED: _motion_voted,
    Happening.MEASURE: _measure,
    Happening.NEWS: _news,
}
