"""Forms of a meeting and of its files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import Body, Meeting

ACCEPTED = ".pdf,.docx"


class MeetingForm(forms.ModelForm):
    """When and where a body that is known meets."""

    class Meta:
        model = Meeting
        fields = ["day", "begins_at", "place"]
        widgets = {
            "day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "begins_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {
            "begins_at": _("Kann frei bleiben, bis die Uhrzeit feststeht."),
            "place": _("Öffentlich, zum Beispiel: Rathaus, Saal 2."),
        }


class NewMeetingForm(MeetingForm):
    """A meeting that is planned."""

    class Meta(MeetingForm.Meta):
        fields = ["body", *MeetingForm.Meta.fields]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")
        self.fields["body"].empty_label = _("Bitte wählen")


class CouncilFileForm(forms.Form):
    """A file that everybody can read from now on."""

    file = forms.FileField(
        label=_("Datei (PDF oder Word)"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Öffentlich. Was in der Sitzung nicht öffentlich ist, darf nicht darin stehen."
        ),
        error_messages={"required": _("Wählen Sie eine Datei.")},
    )
