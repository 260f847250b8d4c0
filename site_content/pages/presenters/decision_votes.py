"""Which goals are contested and which can be voted en bloc, as the residents' votes show it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.contributions.states import Stance
from consult.council.contested import Verdict, both_sides, verdicts
from consult.evaluation.disclosure import REST, Detail, PublicRow
from consult.rounds.models import ConsultationRound
from drafts.concept.states import Openness
from drafts.editions.models import Edition
from drafts.editions.services import goal_slug
from site_content.pages.presenters.figures import listed
from site_content.pages.presenters.quoting import quote_of

Shown = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A goal of the edition with its section's name."""

    data: Shown
    section: str


def votes_on_goals(edition: Edition, goals: list[Goal], rounds: list[ConsultationRound]) -> Shown:
    """The goals in three lists: contested, not contested, and without a result."""
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
