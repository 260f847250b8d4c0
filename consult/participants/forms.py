"""Forms of the account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(forms.Form):
    """What is asked at registration besides address and password."""

    pseudonym = forms.CharField(
        label=_("Name, der angezeigt wird (freiwillig)"),
        help_text=_("Sie können das Feld leer lassen. Dann steht dort „Teilnehmende Person“."),
        max_length=60,
        required=False,
    )
    residence = forms.BooleanField(
        label=_("Ich wohne in dieser Stadt."),
        help_text=_("Ihre Angabe wird nicht geprüft. Ergebnisse zeigen wir mit und ohne sie."),
        required=False,
    )

    def signup(self, request, user):
        """Called by allauth once the account exists; the adapter has stored the fields."""
