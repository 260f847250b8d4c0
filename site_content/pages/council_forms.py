"""Forms of members of the council on the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.contributions.forms import UNREADABLE, PlainText
from consult.council.models import CouncilGroup
from consult.council.services.questions import LONGEST_QUESTION
from consult.council.states import ShownAs


class QuestionForm(forms.Form):
    """A question to the office; whoever is in a council group chooses how to be shown."""

    text = PlainText(
        label=_("Ihre Frage"),
        help_text=_(
            "Höchstens 2.000 Zeichen. Bis zur Antwort sehen die Frage nur Sie und die Verwaltung, "
            "danach alle, die diese Vorlage lesen dürfen. Sobald sie vorgelegt ist, sind das alle."
        ),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Schreiben Sie Ihre Frage."),
            "max_length": _("Schreiben Sie höchstens 2.000 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    shown_as = forms.ChoiceField(
        label=_("So wird die Frage gezeigt"),
        choices=ShownAs.choices,
        initial=ShownAs.GROUP,
        help_text=_("Ihren Namen zeigen wir nie."),
        error_messages={"required": _("Wählen Sie, wie die Frage gezeigt wird.")},
    )

    def __init__(self, *args, group: CouncilGroup | None, **kwargs):
        super().__init__(*args, **kwargs)
        if group is None:
            del self.fields["shown_as"]
