"""Forms of the list of those whom the city asks by name."""

import re

from django import forms
from django.utils.translation import gettext_lazy

from consult.intake.forms import DAY, WRONG_DAY
from consult.intake.models import Invitee
from consult.intake.states import InviteChannel, InviteeAnswer, InviteeKind

BODIES_ONLY = gettext_lazy(
    "Nur Stellen, keine Personen: Die Liste wird mit der Synopse veröffentlicht."
)
NO_DAY = {"required": WRONG_DAY, "invalid": WRONG_DAY}


class InvitationForm(forms.Form):
    """Who was asked in the same way on one day."""

    names = forms.CharField(
        label=gettext_lazy("Wen hat die Stadt angeschrieben? Eine Stelle je Zeile"),
        help_text=BODIES_ONLY,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Geben Sie mindestens eine Stelle an.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Art"), choices=InviteeKind.choices)
    channel = forms.ChoiceField(
        label=gettext_lazy("angeschrieben per"), choices=InviteChannel.choices
    )
    invited_on = forms.DateField(
        label=gettext_lazy("angeschrieben am"), widget=DAY, error_messages=NO_DAY
    )

    def clean_names(self) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in self.cleaned_data["names"].splitlines() if line.strip()]


class InviteeForm(forms.ModelForm):
    """One entry, to be corrected."""

    class Meta:
        model = Invitee
        fields = ["name", "kind", "channel", "invited_on"]
        widgets = {"invited_on": DAY}
        help_texts = {"name": BODIES_ONLY}
        error_messages = {"invited_on": NO_DAY}


class AnswerForm(forms.Form):
    """What came back from one of them; only an answer that stands can be taken back."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Was kam zurück?"),
        choices=InviteeAnswer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Wählen Sie, was zurückkam.")},
    )
    answered_on = forms.DateField(
        label=gettext_lazy("geantwortet am"),
        widget=DAY,
        required=False,
        help_text=gettext_lazy("Ohne Antwort bleibt das Feld ohne Bedeutung."),
        error_messages=NO_DAY,
    )
    numbers = forms.CharField(
        label=gettext_lazy("Nummern der Anmerkungen"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Die Nummer der Stellungnahme, oder die Nummern der erfassten Beiträge, mit Komma "
            "getrennt. Leer, wenn die Anmerkungen nicht auf der Plattform stehen."
        ),
    )

    def __init__(self, *args, has_answered: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_answered:
            self.fields["answer"].choices = InviteeAnswer.choices[1:]

    def clean_numbers(self) -> list[str]:
        """The numbers, whatever stands between them."""
        return [found for found in re.split(r"[\s,;]+", self.cleaned_data["numbers"]) if found]

    def clean(self) -> dict:
        """The choice as a state; without an answer there is no day and no number."""
        data = super().clean() or {}
        if data.get("answer"):
            data["answer"] = InviteeAnswer(data["answer"])
        return data
