"""Forms of the desks for erasures and barriers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NumberForm(forms.Form):
    """Which contribution a letter is about."""

    ref = forms.CharField(
        label=_("Nummer des Beitrags"),
        help_text=_("Zum Beispiel 2027-R1-0147. Sie steht auf dem Beleg und neben dem Beitrag."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Tragen Sie die Nummer ein.")},
    )


class ReasonForm(forms.Form):
    """Why the office erases for somebody; it stays in the log."""

    reason = forms.CharField(
        label=_("Aktenzeichen oder Anlass"),
        help_text=_(
            "Zum Beispiel „Brief vom 3. März, Az. 12-4“. Das bleibt im Protokoll stehen: Schreiben "
            "Sie keinen Namen und nichts aus dem Beitrag hinein."
        ),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Ohne Aktenzeichen oder Anlass wird nichts gelöscht.")},
    )


class BarrierAnswerForm(forms.Form):
    """What is said to somebody who met a barrier."""

    answer = forms.CharField(
        label=_("Antwort"),
        help_text=_("Sagen Sie, was Sie bis wann ändern, oder wie es anders geht."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=5_000,
        error_messages={"required": _("Schreiben Sie eine Antwort.")},
    )
