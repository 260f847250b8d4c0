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

    least = 0

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "min_value": self.least, "max_value": MOST})

    def to_python(self, value: Any) -> int | None:
        """The amount, None where the field is empty."""
        text = "".join(str(value if value is not None else "").split())
        found = self.read(text)
        if text and found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python("" if found is None else found)

    def read(self, text: str) -> int | None:
        """What is written without white space as a number; None where it is no amount."""
        found = AMOUNT.fullmatch(text)
        return int(found[1].replace(".", "")) if found else None

    def prepare_value(self, value: Any) -> Any:
        """Group what is stored; what somebody typed stays as it is."""
        return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


class EurosDifferenceField(EurosField):
    """How many euros more; with a minus before it, less."""

    least = -MOST

    def read(self, text: str) -> int | None:
        """The difference; None where it is none."""
        unsigned = text.lstrip("+-\u2212")
        found = super().read(unsigned) if len(text) - len(unsigned) < 2 else None
        return -found if found is not None and text[0] in "-\u2212" else found
