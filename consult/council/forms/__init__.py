"""Forms of the council desk."""

from consult.council.forms.annexes import (
    AnnexForm,
    FinanceForm,
    PriorResolutionForm,
    ReasonForm,
    ReportForm,
)
from consult.council.forms.choices import (
    AlternativeForm,
    NewOptionForm,
    OptionForm,
    OptionMotionForm,
)
from consult.council.forms.decisions import CorrectionForm, DecisionForm, GroupVotesForm
from consult.council.forms.meetings import CouncilFileForm, MeetingForm, NewMeetingForm
from consult.council.forms.papers import AmendedForm, ItemForm, PaperForm
from consult.council.forms.positions import GoalPositionsForm, PositionCorrectionForm
from consult.council.forms.route import (
    DropForm,
    HeldCorrectionForm,
    HeldForm,
    ProceduralCorrectionForm,
    ProceduralForm,
    ScheduleForm,
    StepForm,
)

__all__ = [
    "AlternativeForm",
    "AmendedForm",
    "AnnexForm",
    "CorrectionForm",
    "CouncilFileForm",
    "DecisionForm",
    "DropForm",
    "FinanceForm",
    "GoalPositionsForm",
    "GroupVotesForm",
    "HeldCorrectionForm",
    "HeldForm",
    "ItemForm",
    "MeetingForm",
    "NewMeetingForm",
    "NewOptionForm",
    "OptionForm",
    "OptionMotionForm",
    "PaperForm",
    "PositionCorrectionForm",
    "PriorResolutionForm",
    "ProceduralCorrectionForm",
    "ProceduralForm",
    "ReasonForm",
    "ReportForm",
    "ScheduleForm",
    "StepForm",
]
