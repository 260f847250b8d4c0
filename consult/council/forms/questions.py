"""The form with which the office answers a member."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.services.questions import LONGEST_ANSWER


class AnswerForm(forms.Form):
    """The office answers a question of a member."""

    answer = forms.CharField(
        label=_("Antwort der Verwaltung"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Frage und Antwort sehen alle, die die Vorlage lesen dürfen. Danach ändert sie niemand "
            "mehr. Nennen Sie keine Namen von Einwohnerinnen und Einwohnern."
        ),
        error_messages={
            "required": _("Schreiben Sie eine Antwort."),
            "max_length": _("Schreiben Sie höchstens 5.000 Zeichen."),
        },
    )
