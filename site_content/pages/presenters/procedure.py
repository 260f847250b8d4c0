"""Where the procedure stands: nine steps from the draft to the next edition."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.models import Paper, RouteStep
from consult.council.states import StepStatus
from consult.rounds.models import ConsultationRound
from consult.rounds.states import RoundStatus
from drafts.editions.models import Edition
from drafts.editions.states import EditionStatus
from site_content.pages.presenters.figures import day, month


class Step(IntEnum):
    DRAFT = 0
    TAKING_PART = 1
    EVALUATION = 2
    REVISION = 3
    COUNCIL = 4
    DECISION = 5
    ACTION_PLAN = 6
    REPORT = 7
    NEXT_EDITION = 8


@dataclass(frozen=True)
class Standing:
    """The rows that the present step is computed from; each may be missing."""

    edition: Edition | None = None
    is_revised: bool = False
    round: ConsultationRound | None = None
    paper: Paper | None = None
    route: list[RouteStep] = field(default_factory=list)
    measures_begun: bool = False


_BY_ROUND = {
    RoundStatus.OPEN: Step.TAKING_PART,
    RoundStatus.SUSPENDED: Step.TAKING_PART,
    RoundStatus.CLOSED: Step.EVALUATION,
    RoundStatus.ANSWERED: Step.REVISION,
    RoundStatus.ARCHIVED: Step.REVISION,
}


def present_step(standing: Standing) -> Step:
    """Return the step that is under way.

    The edition's status counts first, then the round on it; a revised edition without a round of
    its own stands between revision and council.
    """
    edition, round_ = standing.edition, standing.round
    if edition is None:
        return Step.DRAFT
    if edition.status == EditionStatus.IN_FORCE:
        return Step.REPORT if standing.measures_begun else Step.ACTION_PLAN
    if edition.status == EditionStatus.SUBMITTED:
        return _step_in_council(standing.route)
    if round_ is not None and round_.edition_id == edition.pk and round_.status in _BY_ROUND:
        return _BY_ROUND[RoundStatus(round_.status)]
    return Step.REVISION if standing.is_revised else Step.DRAFT


def _step_in_council(route: list[RouteStep]) -> Step:
    waiting = [step for step in route if step.status not in {StepStatus.HELD, StepStatus.DROPPED}]
    return Step.COUNCIL if waiting and not waiting[0].authoritative else Step.DECISION


def nine_steps(standing: Standing) -> list[dict[str, Any]]:
    """The steps with their dates and states in words, exactly one of them being now."""
    now = present_step(standing)
    dates = _dates(standing)
    return [
        {
            "name": name,
            "date": dates.get(step, ""),
            "is_done": step < now,
            "is_now": step == now,
            "state": _state(step, now),
        }
        for step, name in _names().items()
    ]


def _names() -> dict[Step, str]:
    return {
        Step.DRAFT: _("Entwurf"),
        Step.TAKING_PART: _("Beteiligung"),
        Step.EVALUATION: _("Auswertung"),
        Step.REVISION: _("Über­arbeitung"),
        Step.COUNCIL: _("Rat"),
        Step.DECISION: _("Beschluss"),
        Step.ACTION_PLAN: _("Handlungs­plan"),
        Step.REPORT: _("Bericht"),
        Step.NEXT_EDITION: _("Nächste Fassung"),
    }


def _state(step: Step, now: Step) -> str:
    if step < now:
        return _("erledigt")
    return _("läuft jetzt") if step == now else _("kommt")


def _dates(standing: Standing) -> dict[Step, str]:
    return {
        **_edition_dates(standing),
        **_round_dates(standing.round),
        **_route_dates(standing.route),
    }


def _edition_dates(standing: Standing) -> dict[Step, str]:
    edition = standing.edition
    if edition is None:
        return {}
    released = _("Fassung {n}, {month}").format(
        n=edition.number, month=month(edition.sealed_at or edition.created_at)
    )
    months = edition.concept.review_interval_months
    dates = {
        Step.REVISION if standing.is_revised else Step.DRAFT: released,
        Step.REPORT: ngettext("jeden Monat", "alle {n} Monate", months).format(n=months),
    }
    if edition.in_force_on:
        dates[Step.ACTION_PLAN] = _("seit {day}").format(day=day(edition.in_force_on))
    return dates


def _round_dates(round_: ConsultationRound | None) -> dict[Step, str]:
    if round_ is None:
        return {}
    return {
        Step.TAKING_PART: _("{start} bis {end}").format(
            start=day(round_.opens_at), end=day(round_.closes_at)
        ),
        Step.EVALUATION: _("Antworten bis {day}").format(day=day(round_.answer_due)),
    }


def _route_dates(route: list[RouteStep]) -> dict[Step, str]:
    dates = {}
    held_on = [(step.meeting_on, step.authoritative) for step in route if step.meeting_on]
    advising = [on for on, decides in held_on if not decides]
    deciding = [on for on, decides in held_on if decides]
    if advising:
        dates[Step.COUNCIL] = _("ab {day}").format(day=day(min(advising)))
    if deciding:
        dates[Step.DECISION] = day(max(deciding))
    return dates
