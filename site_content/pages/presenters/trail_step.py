"""One entry in the path of a contribution, and who looks at it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from consult.evaluation.models import Change
from drafts.editions.models import Edition
from site_content.pages.presenters.changes import changed_wordings, op_word
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.theme_report import change_number, change_url

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


def shown_change(edition: Edition, change: Change) -> Shown:
    """A change of text that led to an edition: both sides and its address."""
    old, new = changed_wordings(change)
    return {
        "op": change.op,
        "op_word": op_word(change.op),
        "place": change.place,
        "old": old,
        "new": new,
        "number": change_number(change),
        "url": change_url(edition.number, change),
    }
