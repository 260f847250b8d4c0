"""Amounts of money as they are written in German."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,(?:00|-))?(?:€|Euro)?")
# What a row of the database holds.
MOST = 2_000_000_000


class EurosField(forms.IntegerField):
    """Whole euros: 593000, 593.000, 593 000 or 593.000,00 €; never negative.

    A point groups digits. Django would read 593.000 as 593.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "maxlength": 20})
    default_error_messages = {"invalid": _("Schreiben Sie ganze Euro, zum Beispiel 593.000.")}

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "min_value": 0, "max_value": MOST})

    def to_python(self, value: Any) -> int | None:
        """The amount, None where the field is empty."""
        text = "".join(str(value or "").split())
        found = AMOUNT.fullmatch(text)
        if text and found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(found[1].replace(".", "") if found else "")

    def prepare_value(self, value: Any) -> Any:
        """Group what is stored; what somebody typed stays as it is."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value
