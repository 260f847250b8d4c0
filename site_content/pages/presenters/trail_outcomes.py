"""The end of a contribution's path: what the bodies decided and how the measures stand."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.models import Decision, RouteStep
from consult.council.states import DecisionStatus
from consult.council.wording import number_word, outcome_word
from drafts.actionplan.models import Measure
from drafts.editions.selectors import BINDING
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.trail_step import Shown, Step, step_of


def council_steps(resolutions: list[Decision]) -> Iterator[Step]:
    """One step for each body that has met."""
    by_step: dict[RouteStep, list[Decision]] = defaultdict(list)
    for decision in resolutions:
        by_step[decision.step].append(decision)
    for step, decisions in by_step.items():
        paper = decisions[0].item.paper
        yield step_of(
            _("{role}: {body}").format(role=step.get_role_display(), body=step.body),
            "council",
            step.meeting_on or decisions[0].recorded_at,
            paper=str(paper),
            url=reverse("paper", args=[paper.pk]),
            result=step.result,
            items=[_item(decision) for decision in decisions],
        )


def _item(decision: Decision) -> Shown:
    return {
        "number": decision.item.number,
        "text": decision.item.text,
        "outcome": outcome_word(decision),
        "is_provisional": decision.status == DecisionStatus.PROVISIONAL,
        "status": decision.get_status_display(),
        "confirmed": day(decision.confirmed_at),
        "resolution_number": number_word(decision),
        "resolution_text": decision.resolution_text,
        "conditions": decision.conditions,
        "votes": decision.votes,
    }


def measures_step(measures: list[Measure]) -> Step:
    """Where the measures stand that came of it."""
    shown = [_measure(found) for found in measures]
    newest = max(row["on"] for row in shown)
    return step_of(
        ngettext("Maßnahme dazu", "{n} Maßnahmen dazu", len(shown)).format(n=len(shown)),
        "measures",
        newest,
        _("Stand {day}").format(day=day(newest)),
        measures=shown,
    )


def _measure(found: Measure) -> Shown:
    frozen = found.adopted_as
    words = next(text.content for text in frozen.texts.all() if text.language == BINDING)
    steps = sorted(found.steps.all(), key=lambda step: step.at, reverse=True)
    return {
        "number": frozen.number,
        "title": words["title"],
        "status": found.get_status_display(),
        "responsible": words["responsible"],
        "period": words["period"],
        "notes": [{"day": day(step.at), "text": step.note} for step in steps],
        "on": timezone.localdate(steps[0].at) if steps else frozen.edition.in_force_on,
    }
