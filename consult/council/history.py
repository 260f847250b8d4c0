"""How the route of a paper was changed: what the public may know of the log, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Exists, OuterRef
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from consult.council.models import Paper
from consult.council.states import PaperStatus, Publicity, StepOutcome, StepStatus

BEGUN = "paper.status"
ACTIONS = (
    "paper.add_step",
    "paper.move_step",
    "paper.remove_step",
    "paper.schedule_step",
    "route_step.status",
    "route_step.correct",
)


@dataclass(frozen=True)
class RouteChange:
    """One change of the route; who made it stays with the offices."""

    at: datetime
    text: str


def route_history(paper: Paper) -> list[RouteChange]:
    """What was changed in the route since the paper was submitted, the latest first.

    Steps that are not public, or were not when they were changed, are left out.
    """
    entries = (
        registry.get_logs_for_instance(paper)
        .filter(action__in=[*ACTIONS, BEGUN])
        .annotate(step=Cast(KT("data__step"), BigIntegerField()))
        .exclude(Exists(paper.route.filter(publicity=Publicity.NON_PUBLIC, pk=OuterRef("step"))))
        .order_by("pk")
    )
    told: list[RouteChange] | None = None
    for entry in entries:
        if entry.action == BEGUN:
            is_begun = entry.data.get("to") == PaperStatus.SUBMITTED
            told = [] if is_begun and told is None else told
        elif told is not None and entry.data.get("publicity") != Publicity.NON_PUBLIC:
            told.append(RouteChange(entry.timestamp, _told(entry.action, entry.data)))
    return (told or [])[::-1]


def _told(action: str, data: dict) -> str:
    if action == "route_step.status":
        return _("{body}: {state}").format(body=data["body"], state=StepStatus(data["to"]).label)
    if action == "route_step.correct":
        return _corrected(data)
    if action == "paper.schedule_step":
        return _moved(data)
    texts = {
        "paper.add_step": _("{body} kommt in die Beratungsfolge, an Stelle {to}."),
        "paper.move_step": _("{body} rückt von Stelle {from_} an Stelle {to}."),
        "paper.remove_step": _("{body} ist nicht mehr in der Beratungsfolge."),
    }
    return texts[action].format(body=data["body"], from_=data.get("from"), to=data.get("to"))


def _corrected(data: dict) -> str:
    before = StepOutcome(data["from"]).label if data["from"] else ""
    former = ", ".join(filter(None, [str(before), data["referred_to"], data["result"]]))
    return _("{body}: Ausgang der Sitzung berichtigt. Vorher stand dort: {former} {reason}").format(
        body=data["body"], former=former, reason=data["reason"]
    )


def _moved(data: dict) -> str:
    before, after = _day(data.get("from")), _day(data.get("to"))
    if after and before and before != after:
        return _("{body}: Sitzung verlegt vom {before} auf den {after}.").format(
            body=data["body"], before=date_format(before), after=date_format(after)
        )
    if after:
        return _("{body}: auf der Tagesordnung am {after}.").format(
            body=data["body"], after=date_format(after)
        )
    return _("{body}: Der Termin steht nicht mehr fest.").format(body=data["body"])


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None
