"""What a pack says about the text: new, changed and dropped goals, and whose words changed it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consult.council.participation import Hearing
from consult.evaluation.models import Change, Revision
from consult.evaluation.selectors import (
    changes_to,
    revision_to,
    themes_without_change,
)
from drafts.concept.states import MeasureKind
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from site_content.pages.presenters.decision_votes import Goal
from site_content.pages.presenters.theme_report import change_number, change_url

Shown = dict[str, Any]

CHANGES_SHOWN = 3


def text_changes(
    edition: Edition, goals: list[Goal], heard: list[Hearing], in_force: Edition | None
) -> Shown:
    """The block about the text. Goals are compared with the edition in force.

    Before the first one is in force they are compared with the edition that was revised.
    """
    kinds = [measure["kind"] for goal in goals for measure in goal.data["measures"]]
    changes = changes_to(edition)
    revision = changes[0].revision if changes else revision_to(edition)
    compared = _compared(edition, goals, changes, revision, in_force)
    return {
        **compared,
        "measures": [(label, kinds.count(kind)) for kind, label in MeasureKind.choices],
        "measure_count": ngettext("{n} Maßnahme", "{n} Maßnahmen", len(kinds)).format(n=len(kinds)),
        "is_revised": revision is not None,
        "number_of_changes": len(changes),
        "url": reverse("changes", args=[edition.number]),
        "largest": _largest(changes, edition, heard),
        "without_change": len(themes_without_change(revision)) if revision else 0,
    }


def _compared(
    edition: Edition,
    goals: list[Goal],
    changes: list[Change],
    revision: Revision | None,
    in_force: Edition | None,
) -> Shown:
    """How many goals are new, changed and dropped, against which edition, and which were dropped."""
    base = in_force if _is_other(in_force, edition) else None
    if base is not None and (revision is None or revision.from_edition_id != base.pk):
        return _counts(goals, *_differences(base, goals)) | {"base": _name_of_base(base)}
    if revision is None:
        return {"goals": [], "dropped": [], "base": ""}
    of_goals = [change for change in changes if change.part == "goal"]
    wids = {
        op: {change.wid for change in of_goals if change.op == op} for op in ("insert", "replace")
    }
    dropped = [change.old.split("\n", 1)[0] for change in of_goals if change.op == "delete"]
    counted = _counts(goals, len(wids["insert"]), len(wids["replace"]), dropped)
    return counted | {"base": _name_of_base(revision.from_edition, is_in_force=base is not None)}


def _is_other(in_force: Edition | None, edition: Edition) -> bool:
    return (
        in_force is not None
        and in_force.pk != edition.pk
        and in_force.concept_id == edition.concept_id
    )


def _differences(base: Edition, goals: list[Goal]) -> tuple[int, int, list[str]]:
    former = {
        goal["wid"]: goal["text"] for section in section_data(base) for goal in section["goals"]
    }
    now = {goal.data["wid"]: goal.data["text"] for goal in goals}
    return (
        len(now.keys() - former.keys()),
        sum(former[wid] != now[wid] for wid in now.keys() & former.keys()),
        [text["wording"] for wid, text in former.items() if wid not in now],
    )


def _counts(goals: list[Goal], new: int, changed: int, dropped: list[str]) -> Shown:
    return {
        "goals": [
            (_("Ziele insgesamt"), len(goals)),
            (_("neue Ziele"), new),
            (_("geänderte Ziele"), changed),
            (_("entfallene Ziele"), len(dropped)),
        ],
        "dropped": dropped,
    }


def _name_of_base(base: Edition, *, is_in_force: bool = True) -> str:
    if is_in_force:
        return _("Verglichen mit Fassung {n}, die jetzt gilt.").format(n=base.number)
    return _(
        "Verglichen mit Fassung {n}, über die zuletzt beraten wurde. In Kraft ist hier noch keine "
        "Fassung."
    ).format(n=base.number)


def _largest(changes: list[Change], edition: Edition, heard: list[Hearing]) -> list[Shown]:
    """The changed goals with most people behind the themes that caused them."""
    people = {entry["theme"].pk: entry["people"] for found in heard for entry in found.themes}

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
