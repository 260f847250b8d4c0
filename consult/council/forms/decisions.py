"""Forms of what a body did with an item, and of how the groups voted."""

import re
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import (
    CouncilGroup,
    Decision,
    GroupVote,
    MotionGroupVote,
    MotionVote,
    RouteStep,
)
from consult.council.states import ADOPTING, ItemOutcome, Position
from consult.council.wording import outcome_name

Row = TypeVar("Row", GroupVote, MotionGroupVote)
# What stands in place of a number where the minutes name the group without its heads.
NOT_COUNTED = "x"
CELL = re.compile(r"[xX]?|[1-9][0-9]{0,2}")


class DecisionForm(forms.ModelForm):
    """What a body did with one item. A body that only advises agrees, it does not adopt."""

    outcome = forms.ChoiceField(
        label=_("Ergebnis"),
        widget=forms.RadioSelect,
        help_text=_("Eine Kenntnisnahme ist kein Beschluss und wird nie als einer gezeigt."),
        error_messages={"required": _("Wählen Sie, was das Gremium getan hat.")},
    )

    class Meta:
        model = Decision
        fields = [
            "outcome",
            "referred_to",
            "resolution_number",
            "resolution_text",
            "conditions",
            "votes",
        ]
        widgets = {
            "resolution_text": forms.Textarea(attrs={"rows": 4}),
            "conditions": forms.Textarea(attrs={"rows": 2}),
            "votes": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "referred_to": _("Nur wenn verwiesen wurde, zum Beispiel: Haushaltsberatung 2028."),
            "resolution_text": _("Nur wenn der Wortlaut vom Vorschlag abweicht."),
            "conditions": _(
                "Wie beschlossen, zum Beispiel: vorbehaltlich der im Haushalt verfügbaren Mittel."
            ),
            "votes": _("Wie in der Niederschrift, zum Beispiel: 38 Ja, 12 Nein, 5 Enthaltungen."),
        }

    def __init__(self, *args, step: RouteStep, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            (one.value, outcome_name(one, decides=step.authoritative)) for one in ItemOutcome
        ]

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
        self._check_target(outcome, data.get("referred_to", "").strip())
        return data

    def _check_target(self, outcome: str | None, target: str) -> None:
        if outcome == ItemOutcome.REFERRED and not target:
            self.add_error("referred_to", _("Sagen Sie, wohin verwiesen wurde."))
        if outcome and outcome != ItemOutcome.REFERRED and target:
            self.add_error("referred_to", _("Das gehört nur zum Ergebnis „verwiesen“."))


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

    With `former`, the votes of that record stand in the fields.
    """

    def __init__(self, *args, former: Decision | MotionVote | None = None, **kwargs):
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

    def rows(self, row: type[Row]) -> list[Row]:
        """The votes as rows that still lack their record."""
        return [
            row(
                group=group,
                position=position,
                count=int(cell) if cell.isdigit() else None,
                wish=self.cleaned_data[f"{group.pk}-wish"] if position == Position.AGAINST else "",
            )
            for group in self.groups
            for position in Position
            if (cell := self.cleaned_data[f"{group.pk}-{position}"])
        ]


def _cell(vote: GroupVote | MotionGroupVote | None) -> str:
    if vote is None:
        return ""
    return NOT_COUNTED if vote.count is None else str(vote.count)
