"""Forms of what is attached to a paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.forms.meetings import ACCEPTED
from consult.council.models import FinanceStatement, PriorResolution
from drafts.concept.amounts import EurosField

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AnnexForm(forms.Form):
    """A file of its own that belongs to the paper."""

    title = forms.CharField(
        label=_("Titel der Anlage"),
        max_length=160,
        error_messages={"required": _("Geben Sie der Anlage einen Titel.")},
    )
    file = forms.FileField(
        label=_("Datei (PDF oder Word)"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Öffentlich, sobald die Vorlage vorliegt. Fassung, Synopse und Bericht über die "
            "Beteiligung stehen schon dabei: Sie entstehen von selbst."
        ),
        error_messages={"required": _("Wählen Sie eine Datei.")},
    )


class ReasonForm(forms.Form):
    """Why an annex is taken back."""

    reason = forms.CharField(
        label=_("Warum wird die Anlage zurückgenommen?"),
        max_length=240,
        help_text=_("Öffentlich. Nummer und Titel bleiben mit diesem Satz stehen."),
        error_messages={"required": _("Sagen Sie in einem Satz, warum.")},
    )


class PriorResolutionForm(forms.ModelForm):
    """An earlier resolution that the paper builds on."""

    class Meta:
        model = PriorResolution
        fields = ["reference", "title", "decided_on", "url"]
        widgets = {"decided_on": DAY}
        help_texts = {
            "reference": _("Zum Beispiel: STV 2024/88 oder § 1207."),
            "url": _("Wenn der Beschluss im Netz steht."),
        }


class FinanceForm(forms.ModelForm):
    """What the paper says about costs; an empty amount is not estimated."""

    class Meta:
        model = FinanceStatement
        fields = ["one_off", "yearly", "posts", "funding", "proviso"]
        field_classes = {"one_off": EurosField, "yearly": EurosField}
        widgets = {"proviso": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "one_off": _("Leer heißt: nicht geschätzt. Kostet es nichts, schreiben Sie 0."),
            "yearly": _("Leer heißt: nicht geschätzt. Kostet es nichts, schreiben Sie 0."),
            "posts": _("Leer heißt: nicht geschätzt."),
            "proviso": _("Zum Beispiel: vorbehaltlich der im Haushalt verfügbaren Mittel."),
        }


class ReportForm(forms.Form):
    """A report that was handed in."""

    title = forms.CharField(
        label=_("Titel des Berichts"),
        max_length=240,
        error_messages={"required": _("Geben Sie den Titel des Berichts an.")},
    )
    delivered_on = forms.DateField(label=_("vorgelegt am"), widget=DAY)
    url = forms.URLField(label=_("Adresse im Netz"), required=False, assume_scheme="https")

    def words(self) -> dict[str, Any]:
        """What the deed needs of it."""
        return dict(self.cleaned_data)
