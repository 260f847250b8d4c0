"""Forms of the theme workshop and of the answers."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from consult.evaluation.models import Theme
from consult.evaluation.states import ObjectionOutcome, Outcome
from drafts.concept.models import Department

FEWEST_WORDS = 12
NO_TITLE = _("Geben Sie dem Thema einen Namen.")


class ThemeForm(forms.Form):
    """Name and concern of a theme."""

    title = forms.CharField(
        label=_("Name des Themas"),
        max_length=Theme._meta.get_field("title").max_length,
        error_messages={"required": NO_TITLE},
    )
    concern = forms.CharField(
        label=_("Anliegen in einem Satz"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text=_("Was wollen die Menschen? Der Satz steht öffentlich über den Beiträgen."),
    )


class MoveForm(forms.Form):
    """Where the selected contributions go."""

    target = forms.ModelChoiceField(
        label=_("Ausgewählte verschieben nach"),
        queryset=Theme.objects.none(),
        to_field_name="number",
        empty_label=_("Bitte wählen"),
        error_messages={
            "required": _("Wählen Sie, in welches Thema die Beiträge kommen sollen."),
            "invalid_choice": _("Dieses Thema gibt es nicht mehr. Wählen Sie ein anderes."),
        },
    )

    def __init__(self, *args, themes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = themes


class TitleForm(forms.Form):
    """The name of a theme that is split off or of a single voice."""

    new_title = forms.CharField(
        label=_("Name für ein neues Thema"),
        max_length=Theme._meta.get_field("title").max_length,
        error_messages={"required": NO_TITLE},
    )


class SettlementForm(forms.Form):
    """What is done about an objection: `deed` says which of the other fields count."""

    deed = forms.ChoiceField(
        label=_("Was tun Sie?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Wählen Sie, was Sie tun."),
            "invalid_choice": _("Das dürfen Sie hier nicht. Wählen Sie etwas anderes."),
        },
    )
    target = forms.ModelChoiceField(
        label=_("Anderes Thema"),
        queryset=Theme.objects.none(),
        to_field_name="number",
        empty_label=_("Bitte wählen"),
        required=False,
        error_messages={"invalid_choice": _("Dieses Thema gibt es nicht mehr. Wählen Sie neu.")},
    )
    title = forms.CharField(
        label=_("Name der Einzelstimme oder neuer Name des Themas"),
        max_length=Theme._meta.get_field("title").max_length,
        required=False,
    )
    concern = forms.CharField(
        label=_("Anliegen des Themas in einem Satz"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    reason = forms.CharField(
        label=_("Was schreiben Sie der Person?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        help_text=_("Sie bekommt es per E-Mail. Wenn der Beitrag bleibt, müssen Sie es begründen."),
    )

    def __init__(self, *args, themes, may_explain: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = themes
        labels = {
            ObjectionOutcome.MOVED: _("In ein anderes Thema verschieben"),
            ObjectionOutcome.OWN_VOICE: _("Als Einzelstimme für sich stellen"),
            ObjectionOutcome.REWORDED: _("Name oder Anliegen des Themas ändern"),
            ObjectionOutcome.EXPLAINED: _("Nichts ändern und begründen"),
        }
        if not may_explain:
            del labels[ObjectionOutcome.EXPLAINED]
        self.fields["deed"].choices = list(labels.items())

    def clean(self):
        """Ask for what the chosen deed needs."""
        needed = {
            ObjectionOutcome.MOVED: ("target", _("Wählen Sie das Thema.")),
            ObjectionOutcome.OWN_VOICE: ("title", _("Geben Sie der Einzelstimme einen Namen.")),
            ObjectionOutcome.REWORDED: ("title", NO_TITLE),
            ObjectionOutcome.EXPLAINED: (
                "reason",
                _("Begründen Sie, warum der Beitrag bleibt, wo er ist."),
            ),
        }
        name, sentence = needed.get(self.cleaned_data.get("deed"), ("", ""))
        if name and name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, sentence)
        return self.cleaned_data


class RequestForm(forms.Form):
    """Which department answers, and by when."""

    department = forms.ModelChoiceField(
        label=_("Federführung"),
        queryset=Department.objects.order_by("name"),
        empty_label=_("Bitte wählen"),
        error_messages={"required": _("Wählen Sie, welche Dienststelle antwortet.")},
    )
    due_on = forms.DateField(
        label=_("Fällig am"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Nennen Sie den Tag, bis zu dem die Antwort da sein soll."),
            "invalid": _("Schreiben Sie den Tag so: 30.06.2027."),
        },
    )


class DraftForm(forms.Form):
    """Outcome and reason of an answer."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, was aus dem Anliegen wird.")},
    )
    reason = forms.CharField(
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Sagen Sie, was die Stadt tut oder nicht tut, und warum. Ein Dank ist keine Antwort."
        ),
        error_messages={"required": _("Schreiben Sie eine Begründung.")},
    )

    def clean_reason(self):
        """A reason has some words, so that it can say what and why."""
        reason = self.cleaned_data["reason"]
        number = len(reason.split())
        if number < FEWEST_WORDS:
            sentence = ngettext_lazy(
                "Die Begründung hat erst %(number)s Wort. Sagen Sie in mindestens %(fewest)s "
                "Wörtern, was die Stadt tut und warum.",
                "Die Begründung hat erst %(number)s Wörter. Sagen Sie in mindestens %(fewest)s "
                "Wörtern, was die Stadt tut und warum.",
                number,
            )
            raise ValidationError(sentence % {"number": number, "fewest": FEWEST_WORDS})
        return reason


class AnswerTextForm(forms.Form):
    """An answer in another language."""

    language = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Übersetzung der Begründung"),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={
            "required": _("Schreiben Sie die Übersetzung der ganzen Begründung."),
            "null_characters_not_allowed": _(
                "Der Text enthält ein Zeichen, das wir nicht speichern können. Tippen Sie die "
                "Stelle neu."
            ),
        },
    )
