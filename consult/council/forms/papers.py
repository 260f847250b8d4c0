"""Forms of a paper and of its items."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.amendments import editions_as_decided
from consult.council.models import Paper, ResolutionItem
from consult.council.states import Ask, Effect
from drafts.editions.models import Edition
from drafts.editions.states import EditionStatus

# Papers are written about text that stands or will stand; submitting asks for a sealed edition.
PRESENTABLE = frozenset(
    {EditionStatus.OPEN, EditionStatus.SEALED, EditionStatus.SUBMITTED, EditionStatus.IN_FORCE}
)


class PaperForm(forms.ModelForm):
    """What a paper says."""

    class Meta:
        model = Paper
        fields = [
            "reference",
            "title",
            "edition",
            "submitted_by",
            "under_direction_of",
            "originator",
            "summary",
            "finance",
            "if_rejected",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 5}),
            "finance": forms.Textarea(attrs={"rows": 4}),
            "if_rejected": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "reference": _("Die Nummer im Ratsinformationssystem, zum Beispiel STV 2027/118."),
            "edition": _("Über genau diesen Wortlaut wird beraten."),
            "under_direction_of": _("Die Dienststelle, die den Inhalt verantwortet."),
            "originator": _(
                "So steht es auf der Vorlage, zum Beispiel: Magistrat. Bleibt es frei, stehen dort "
                "Gremium und Federführung."
            ),
            "summary": _("Für Menschen, die nur diese Seite lesen."),
            "finance": _("Nennen Sie Beträge oder sagen Sie, dass noch nichts geschätzt ist."),
            "if_rejected": _("Ablehnen ist immer möglich. Sagen Sie, was dann gilt."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        edition = self.fields["edition"]
        edition.queryset = Edition.objects.filter(status__in=PRESENTABLE).order_by(
            "concept", "-number"
        )
        edition.label_from_instance = edition_label
        edition.empty_label = _("Bitte wählen")
        self.fields["originator"].required = False

    def clean(self) -> dict[str, Any]:
        """Somebody brings the paper in: by name, or as body or department."""
        data = super().clean() or {}
        named = data.get("submitted_by") or data.get("under_direction_of")
        if not data.get("originator", "").strip() and not named:
            self.add_error("originator", _("Nennen Sie, wer die Vorlage einbringt."))
        return data


class ItemForm(forms.ModelForm):
    """A numbered item of the proposed resolution."""

    class Meta:
        model = ResolutionItem
        fields = [
            "title",
            "text",
            "asks",
            "alternatives",
            "effect",
            "task_for",
            "task_until",
            "duty",
            "duty_months",
            "duty_to",
        ]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "alternatives": forms.Textarea(attrs={"rows": 2}),
            "task_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "asks": _("Nur was beschlossen werden soll, kann eine Fassung in Kraft setzen."),
            "title": _("Ein paar Worte, an denen man den Punkt wiedererkennt."),
            "alternatives": _("Nur wenn es zu diesem einen Punkt eine Wahl gibt."),
            "text": _("Ein Punkt, ein Beschluss: Über jeden wird einzeln entschieden."),
            "effect": _("Höchstens ein Punkt setzt die Fassung in Kraft."),
            "task_for": _("Wenn der Punkt jemanden beauftragt. Es steht in der Beschlussmappe."),
            "duty": _(
                "Wenn der Punkt beschlossen wird, beginnt die Frist. Ob sie eingehalten wird, ist "
                "öffentlich zu sehen."
            ),
            "duty_months": _("Bei einer Wiedervorlage: nach wie vielen Monaten."),
        }
        error_messages = {
            "text": {"required": _("Schreiben Sie, was beschlossen werden soll.")},
        }

    def __init__(self, *args, paper: Paper, **kwargs):
        super().__init__(*args, **kwargs)
        self.paper = paper

    def clean(self) -> dict[str, Any]:
        """A report is owed in a rhythm and to somebody, or not at all."""
        data = super().clean() or {}
        parts = [data.get("duty"), data.get("duty_months"), data.get("duty_to")]
        if any(parts) and not all(parts):
            self.add_error(
                "duty", _("Eine Berichtspflicht nennt Art, Monate und wem berichtet wird.")
            )
        return data

    def clean_effect(self) -> str:
        """Only one item of a paper puts the edition in force, and only by a resolution."""
        effect = self.cleaned_data["effect"]
        if effect == Effect.ADOPT_EDITION and self.cleaned_data.get("asks") != Ask.ADOPT:
            raise forms.ValidationError(
                _(
                    "Eine Fassung tritt nur durch einen Beschluss in Kraft. Gefragt ist: beschließen."
                )
            )
        adopting = self.paper.items.filter(effect=Effect.ADOPT_EDITION).exclude(pk=self.instance.pk)
        if effect == Effect.ADOPT_EDITION and adopting.exists():
            raise forms.ValidationError(
                _("Punkt %(number)s setzt die Fassung schon in Kraft."),
                params={"number": adopting.get().number},
            )
        return effect


class AmendedForm(forms.Form):
    """The edition that holds the text as it was decided."""

    edition = forms.ModelChoiceField(
        Edition.objects.none(),
        label=_("Fassung mit dem beschlossenen Wortlaut"),
        empty_label=_("Bitte wählen"),
        error_messages={"required": _("Wählen Sie die Fassung mit dem beschlossenen Wortlaut.")},
    )

    def __init__(self, *args, paper: Paper, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["edition"]
        field.queryset = editions_as_decided(paper)
        field.label_from_instance = edition_label


def edition_label(edition: Edition) -> object:
    """Number, title and state of an edition in one line."""
    return _("Fassung %(number)s: %(title)s (%(status)s)") % {
        "number": edition.number,
        "title": edition.title,
        "status": edition.get_status_display(),
    }
