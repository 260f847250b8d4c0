"""Forms of the release desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from drafts.editions.models import Edition


class EditionForm(forms.ModelForm):
    """Title and origin of the next edition."""

    class Meta:
        model = Edition
        fields = ["title", "origin"]
        error_messages = {
            "title": {"required": _("Geben Sie der Fassung einen Titel.")},
            "origin": {"required": _("Sagen Sie, wessen Entwurf das ist.")},
        }
