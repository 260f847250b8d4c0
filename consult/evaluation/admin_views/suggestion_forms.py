"""Forms of deciding on suggestions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.contributions.services.suggestions import LONGEST_WORDING


class AmendForm(forms.Form):
    """Another wording that is written because of the suggestion, and what was changed why."""

    wording = forms.CharField(
        label=_("Wortlaut für den Arbeitstext"),
        max_length=LONGEST_WORDING,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "lang": "de", "dir": "ltr"}),
    )
    reason = forms.CharField(
        label=_("Was haben Sie geändert und warum?"),
        help_text=_("Öffentlich. Alle, die das vorgeschlagen haben, bekommen eine Nachricht."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Sagen Sie in einem Satz, was Sie geändert haben.")},
    )


class ReasonForm(forms.Form):
    """Why a suggestion is not adopted, or why a decision is taken back."""

    reason = forms.CharField(
        label=_("Begründung"),
        help_text=_("Öffentlich. Alle, die das vorgeschlagen haben, bekommen eine Nachricht."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Schreiben Sie eine Begründung.")},
    )
