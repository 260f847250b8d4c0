"""Amendment motions in the demo city: on items two that cannot both hold and one of the advisory
council, on the text one on a whole goal and one on a sentence."""

import json
from datetime import datetime, timedelta
from typing import Any

from consult.council.amendments import SubmittedText
from consult.council.concerns import themes_to_take_up
from consult.council.models import Body, CouncilGroup, Paper
from consult.council.services.motions import (
    Mover,
    Wanted,
    draft_motion,
    file_for_mover,
    judge_motion,
)
from consult.council.states import FinanceEffect, MotionOp, MotionStatus
from consult.project.demo.people import CONTENT, MEMBERS
from consult.project.demo.story import Told
from drafts.concept.snapshots import content_hash
from drafts.editions.places import Place

# Days after the hearing: the story ends today.
LAST_DAY = 4


def motions(paper: Paper, groups: dict[str, CouncilGroup], told: Told, at: datetime) -> None:
    """Motions on the paper that is before the council, and a draft of a member's group."""
    office, member = told.people["ratsbuero"], told.people["rat2"]
    places = SubmittedText(paper).places
    for number, row in enumerate(json.loads((CONTENT / "antraege.json").read_text()), start=1):
        filed = at + timedelta(days=min(number, LAST_DAY))
        motion = file_for_mover(
            paper=paper,
            mover=_mover(row, groups),
            wanted=_wanted(paper, row, places),
            actor=office,
            at=filed,
        )
        judge_motion(motion=motion, status=MotionStatus.ADMISSIBLE, actor=office, at=filed)
    draft_motion(
        paper=paper,
        group=groups[MEMBERS["rat2"]],
        wanted=_wanted(
            paper,
            {
                "item": 1,
                "op": MotionOp.REPLACE,
                "text": "Der Bericht über die erste Runde der Beteiligung (Anlage 2) wird "
                "zustimmend zur Kenntnis genommen.",
                "finance": FinanceEffect.NONE,
            },
            places,
        ),
        actor=member,
        at=at + timedelta(days=LAST_DAY),
    )


def _mover(row: dict[str, Any], groups: dict[str, CouncilGroup]) -> Mover:
    if "body" in row:
        return Mover(body=Body.objects.get(name=row["body"]))
    return Mover(group=groups[row["group"]])


def _wanted(paper: Paper, row: dict[str, Any], places: dict[str, Place]) -> Wanted:
    costs = {
        "reason": row.get("reason", ""),
        "finance": row["finance"],
        "cost_one_off": row.get("cost_one_off"),
        "finance_note": row.get("finance_note", ""),
        "taken_up": themes_to_take_up(paper, "").filter(title=row.get("theme", "")).first(),
    }
    if "item" in row:
        item = paper.items.get(number=row["item"])
        base = content_hash(item.text)
        return Wanted(op=row["op"], base_hash=base, item=item, new_text=row["text"], **costs)
    place = next(place for place in places.values() if _is_at(place, row))
    text = place.text.replace(row["old"], row["text"]) if "old" in row else ""
    base = content_hash(place.text)
    return Wanted(op=row["op"], base_hash=base, wid=place.wid, new_text=text, **costs)


def _is_at(place: Place, row: dict[str, Any]) -> bool:
    if "goal" in row:
        return place.kind == "goal" and place.number == row["goal"]
    return row["old"] in place.text
