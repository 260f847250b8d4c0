"""Forms of following something."""

from django import forms
from django.utils.translation import gettext_lazy

from consult.contributions.forms import Trap
from consult.following.states import CHOICES, Rhythm


class FollowForm(forms.Form):
    """How often somebody wants to be told."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("Wie oft möchten Sie eine E-Mail?"),
        choices=CHOICES,
        initial=Rhythm.DAILY.value,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Wählen Sie, wie oft Sie eine E-Mail möchten."),
            "invalid_choice": gettext_lazy("Wählen Sie eine der drei Möglichkeiten."),
        },
    )

    use_required_attribute = False


class GuestFollowForm(FollowForm):
    """The same without an account: the address is confirmed first."""

    email = forms.EmailField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        help_text=gettext_lazy(
            "Wir schicken Ihnen einen Link. Erst wenn Sie ihn öffnen und bestätigen, bekommen Sie "
            "Neues. Die Adresse wird nicht veröffentlicht."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Geben Sie Ihre E-Mail-Adresse an."),
            "invalid": gettext_lazy(
                "Prüfen Sie die E-Mail-Adresse. Sie sieht so aus: name@beispiel.de."
            ),
        },
    )
    website = Trap()
    field_order = ["email", "rhythm", "website"]


class ChangeForm(FollowForm):
    """Another rhythm for something that is followed, from a list."""

    topic = forms.CharField(widget=forms.HiddenInput)
    object = forms.CharField(widget=forms.HiddenInput)
