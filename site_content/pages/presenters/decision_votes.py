"""Which goals are contested and which can be voted en bloc: the residents' votes, what bodies that
advise said, and who wants to speak in the council."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from consult.contributions.states import Stance
from consult.council.contested import Verdict, both_sides, verdicts
from consult.council.debate import goal_place
from consult.council.positions import Positions
from consult.evaluation.disclosure import REST, Detail, PublicRow, PublicTable
from consult.participants.states import VerificationClass
from consult.rounds.models import ConsultationRound
from drafts.concept.states import Openness
from drafts.editions.models import Edition
from drafts.editions.services import goal_slug
from site_content.pages.presenters.decision_debate import Debate
from site_content.pages.presenters.decision_positions import (
    agreement,
    disagreement,
    shown_positions,
)
from site_content.pages.presenters.figures import listed
from site_content.pages.presenters.quoting import quote_of

Shown = dict[str, Any]


@dataclass(frozen=True)
class Goal:
    """A goal of the edition with its section's name."""

    data: Shown
    section: str

    @property
    def wid(self) -> str:
        """Its key, the same in every edition."""
        return self.data["wid"]


@dataclass(frozen=True)
class AtGoals:
    """What is said at goals, by their key: positions of bodies, and what can be chosen."""

    positions: Positions
    options: Mapping[str, list[Shown]]


def votes_on_goals(
    edition: Edition,
    goals: list[Goal],
    rounds: list[ConsultationRound],
    debate: Debate,
    said: AtGoals,
) -> Shown:
    """The goals in four lists: contested, called by members, not contested, without a result."""
    found = verdicts(rounds)
    shown = {goal.wid: _goal(edition, goal, debate, said) for goal in goals}
    contested = [
        goal for goal in goals if _is_contested(goal, found) or shown[goal.wid]["disagreement"]
    ]
    sides = both_sides(rounds, [goal.wid for goal in contested])
    singly = {goal.wid for goal in contested}
    others = [goal for goal in goals if goal.wid not in singly]
    agreed = [goal for goal in others if goal.wid in found]
    en_bloc = [goal for goal in agreed if not shown[goal.wid]["talk"]["wish"]]
    called = [goal for goal in agreed if shown[goal.wid]["talk"]["wish"]]
    without = [goal for goal in others if goal.wid not in found]
    return {
        "was_voted": bool(found or contested),
        "rule": _(
            "Die Regel: Ein Ziel ist umstritten, wenn mindestens ein Drittel derer, die Ja oder "
            "Nein sagten, Nein gesagt hat, wenn in einer Meinungsgruppe nicht mehr Menschen Ja als "
            "Nein sagten oder wenn ein Gremium, das darüber beraten hat, nicht zugestimmt hat. "
            "Zahlen unter zehn zeigen wir nicht. Wer abstimmt, entscheidet selbst, ob er abstimmt: "
            "Das Ergebnis ist kein Abbild der Stadt."
        ),
        "contested": [
            shown[goal.wid]
            | _figures(edition, found.get(goal.wid))
            | {"sides": _sides(sides.get(goal.wid, {}))}
            for goal in contested
        ],
        "contested_count": ngettext(
            "{n} Ziel ist umstritten", "{n} Ziele sind umstritten", len(contested)
        ).format(n=len(contested)),
        "called": [shown[goal.wid] for goal in called],
        "called_count": ngettext(
            "{n} Ziel rufen Mitglieder einzeln auf",
            "{n} Ziele rufen Mitglieder einzeln auf",
            len(called),
        ).format(n=len(called)),
        "agreed": _by_section(en_bloc, shown),
        "agreed_count": ngettext(
            "{n} Ziel ist nicht umstritten", "{n} Ziele sind nicht umstritten", len(agreed)
        ).format(n=len(agreed)),
        "en_bloc_count": ngettext(
            "{n} Ziel: Vorschlag, gemeinsam abzustimmen",
            "{n} Ziele: Vorschlag, gemeinsam abzustimmen",
            len(en_bloc),
        ).format(n=len(en_bloc)),
        "en_bloc_bodies": agreement(said.positions, [goal.wid for goal in en_bloc]),
        "without": _by_section(without, shown),
        "without_count": ngettext(
            "Zu {n} Ziel gibt es kein Ergebnis",
            "Zu {n} Zielen gibt es kein Ergebnis",
            len(without),
        ).format(n=len(without)),
    }


def _is_contested(goal: Goal, found: dict[str, Verdict]) -> bool:
    return goal.wid in found and found[goal.wid].is_contested


def _figures(edition: Edition, verdict: Verdict | None) -> Shown:
    """How residents voted on a goal; a goal that only a body contests may have no result."""
    if verdict is None:
        return {"result": "", "groups": "", "classes": "", "other_edition": None}
    return {
        "result": result_words(verdict.table.total),
        "groups": _shares(verdict.table, {REST: _("keiner Gruppe zugeordnet")}),
        "classes": _shares(verdict.classes, {known: known.label for known in VerificationClass}),
        "other_edition": verdict.round.edition.number
        if verdict.round.edition_id != edition.pk
        else None,
    }


def _sides(found: dict[str, Any]) -> list[Shown]:
    return [
        {"title": _("Dafür"), "quote": _words_of(found.get(Stance.SUPPORT))},
        {"title": _("Bedenken"), "quote": _words_of(found.get(Stance.CONCERN))},
    ]


def _shares(table: PublicTable, names: Mapping[str, Any]) -> str:
    """The share of agreement in each part of those who voted, as far as it may be shown."""
    rows = [row for row in table.rows if row.names != (REST,) and row.detail >= Detail.AGREEMENT]
    return listed(
        [
            _("{group}: {percent} % von {n}")
            .format(
                group=" + ".join(str(names.get(name, name)) for name in row.names),
                percent=round(100 * row.cells[0] / row.size),
                n=row.size,
            )
            .replace(" %", "\N{NO-BREAK SPACE}%")
            for row in rows
        ]
    )


def _words_of(contribution) -> Shown | None:
    if contribution is None:
        return None
    language = str(get_language()).split("-")[0]
    into = {row.language: row for row in contribution.translations.all()}
    words = quote_of(contribution, contribution.comment_row.comment)
    return {**words, "translation": into.get(language)}


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


def _by_section(goals: list[Goal], shown: dict[str, Shown]) -> list[Shown]:
    names = dict.fromkeys(goal.section for goal in goals)
    return [
        {
            "section": name,
            "goals": [shown[goal.wid] for goal in goals if goal.section == name],
        }
        for name in names
    ]


def _goal(edition: Edition, goal: Goal, debate: Debate, said: AtGoals) -> Shown:
    number, positions = goal.data["number"], said.positions.get(goal.wid, [])
    name = _("Ziel {number}").format(number=number)
    return {
        "number": number,
        "section": goal.section,
        "wording": goal.data["text"]["wording"],
        "is_fixed": goal.data["openness"] == Openness.FIXED,
        "url": reverse("goal", args=[edition.number, goal_slug(number)]),
        "talk": debate.at(goal_place(goal.wid), name),
        "positions": shown_positions(positions),
        "disagreement": disagreement(positions),
        "options": said.options.get(goal.wid, []),
    }
