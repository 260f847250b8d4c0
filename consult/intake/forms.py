"""Forms of the intake desk. A draft may be incomplete; what was typed stays."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from consult.contributions.forms import UNREADABLE, PlainText
from consult.contributions.services.commenting import LONGEST_TEXT
from consult.contributions.states import Stance
from consult.intake.models import Import, Occasion, OfflineNote
from consult.intake.selectors import rounds_to_enter
from consult.intake.services.cards import MOST_CARDS, as_typed
from consult.intake.services.notes import Taken
from consult.intake.services.preview import FIELDS
from consult.intake.states import BY_FILE, BY_HAND
from consult.rounds.models import ConsultationRound
from drafts.editions.models import Edition
from drafts.editions.selectors import section_data
from workers.analysis.languages import LANGUAGES

BETWEEN = "|"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WRONG_DAY = gettext_lazy("Geben Sie einen Tag an, zum Beispiel 12.01.2027.")
FIELD_NAMES = {
    "text": gettext_lazy("Wortlaut des Beitrags"),
    "section": gettext_lazy("Nummer von Abschnitt oder Ziel"),
    "stance": gettext_lazy("Art (Zustimmung, Bedenken, Frage, Idee)"),
    "language": gettext_lazy("Sprache"),
    "date": gettext_lazy("Datum"),
    "id": gettext_lazy("Kennung der Zeile"),
}


class OccasionForm(forms.ModelForm):
    """What is written down of an occasion; it names nobody who was there."""

    kinds = BY_HAND

    class Meta:
        model = Occasion
        fields = ["round", "kind", "title", "place", "held_on", "head_count", "groups", "languages"]
        widgets = {"held_on": DAY, "groups": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": gettext_lazy("Zum Beispiel: Stadtteilcafé Süd. Steht öffentlich dabei."),
            "held_on": gettext_lazy("Bei Briefen und Anrufen der Tag, an dem der erste einging."),
            "head_count": gettext_lazy("Gezählt oder geschätzt, ohne Namen."),
            "groups": gettext_lazy(
                "Nur was Menschen selbst gesagt haben, eine Gruppe je Zeile mit ihrer Zahl. Wird "
                "nicht veröffentlicht. Keine Namen."
            ),
            "languages": gettext_lazy("In welchen Sprachen gesprochen oder geschrieben wurde."),
        }
        error_messages = {
            "round": {"required": gettext_lazy("Wählen Sie die Runde.")},
            "kind": {"required": gettext_lazy("Wählen Sie, um was es sich handelt.")},
            "title": {"required": gettext_lazy("Geben Sie eine Bezeichnung an.")},
            "held_on": {"required": WRONG_DAY, "invalid": WRONG_DAY},
            "head_count": {"invalid": gettext_lazy("Geben Sie eine ganze Zahl an.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds_to_enter()
        self.fields["round"].empty_label = None
        self.fields["kind"].choices = [(kind, kind.label) for kind in self.kinds]
        if self.instance.pk:
            del self.fields["round"]

    def clean(self):
        """The day has to lie in the round: a contribution counts by the day it came in."""
        data = super().clean()
        round_ = data.get("round") or (self.instance.round if self.instance.pk else None)
        if round_ and data.get("held_on"):
            complain_about_day(self, "held_on", data["held_on"], round_)
        return data


def complain_about_day(form: forms.Form, name: str, on, round_: ConsultationRound) -> None:
    """Add an error where the day lies outside the round."""
    first, last = (timezone.localdate(at) for at in (round_.opens_at, round_.closes_at))
    if not first <= on <= last:
        form.add_error(
            name,
            _("Der Tag muss in der Runde liegen: vom %(first)s bis zum %(last)s.")
            % {
                "first": date_format(first, "DATE_FORMAT"),
                "last": date_format(last, "DATE_FORMAT"),
            },
        )


class TranscriptForm(forms.Form):
    """A typed or pasted transcript that is split into single contributions."""

    text = PlainText(
        label=gettext_lazy("Mitschrift"),
        help_text=gettext_lazy(
            "Tippen oder fügen Sie alles ein, was gesagt wurde. Keine Namen. Jeder Teil wird ein "
            "Entwurf, den Sie danach bearbeiten."
        ),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        error_messages={
            "required": gettext_lazy("Fügen Sie die Mitschrift ein."),
            "null_characters_not_allowed": UNREADABLE,
        },
    )
    by_line = forms.TypedChoiceField(
        label=gettext_lazy("Was ist ein einzelner Beitrag?"),
        choices=[("", gettext_lazy("jeder Absatz")), ("1", gettext_lazy("jede Zeile"))],
        coerce=bool,
        empty_value=False,
        required=False,
    )
    section_wid = forms.ChoiceField(label=gettext_lazy("Alle zu diesem Abschnitt"), required=False)

    def __init__(self, *args, edition: Edition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section_wid"].choices = [
            ("", gettext_lazy("später einzeln wählen")), *section_choices(edition),
        ]  # fmt: skip


class OriginalForm(forms.Form):
    """A scan or photo of the original; only the desk sees it."""

    file = forms.FileField(
        label=gettext_lazy("Scan oder Foto des Originals"),
        help_text=gettext_lazy(
            "PDF, JPEG oder PNG, höchstens 10 MB. Nur dieses Büro sieht die Datei. Sie wird 30 "
            "Tage nach der letzten Prüfung gelöscht. Keine Fotos von Menschen."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": gettext_lazy("Wählen Sie eine Datei."),
            "empty": gettext_lazy("Diese Datei ist leer. Wählen Sie eine andere."),
        },
    )


class NoteForm(forms.Form):
    """One note. Nothing is required here: what is missing is named when it is handed over."""

    text = PlainText(
        label=gettext_lazy("Wortlaut"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"null_characters_not_allowed": UNREADABLE},
    )
    place = forms.ChoiceField(label=gettext_lazy("Abschnitt oder Ziel"), required=False)
    stance = forms.ChoiceField(
        label=gettext_lazy("Art, wenn sie gesagt wurde"),
        choices=[("", gettext_lazy("nicht gesagt")), *Stance.choices],
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Sprache"), required=False)
    received_on = forms.DateField(
        label=gettext_lazy("Eingang, falls an einem anderen Tag"),
        required=False,
        widget=DAY,
        error_messages={"invalid": WRONG_DAY},
    )
    code = forms.CharField(
        label=gettext_lazy("Code der Karte"),
        help_text=gettext_lazy("Wenn die Person eine Karte bekommen hat."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    contact = forms.EmailField(
        label=gettext_lazy("E-Mail-Adresse für die Antwort"),
        help_text=gettext_lazy("Nur wenn die Person das ausdrücklich möchte."),
        required=False,
        error_messages={
            "invalid": gettext_lazy(
                "Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
            )
        },
    )

    def __init__(self, *args, places: list[Any], note: OfflineNote, **kwargs):
        kwargs.setdefault("prefix", f"note-{note.pk}")
        super().__init__(*args, initial=_initial(note), **kwargs)
        self.note = note
        self.fields["place"].choices = [("", gettext_lazy("noch nicht gewählt")), *places]
        self.fields["language"].choices = language_choices(note.language)

    def clean_text(self):
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_TEXT:
            # Not refused: a draft is kept as it is, and named when it is handed over.
            self.add_error(
                None,
                _("Der Text hat {n} Zeichen, möglich sind {most}. Teilen Sie ihn.").format(
                    n=len(text), most=LONGEST_TEXT
                ),
            )
        return text

    def clean_received_on(self):
        on = self.cleaned_data["received_on"]
        if on:
            complain_about_day(self, "received_on", on, self.note.occasion.round)
        return on

    def clean_code(self):
        code = self.cleaned_data["code"]
        if code and not as_typed(code):
            raise forms.ValidationError(
                _("Der Code hat zwölf Zeichen, zum Beispiel K7QM-3XWR-9TFA. Prüfen Sie ihn.")
            )
        return as_typed(code)

    def taken(self) -> Taken:
        """What was typed, in the form of the service."""
        data = self.cleaned_data
        section, _between, target = data.get("place", "").partition(BETWEEN)
        return Taken(
            text=data.get("text", ""),
            section_wid=section,
            target_wid=target,
            stance=data.get("stance", ""),
            language=data.get("language", ""),
            received_on=data.get("received_on"),
            contact=data.get("contact", ""),
        )


class CheckForm(NoteForm):
    """What the second person may correct; card and address stay as they were."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["code"], self.fields["contact"]

    def taken(self) -> Taken:
        """What was corrected, with the address of the note."""
        corrected = super().taken()
        return Taken(**{**corrected.__dict__, "contact": self.note.contact})


class ReturnForm(forms.Form):
    """Why something is sent back."""

    reason = forms.CharField(
        label=gettext_lazy("Was stimmt nicht?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Sagen Sie in einem Satz, was nicht stimmt.")},
    )


class CardsForm(forms.Form):
    """How many blank cards are printed."""

    number = forms.IntegerField(
        label=gettext_lazy("Wie viele leere Karten?"),
        min_value=1,
        max_value=MOST_CARDS,
        initial=10,
        error_messages={
            "required": gettext_lazy("Geben Sie eine Zahl an."),
            "invalid": gettext_lazy("Geben Sie eine ganze Zahl an."),
            "min_value": gettext_lazy("Mindestens eine Karte."),
            "max_value": gettext_lazy("Höchstens 200 Karten auf einmal."),
        },
    )


class TableForm(OccasionForm):
    """A file with many contributions, and where they were collected."""

    kinds = BY_FILE
    file = forms.FileField(
        label=gettext_lazy("Datei"),
        help_text=gettext_lazy(
            "CSV oder Excel (.xlsx), höchstens 10 MB und 20.000 Zeilen. In der ersten Zeile "
            "stehen die Namen der Spalten. Löschen Sie Spalten mit Namen, Adressen oder "
            "Postleitzahlen vorher."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
        error_messages={
            "required": gettext_lazy("Wählen Sie die Datei."),
            "empty": gettext_lazy("Diese Datei ist leer. Wählen Sie eine andere."),
        },
    )
    field_order = ["file", "round", "kind", "title"]

    class Meta(OccasionForm.Meta):
        help_texts = {
            **OccasionForm.Meta.help_texts,
            "held_on": gettext_lazy("Gilt für alle Zeilen ohne eigenen Tag."),
        }


class ColumnsForm(forms.Form):
    """Which column holds what. Other columns are not read."""

    def __init__(self, *args, table: Import, header: list[str], **kwargs):
        initial = {name: str(place) for name, place in table.columns.items()}
        super().__init__(
            *args, initial={**initial, "default_section": table.default_section}, **kwargs
        )
        columns = [
            (str(place), title or _("Spalte %(n)s") % {"n": place + 1})
            for place, title in enumerate(header)
        ]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=FIELD_NAMES[name],
                choices=[("", gettext_lazy("steht nicht in der Datei")), *columns],
                required=name == "text",
                error_messages={
                    "required": gettext_lazy("Wählen Sie die Spalte mit dem Wortlaut.")
                },
            )
        self.fields["default_section"] = forms.ChoiceField(
            label=gettext_lazy("Zeilen ohne Abschnitt gehören zu"),
            choices=[
                ("", gettext_lazy("nichts: diese Zeilen werden gemeldet")),
                *section_choices(table.occasion.round.edition),
            ],
            required=False,
        )

    def columns(self) -> dict[str, int]:
        """The chosen columns by what they hold."""
        return {name: int(self.cleaned_data[name]) for name in FIELDS if self.cleaned_data[name]}


def section_choices(edition: Edition) -> list[tuple[str, str]]:
    """All sections of an edition."""
    return [(section["wid"], section_label(section)) for section in section_data(edition)]


def place_choices(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections with their goals, grouped for a select; a value is "section|target"."""
    return [
        (
            section_label(section),
            [
                (_value(section["wid"], section["wid"]), _("ganzer Abschnitt")),
                *(
                    (
                        _value(section["wid"], goal["wid"]),
                        _("Ziel %(number)s") % {"number": goal["number"]},
                    )
                    for goal in section["goals"]
                ),
            ],
        )
        for section in section_data(edition)
    ]


def language_choices(present: str) -> list[tuple[str, Any]]:
    """The languages that can be told apart, and the one that stands there now."""
    codes = [*LANGUAGES, *([present] if present and present not in LANGUAGES else [])]
    named = sorted((_language_name(code), code) for code in codes)
    return [
        ("", gettext_lazy("wird am Text erkannt")),
        *((code, name) for name, code in named),
    ]


def section_label(section: dict[str, Any]) -> str:
    """Number and title of a section."""
    return f"{section['number']} {section['text']['title']}".strip()


def _language_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return _("unbekannt") if code == "und" else code


def _value(section: str, target: str) -> str:
    return f"{section}{BETWEEN}{target}"


def _initial(note: OfflineNote) -> dict[str, Any]:
    return {
        "text": note.text,
        "place": _value(note.section_wid, note.target_wid or note.section_wid)
        if note.section_wid
        else "",
        "stance": note.stance,
        "language": note.language,
        "received_on": note.received_on,
        "contact": note.contact,
    }
