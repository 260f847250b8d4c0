"""What a council member needs to decide: six blocks, computed from the rows."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.contested import rounds_on
from consult.council.debate import Place, item_place
from consult.council.models import Paper
from consult.council.participation import Hearing, hearings
from consult.council.positions import positions_at
from consult.council.selectors import prior_resolutions, route_of
from consult.council.states import Effect, PackBlock
from consult.rounds.states import TALLIES_READABLE, RoundStatus
from drafts.actionplan.selectors import measure_states
from drafts.actionplan.states import MeasureStatus
from drafts.editions.models import Edition
from drafts.editions.selectors import edition_in_force, section_data
from drafts.editions.states import EditionStatus
from site_content.pages.frame import moment
from site_content.pages.presenters.decision_changes import text_changes
from site_content.pages.presenters.decision_choices import alternatives, options_by_goal
from site_content.pages.presenters.decision_debate import Debate
from site_content.pages.presenters.decision_heard import heard
from site_content.pages.presenters.decision_money import money
from site_content.pages.presenters.decision_route import (
    advice_on,
    consequences,
    decided_on,
    deciding_day,
    provisos,
    resolved_before,
    route_path,
    shown_item,
)
from site_content.pages.presenters.decision_tasks import measures_by_office, tasks
from site_content.pages.presenters.decision_votes import AtGoals, Goal, votes_on_goals
from site_content.pages.presenters.figures import day, month
from site_content.pages.presenters.motions import motions_on_paper
from site_content.pages.presenters.paper_parts import paper_parts
from site_content.pages.presenters.theme_report import section_name

Shown = dict[str, Any]


def decision_pack(paper: Paper, user=None) -> Shown:
    """All blocks of a paper as a person sees them; without a person, what all readers see.

    Those about the text are left out where it does not adopt one.
    """
    route = list(route_of(paper))
    items = list(paper.items.select_related("task_for", "duty_to").order_by("number"))
    motions = motions_on_paper(paper, user)
    debate = Debate(paper, user, route, motions["entries"])
    rounds = rounds_on(paper.edition)
    closed = [found for found in rounds if found.status in TALLIES_READABLE]
    heard_in = hearings(closed)
    in_force = edition_in_force()
    shown = [
        shown_item(item, route)
        | {"talk": debate.at(item_place(item.pk), _("Nummer {n}").format(n=item.number))}
        for item in items
    ]
    parts = paper_parts(paper, items, closed)
    pack = {
        **parts,
        "paper": paper,
        "items": shown,
        "motions": motions,
        "heard": [heard(found) for found in heard_in],
        "running": [
            {"ref": found.ref, "title": found.title, "closes": moment(found.closes_at)}
            for found in rounds
            if found.status == RoundStatus.OPEN
        ],
        "route": route_path(route, parts["procedural"]),
        "decided_on": decided_on(route),
        "resolved_before": resolved_before(prior_resolutions(paper)),
        "provisos": provisos(route),
        "adopts": any(item.effect == Effect.ADOPT_EDITION for item in items),
        "talks": {block.value: debate.at(Place(block), str(block.label)) for block in PackBlock},
        "debate": debate,
        "tasks": tasks(items, route, deciding_day(route)),
    }
    if pack["adopts"]:
        said = AtGoals(positions_at(route), options_by_goal(paper))
        pack |= _about_the_text(paper, heard_in, debate, in_force, said)
        pack["advice"] = advice_on(items, route)
        pack["afterwards"] = _afterwards(paper.edition, pack["measures"], route)
    waiting = [item for item in shown if not item["decision"]]
    if any(item["effect"] for item in waiting) or (waiting and not pack["adopts"]):
        pack["consequences"] = consequences(paper.edition, in_force, adopts=pack["adopts"])
    pack["alternatives"] = alternatives(paper, _of_a_no(pack))
    return pack


def _of_a_no(pack: Shown) -> str:
    no = pack.get("consequences", [])[-1:]
    return " ".join(f"{row['title']} {row['text']}" for row in no)


def _about_the_text(
    paper: Paper,
    heard_in: list[Hearing],
    debate: Debate,
    in_force: Edition | None,
    said: AtGoals,
) -> Shown:
    edition = paper.edition
    sections = [
        {**section, "name": section_name({**section, "title": section["text"]["title"]})}
        for section in section_data(edition)
    ]
    goals = [Goal(goal, section["name"]) for section in sections for goal in section["goals"]]
    return {
        "text_changes": text_changes(edition, goals, heard_in, in_force),
        "money": money(sections),
        "votes": votes_on_goals(edition, goals, [found.round for found in heard_in], debate, said),
        "measures": sum(len(goal.data["measures"]) for goal in goals),
        "offices": measures_by_office(goal.data for goal in goals),
    }


def _afterwards(edition: Edition, number: int, route: list[Any]) -> Shown:
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
        "first_report": _first_report(edition.in_force_on or deciding_day(route), months),
        "states": [(label, states[code]) for code, label in MeasureStatus.choices]
        if states
        else [],
    }


def _first_report(from_day: date | None, months: int) -> str:
    """The month in which the first report is due, once the day of the decision is known."""
    if from_day is None:
        return ""
    years, index = divmod(from_day.month - 1 + months, 12)
    due = from_day.replace(year=from_day.year + years, month=index + 1, day=1)
    return _("Der erste Bericht ist im {month} fällig.").format(month=month(due))
