"""What the two offices do with a paper over months, by the services, with readable steps."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from consult.council.models import Body, CouncilGroup, Decision, GroupVote, Paper, RouteStep
from consult.council.services.decisions import confirm_decision, record_decision
from consult.council.services.procedural import record_procedural_motion
from consult.council.services.route import add_reading, add_step, schedule_step, set_step_status
from consult.council.states import ItemOutcome, Position, StepOutcome, StepStatus
from consult.participants.states import Role
from tests.factories import make_staff


@dataclass
class Office:
    """Both offices of a city with a paper between them; `day` is when it was begun."""

    paper: Paper
    coordination: Any
    day: date
    at: datetime
    recorder: Any = field(default_factory=lambda: make_staff(Role.COUNCIL_OFFICE))
    second: Any = field(default_factory=lambda: make_staff(Role.COUNCIL_OFFICE))

    def routes(self, name: str, *, days: int, top: str = "", **fields) -> RouteStep:
        """A body comes into the route, with its meeting so many days later."""
        return add_step(
            paper=self.paper,
            body=body(name),
            meeting_on=self.day + timedelta(days=days),
            agenda_item=top,
            actor=self.coordination,
            **fields,
        )

    def meets(self, step: RouteStep, result: str, outcome=StepOutcome.VOTED, to="") -> RouteStep:
        """A body has met."""
        return set_step_status(
            step=step,
            status=StepStatus.HELD,
            actor=self.recorder,
            result=result,
            outcome=outcome,
            referred_to=to,
        )

    def reads_again(self, step: RouteStep, *, days: int) -> RouteStep:
        """The paper comes to the same body once more."""
        again = add_reading(step=step, actor=self.recorder)
        return schedule_step(
            step=again,
            meeting_on=self.day + timedelta(days=days),
            agenda_item="",
            actor=self.recorder,
        )

    def moved(self, step: RouteStep, kind, result, who: str, **words) -> None:
        """Somebody moved something about dealing with the paper."""
        record_procedural_motion(
            step=step,
            kind=kind,
            moved_by=who,
            result=result,
            actor=self.recorder,
            at=self.at,
            **words,
        )

    def records(self, step: RouteStep, number: int, outcome: ItemOutcome, **fields) -> Decision:
        """The evening's result on an item, provisional."""
        item = self.paper.items.get(number=number)
        return record_decision(
            item=item, step=step, outcome=outcome, actor=self.recorder, at=self.at, **fields
        )

    def confirms(self, *decisions: Decision) -> None:
        """A second person confirms after the minutes."""
        for decision in decisions:
            confirm_decision(decision=decision, actor=self.second, at=self.at)

    def page(self, client: Client) -> str:
        """The words of the public page of the paper."""
        found = client.get(reverse("paper", args=[self.paper.pk]))
        assert found.status_code == 200
        return words(found)


def body(name: str) -> Body:
    """A body of Lindenau am Main."""
    return Body.objects.get_or_create(name=name)[0]


def votes(**positions: dict[str, int | str | None]) -> list[GroupVote]:
    """How groups voted: position by group with heads, None for uncounted, or a wish instead."""
    rows = []
    for position, groups in positions.items():
        for name, given in groups.items():
            group = CouncilGroup.objects.get_or_create(name=name)[0]
            rows.append(
                GroupVote(
                    group=group,
                    position=Position(position),
                    count=given if isinstance(given, int) else None,
                    wish=given if isinstance(given, str) else "",
                )
            )
    return rows


def words(response) -> str:
    """The words of a page on one line."""
    return " ".join(unescape(strip_tags(response.content.decode())).split())
