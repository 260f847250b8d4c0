"""From feedback to the next edition.

What a machine proposed (`ThemeProposal`, `ProposalMember`) is written once by a run and never
public. What people found (`Theme`, `Assignment`, `Response`, `Change`) is written by people only.
"""

from consult.evaluation.models.answers import ResponseText
from consult.evaluation.models.objections import ThemeObjection
from consult.evaluation.models.revisions import (
    CarryOver,
    Change,
    ChangeCause,
    Revision,
    SuggestionDecision,
)
from consult.evaluation.models.runs import (
    AnalysisRun,
    AnalysisShard,
    GoalResult,
    Job,
    LedgerEntry,
    ProposalMember,
    TextVector,
    ThemeProposal,
)
from consult.evaluation.models.themes import (
    Assignment,
    Response,
    SecondReading,
    Summary,
    Theme,
    ThemeDeed,
)

__all__ = [
    "AnalysisRun",
    "AnalysisShard",
    "Assignment",
    "CarryOver",
    "Change",
    "ChangeCause",
    "GoalResult",
    "Job",
    "LedgerEntry",
    "ProposalMember",
    "Response",
    "ResponseText",
    "Revision",
    "SecondReading",
    "SuggestionDecision",
    "Summary",
    "TextVector",
    "Theme",
    "ThemeDeed",
    "ThemeObjection",
    "ThemeProposal",
]
