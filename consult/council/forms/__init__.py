"""Forms of the council desk."""

from consult.council.forms.decisions import CorrectionForm, DecisionForm, GroupVotesForm
from consult.council.forms.meetings import CouncilFileForm, MeetingForm, NewMeetingForm
from consult.council.forms.papers import AmendedForm, ItemForm, PaperForm
from consult.council.forms.route import DropForm, HeldForm, ScheduleForm, StepForm

__all__ = [
    "AmendedForm",
    "CorrectionForm",
    "CouncilFileForm",
    "DecisionForm",
    "DropForm",
    "GroupVotesForm",
    "HeldForm",
    "ItemForm",
    "MeetingForm",
    "NewMeetingForm",
    "PaperForm",
    "ScheduleForm",
    "StepForm",
]
