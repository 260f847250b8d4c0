"""What a council member needs to decide: six blocks, computed from the rows."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.states import Stance
from consult.council.contested import Verdict, both_sides, heard_rounds, verdicts
from consult.council.models import Decision, Paper, RouteStep
from consult.council.selectors import route_of
from consult.council.states import DecisionStatus, Effect, ItemOutcome, StepStatus
from consult.evaluation.disclosure import REST, Detail, PublicRow
from consult.evaluation.models import Change
from consult.evaluation.selectors import (
    latest_run,
    ledger_sums,
    participation,
    revision_changes,
    revision_to,
    themes_without_change,
)
from consult.evaluation.states import Outcome, ThemeKind
from consult.rounds.models import ConsultationRound
from drafts.actionplan.selectors import measure_states
from drafts.actionplan.states import MeasureStatus
from drafts.concept.states import CostStatus, MeasureKind, Openness
from drafts.editions.models import Edition
from drafts.editions.selectors import edition_in_force, section_data
from drafts.editions.services import goal_slug
from drafts.editions.states import EditionStatus
from site_content.pages.presenters.achievements import REFUSALS, first_sentence
from site_content.pages.presenters.figures import day, euros, listed, voices
from site_content.pages.presenters.theme_report import (
    Report,
    change_number,
    change_url,
    outcome_sentence,
    quote_of,
    report_of,
    section_name,
    theme_url,
)

Shown = dict[str, Any]
# Steps as selectors.route_of gives them, each with its `standing` decisions.
Route = list[Any]

REASONS_SHOWN = 3
CHANGES_SHOWN = 3


@dataclass(frozen=True)
class Goal:
    """A goal of the edition with its section's name."""

    data: Shown
    section: str


def decision_pack(paper: Paper) -> Shown:
    """All blocks of a paper; those about the text are left out where it does not adopt one."""
    route = list(route_of(paper))
    items = list(paper.items.order_by("number"))
    rounds = heard_rounds(paper.edition)
    reports = [report_of(round_) for round_ in rounds]
    pack = {
        "items": [_item(item, route) for item in items],
        "alternatives": [line for line in paper.alternatives.splitlines() if line.strip()],
        "heard": [_heard(report) for report in reports],
        "route": route_path(route),
        "decided_on": _decided_on(route),
        "adopts": any(item.effect == Effect.ADOPT_EDITION for item in items),
    }
    if pack["adopts"]:
        pack |= _about_the_text(paper.edition, rounds, reports)
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
        "consequences": _consequences(edition),
        "text_changes": _text_changes(edition, goals, reports),
        "money": _money(sections),
        "votes": _votes(edition, goals, rounds),
        "afterwards": _afterwards(edition, goals),
    }


# --- the decision --------------------------------------------------------------------------------


def _item(item, route: Route) -> Shown:
    decisions = [
        found
        for step in route
        if step.authoritative
        for found in step.standing
        if found.item_id == item.pk
    ]
    return {
        "number": item.number,
        "text": item.text,
        "effect": item.get_effect_display() if item.effect != Effect.NONE else "",
        "decision": shown_decision(decisions[-1]) if decisions else None,
    }


def shown_decision(decision: Decision) -> Shown:
    """A record in words. Only a confirmed decision of the deciding body is called adopted."""
    is_final = decision.status == DecisionStatus.CONFIRMED
    return {
        "number": decision.item.number,
        "outcome": outcome_word(decision),
        "is_provisional": not is_final,
        "status": decision.get_status_display(),
        "resolution_number": decision.resolution_number,
        "text": decision.resolution_text,
        "conditions": decision.conditions,
        "votes": decision.votes,
        "correction": decision.correction_reason,
        "corrected_on": day(decision.recorded_at) if decision.corrects else "",
        "former": outcome_word(decision.corrects, decision.step) if decision.corrects else "",
    }


def outcome_word(decision: Decision, step: RouteStep | None = None) -> str:
    """What a body did with an item; a body that only advises agrees, it does not adopt."""
    step = step or decision.step
    advice = {
        ItemOutcome.ADOPTED: _("stimmt zu"),
        ItemOutcome.ADOPTED_AS_AMENDED: _("stimmt mit Änderungen zu"),
        ItemOutcome.REJECTED: _("stimmt nicht zu"),
    }
    if not step.authoritative and decision.outcome in advice:
        return advice[ItemOutcome(decision.outcome)]
    word = decision.get_outcome_display()
    if decision.status == DecisionStatus.PROVISIONAL:
        return _("vorläufig: {outcome}").format(outcome=word)
    return word


def _consequences(edition: Edition) -> list[Shown]:
    in_force = edition_in_force()
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


def _decided_on(route: Route) -> Shown | None:
    found = [step for step in route if step.authoritative and step.status != StepStatus.DROPPED]
    if not found:
        return None
    return {"body": found[-1].body.name, "day": day(found[-1].meeting_on)}


# --- what changes --------------------------------------------------------------------------------


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


# --- money ---------------------------------------------------------------------------------------


def _money(sections: list[Shown]) -> Shown:
    rows = [row for row in (_money_row(section) for section in sections) if row["count"]]
    return {
        "rows": [_in_words(row) for row in rows],
        "total": _in_words(
            {
                name: sum(row[name] for row in rows)
                for name in ("count", "one_off", "yearly", "not_estimated")
            }
        ),
        "not_estimated": [
            {"number": measure["number"], "title": measure["text"]["title"]}
            for section in sections
            for measure in _measures(section)
            if measure["cost_status"] == CostStatus.NOT_ESTIMATED
        ],
    }


def _measures(section: Shown) -> list[Shown]:
    return [measure for goal in section["goals"] for measure in goal["measures"]]


def _money_row(section: Shown) -> Shown:
    measures = _measures(section)
    statuses = [measure["cost_status"] for measure in measures]
    return {
        "section": section["name"],
        "count": len(measures),
        "one_off": sum(measure["cost_one_off"] or 0 for measure in measures),
        "yearly": sum(measure["cost_yearly"] or 0 for measure in measures),
        "not_estimated": statuses.count(CostStatus.NOT_ESTIMATED),
    }


def _in_words(row: Shown) -> Shown:
    return {
        **row,
        "one_off": euros(row["one_off"]),
        "yearly": euros(row["yearly"]),
        "not_estimated": _("{n} von {total}").format(n=row["not_estimated"], total=row["count"]),
    }


# --- contested and not ---------------------------------------------------------------------------


def _votes(edition: Edition, goals: list[Goal], rounds: list[ConsultationRound]) -> Shown:
    found = verdicts(rounds)
    contested = [
        goal for goal in goals if goal.data["wid"] in found and found[goal.data["wid"]].is_contested
    ]
    sides = both_sides(rounds, [goal.data["wid"] for goal in contested])
    agreed = [
        goal
        for goal in goals
        if goal.data["wid"] in found and not found[goal.data["wid"]].is_contested
    ]
    without = [goal for goal in goals if goal.data["wid"] not in found]
    return {
        "was_voted": bool(found),
        "contested": [
            _contested(edition, goal, found[goal.data["wid"]], sides.get(goal.data["wid"], {}))
            for goal in contested
        ],
        "contested_count": ngettext(
            "{n} Ziel ist umstritten", "{n} Ziele sind umstritten", len(contested)
        ).format(n=len(contested)),
        "agreed": _by_section(edition, agreed),
        "agreed_count": ngettext(
            "{n} Ziel ist nicht umstritten", "{n} Ziele sind nicht umstritten", len(agreed)
        ).format(n=len(agreed)),
        "without": _by_section(edition, without),
        "without_count": ngettext(
            "Zu {n} Ziel gibt es kein Ergebnis",
            "Zu {n} Zielen gibt es kein Ergebnis",
            len(without),
        ).format(n=len(without)),
    }


def _contested(edition: Edition, goal: Goal, verdict: Verdict, sides: dict[str, Any]) -> Shown:
    groups = [row for row in verdict.table.rows if row.names != (REST,)]
    return {
        **_goal(edition, goal),
        "section": goal.section,
        "result": result_words(verdict.table.total),
        "groups": listed([words for words in map(_group_words, groups) if words]),
        "other_edition": verdict.round.edition.number
        if verdict.round.edition_id != edition.pk
        else None,
        "sides": [
            {"title": _("Dafür"), "quote": _words_of(sides.get(Stance.SUPPORT))},
            {"title": _("Bedenken"), "quote": _words_of(sides.get(Stance.CONCERN))},
        ],
    }


def _words_of(contribution) -> Shown | None:
    if contribution is None:
        return None
    return quote_of(contribution, contribution.comment_row.comment)


def result_words(row: PublicRow) -> str:
    """A total in words, as finely as it may be shown."""
    if row.detail == Detail.FULL:
        agree, disagree, passed = row.cells
        return _("{a} stimmen zu, {b} stimmen nicht zu, {c} wissen es nicht").format(
            a=agree, b=disagree, c=passed
        )
    if row.detail == Detail.AGREEMENT:
        agree, others = row.cells
        return _("{a} stimmen zu, {b} stimmen nicht zu oder wissen es nicht").format(
            a=agree, b=others
        )
    if row.detail == Detail.SIZE:
        return ngettext("{n} Stimme", "{n} Stimmen", row.size).format(n=row.size)
    return _("weniger als zehn Stimmen")


def _group_words(row: PublicRow) -> str:
    if row.detail < Detail.AGREEMENT:
        return ""
    names = [_("keiner Gruppe zugeordnet") if name == REST else name for name in row.names]
    return _("{group}: {percent} % von {n}").format(
        group=" + ".join(names), percent=round(100 * row.cells[0] / row.size), n=row.size
    )


def _by_section(edition: Edition, goals: list[Goal]) -> list[Shown]:
    names = dict.fromkeys(goal.section for goal in goals)
    return [
        {"section": name, "goals": [_goal(edition, goal) for goal in goals if goal.section == name]}
        for name in names
    ]


def _goal(edition: Edition, goal: Goal) -> Shown:
    return {
        "number": goal.data["number"],
        "wording": goal.data["text"]["wording"],
        "is_fixed": goal.data["openness"] == Openness.FIXED,
        "url": reverse("goal", args=[edition.number, goal_slug(goal.data["number"])]),
    }


# --- how residents were heard --------------------------------------------------------------------


def _heard(report: Report) -> Shown:
    round_ = report.round
    people = participation(round_)
    run = latest_run(round_)
    themes = report.of_kind(ThemeKind.THEME)
    refused = [e for e in themes if e["response"] and e["response"].outcome in REFUSALS]
    refused.sort(key=lambda entry: -entry["people"])
    return {
        "ref": round_.ref,
        "title": round_.title,
        "window": _("{start} bis {end}").format(
            start=day(round_.opens_at), end=day(round_.closes_at)
        ),
        "url": reverse("round_themes", args=[round_.ref]),
        "figures": [
            (_("Beiträge"), ledger_sums(round_)["received"]),
            (_("Personen mit Konto"), people["contributors"]),
            (_("Beiträge ohne Konto"), people["by_guests"]),
            (_("Themen"), len(themes)),
            (_("Einzelstimmen"), len(report.of_kind(ThemeKind.SINGLE_VOICE))),
            *_voters(run),
        ],
        "outcomes": outcome_sentence(report.entries),
        "refusals": [_refusal(report, entry) for entry in refused[:REASONS_SHOWN]],
    }


def _voters(run) -> list[tuple[str, int]]:
    number = run.method.get("opinions", {}).get("participants") if run else None
    return [(_("Abstimmende"), number)] if number else []


def _refusal(report: Report, entry: Shown) -> Shown:
    response = entry["response"]
    return {
        "title": entry["theme"].title,
        "url": theme_url(report.round, entry["theme"].number),
        "icon": f"i-{response.outcome}",
        "outcome": Outcome(response.outcome).label,
        "reason": first_sentence(response.reason),
        "voices": voices(entry["size"], entry["people"]),
    }


# --- afterwards, and the way ---------------------------------------------------------------------


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


def route_path(route: Route) -> list[Shown]:
    """The way through the bodies: what was held, what comes next, what follows."""
    waiting = [step for step in route if step.status not in {StepStatus.HELD, StepStatus.DROPPED}]
    now = waiting[0].pk if waiting else None
    return [
        {
            "body": step.body.name,
            "role": step.get_role_display(),
            "status": step.get_status_display(),
            "decides": step.authoritative,
            "day": day(step.meeting_on),
            "agenda_item": step.agenda_item,
            "result": step.result,
            "decisions": [shown_decision(decision) for decision in step.standing],
            "is_now": step.pk == now,
            "is_next": step in waiting and step.pk != now,
        }
        for step in route
    ]
