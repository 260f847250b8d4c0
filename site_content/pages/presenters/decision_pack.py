"""What a council member needs to decide: six blocks, computed from the rows."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.contested import heard_rounds, running_rounds
from consult.council.models import Paper
from consult.council.selectors import lines, route_of
from consult.council.states import Effect
from consult.evaluation.models import Change
from consult.evaluation.selectors import (
    revision_changes,
    revision_to,
    themes_without_change,
)
from consult.rounds.models import ConsultationRound
from drafts.actionplan.selectors import measure_states
from drafts.actionplan.states import MeasureStatus
from drafts.concept.states import MeasureKind
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from drafts.editions.states import EditionStatus
from site_content.pages.frame import moment
from site_content.pages.presenters.decision_heard import heard
from site_content.pages.presenters.decision_money import money
from site_content.pages.presenters.decision_route import (
    consequences,
    decided_on,
    route_path,
    shown_item,
)
from site_content.pages.presenters.decision_votes import Goal, votes_on_goals
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.theme_report import (
    Report,
    change_number,
    change_url,
    report_of,
    section_name,
)

Shown = dict[str, Any]

CHANGES_SHOWN = 3


def decision_pack(paper: Paper) -> Shown:
    """All blocks of a paper; those about the text are left out where it does not adopt one."""
    route = list(route_of(paper))
    items = list(paper.items.order_by("number"))
    rounds = heard_rounds(paper.edition)
    reports = [report_of(round_) for round_ in rounds]
    pack = {
        "items": [shown_item(item, route) for item in items],
        "alternatives": lines(paper.alternatives),
        "heard": [heard(report) for report in reports],
        "running": [
            {"ref": found.ref, "title": found.title, "closes": moment(found.closes_at)}
            for found in running_rounds(paper.edition)
        ],
        "route": route_path(route),
        "decided_on": decided_on(route),
        "adopts": any(item.effect == Effect.ADOPT_EDITION for item in items),
    }
    if pack["adopts"]:
        pack |= _about_the_text(paper.edition, rounds, reports)
    if pack["adopts"] and not any(item["effect"] and item["decision"] for item in pack["items"]):
        pack["consequences"] = consequences(paper.edition)
    return pack


def _about_the_text(
    edition: Edition, rounds: list[ConsultationRound], reports: list[Report]
) -> Shown:
    sections = [
        {**section, "name": section_name({**section, "title": section["text"]["title"]})}
        for section in section_data(edition)
    ]
    goals = [Goal(goal, section["name"]) for section in sections for goal in section["goals"]]
    return {
        "text_changes": _text_changes(edition, goals, reports),
        "money": money(sections),
        "votes": votes_on_goals(edition, goals, rounds),
        "afterwards": _afterwards(edition, goals),
    }


def _text_changes(edition: Edition, goals: list[Goal], reports: list[Report]) -> Shown:
    kinds = [measure["kind"] for goal in goals for measure in goal.data["measures"]]
    revision = revision_to(edition)
    changes = list(revision_changes(revision)) if revision else []
    return {
        "goals": _goal_counts(changes, len(goals)),
        "measures": [(label, kinds.count(kind)) for kind, label in MeasureKind.choices],
        "measure_count": ngettext("{n} Maßnahme", "{n} Maßnahmen", len(kinds)).format(n=len(kinds)),
        "is_compared": revision is not None,
        "number_of_changes": len(changes),
        "url": reverse("changes", args=[edition.number]),
        "largest": _largest(changes, edition, reports),
        "without_change": len(themes_without_change(revision)) if revision else 0,
    }


def _goal_counts(changes: list[Change], total: int) -> list[tuple[str, int]]:
    wids = {
        op: {change.wid for change in changes if change.part == "goal" and change.op == op}
        for op in ("insert", "replace", "delete")
    }
    return [
        (_("Ziele insgesamt"), total),
        (_("neue Ziele"), len(wids["insert"])),
        (_("geänderte Ziele"), len(wids["replace"])),
        (_("entfallene Ziele"), len(wids["delete"])),
    ]


def _largest(changes: list[Change], edition: Edition, reports: list[Report]) -> list[Shown]:
    """The changed goals with most people behind the themes that caused them."""
    people = {entry["theme"].pk: entry["people"] for report in reports for entry in report.entries}

    def weight(change: Change) -> int:
        causes = [cause.response for cause in change.causes.all() if cause.response]
        return sum(people.get(response.theme_id, 0) for response in causes)

    goals = [change for change in changes if change.part == "goal" and change.new]
    ordered = sorted(goals, key=lambda change: (-weight(change), change.position))
    return [
        {
            "place": change.place,
            "text": change.new.split("\n", 1)[0],
            "number": change_number(change),
            "url": change_url(edition.number, change),
        }
        for change in ordered[:CHANGES_SHOWN]
    ]


def _afterwards(edition: Edition, goals: list[Goal]) -> Shown:
    number = sum(len(goal.data["measures"]) for goal in goals)
    months = edition.concept.review_interval_months
    in_force = edition.status == EditionStatus.IN_FORCE
    states = measure_states(edition) if in_force else {}
    return {
        "in_force_on": day(edition.in_force_on),
        "plan": ngettext(
            "Nach dem bestätigten Beschluss ist {n} Maßnahme mit ihrem Stand öffentlich zu sehen.",
            "Nach dem bestätigten Beschluss sind {n} Maßnahmen mit ihrem Stand öffentlich zu "
            "sehen.",
            number,
        ).format(n=number),
        "report": ngettext(
            "Die Stadt berichtet jeden Monat über die Umsetzung.",
            "Die Stadt berichtet alle {n} Monate über die Umsetzung.",
            months,
        ).format(n=months),
        "states": [(label, states[code]) for code, label in MeasureStatus.choices]
        if states
        else [],
    }
