"""The form for a statement: the organisation, and one small form for each addressed section."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consult.contributions.forms import UNREADABLE, PlainText, Trap
from consult.contributions.services.commenting import LONGEST_TEXT
from consult.contributions.states import Stance
from consult.intake.forms import BETWEEN, place_choices
from consult.intake.services.statements import MOST_PARTS
from consult.participants.shown_name import ShownName
from drafts.editions.models import Edition

FIRST_PARTS = 2
LONGEST_FOREWORD = 2_000


class OrganisationName(ShownName):
    """The name under which a statement appears; it must not sound like the city."""

    def __init__(self):
        super().__init__(
            help_text=gettext_lazy("Steht öffentlich bei der Stellungnahme."),
            error_messages={
                "required": gettext_lazy("Geben Sie den Namen der Organisation an."),
                "null_characters_not_allowed": UNREADABLE,
            },
        )
        self.label = gettext_lazy("Name der Organisation")
        self.required = True
        self.widget.is_required = True
        self.widget.attrs["autocomplete"] = "organization"


class StatementForm(forms.Form):
    """Who says it. The parts are forms of their own."""

    organisation = OrganisationName()
    responsible = forms.CharField(
        label=gettext_lazy("Wer ist verantwortlich?"),
        help_text=gettext_lazy("Name und Aufgabe, für Rückfragen. Wird nicht veröffentlicht."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": gettext_lazy("Sagen Sie, wer für die Stellungnahme verantwortlich ist."),
            "max_length": gettext_lazy("Schreiben Sie höchstens 200 Zeichen."),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse"),
        help_text=gettext_lazy(
            "Wir schicken Ihnen einen Link. Erst wenn Sie ihn öffnen und bestätigen, zählt die "
            "Stellungnahme. Die Adresse wird nicht veröffentlicht."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Geben Sie eine E-Mail-Adresse an."),
            "invalid": gettext_lazy(
                "Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
            ),
        },
    )
    members = forms.IntegerField(
        label=gettext_lazy("Für wie viele Mitglieder sprechen Sie? (freiwillig)"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Geben Sie eine ganze Zahl an."),
            "min_value": gettext_lazy("Geben Sie eine Zahl ab 1 an."),
            "max_value": gettext_lazy("Diese Zahl ist zu groß."),
        },
    )
    text = PlainText(
        label=gettext_lazy("Vorbemerkung (freiwillig)"),
        help_text=gettext_lazy(
            "Was Ihre Organisation tut. Ihre Forderungen schreiben Sie unten zu den Abschnitten, "
            "damit die Stadt auf jede antwortet."
        ),
        required=False,
        max_length=LONGEST_FOREWORD,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={
            "max_length": gettext_lazy("Schreiben Sie höchstens 2.000 Zeichen."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    file = forms.FileField(
        label=gettext_lazy("Datei (freiwillig)"),
        help_text=gettext_lazy(
            "PDF oder Word (.docx), höchstens 10 MB, ohne Makros. Wir zeigen sie erst, wenn jemand "
            "aus unserem Büro sie gelesen hat. Keine Unterschriften und keine Namen anderer."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx"}),
        error_messages={"empty": gettext_lazy("Diese Datei ist leer. Wählen Sie eine andere.")},
    )
    website = Trap()

    use_required_attribute = False


class PartForm(forms.Form):
    """What is said to one section or goal; a part without any words is left out."""

    place = forms.ChoiceField(label=gettext_lazy("Abschnitt oder Ziel"), required=False)
    stance = forms.ChoiceField(
        label=gettext_lazy("Was möchten Sie sagen?"),
        choices=[("", gettext_lazy("ohne Angabe")), *Stance.choices],
        required=False,
    )
    text = PlainText(
        label=gettext_lazy("Ihre Stellungnahme dazu"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"null_characters_not_allowed": UNREADABLE},
    )

    use_required_attribute = False

    def __init__(self, *args, places: list[Any], number: int, kept: Mapping[str, str]):
        prefix = f"part-{number}"
        initial = {name: kept.get(f"{prefix}-{name}", "") for name in self.base_fields}
        super().__init__(*args, prefix=prefix, initial=initial)
        self.number = number
        self.fields["place"].choices = [("", gettext_lazy("Bitte wählen")), *places]

    @property
    def is_filled(self) -> bool:
        """Whether somebody has written something here."""
        return bool(self.is_bound and self.data.get(self.add_prefix("text"), "").strip())

    def clean(self):
        """Words need a place, and no more than a contribution holds."""
        data = super().clean()
        text = data.get("text", "")
        if text and not data.get("place"):
            self.add_error("place", _("Wählen Sie, wozu dieser Teil gehört."))
        if data.get("place") and not text and "text" not in self.errors:
            self.add_error(
                "text", _("Schreiben Sie mindestens einen Satz, oder wählen Sie nichts.")
            )
        if len(text) > LONGEST_TEXT:
            self.add_error(
                "text",
                _(
                    "Dieser Teil hat {n} Zeichen, möglich sind {most}. Kürzen Sie ihn oder machen "
                    "Sie zwei Teile daraus."
                ).format(n=len(text), most=LONGEST_TEXT),
            )
        return data

    def said(self) -> dict[str, str]:
        """Place, words and stance as the service takes them."""
        section, _between, target = self.cleaned_data["place"].partition(BETWEEN)
        return {
            "section_wid": section,
            "target_wid": target,
            "text": self.cleaned_data["text"],
            "stance": self.cleaned_data["stance"],
        }


def part_forms(edition: Edition, data, kept: Mapping[str, str]) -> list[PartForm]:
    """As many parts as the form that was sent or kept had or asked for, two at the beginning."""
    before = data or kept
    wanted = before.get("more") or before.get("parts") or ""
    number = int(wanted) if wanted.isascii() and wanted.isdigit() else FIRST_PARTS
    places = place_choices(edition)
    return [
        PartForm(data, places=places, number=place, kept=kept)
        for place in range(1, min(max(number, 1), MOST_PARTS) + 1)
    ]
