"""Forms of what a body that advises said to single goals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.council.models import GoalPosition
from consult.council.states import BodyPosition

SAID = [("", _("nichts gesagt")), *BodyPosition.choices]
VOTES_LENGTH, NOTE_LENGTH = 160, 300


class GoalPositionsForm(forms.Form):
    """A position for each goal that has none; `rest` stands for all goals that are left empty.

    `goals` are rows of editions.selectors.goals_in_order.
    """

    rest = forms.ChoiceField(
        label=_("Alle Ziele, bei denen unten nichts gewählt ist"),
        choices=SAID,
        required=False,
        help_text=_("Stimmt ein Gremium über viele Ziele gemeinsam ab, reicht diese eine Angabe."),
    )
    rest_votes = forms.CharField(
        label=_("Abstimmung über diese Ziele"),
        required=False,
        max_length=VOTES_LENGTH,
        help_text=_("Wie in der Niederschrift, zum Beispiel: 7 zu 4."),
    )

    def __init__(self, *args, goals: list[dict[str, Any]], **kwargs):
        super().__init__(*args, **kwargs)
        self.goals = goals
        for goal in goals:
            self.fields[f"{goal['pk']}-position"] = forms.ChoiceField(
                label=_("Position"), choices=SAID, required=False
            )
            self.fields[f"{goal['pk']}-votes"] = forms.CharField(
                label=_("Abstimmung"), required=False, max_length=VOTES_LENGTH
            )
            self.fields[f"{goal['pk']}-note"] = forms.CharField(
                label=_("Anmerkung des Gremiums"), required=False, max_length=NOTE_LENGTH
            )

    def common(self) -> list[Any]:
        """The fields for the goals on which was voted together."""
        return [self["rest"], self["rest_votes"]]

    def fieldsets(self) -> list[dict[str, Any]]:
        """The fields of each goal, for the page."""
        return [
            {
                "goal": goal,
                "cells": [self[f"{goal['pk']}-{name}"] for name in ("position", "votes", "note")],
            }
            for goal in self.goals
        ]

    def clean(self) -> dict[str, Any]:
        """Votes and a note belong to a position, and somewhere is one."""
        data = super().clean() or {}
        said = [data.get(f"{goal['pk']}-position") for goal in self.goals]
        if not any(said) and not data.get("rest"):
            self.add_error("rest", _("Wählen Sie, was das Gremium zu den Zielen sagt."))
        for goal in self.goals:
            words = [data.get(f"{goal['pk']}-{name}") for name in ("votes", "note")]
            if any(words) and not (data.get(f"{goal['pk']}-position") or data.get("rest")):
                self.add_error(f"{goal['pk']}-position", _("Wählen Sie die Position."))
        return data

    def rows(self) -> list[GoalPosition]:
        """The positions as rows that still lack their step."""
        return [row for goal in self.goals if (row := self._row(goal)) is not None]

    def _row(self, goal: dict[str, Any]) -> GoalPosition | None:
        data, pk = self.cleaned_data, goal["pk"]
        own = data[f"{pk}-position"]
        if not own and not data["rest"]:
            return None
        votes = data[f"{pk}-votes"] or ("" if own else data["rest_votes"])
        return GoalPosition(
            goal_wid=goal["wid"],
            position=own or data["rest"],
            votes=votes.strip(),
            note=data[f"{pk}-note"].strip(),
        )


class PositionCorrectionForm(forms.ModelForm):
    """A record that corrects another one about the same goal."""

    reason = forms.CharField(
        label=_("Warum wird berichtigt?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Öffentlich. Der frühere Eintrag bleibt lesbar."),
        error_messages={"required": _("Sagen Sie, was am früheren Eintrag falsch war.")},
    )

    class Meta:
        model = GoalPosition
        fields = ["position", "votes", "note"]
        help_texts = {"votes": _("Wie in der Niederschrift, zum Beispiel: 7 zu 4.")}
