"""Forms of the account."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consult.participants.shown_name import ShownName
from consult.participants.states import ErasureScope


class SignupForm(forms.Form):
    """What is asked at registration besides address and password."""

    field_order = ["email", "password1", "pseudonym", "residence"]

    pseudonym = ShownName(
        help_text=_("Sie können das Feld leer lassen. Dann steht dort „Teilnehmende Person“."),
    )
    residence = forms.BooleanField(
        label=_("Ich wohne in dieser Stadt."),
        help_text=_("Ihre Angabe wird nicht geprüft. Ergebnisse zeigen wir mit und ohne sie."),
        required=False,
    )

    def signup(self, request, user):
        """Called by allauth once the account exists; the adapter has stored the fields."""


class ProfileForm(forms.Form):
    """What a person can change about the account without the account library."""

    pseudonym = ShownName(
        help_text=_(
            "Der Name steht bei neuen Beiträgen. Frühere Beiträge behalten den Namen, mit dem Sie "
            "sie abgegeben haben."
        ),
    )
    language = forms.ChoiceField(
        label=_("Sprache unserer E-Mails an Sie"), choices=settings.LANGUAGES
    )


class ErasureForm(forms.Form):
    """What is to go with the account."""

    scope = forms.ChoiceField(
        label=_("Was soll mit Ihren Beiträgen geschehen?"),
        choices=[(scope.value, scope.label) for scope in (ErasureScope.NAMES, ErasureScope.WORDS)],
        error_messages={
            "required": _("Wählen Sie, was mit Ihren Beiträgen geschehen soll."),
            "invalid_choice": _("Wählen Sie, was mit Ihren Beiträgen geschehen soll."),
        },
    )
