"""Forms of the council desk."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import (
    Body,
    CouncilGroup,
    Decision,
    GroupVote,
    Paper,
    ResolutionItem,
    RouteStep,
)
from consult.council.states import (
    ADOPTING,
    DECIDING_OUTCOMES,
    Ask,
    Effect,
    ItemOutcome,
    Position,
    StepOutcome,
    StepRole,
)
from drafts.editions.models import Edition
from drafts.editions.states import EditionStatus

# Papers are written about text that stands or will stand; submitting asks for a sealed edition.
PRESENTABLE = frozenset(
    {EditionStatus.OPEN, EditionStatus.SEALED, EditionStatus.SUBMITTED, EditionStatus.IN_FORCE}
)

# What stands in place of a number where the minutes name the group without its heads.
NOT_COUNTED = "x"
CELL = re.compile(r"x?|[1-9][0-9]{0,2}")


class PaperForm(forms.ModelForm):
    """What a paper says."""

    class Meta:
        model = Paper
        fields = [
            "reference",
            "title",
            "edition",
            "originator",
            "summary",
            "finance",
            "alternatives",
        ]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 5}),
            "finance": forms.Textarea(attrs={"rows": 4}),
            "alternatives": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "reference": _("Die Nummer im Ratsinformationssystem, zum Beispiel STV 2027/118."),
            "edition": _("Über genau diesen Wortlaut wird beraten."),
            "originator": _("Wer die Vorlage einbringt, zum Beispiel: Magistrat."),
            "summary": _("Für Menschen, die nur diese Seite lesen."),
            "finance": _("Nennen Sie Beträge oder sagen Sie, dass noch nichts geschätzt ist."),
            "alternatives": _("Eine je Zeile. Auch „nichts tun“ ist eine."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        edition = self.fields["edition"]
        edition.queryset = Edition.objects.filter(status__in=PRESENTABLE).order_by(
            "concept", "-number"
        )
        edition.label_from_instance = edition_label
        edition.empty_label = _("Bitte wählen")


class ItemForm(forms.ModelForm):
    """A numbered item of the proposed resolution."""

    class Meta:
        model = ResolutionItem
        fields = ["title", "text", "asks", "alternatives", "effect"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 3}),
            "alternatives": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "asks": _("Nur was beschlossen werden soll, kann eine Fassung in Kraft setzen."),
            "title": _("Ein paar Worte, an denen man den Punkt wiedererkennt."),
            "alternatives": _("Nur wenn es zu diesem einen Punkt eine Wahl gibt."),
            "text": _("Ein Punkt, ein Beschluss: Über jeden wird einzeln entschieden."),
            "effect": _("Höchstens ein Punkt setzt die Fassung in Kraft."),
        }
        error_messages = {
            "text": {"required": _("Schreiben Sie, was beschlossen werden soll.")},
        }

    def __init__(self, *args, paper: Paper, **kwargs):
        super().__init__(*args, **kwargs)
        self.paper = paper

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


class StepForm(forms.ModelForm):
    """A body in the route."""

    class Meta:
        model = RouteStep
        fields = ["body", "role", "authoritative", "meeting_on", "agenda_item"]
        widgets = {"meeting_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "body": _("Fehlt ein Gremium, wird es unter „Schnipsel“ angelegt."),
            "authoritative": _("In der Regel nur die letzte Sitzung der Beratungsfolge."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.order_by("name")
        self.fields["body"].empty_label = _("Bitte wählen")

    def clean(self) -> dict[str, Any]:
        """Deciding is a task of its own: a hearing or a noting decides nothing."""
        data = super().clean() or {}
        decides = data.get("role") == StepRole.DECISION
        if data.get("authoritative") and not decides:
            self.add_error("role", _("Wer hier entscheidet, hat die Aufgabe „Entscheidung“."))
        return data


class ScheduleForm(forms.ModelForm):
    """When a body meets."""

    class Meta:
        model = RouteStep
        fields = ["meeting_on", "agenda_item"]
        widgets = {"meeting_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class HeldForm(forms.Form):
    """How a meeting ended, and what came of it in a sentence."""

    outcome = forms.ChoiceField(
        label=_("Ausgang"),
        widget=forms.RadioSelect,
        help_text=_("Nur wenn abgestimmt wurde, gibt es zu jedem Punkt ein Ergebnis."),
        error_messages={"required": _("Wählen Sie, wie die Sitzung ausgegangen ist.")},
    )
    result = forms.CharField(
        label=_("Ergebnis der Sitzung"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Ein Satz für die Öffentlichkeit, zum Beispiel: Der Ausschuss empfiehlt die Annahme."
        ),
        error_messages={"required": _("Sagen Sie in einem Satz, was die Sitzung ergeben hat.")},
    )

    def __init__(self, *args, step: RouteStep, **kwargs):
        super().__init__(*args, **kwargs)
        allowed = DECIDING_OUTCOMES if step.authoritative else set(StepOutcome)
        self.fields["outcome"].choices = [
            (value, label) for value, label in StepOutcome.choices if value in allowed
        ]


class DropForm(forms.Form):
    """Why a body will not meet on the paper."""

    result = forms.CharField(
        label=_("Warum entfällt die Beratung?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der Schritt bleibt mit diesem Satz in der Beratungsfolge stehen."),
        error_messages={"required": _("Sagen Sie in einem Satz, warum die Beratung entfällt.")},
    )


class DecisionForm(forms.ModelForm):
    """What a body did with one item."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        choices=ItemOutcome.choices,
        widget=forms.RadioSelect,
        help_text=_("Eine Kenntnisnahme ist kein Beschluss und wird nie als einer gezeigt."),
        error_messages={"required": _("Wählen Sie, was das Gremium getan hat.")},
    )

    class Meta:
        model = Decision
        fields = ["outcome", "resolution_number", "resolution_text", "conditions", "votes"]
        widgets = {
            "resolution_text": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "votes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "resolution_text": _("Nur wenn der Wortlaut vom Vorschlag abweicht."),
            "conditions": _(
                "Wie beschlossen, zum Beispiel: vorbehaltlich der im Haushalt verfügbaren Mittel."
            ),
            "votes": _("Wie in der Niederschrift, zum Beispiel: 38 Ja, 12 Nein, 5 Enthaltungen."),
        }

    def clean(self) -> dict[str, Any]:
        """An amended resolution has a text; a number belongs to a resolution."""
        data = super().clean() or {}
        outcome = data.get("outcome")
        if (
            outcome == ItemOutcome.ADOPTED_AS_AMENDED
            and not data.get("resolution_text", "").strip()
        ):
            self.add_error("resolution_text", _("Geben Sie den beschlossenen Wortlaut an."))
        if outcome and outcome not in ADOPTING and data.get("resolution_text", "").strip():
            self.add_error(
                "resolution_text",
                _("Einen beschlossenen Wortlaut gibt es nur bei einem Beschluss."),
            )
        return data


class CorrectionForm(DecisionForm):
    """A record that corrects another one."""

    reason = forms.CharField(
        label=_("Warum wird berichtigt?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der frühere Eintrag bleibt lesbar."),
        error_messages={"required": _("Sagen Sie, was am früheren Eintrag falsch war.")},
    )


class GroupVotesForm(forms.Form):
    """How each council group voted: a number of heads, or x where the minutes name only the group.

    With `former`, the votes of the record that is corrected stand in the fields.
    """

    def __init__(self, *args, former: Decision | None = None, **kwargs):
        super().__init__(*args, auto_id="id_votes_%s", **kwargs)
        self.groups = list(CouncilGroup.objects.all())
        votes = former.group_votes.all() if former else GroupVote.objects.none()
        stood = {(vote.group_id, vote.position): vote for vote in votes}
        for group in self.groups:
            for position in Position:
                self.fields[f"{group.pk}-{position}"] = forms.CharField(
                    label=position.label,
                    required=False,
                    initial=_cell(stood.get((group.pk, position))),
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 3}),
                )
            against = stood.get((group.pk, Position.AGAINST))
            self.fields[f"{group.pk}-wish"] = forms.CharField(
                label=_("wollte stattdessen"),
                required=False,
                max_length=160,
                initial=against.wish if against else "",
            )

    def fieldsets(self) -> list[dict[str, Any]]:
        """The fields of each group, for the page."""
        return [
            {
                "group": group,
                "cells": [self[f"{group.pk}-{position}"] for position in Position],
                "wish": self[f"{group.pk}-wish"],
            }
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        """A cell holds a number from 1, an x or nothing; another wish goes with a no."""
        data = super().clean() or {}
        for group in self.groups:
            for position in Position:
                if not CELL.fullmatch(data.get(f"{group.pk}-{position}", "")):
                    self.add_error(f"{group.pk}-{position}", _("Eine Zahl ab 1 oder ein x."))
            if data.get(f"{group.pk}-wish") and not data.get(f"{group.pk}-{Position.AGAINST}"):
                self.add_error(
                    f"{group.pk}-wish", _("Ein anderer Wunsch gehört zu einem „dagegen“.")
                )
        return data

    def rows(self) -> list[GroupVote]:
        """The votes as rows that still lack their decision."""
        return [
            GroupVote(
                group=group,
                position=position,
                count=int(cell) if cell.isdigit() else None,
                wish=self.cleaned_data[f"{group.pk}-wish"] if position == Position.AGAINST else "",
            )
            for group in self.groups
            for position in Position
            if (cell := self.cleaned_data[f"{group.pk}-{position}"])
        ]


def _cell(vote: GroupVote | None) -> str:
    if vote is None:
        return ""
    return NOT_COUNTED if vote.count is None else str(vote.count)


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
        field.queryset = Edition.objects.filter(
            based_on=paper.edition_id, status=EditionStatus.SEALED
        ).order_by("-number")
        field.label_from_instance = edition_label


def edition_label(edition: Edition) -> object:
    """Number, title and state of an edition in one line."""
    return _("Fassung %(number)s: %(title)s (%(status)s)") % {
        "number": edition.number,
        "title": edition.title,
        "status": edition.get_status_display(),
    }
