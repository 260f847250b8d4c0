"""Forms of what the council could do instead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import Alternative, AmendmentMotion, GoalOption
from consult.council.states import MOTION_PUBLIC
from drafts.concept.amounts import EurosDifferenceField
from drafts.editions.models import Edition
from drafts.editions.selectors import goals_in_order

COSTS = ["one_off", "yearly", "cost_note"]
DIFFERENCES = {"one_off": EurosDifferenceField, "yearly": EurosDifferenceField}
LABEL_LENGTH = 80


class AlternativeForm(forms.ModelForm):
    """What could be decided in place of the whole paper."""

    class Meta:
        model = Alternative
        fields = ["text", "follows", *COSTS]
        field_classes = DIFFERENCES
        widgets = {"follows": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "text": _("Auch „nichts tun“ ist eine. Ablehnen steht von selbst dabei."),
            "follows": _("Ein, zwei Sätze: was dann gilt und was dann fehlt."),
        }
        error_messages = {
            "text": {"required": _("Schreiben Sie, was der Rat stattdessen beschließen kann.")}
        }


class OptionForm(forms.ModelForm):
    """What could be decided at a goal in place of the submitted wording."""

    class Meta:
        model = GoalOption
        fields = ["text", *COSTS]
        field_classes = DIFFERENCES
        help_texts = {
            "text": _("A ist immer: wie vorgelegt. Zum Beispiel: mit Auftrag an den Mieterverein."),
        }
        error_messages = {
            "text": {"required": _("Schreiben Sie, was der Rat stattdessen beschließen kann.")}
        }


class NewOptionForm(OptionForm):
    """The same with the goal that it is about; goals that are contested by votes say so."""

    goal_wid = forms.ChoiceField(
        label=_("Ziel"),
        error_messages={"required": _("Wählen Sie das Ziel.")},
    )
    field_order = ("goal_wid",)

    def __init__(self, *args, edition: Edition, contested: set[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal_wid"].choices = [
            ("", _("Bitte wählen")),
            *((goal["wid"], _label(goal, contested)) for goal in goals_in_order(edition)),
        ]


class OptionMotionForm(forms.Form):
    """The filed motion that asks for the same as an option."""

    motion = forms.ModelChoiceField(
        AmendmentMotion.objects.none(),
        label=_("Änderungsantrag"),
        required=False,
        empty_label=_("keiner"),
        help_text=_("Welcher eingereichte Antrag dasselbe will. Wer die Mappe liest, kommt hin."),
    )

    def __init__(self, *args, option: GoalOption, **kwargs):
        super().__init__(*args, initial={"motion": option.motion_id}, **kwargs)
        field = self.fields["motion"]
        field.queryset = option.paper.motions.filter(
            item__isnull=True, status__in=MOTION_PUBLIC
        ).order_by("number")
        field.label_from_instance = _motion_label


def _label(goal: dict[str, str], contested: set[str]) -> str:
    words = f"{goal['number']} {goal['wording']}"
    if len(words) > LABEL_LENGTH:
        words = f"{words[:LABEL_LENGTH].rsplit(' ', 1)[0]} …"
    return _("%(goal)s (umstritten)") % {"goal": words} if goal["wid"] in contested else words


def _motion_label(motion: AmendmentMotion) -> str:
    return f"{motion.name}: {motion.place}, {motion.get_op_display()}"
