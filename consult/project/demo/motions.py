"""Amendment motions in the demo city: two that cannot both hold, one of the advisory council."""

import json
from datetime import datetime, timedelta
from typing import Any

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


def motions(paper: Paper, groups: dict[str, CouncilGroup], told: Told, at: datetime) -> None:
    """Motions on the paper that is before the council, and a draft of a member's group."""
    office, member = told.people["ratsbuero"], told.people["rat2"]
    for day, row in enumerate(json.loads((CONTENT / "antraege.json").read_text()), start=1):
        filed = at + timedelta(days=day)
        motion = file_for_mover(
            paper=paper,
            mover=_mover(row, groups),
            wanted=_wanted(paper, row),
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
                "text": "Der Bericht über die erste Runde der Beteiligung (Anlage 1) wird "
                "zustimmend zur Kenntnis genommen.",
                "finance": FinanceEffect.NONE,
            },
        ),
        actor=member,
        at=at + timedelta(days=4),
    )


def _mover(row: dict[str, Any], groups: dict[str, CouncilGroup]) -> Mover:
    if "body" in row:
        return Mover(body=Body.objects.get(name=row["body"]))
    return Mover(group=groups[row["group"]])


def _wanted(paper: Paper, row: dict[str, Any]) -> Wanted:
    item = paper.items.get(number=row["item"])
    return Wanted(
        op=row["op"],
        base_hash=content_hash(item.text),
        item=item,
        new_text=row["text"],
        reason=row.get("reason", ""),
        finance=row["finance"],
        cost_one_off=row.get("cost_one_off"),
        finance_note=row.get("finance_note", ""),
    )
