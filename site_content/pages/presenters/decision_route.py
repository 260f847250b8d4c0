"""The items and the way through the bodies, with what each body did, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consult.council.models import Decision, GroupVote, RouteStep
from consult.council.selectors import PositionVotes, lines, readings, votes_by_position
from consult.council.states import (
    DecisionStatus,
    Effect,
    MeetingStatus,
    PaperStatus,
    StepStatus,
)
from consult.council.wording import ending, number_word, outcome_word
from drafts.editions.models import Edition
from site_content.pages.frame import moment
from site_content.pages.presenters.figures import day, listed

Shown = dict[str, Any]
# Steps as selectors.route_of gives them, each with its `standing` decisions.
Route = list[Any]
PUBLIC = frozenset({PaperStatus.SUBMITTED, PaperStatus.DECIDED})


def shown_item(item, route: Route) -> Shown:
    """An item with what the deciding body last did with it."""
    decisions = [
        found
        for step in route
        if step.authoritative
        for found in step.standing
        if found.item_id == item.pk
    ]
    return {
        "number": item.number,
        "title": item.title,
        "text": item.text,
        "asks": item.get_asks_display(),
        "alternatives": lines(item.alternatives),
        "advice": _advice(item, route),
        "effect": item.get_effect_display() if item.effect != Effect.NONE else "",
        "decision": shown_decision(decisions[-1]) if decisions else None,
    }


def _advice(item, route: Route) -> list[Shown]:
    """What the bodies that advise said to an item, in the order of the route."""
    return [
        {
            "body": step.body.name,
            "role": step.get_role_display(),
            "day": day(step.meeting_on),
            "outcome": outcome_word(found),
            "votes": found.votes,
            "result": step.result,
        }
        for step in route
        if not step.authoritative
        for found in step.standing
        if found.item_id == item.pk
    ]


def advice_on(items: list[Any], route: Route) -> list[Shown]:
    """What advising bodies said to the item that adopts the text; those without a vote too."""
    [adopting] = [item for item in items if item.effect == Effect.ADOPT_EDITION]
    voted = {step.pk for step in route for found in step.standing if found.item_id == adopting.pk}
    unvoted = [
        {
            "body": step.body.name,
            "role": step.get_role_display(),
            "day": day(step.meeting_on),
            "outcome": ending(step) or step.get_status_display(),
            "votes": "",
            "result": step.result,
        }
        for step in route
        if not step.authoritative and step.pk not in voted and step.status != StepStatus.DROPPED
    ]
    return _advice(adopting, route) + unvoted


def provisos(route: Route) -> list[Shown]:
    """Conditions that bodies have tied to an item so far."""
    return [
        {"body": step.body.name, "number": found.item.number, "text": found.conditions}
        for step in route
        for found in step.standing
        if found.conditions
    ]


def resolved_before(decisions: Iterable[Decision]) -> list[Shown]:
    """Earlier resolutions on the same concept, in words."""
    return [
        {
            "number": number_word(found),
            "outcome": outcome_word(found),
            "body": found.step.body.name,
            "day": day(found.step.meeting_on),
            "text": found.resolution_text or found.item.text,
            "reference": found.item.paper.reference,
            "url": reverse("paper", args=[found.item.paper_id]),
        }
        for found in decisions
    ]


def shown_decision(decision: Decision) -> Shown:
    """A record in words. Only a confirmed decision of the deciding body is called adopted."""
    is_final = decision.status == DecisionStatus.CONFIRMED
    return {
        "number": decision.item.number,
        "outcome": outcome_word(decision),
        "is_provisional": not is_final,
        "status": decision.get_status_display(),
        "resolution_number": number_word(decision),
        "referred_to": decision.referred_to,
        "text": decision.resolution_text,
        "conditions": decision.conditions,
        "votes": decision.votes,
        "group_votes": [_position(row) for row in votes_by_position(decision.group_votes.all())],
        "correction": decision.correction_reason,
        "corrected_on": day(decision.recorded_at) if decision.corrects else "",
        "former": outcome_word(decision.corrects, decision.step) if decision.corrects else "",
    }


def _position(row: PositionVotes) -> Shown:
    """Who voted one way, with the heads where they were counted."""
    return {
        "word": str(row.position.label),
        "total": row.total,
        "groups": "; ".join(_group(vote) for vote in row.votes),
    }


def _group(vote: GroupVote) -> str:
    counted = f"{vote.group} ({vote.count})" if vote.count else str(vote.group)
    if not vote.wish:
        return counted
    return _("{group}, wollte stattdessen: {wish}").format(group=counted, wish=vote.wish)


def consequences(edition: Edition, in_force: Edition | None, *, adopts: bool) -> list[Shown]:
    """What follows from a yes and from a no."""
    if not adopts:
        return _plain_consequences()
    former = (
        _("gilt Fassung {n} weiter.").format(n=in_force.number)
        if in_force and in_force.pk != edition.pk
        else _("gilt diese Fassung nicht. Was bisher gilt, ändert sich nicht.")
    )
    return [
        {
            "title": _("Wenn die Mehrheit zustimmt,"),
            "text": _("gilt Fassung {n}, sobald die Niederschrift bestätigt ist.").format(
                n=edition.number
            ),
        },
        {"title": _("Wenn die Mehrheit ablehnt,"), "text": former},
    ]


def _plain_consequences() -> list[Shown]:
    return [
        {
            "title": _("Wenn die Mehrheit zustimmt,"),
            "text": _(
                "gelten die Aufträge, sobald die Niederschrift bestätigt ist. Der Text des "
                "Konzepts ändert sich nicht."
            ),
        },
        {
            "title": _("Wenn die Mehrheit ablehnt,"),
            "text": _("bleibt alles, wie es ist. Über jede Nummer wird einzeln entschieden."),
        },
    ]


def decided_on(route: Route) -> Shown | None:
    """Where and when it is decided; None without a deciding body."""
    step = _deciding(route)
    return {"body": step.body.name, "day": _sitting(step)} if step else None


def _sitting(step: Any) -> str:
    """When a body meets: weekday, day and, where it is fixed, hour."""
    if step.meeting_on is None:
        return ""
    if step.meeting.starts_at:
        return moment(step.meeting.starts_at)
    return listed([date_format(step.meeting_on, "l"), day(step.meeting_on)])


def deciding_day(route: Route) -> date | None:
    """The day of the meeting that decides, where it is fixed."""
    step = _deciding(route)
    return step.meeting_on if step else None


def _deciding(route: Route) -> Any:
    found = [step for step in route if step.authoritative and step.status != StepStatus.DROPPED]
    return found[-1] if found else None


def _is_cancelled(step: RouteStep) -> bool:
    return step.meeting is not None and step.meeting.status == MeetingStatus.CANCELLED


def route_path(route: Route, motions: dict[int, list[Shown]]) -> list[Shown]:
    """The way through the bodies: what was held, what comes next, what follows.

    `motions` about dealing with the paper come by step.
    """
    waiting = [step for step in route if step.status not in {StepStatus.HELD, StepStatus.DROPPED}]
    now = waiting[0].pk if waiting else None
    times = readings(route)
    return [
        {
            "body": step.body.name,
            "reading": times[step.pk] if times[step.pk] > 1 else None,
            "role": step.get_role_display(),
            "status": ending(step) or step.get_status_display(),
            "decides": step.authoritative,
            "day": day(step.meeting_on),
            "meeting": step.meeting_id if step.paper.status in PUBLIC else None,
            "cancelled_on": day(step.meeting.day) if _is_cancelled(step) else "",
            "agenda_item": step.agenda_item,
            "result": step.result,
            "motions": motions.get(step.pk, []),
            "decisions": [shown_decision(decision) for decision in step.standing],
            "is_now": step.pk == now,
            "is_next": step in waiting and step.pk != now,
        }
        for step in route
    ]
