"""Forms of the rounds desk."""

from datetime import datetime, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consult.rounds.models import ConsultationRound, PreModeration
from consult.rounds.states import EDITABLE, RoundStatus
from drafts.editions.models import Edition
from drafts.editions.selectors import contents
from drafts.editions.states import EditionStatus

# People can take part on a text that can still change.
CONSULTABLE = frozenset({EditionStatus.OPEN, EditionStatus.SEALED, EditionStatus.SUBMITTED})
UNFINISHED = EDITABLE | {RoundStatus.OPEN, RoundStatus.SUSPENDED}
MINUTES = "%Y-%m-%dT%H:%M"
LONGEST_DECISION_HOURS = 168


def moment_field(label: object, help_text: object, required: object) -> forms.DateTimeField:
    """A day and time in the city's time, chosen without a script."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
        error_messages={
            "required": required,
            "invalid": _("Geben Sie Tag und Uhrzeit an, zum Beispiel 01.03.2027 08:00."),
        },
    )


class RoundForm(forms.ModelForm):
    """All that is fixed before a round opens."""

    opens_at = moment_field(
        _("Beginn"),
        _("Ab dieser Minute kann beigetragen werden. Eine angekündigte Runde öffnet von selbst."),
        _("Sagen Sie, wann die Runde beginnt."),
    )
    closes_at = moment_field(
        _("Ende"),
        _(
            "Zu dieser Minute schließt die Runde von selbst. Geben Sie den Menschen mindestens "
            "vier Wochen Zeit und meiden Sie die Ferien."
        ),
        _("Sagen Sie, wann die Runde endet."),
    )

    class Meta:
        model = ConsultationRound
        fields = [
            "ref",
            "title",
            "edition",
            "scope",
            "influence",
            "afterwards",
            "rules",
            "opens_at",
            "closes_at",
            "answer_due",
        ]
        widgets = {
            "scope": forms.Textarea(attrs={"rows": 4}),
            "afterwards": forms.Textarea(attrs={"rows": 4}),
            "rules": forms.Textarea(attrs={"rows": 6}),
            "answer_due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "ref": _("Steht in der Adresse und vor jeder Beitragsnummer, zum Beispiel 2027-R1."),
            "title": _("So heißt die Runde auf der Website."),
            "edition": _("Über den Wortlaut dieser Fassung wird gesprochen."),
            "scope": _("Nennen Sie auch, was ein Gesetz oder ein Beschluss schon festlegt."),
            "influence": _("Versprechen Sie nur, was Sie halten können."),
            "afterwards": _("Sagen Sie, welche Ämter antworten und wer am Ende entscheidet."),
            "answer_due": _("Der Tag ist öffentlich. Überschrittene Fristen sind es auch."),
        }

    def __init__(self, *args, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["ref"].validators.append(
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9-]*$",
                _("Nehmen Sie nur Buchstaben, Ziffern und Bindestriche, zum Beispiel 2027-R1."),
            )
        )
        edition = self.fields["edition"]
        edition.queryset = Edition.objects.filter(status__in=CONSULTABLE).order_by(
            "concept", "-number"
        )
        edition.empty_label = None if self.instance.pk else "---------"
        edition.label_from_instance = _edition_label

    def clean(self):
        """Check the dates against each other, the clock and the other rounds."""
        data = super().clean()
        opens, closes, due = (data.get(name) for name in ("opens_at", "closes_at", "answer_due"))
        if closes and opens and closes <= opens:
            self.add_error("closes_at", _("Das Ende muss nach dem Beginn liegen."))
        elif closes and closes <= self.at:
            self.add_error("closes_at", _("Dieses Ende ist schon vorbei. Wählen Sie ein späteres."))
        elif closes and due and due <= timezone.localdate(closes):
            self.add_error("answer_due", _("Antworten kann es erst nach dem Ende der Runde geben."))
        if opens and closes and data.get("edition"):
            self._check_overlap(data["edition"], opens, closes)
        return data

    def _check_overlap(self, edition: Edition, opens: datetime, closes: datetime) -> None:
        other = (
            ConsultationRound.objects.filter(
                edition=edition, status__in=UNFINISHED, opens_at__lt=closes, closes_at__gt=opens
            )
            .exclude(pk=self.instance.pk)
            .first()
        )
        if other:
            text = _("Zu dieser Fassung ist in dieser Zeit schon die Runde %(ref)s geplant.")
            self.add_error("opens_at", text % {"ref": other.ref})


class ExtensionForm(forms.Form):
    """A later end and its public reason."""

    new_end = moment_field(
        _("Neues Ende"),
        _("Ein Ende kann nur nach hinten rücken. Das bisherige bleibt öffentlich stehen."),
        _("Sagen Sie, bis wann die Runde dauern soll."),
    )
    reason = forms.CharField(
        label=_("Öffentlicher Grund"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht auf der Seite der Runde."),
        error_messages={"required": _("Sagen Sie den Menschen, warum die Runde länger dauert.")},
    )

    def __init__(self, *args, round_: ConsultationRound, **kwargs):
        kwargs.setdefault("initial", {"new_end": round_.closes_at + timedelta(days=14)})
        super().__init__(*args, **kwargs)
        self.round = round_

    def clean_new_end(self):
        """The new end is later than the one that holds."""
        return _later_than(self.round.closes_at, self.cleaned_data["new_end"])


class PreModerationExtensionForm(forms.Form):
    """A later end of a pre-moderation and its public reason."""

    new_end = moment_field(
        _("Neues Ende"),
        _("Bis dahin werden neue Beiträge vorab gelesen."),
        _("Sagen Sie, bis wann vorab geprüft wird."),
    )
    reason = forms.CharField(
        label=_("Öffentlicher Grund"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht bei der Runde. Vorab-Moderation ist eine Ausnahme auf Zeit."),
        error_messages={"required": _("Sagen Sie öffentlich, warum länger geprüft wird.")},
    )

    def __init__(self, *args, rule: PreModeration, **kwargs):
        kwargs.setdefault("initial", {"new_end": rule.ends_at + timedelta(days=7)})
        super().__init__(*args, **kwargs)
        self.rule = rule

    def clean_new_end(self):
        """The new end is later than the one that holds."""
        return _later_than(self.rule.ends_at, self.cleaned_data["new_end"])


class SuspensionForm(forms.Form):
    """Why nobody can take part for a while."""

    reason = forms.CharField(
        label=_("Öffentlicher Grund"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Steht auf allen Seiten, bis die Runde weitergeht. Höchstens 300 Zeichen. Sagen Sie "
            "auch, wann es voraussichtlich weitergeht."
        ),
        error_messages={"required": _("Sagen Sie den Menschen, warum sie nicht mitreden können.")},
    )


class PreModerationForm(forms.ModelForm):
    """Where, why and how long new texts are read before they appear."""

    section_wid = forms.ChoiceField(label=_("Wo?"), required=False)
    starts_at = moment_field(_("ab"), "", _("Sagen Sie, ab wann vorab geprüft wird."))
    ends_at = moment_field(
        _("bis"),
        _("Danach erscheinen neue Beiträge wieder sofort."),
        _("Nennen Sie das Ende: Vorab-Moderation ist eine Ausnahme auf Zeit."),
    )
    hours_to_decide = forms.IntegerField(
        label=_("Entscheidung binnen Stunden"),
        initial=24,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DECISION_HOURS)],
        help_text=_("Wer schreibt, liest, bis wann über den Beitrag entschieden ist."),
    )

    class Meta:
        model = PreModeration
        fields = ["section_wid", "reason", "starts_at", "ends_at", "hours_to_decide"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"reason": _("Steht am Beitragsformular und auf der Seite der Runde.")}
        error_messages = {
            "reason": {"required": _("Sagen Sie öffentlich, warum vorab geprüft wird.")}
        }

    def __init__(self, *args, round_: ConsultationRound, at: datetime, **kwargs):
        kwargs.setdefault("initial", {"starts_at": at})
        super().__init__(*args, **kwargs)
        self.at = at
        self.fields["section_wid"].choices = [
            ("", _("In der ganzen Runde")),
            *(
                (row["wid"], f"{row['number']} {row['title']}".strip())
                for row in contents(round_.edition)
            ),
        ]

    def clean(self):
        """It ends after it begins, and not in the past."""
        data = super().clean()
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("Das Ende muss nach dem Beginn liegen."))
        elif ends and ends <= self.at:
            self.add_error("ends_at", _("Dieses Ende ist schon vorbei. Wählen Sie ein späteres."))
        return data


def _later_than(end: datetime, new_end: datetime) -> datetime:
    if new_end <= end:
        raise forms.ValidationError(
            _("Das neue Ende muss nach dem %(end)s liegen."),
            params={"end": date_format(timezone.localtime(end), "DATETIME_FORMAT")},
        )
    return new_end


def _edition_label(edition: Edition) -> object:
    return _("Fassung %(number)s: %(title)s (%(status)s)") % {
        "number": edition.number,
        "title": edition.title,
        "status": edition.get_status_display(),
    }
