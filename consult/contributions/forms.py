"""Forms of taking part. A person's words stay as they were typed when something is missing."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.contributions.services.commenting import LONGEST_TEXT
from consult.contributions.states import Operation, Rule, Stance
from consult.participants.shown_name import ShownName

UNREADABLE = gettext_lazy(
    "Ihr Text enthält ein Zeichen, das wir nicht speichern können. Löschen Sie es oder tippen Sie "
    "die Stelle neu."
)


# What stands in addresses for each operation of a suggestion.
OPERATIONS = [
    ("aendern", Operation.REPLACE.label),
    ("einfuegen", Operation.INSERT.label),
    ("streichen", Operation.DELETE.label),
]


class PlainText(forms.CharField):
    """Words with line breaks in one spelling, so that a line break counts as one character."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class Trap(forms.CharField):
    """A field that people do not see; programs that fill in everything give themselves away."""

    def __init__(self):
        super().__init__(
            label=gettext_lazy("Lassen Sie dieses Feld leer."),
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        )

    def clean(self, value):
        if value:
            raise ValidationError(
                _("Das Feld „Lassen Sie dieses Feld leer“ war ausgefüllt. Leeren Sie es.")
            )
        return ""


class CommentForm(forms.Form):
    """What a person with an account writes. `key` keeps one form from being received twice."""

    stance = forms.ChoiceField(
        label=gettext_lazy("Was möchten Sie uns sagen?"),
        choices=Stance.choices,
        error_messages={
            "required": gettext_lazy("Wählen Sie, was Sie uns sagen möchten."),
            "invalid_choice": gettext_lazy("Wählen Sie eine der vier Möglichkeiten."),
        },
    )
    text = PlainText(
        label=gettext_lazy("Ihr Beitrag"),
        help_text=gettext_lazy("In jeder Sprache. Bitte keine Namen oder Daten anderer Personen."),
        widget=forms.Textarea(attrs={"rows": 7, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Schreiben Sie mindestens einen Satz."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    display_name = ShownName(
        help_text=gettext_lazy(
            "Sie können das Feld leer lassen. Dann steht dort „Teilnehmende Person“."
        ),
        error_messages={
            "max_length": gettext_lazy("Der Name darf höchstens 60 Zeichen lang sein."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    stelle = forms.CharField(required=False, widget=forms.HiddenInput)
    antwort = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    website = Trap()

    use_required_attribute = False

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            raise ValidationError(
                _(
                    "Ihr Text hat {n} Zeichen, möglich sind {most}. Kürzen Sie ihn oder geben Sie "
                    "zwei Beiträge ab."
                ).format(n=len(text), most=LONGEST_TEXT)
            )
        return text

    def clean_key(self):
        return self.cleaned_data["key"] or uuid.uuid4()


class FirstWordsForm(CommentForm):
    """The words alone: name and address are asked for in the step after."""

    display_name = None
    stelle = None
    antwort = None
    key = None
    website = None


class GuestCommentForm(CommentForm):
    """What somebody without an account writes: it counts once the mail is confirmed."""

    email = forms.EmailField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        help_text=gettext_lazy(
            "Wir schicken Ihnen einen Link. Erst wenn Sie ihn öffnen und bestätigen, zählt Ihr "
            "Beitrag. Die Adresse wird nicht veröffentlicht."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Geben Sie Ihre E-Mail-Adresse an."),
            "invalid": gettext_lazy(
                "Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
            ),
        },
    )


class SuggestionForm(CommentForm):
    """Other wording and the reason for it; what it refers to travels along as its hash.

    A choice of stance is not asked for: whoever proposes words has an idea.
    """

    stance = None
    new_text = PlainText(
        label=gettext_lazy("So soll die Stelle lauten"),
        help_text=gettext_lazy(
            "Hier steht der jetzige Wortlaut. Ändern Sie, was anders sein soll."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "old", "lang": "de", "dir": "ltr"}),
        error_messages={"null_characters_not_allowed": UNREADABLE},
    )
    text = PlainText(
        label=gettext_lazy("Warum?"),
        help_text=gettext_lazy(
            "Ein Satz genügt, in jeder Sprache. Bitte keine Namen oder Daten anderer Personen."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Sagen Sie in einem Satz, warum."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    credit = forms.BooleanField(
        label=gettext_lazy("Mein Name darf beim geänderten Text stehen"),
        help_text=gettext_lazy(
            "Nur wenn Ihr Vorschlag übernommen wird. Sie können das später wieder ändern."
        ),
        required=False,
    )
    was = forms.ChoiceField(choices=OPERATIONS, widget=forms.HiddenInput)
    grundlage = forms.CharField(widget=forms.HiddenInput)

    field_order = ["new_text", "text", "display_name", "credit"]

    def clean(self):
        data = super().clean() or {}
        if data.get("credit") and not data.get("display_name") and "display_name" in data:
            self.add_error(
                "display_name",
                _(
                    "Tragen Sie den Namen ein, der beim Text stehen soll, oder nehmen Sie den Haken "
                    "weg."
                ),
            )
        return data


class GuestSuggestionForm(SuggestionForm, GuestCommentForm):
    """Other wording from somebody without an account: it counts once the mail is confirmed."""

    stance = None
    field_order = [*SuggestionForm.field_order, "email"]


class ReportForm(forms.Form):
    """Somebody says that a contribution breaks a rule."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Gegen welche Regel verstößt der Beitrag?"),
        choices=Rule.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Wählen Sie eine Regel."),
            "invalid_choice": gettext_lazy("Wählen Sie eine Regel."),
        },
    )
    text = PlainText(
        label=gettext_lazy("Was ist nicht in Ordnung?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Schreiben Sie in einem Satz, was nicht in Ordnung ist."),
            "max_length": gettext_lazy("Schreiben Sie höchstens 2.000 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    contact = forms.EmailField(
        label=gettext_lazy("Ihre E-Mail-Adresse (freiwillig)"),
        help_text=gettext_lazy(
            "Dann schreiben wir Ihnen, wie entschieden wurde und warum. Die Moderation sieht die "
            "Adresse nicht."
        ),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": gettext_lazy(
                "Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
            )
        },
    )
    website = Trap()

    use_required_attribute = False
