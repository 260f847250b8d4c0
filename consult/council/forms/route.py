"""Forms of the route."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import Body, RouteStep
from consult.council.states import DECIDING_OUTCOMES, StepOutcome, StepRole


class StepForm(forms.ModelForm):
    """A body in the route."""

    class Meta:
        model = RouteStep
        fields = ["body", "role", "authoritative", "meeting_on", "agenda_item"]
        widgets = {"meeting_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "body": _("Fehlt ein Gremium, wird es unter „Schnipsel“ angelegt."),
            "authoritative": _("In der Regel nur die letzte Sitzung der Beratungsfolge."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")
        self.fields["body"].empty_label = _("Bitte wählen")

    def clean(self) -> dict[str, Any]:
        """Deciding is a task of its own: a hearing or a noting decides nothing."""
        data = super().clean() or {}
        decides = data.get("role") == StepRole.DECISION
        if data.get("authoritative") and not decides:
            self.add_error("role", _("Wer hier entscheidet, hat die Aufgabe „Entscheidung“."))
        return data


class ScheduleForm(forms.ModelForm):
    """When a body meets."""

    class Meta:
        model = RouteStep
        fields = ["meeting_on", "agenda_item"]
        widgets = {"meeting_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class HeldForm(forms.Form):
    """How a meeting ended, and what came of it in a sentence."""

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

    def __init__(self, *args, step: RouteStep, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = DECIDING_OUTCOMES if step.authoritative else set(StepOutcome)
        self.fields["outcome"].choices = [
            (value, label) for value, label in StepOutcome.choices if value in allowed
        ]


class DropForm(forms.Form):
    """Why a body will not meet on the paper."""

    result = forms.CharField(
        label=_("Warum entfällt die Beratung?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der Schritt bleibt mit diesem Satz in der Beratungsfolge stehen."),
        error_messages={"required": _("Sagen Sie in einem Satz, warum die Beratung entfällt.")},
    )
