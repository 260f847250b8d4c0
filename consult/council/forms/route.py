"""Forms of the route."""

from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from consult.council.models import Body, ProceduralMotion, RouteStep
from consult.council.states import DECIDING_OUTCOMES, Publicity, StepOutcome, StepRole

DECIDES_IN_PUBLIC = _("Wer über die Vorlage entscheidet, tut das öffentlich.")
PUBLICITY_HELP = _(
    "Ein nichtöffentlicher Punkt bleibt bei Koordinierungsstelle und Ratsbüro: Er erscheint "
    "auf keiner öffentlichen Seite und in keinem Kalender."
)


def meeting_day() -> forms.DateField:
    """The day of a meeting; the field has no state, so each form gets its own."""
    return forms.DateField(
        label=_("Sitzung am"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_(
            "Tagt das Gremium an diesem Tag schon, kommt die Vorlage auf dieselbe Tagesordnung. "
            "Uhrzeit und Ort stehen bei der Sitzung."
        ),
    )


class StepForm(forms.ModelForm):
    """A body in the route."""

    meeting_on = meeting_day()
    field_order = ["body", "role", "authoritative", "meeting_on", "agenda_item", "publicity"]

    class Meta:
        model = RouteStep
        fields = ["body", "role", "authoritative", "agenda_item", "publicity"]
        help_texts = {
            "body": _("Fehlt ein Gremium, wird es unter „Ämter und Gremien“ angelegt."),
            "authoritative": _("In der Regel nur die letzte Sitzung der Beratungsfolge."),
            "publicity": PUBLICITY_HELP,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")
        self.fields["body"].empty_label = _("Bitte wählen")
        self.fields["publicity"].required = False

    def clean_publicity(self) -> str:
        """An item is public unless somebody says otherwise."""
        return self.cleaned_data["publicity"] or Publicity.PUBLIC

    def clean(self) -> dict[str, Any]:
        """Deciding is a task of its own, and public: a hearing or a noting decides nothing."""
        data = super().clean() or {}
        decides = data.get("role") == StepRole.DECISION
        if data.get("authoritative") and not decides:
            self.add_error("role", _("Wer hier entscheidet, hat die Aufgabe „Entscheidung“."))
        if data.get("authoritative") and data.get("publicity") == Publicity.NON_PUBLIC:
            self.add_error("publicity", DECIDES_IN_PUBLIC)
        return data


class ScheduleForm(forms.ModelForm):
    """When a body meets."""

    meeting_on = meeting_day()
    field_order = ["meeting_on", "agenda_item", "publicity"]

    class Meta:
        model = RouteStep
        fields = ["agenda_item", "publicity"]
        help_texts = {"publicity": PUBLICITY_HELP}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["meeting_on"] = self.instance.meeting_on
        self.fields["publicity"].required = False

    def clean_publicity(self) -> str:
        """A body that decides does so in public; who says nothing leaves it as it was."""
        publicity = self.cleaned_data["publicity"] or self.initial["publicity"]
        if self.instance.authoritative and publicity == Publicity.NON_PUBLIC:
            raise forms.ValidationError(DECIDES_IN_PUBLIC)
        return publicity


class HeldForm(forms.Form):
    """On which day a body has met, how the meeting ended, and what came of it in a sentence."""

    meeting_on = forms.DateField(
        label=_("Sitzung am"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Der Tag, an dem das Gremium getagt hat."),
    )
    outcome = forms.ChoiceField(
        label=_("Ausgang"),
        widget=forms.RadioSelect,
        help_text=_("Nur wenn abgestimmt wurde, gibt es zu jedem Punkt ein Ergebnis."),
        error_messages={"required": _("Wählen Sie, wie die Sitzung ausgegangen ist.")},
    )
    result = forms.CharField(
        label=_("Ergebnis der Sitzung"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Ein Satz für die Öffentlichkeit, zum Beispiel: Der Ausschuss empfiehlt die Annahme."
        ),
        error_messages={"required": _("Sagen Sie in einem Satz, was die Sitzung ergeben hat.")},
    )

    referred_to = forms.CharField(
        label=_("Wohin verwiesen"),
        required=False,
        max_length=160,
        help_text=_("Nur wenn verwiesen wurde, zum Beispiel: Haushaltsberatung 2028."),
    )

    def __init__(self, *args, step: RouteStep, **kwargs):
        super().__init__(*args, **kwargs)
        if "meeting_on" in self.fields:
            self.fields["meeting_on"].initial = step.meeting_on or localdate()
        if step.publicity == Publicity.NON_PUBLIC:
            self.fields["result"].help_text = _(
                "Ein Satz. Der Punkt ist nichtöffentlich: Er bleibt bei den beiden Büros."
            )
        allowed = DECIDING_OUTCOMES if step.authoritative else set(StepOutcome)
        self.fields["outcome"].choices = [
            (value, label) for value, label in StepOutcome.choices if value in allowed
        ]

    def clean(self) -> dict[str, Any]:
        """A paper is referred to somebody, and only where it was referred."""
        data = super().clean() or {}
        is_referred = data.get("outcome") == StepOutcome.REFERRED
        if is_referred and not data.get("referred_to", "").strip():
            self.add_error("referred_to", _("Sagen Sie, wohin verwiesen wurde."))
        if not is_referred and data.get("referred_to", "").strip():
            self.add_error("referred_to", _("Das gehört nur zum Ausgang „verwiesen“."))
        return data


class HeldCorrectionForm(HeldForm):
    """How a meeting ended according to the minutes, where something else was recorded."""

    meeting_on = None
    reason = forms.CharField(
        label=_("Warum wird berichtigt?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der frühere Eintrag bleibt lesbar."),
        error_messages={"required": _("Sagen Sie, was am früheren Eintrag falsch war.")},
    )


class ProceduralForm(forms.ModelForm):
    """What was moved about dealing with the paper."""

    class Meta:
        model = ProceduralMotion
        fields = ["kind", "moved_by", "text", "result", "votes"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 2}),
            "votes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "moved_by": _("Wie in der Niederschrift, zum Beispiel: Fraktion Mitte."),
            "text": _("Wenn mehr zu sagen ist, zum Beispiel wohin verwiesen werden sollte."),
            "votes": _("Wie in der Niederschrift, mit oder ohne Zahlen."),
        }


class ProceduralCorrectionForm(ProceduralForm):
    """A record that corrects another one about the same motion."""

    reason = forms.CharField(
        label=_("Warum wird berichtigt?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der frühere Eintrag bleibt lesbar."),
        error_messages={"required": _("Sagen Sie, was am früheren Eintrag falsch war.")},
    )

    class Meta(ProceduralForm.Meta):
        fields = ["moved_by", "text", "result", "votes"]


class DropForm(forms.Form):
    """Why a body will not meet on the paper."""

    result = forms.CharField(
        label=_("Warum entfällt die Beratung?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der Schritt bleibt mit diesem Satz in der Beratungsfolge stehen."),
        error_messages={"required": _("Sagen Sie in einem Satz, warum die Beratung entfällt.")},
    )
