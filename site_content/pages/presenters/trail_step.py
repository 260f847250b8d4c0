"""One entry in the path of a contribution, and who looks at it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from site_content.pages.presenters.figures import day

Shown = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who looks: `key` is what opens the receipt of its holder, "" for everybody else."""

    at: datetime
    key: str = ""

    @property
    def is_holder(self) -> bool:
        """Whether the reader may see all that the author may."""
        return bool(self.key)


@dataclass(frozen=True)
class Step:
    """One entry of the path. `on` puts it in order; `template` shows `data`."""

    title: str
    template: str
    on: date
    when: str
    data: Shown = field(default_factory=dict)
    mark: str = ""


def step_of(title: str, template: str, at: date | datetime, when: str = "", **data: Any) -> Step:
    """A step with its day; `when` says it in other words than the date."""
    on = timezone.localdate(at) if isinstance(at, datetime) else at
    return Step(title, f"records/steps/{template}.html", on, when or day(at), data)
