"""Political approval: a paper, its route through the bodies, a decision for each item."""

from consult.council.models.annexes import Annex, FinanceStatement, PriorResolution
from consult.council.models.bodies import Body, CouncilGroup, GroupMembership
from consult.council.models.choices import Alternative, GoalOption
from consult.council.models.decisions import Decision, GroupVote
from consult.council.models.files import CouncilFile
from consult.council.models.meetings import Meeting
from consult.council.models.motions import (
    AmendmentMotion,
    Consolidation,
    MotionCause,
    MotionGroupVote,
    MotionVote,
)
from consult.council.models.papers import Paper, ResolutionItem
from consult.council.models.positions import GoalPosition
from consult.council.models.procedural import ProceduralMotion
from consult.council.models.questions import DebateMark, DraftHandover, PackQuestion
from consult.council.models.route import RouteStep

__all__ = [
    "Alternative",
    "AmendmentMotion",
    "Annex",
    "Body",
    "Consolidation",
    "CouncilFile",
    "CouncilGroup",
    "DebateMark",
    "Decision",
    "DraftHandover",
    "FinanceStatement",
    "GoalOption",
    "GoalPosition",
    "GroupMembership",
    "GroupVote",
    "Meeting",
    "MotionCause",
    "MotionGroupVote",
    "MotionVote",
    "PackQuestion",
    "Paper",
    "PriorResolution",
    "ProceduralMotion",
    "ResolutionItem",
    "RouteStep",
]
