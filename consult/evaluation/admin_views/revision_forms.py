"""Forms of the revision desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.contributions.models import SuggestionBundle
from consult.evaluation.models import Response
from consult.evaluation.services.revision import Part
from consult.evaluation.states import Cause
from consult.rounds.models import ConsultationRound
from consult.rounds.states import TALLIES_READABLE
from drafts.editions.models import Edition

KINDS = [
    (Cause.RESPONSE, _("Eine veröffentlichte Antwort")),
    (Cause.SUGGESTION, _("Ein übernommener Änderungsvorschlag")),
    (Cause.EDITORIAL, _("Redaktionell: Der Sinn bleibt gleich.")),
    (Cause.LEGAL, _("Rechtlich nötig")),
]


class PrepareForm(forms.Form):
    """Which round the revision follows."""

    round = forms.ModelChoiceField(
        ConsultationRound.objects.none(),
        label=_("Auf welche Runde antwortet die Überarbeitung?"),
        required=False,
        empty_label=_("Auf keine: nur redaktionelle und rechtliche Änderungen"),
    )

    def __init__(self, *args, edition: Edition, **kwargs):
        rounds = ConsultationRound.objects.filter(
            edition=edition, status__in=TALLIES_READABLE
        ).order_by("-closes_at")
        kwargs.setdefault("initial", {"round": rounds.first()})
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds


class CauseForm(forms.Form):
    """Why a text was changed."""

    kind = forms.ChoiceField(
        label=_("Warum wurde das geändert?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Wählen Sie, was die Änderung veranlasst hat.")},
    )
    response = forms.TypedChoiceField(
        label=_("Antwort auf das Thema"),
        required=False,
        empty_value=None,
        error_messages={"invalid_choice": _("Diese Antwort gehört nicht zur Runde.")},
    )
    suggestion = forms.TypedChoiceField(
        label=_("Änderungsvorschlag"),
        required=False,
        empty_value=None,
        error_messages={
            "invalid_choice": _("Dieser Vorschlag ist an dieser Stelle nicht übernommen.")
        },
    )
    note = forms.CharField(
        label=_("Begründung"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_(
            "Steht öffentlich neben der Änderung. Ohne Antwort auf ein Thema ist sie nötig."
        ),
    )

    def __init__(
        self,
        *args,
        responses: Sequence[Response],
        suggestions: Sequence[SuggestionBundle] = (),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self._offer(suggestions)
        # The same answers stand in every form of a page, so they are read once for all of them.
        by_pk = {str(response.pk): response for response in responses}
        field = self.fields["response"]
        field.choices = [
            ("", _("Bitte wählen")),
            *((pk, _response_label(response)) for pk, response in by_pk.items()),
        ]
        field.coerce = by_pk.__getitem__

    def _offer(self, suggestions: Sequence[SuggestionBundle]) -> None:
        if not suggestions:
            del self.fields["suggestion"]
            self.fields["kind"].choices = [row for row in KINDS if row[0] != Cause.SUGGESTION]
            return
        by_pk = {str(bundle.pk): bundle for bundle in suggestions}
        field = self.fields["suggestion"]
        field.choices = [
            ("", _("Bitte wählen")),
            *((pk, _suggestion_label(bundle)) for pk, bundle in by_pk.items()),
        ]
        field.coerce = by_pk.__getitem__

    def clean(self) -> dict[str, Any]:
        """An answer, a suggestion, or else words."""
        data = super().clean() or {}
        kind = data.get("kind")
        if kind == Cause.SUGGESTION and not data.get("suggestion"):
            self.add_error("suggestion", _("Wählen Sie den Vorschlag, dem die Änderung folgt."))
        if kind != Cause.SUGGESTION:
            data["suggestion"] = None
        if kind == Cause.SUGGESTION:
            data["response"] = None
        if kind == Cause.RESPONSE and not data.get("response"):
            self.add_error("response", _("Wählen Sie die Antwort, aus der die Änderung folgt."))
        if kind in {Cause.EDITORIAL, Cause.LEGAL}:
            data["response"] = None
            if not data.get("note", "").strip():
                self.add_error("note", _("Sagen Sie in einem Satz, warum das geändert wurde."))
        return data


class NextEditionForm(forms.Form):
    """Title and origin of the edition that the revision becomes."""

    title = forms.CharField(
        label=_("Titel"),
        max_length=Edition._meta.get_field("title").max_length,
        error_messages={"required": _("Geben Sie der Fassung einen Titel.")},
    )
    origin = forms.CharField(
        label=_("Wessen Entwurf ist das?"),
        max_length=Edition._meta.get_field("origin").max_length,
        help_text=Edition._meta.get_field("origin").help_text,
        error_messages={"required": _("Sagen Sie, wessen Entwurf das ist.")},
    )


class PlaceForm(forms.Form):
    """Another place of the edition for a contribution."""

    place = forms.ChoiceField(
        label=_("Wohin gehört der Beitrag?"),
        error_messages={
            "required": _("Wählen Sie die Stelle, zu der der Beitrag gehört."),
            "invalid_choice": _(
                "Diese Stelle gibt es in der Fassung nicht. Wählen Sie eine andere."
            ),
        },
    )

    def __init__(self, *args, parts: dict[str, Part], **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.fields["place"].choices = [("", _("Bitte wählen")), *_grouped(parts)]

    def chosen(self) -> Part:
        """The part that was chosen."""
        return self.parts[self.cleaned_data["place"]]


def _grouped(parts: dict[str, Part]) -> list[tuple[str, list[tuple[str, object]]]]:
    """The parts of an edition below their sections, each with its first words."""
    groups: dict[str, list[tuple[str, object]]] = {}
    names = {part.wid: part.place for part in parts.values() if part.kind == "section"}
    for part in parts.values():
        label = _("ganzer Abschnitt") if part.kind == "section" else _place_label(part)
        groups.setdefault(names[part.section_wid], []).append((part.wid, label))
    return list(groups.items())


def _place_label(part: Part) -> str:
    words = part.text.split("\n")[0]
    place = part.place.rpartition(", ")[2]
    return f"{place}: {words[:70]}{'…' if len(words) > 70 else ''}"


def _suggestion_label(bundle: SuggestionBundle) -> str:
    words = bundle.new_text or bundle.old_text
    label = f"{bundle.get_op_display()}: {words}"
    return f"{label[:90]}…" if len(label) > 90 else label


def _response_label(response: Response) -> object:
    return _("%(number)s %(title)s (%(outcome)s)") % {
        "number": response.theme.number,
        "title": response.theme.title,
        "outcome": response.get_outcome_display(),
    }
