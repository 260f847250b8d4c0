"""Forms of amendment motions: what is wanted, who moves it, how it was voted."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.amendments import SubmittedText
from consult.council.concerns import themes_to_take_up
from consult.council.models import AmendmentMotion, Body, CouncilGroup, Paper, ResolutionItem
from consult.council.motion_places import operations_at, place_name
from consult.council.services.motions import Mover, Wanted
from consult.council.states import (
    MOTION_OUTCOMES,
    FinanceEffect,
    MotionOp,
    MotionSide,
    MotionStatus,
)
from consult.evaluation.models import Theme
from drafts.concept.amounts import EurosField
from drafts.concept.snapshots import content_hash
from drafts.editions.places import Place

WORDS = forms.Textarea(attrs={"rows": 6, "lang": "de", "dir": "ltr"})


NEW_GOAL = _(
    "Ein neues Ziel: in der ersten Zeile der Wortlaut, darunter die Begründung. Eine Zeile, die "
    "mit „Für wen:“ beginnt, nennt die Zielgruppe."
)
NEW_MEASURE = _(
    "Eine neue Maßnahme: in der ersten Zeile der Titel, darunter die Beschreibung. Zeilen, die mit "
    "„Zuständig:“ oder „Zeitraum:“ beginnen, nennen diese. Die Kosten unten stehen dann im Text."
)
NEW = {
    "section": _(
        "Ein neuer Abschnitt: in der ersten Zeile die Überschrift, jede weitere Zeile ein Absatz."
    ),
    "goal": NEW_GOAL,
    "goals": NEW_GOAL,
    "measure": NEW_MEASURE,
    "measures": NEW_MEASURE,
}
WORDED = {
    "section": _("Beim anders Fassen: in der ersten Zeile die Überschrift, darunter der Vorspann."),
    "measure": _("Beim anders Fassen: in der ersten Zeile der Titel, darunter die Beschreibung."),
    "table": _(
        "Beim anders Fassen: eine Zeile für jede Zeile der Tabelle, zwischen den Zellen ein "
        "senkrechter Strich |. Ändern Sie nur die Zellen, um die es geht."
    ),
    "costs": _(
        "Zum Beispiel „einmalig 5.000 Euro“, in einer neuen Zeile „jährlich 12.000 Euro“. Oder "
        "„noch nicht geschätzt“. Was der Antrag mehr kostet, berechnet das Programm, wenn Sie es "
        "unten nicht selbst angeben."
    ),
}


class ThemeField(forms.ModelChoiceField):
    """A choice among residents' themes, by round, number and name."""

    def label_from_instance(self, obj: Theme) -> str:
        """What stands in the list."""
        return f"{obj.round.ref}, {obj.number}: {obj.title}"


class MotionForm(forms.Form):
    """What a motion wants at one place; the words that stand there come with it in `base_hash`."""

    op = forms.ChoiceField(
        label=_("Was soll geschehen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, was mit der Stelle geschehen soll.")},
    )
    new_text = forms.CharField(
        label=_("Neuer Wortlaut"),
        required=False,
        widget=WORDS,
    )
    side = forms.ChoiceField(
        label=_("Davor oder dahinter?"),
        choices=MotionSide.choices,
        initial=MotionSide.AFTER,
        required=False,
        help_text=_("Nur beim Einfügen und Verschieben."),
    )
    to_wid = forms.ChoiceField(
        label=_("Neben welche Stelle verschieben?"),
        required=False,
        help_text=_("Nur beim Verschieben."),
    )
    reason = forms.CharField(
        label=_("Begründung"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Öffentlich, sobald der Antrag eingereicht ist."),
    )
    taken_up = ThemeField(
        Theme.objects.none(),
        label=_("Welches Thema der Beteiligung greift der Antrag auf?"),
        required=False,
        empty_label=_("keines"),
        help_text=_("Wer dazu geschrieben hat, erfährt dann, was der Rat daraus macht."),
    )
    finance = forms.ChoiceField(
        label=_("Was kostet das?"), choices=FinanceEffect.choices, widget=forms.RadioSelect
    )
    cost_one_off = EurosField(label=_("einmalig, in Euro"), required=False)
    cost_yearly = EurosField(label=_("jährlich, in Euro"), required=False)
    finance_note = forms.CharField(label=_("Zu den Kosten"), required=False, max_length=300)
    base_hash = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        paper: Paper,
        place: Place,
        item: ResolutionItem | None = None,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.place, self.item = place, item
        self.fields["taken_up"].queryset = themes_to_take_up(paper, place.section_wid)
        targets = _targets(SubmittedText(paper).places, place) if item is None else []
        ops = [op for op in operations_at(place) if op != MotionOp.MOVE or targets]
        self.fields["op"].choices = [(op.value, op.label) for op in ops]
        if len(ops) == 1:
            self.fields["op"].initial = ops[0]
            self.fields["op"].widget = forms.HiddenInput()
        self.fields["new_text"].help_text = " ".join(map(str, hints_for(place, ops)))
        self.fields["to_wid"].choices = [("", _("Bitte wählen")), *targets]
        if MotionOp.MOVE not in ops:
            del self.fields["to_wid"]
        if not {MotionOp.INSERT, MotionOp.MOVE} & set(ops) or place.part:
            del self.fields["side"]

    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        data = self.cleaned_data
        return Wanted(
            op=data["op"],
            base_hash=data["base_hash"],
            item=self.item,
            wid=self.place.wid,
            part=self.place.part,
            new_text=data["new_text"],
            side=data.get("side") or MotionSide.AFTER,
            to_wid=data.get("to_wid", ""),
            reason=data["reason"],
            taken_up=data["taken_up"],
            finance=data["finance"],
            cost_one_off=data["cost_one_off"],
            cost_yearly=data["cost_yearly"],
            finance_note=data["finance_note"],
        )


class GroupMotionForm(MotionForm):
    """A draft of a council group; who works in several says for which."""

    group = forms.ModelChoiceField(
        CouncilGroup.objects.none(), label=_("Fraktion"), empty_label=None
    )
    field_order = ("group",)

    def __init__(self, *args, groups, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups
        if len(groups) == 1:
            self.fields["group"].initial = groups[0]
            self.fields["group"].widget = forms.HiddenInput()


class MoverMotionForm(MotionForm):
    """A motion that the council office enters for who handed it in."""

    group = forms.ModelChoiceField(
        CouncilGroup.objects.all(), label=_("Fraktion"), required=False, empty_label="–"
    )
    body = forms.ModelChoiceField(
        Body.objects.order_by("name"),
        label=_("oder Gremium"),
        required=False,
        empty_label="–",
        help_text=_("Zum Beispiel der Ausländerbeirat."),
    )
    member = forms.CharField(
        label=_("oder Mitglied"),
        required=False,
        max_length=160,
        help_text=_("Mit der Funktion, zum Beispiel: fraktionslose Stadtverordnete."),
    )
    field_order = ("group", "body", "member")

    def mover(self) -> Mover:
        """Who moves it."""
        data = self.cleaned_data
        return Mover(group=data["group"], body=data["body"], member=data["member"])

    def clean(self) -> dict[str, Any]:
        """Exactly one mover."""
        data = super().clean() or {}
        named = [name for name in ("group", "body", "member") if data.get(name)]
        if len(named) != 1:
            self.add_error(
                "group", _("Wählen Sie genau eins: eine Fraktion, ein Gremium oder ein Mitglied.")
            )
        return data


class RefuseMotionForm(forms.Form):
    """Why a motion is not admitted to the vote."""

    reason = forms.CharField(
        label=_("Warum wird der Antrag nicht zugelassen?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich."),
        error_messages={"required": _("Sagen Sie, warum der Antrag nicht zugelassen wird.")},
    )


class MotionVoteForm(forms.Form):
    """How a body voted on a motion."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=[(one.value, one.label) for one in MotionStatus if one in MOTION_OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, was das Gremium getan hat.")},
    )
    wording = forms.CharField(
        label=_("angenommener Wortlaut, wenn geändert"),
        required=False,
        widget=WORDS,
        help_text=_("Nur wenn der Antrag mit einem anderen Wortlaut angenommen wurde."),
    )
    note = forms.CharField(
        label=_("Abstimmung"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Wie in der Niederschrift, zum Beispiel: 38 Ja, 12 Nein, 5 Enthaltungen."),
    )

    def clean(self) -> dict[str, Any]:
        """Another wording goes with that outcome, and only with it."""
        data = super().clean() or {}
        modified = data.get("outcome") == MotionStatus.ACCEPTED_MODIFIED
        if modified and not data.get("wording", "").strip():
            self.add_error("wording", _("Geben Sie den Wortlaut an, der angenommen wurde."))
        if data.get("outcome") and not modified and data.get("wording", "").strip():
            self.add_error(
                "wording", _("Einen anderen Wortlaut gibt es nur, wenn er angenommen wurde.")
            )
        return data


class MotionCorrectionForm(MotionVoteForm):
    """A record that corrects another one after the minutes."""

    reason = forms.CharField(
        label=_("Warum wird berichtigt?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der frühere Eintrag bleibt lesbar."),
        error_messages={"required": _("Sagen Sie, was am früheren Eintrag falsch war.")},
    )


def values_of(motion: AmendmentMotion) -> dict[str, Any]:
    """What stands in the fields for a motion that exists."""
    names = (
        "group", "op", "new_text", "side", "to_wid", "reason", "finance", "cost_one_off",
        "cost_yearly", "finance_note", "base_hash", "taken_up",
    )  # fmt: skip
    return {name: getattr(motion, name) for name in names}


def first_values(place: Place) -> dict[str, Any]:
    """What stands in the fields of a new motion: other words begin with those that are there."""
    ops = operations_at(place)
    return {
        "op": ops[0],
        "new_text": place.text if ops[0] == MotionOp.REPLACE else "",
        "base_hash": content_hash(place.text),
        "finance": FinanceEffect.NOT_ESTIMATED,
    }


def hints_for(place: Place, ops: Sequence[MotionOp]) -> list[Any]:
    """How to write the new wording of a place, and what is new beside or in it."""
    inserted = NEW.get(place.family)
    hints = []
    if MotionOp.REPLACE in ops:
        hints += [WORDED.get(place.kind, _("Beim anders Fassen: der ganze neue Wortlaut."))]
    if MotionOp.INSERT in ops:
        hints += [inserted or _("Beim Einfügen: nur das Neue.")]
    return hints


def _targets(places: dict[str, Place], place: Place) -> list[tuple[str, str]]:
    """The places beside which one can be moved: of the same kind."""
    if place.part:
        return []
    return [
        (key, f"{place_name(places, key)}: {_beginning(other.text)}")
        for key, other in places.items()
        if other.family == place.family and key != place.key
    ]


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:60].rsplit(' ', 1)[0]} …"
