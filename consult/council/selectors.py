"""Reads of papers. A visitor reaches submitted ones only."""

from django.db.models import Prefetch, QuerySet

from consult.council.models import Decision, Paper, RouteStep
from consult.council.predicates import may_read
from consult.council.states import PaperStatus, StepStatus
from drafts.editions.models import Edition


def public_papers() -> QuerySet[Paper]:
    """Papers that were submitted, newest first."""
    return (
        Paper.objects.filter(status__in=[PaperStatus.SUBMITTED, PaperStatus.DECIDED])
        .select_related("edition")
        .order_by("-submitted_at")
    )


def readable_papers(user) -> QuerySet[Paper]:
    """What this person may read: public papers, and drafts for those who prepare or decide."""
    every = Paper.objects.select_related("edition").order_by("-pk")
    if user is not None and may_read(user, Paper(status=PaperStatus.PREPARING)):
        return every.exclude(status=PaperStatus.WITHDRAWN)
    return public_papers()


def paper_of(pk: int) -> Paper | None:
    """The paper with its edition and concept, whoever may read it: ask `may_read` first."""
    return Paper.objects.select_related("edition__concept").filter(pk=pk).first()


def deciding_steps(papers) -> dict[int, RouteStep]:
    """Where each paper is decided, by paper; a step that was dropped does not count."""
    steps = (
        RouteStep.objects.filter(paper__in=papers, authoritative=True)
        .exclude(status=StepStatus.DROPPED)
        .select_related("body")
        .order_by("position")
    )
    return {step.paper_id: step for step in steps}


def route_of(paper: Paper) -> QuerySet[RouteStep]:
    """The steps in order with what was decided at each."""
    return (
        paper.route.order_by("position")
        .select_related("body")
        .prefetch_related(
            Prefetch(
                "decisions",
                standing_decisions(paper).order_by("item__number"),
                to_attr="standing",
            )
        )
    )


def standing_decisions(paper: Paper) -> QuerySet[Decision]:
    """Records that no later record corrects."""
    return Decision.objects.filter(
        item__paper=paper, corrected_by_decision__isnull=True
    ).select_related("item", "step__body", "corrects")


def decisions_on(edition: Edition) -> QuerySet[Decision]:
    """Standing records of submitted papers on an edition, in the order of their meetings."""
    return (
        Decision.objects.filter(
            item__paper__edition=edition,
            item__paper__in=public_papers(),
            corrected_by_decision__isnull=True,
        )
        .select_related("item__paper", "step__body")
        .order_by("step__position", "item__number")
    )
