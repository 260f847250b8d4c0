"""Forms of the moderation desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import Contribution
from consult.contributions.predicates import may_publish_held
from consult.contributions.states import ComplaintOutcome, Measure, Rule, Visibility

NO_REASON = _(
    "Begründen Sie die Entscheidung in mindestens einem Satz. Die Begründung liest auch, "
    "wer den Beitrag geschrieben hat."
)
WORDING = {
    Measure.PUBLISH: _("Veröffentlichen: Der Beitrag erscheint."),
    Measure.HIDE: _("Verbergen: An der Stelle steht nur noch, nach welcher Regel."),
    Measure.RESTORE: _("Wieder zeigen: Der Beitrag erscheint erneut."),
    Measure.NONE: _("Nichts unternehmen: Der Beitrag bleibt, wie er ist."),
}
MEANINGFUL = {
    Visibility.HELD: [Measure.PUBLISH, Measure.HIDE],
    Visibility.PUBLISHED: [Measure.HIDE, Measure.NONE],
    Visibility.HIDDEN: [Measure.RESTORE, Measure.NONE],
}


def measures_for(contribution: Contribution) -> list[tuple[Measure, object]]:
    """Return the measures that have a meaning for a contribution as it is, with wording."""
    return [
        (measure, WORDING[measure])
        for measure in MEANINGFUL.get(contribution.status, [Measure.NONE])
        if measure != Measure.PUBLISH or may_publish_held(contribution)
    ]


class DecisionForm(forms.Form):
    """A reasoned decision. There is no field for the text itself: nobody edits it."""

    measure = forms.ChoiceField(
        label=_("Was soll geschehen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, was mit dem Beitrag geschehen soll.")},
    )
    rule = forms.ChoiceField(
        label=_("Um welche Regel geht es?"),
        choices=[("", _("Keine Regel betroffen")), *Rule.choices],
        required=False,
        help_text=_("Wer einen Beitrag verbirgt, nennt die Regel."),
    )
    reason = forms.CharField(
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Sagen Sie, welche Worte gemeint sind und warum. Die Person, die den Beitrag "
            "geschrieben hat, bekommt genau diesen Text."
        ),
        error_messages={"required": NO_REASON},
    )

    def __init__(self, *args, contribution: Contribution, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["measure"].choices = measures_for(contribution)

    def clean(self):
        """Hiding needs a rule."""
        data = super().clean()
        if data.get("measure") == Measure.HIDE and not data.get("rule"):
            self.add_error("rule", _("Wählen Sie die Regel, gegen die der Beitrag verstößt."))
        return data


class ComplaintForm(forms.Form):
    """The decision of a second person on a complaint."""

    outcome = forms.ChoiceField(
        label=_("Wie entscheiden Sie über die Beschwerde?"),
        choices=ComplaintOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, ob die erste Entscheidung bestehen bleibt.")},
    )
    reason = forms.CharField(
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Gehen Sie auf jeden Punkt der Beschwerde ein."),
        error_messages={"required": NO_REASON},
    )


class LogFilter(forms.Form):
    """What the log is narrowed down to."""

    rule = forms.ChoiceField(
        label=_("Regel"), choices=[("", _("Alle Regeln")), *Rule.choices], required=False
    )
    measure = forms.ChoiceField(
        label=_("Maßnahme"), choices=[("", _("Alle Maßnahmen")), *Measure.choices], required=False
    )
