"""What follows a decision: who does what until when, and when a report is first due."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.models import ResolutionItem
from consult.council.states import ItemOutcome
from site_content.pages.presenters.figures import day

Shown = dict[str, Any]
# What a body did with these items leads to no task.
WITHOUT_TASK = frozenset(ItemOutcome) - {ItemOutcome.ADOPTED, ItemOutcome.ADOPTED_AS_AMENDED}


def tasks(
    items: Iterable[ResolutionItem], route: list[Any], decides_on: date | None
) -> list[Shown]:
    """Rows of {number, what, who, until}: what items ask for, and first reports not owed yet.

    `decides_on` is the day of the meeting that decides, from which the first report is counted.
    """
    outcomes = {
        found.item_id: found.outcome
        for step in route
        if step.authoritative
        for found in step.standing
    }
    rows: list[Shown] = []
    for item in items:
        outcome = outcomes.get(item.pk)
        if outcome in WITHOUT_TASK:
            continue
        if item.task_until or (item.task_for and not item.duty):
            rows.append(_task(item, item.title or item.text, _until(item)))
        if item.duty and outcome is None:
            rows.append(_task(item, _report(item), _first_due(item, decides_on)))
    return rows


def measures_by_office(goals: Iterable[Shown]) -> list[str]:
    """Who is in charge of how many measures, most first, as the text of the edition says."""
    named = Counter(
        measure["text"]["responsible"] or _("noch niemand")
        for goal in goals
        for measure in goal["measures"]
    )
    return [
        ngettext("{who}: {n} Maßnahme", "{who}: {n} Maßnahmen", number).format(who=who, n=number)
        for who, number in named.most_common()
    ]


def _task(item: ResolutionItem, what: str, until: str) -> Shown:
    who = item.task_for.name if item.task_for else _("noch niemand")
    return {"number": item.number, "what": what, "who": who, "until": until}


def _until(item: ResolutionItem) -> str:
    return day(item.task_until) or _("ohne Frist")


def _report(item: ResolutionItem) -> str:
    return _("Erster Bericht an {body}: {subject}").format(
        body=item.duty_to, subject=item.title or item.text
    )


def _first_due(item: ResolutionItem, decides_on: date | None) -> str:
    months = item.duty_months or 0
    if decides_on is not None:
        return day(decides_on + relativedelta(months=months))
    return ngettext("{n} Monat nach dem Beschluss", "{n} Monate nach dem Beschluss", months).format(
        n=months
    )
