"""Amounts as people write them: a point groups digits and is no decimal point."""

import pytest
from django.core.exceptions import ValidationError

from consult.council.forms import FinanceForm
from consult.council.forms.amounts import EurosField

WRITTEN = [
    ("593000", 593_000),
    ("593.000", 593_000),
    ("593 000", 593_000),
    ("12.000", 12_000),
    ("1.593.000,00 €", 1_593_000),
    ("250,- Euro", 250),
    ("0", 0),
    ("", None),
]


@pytest.mark.parametrize(("text", "euros"), WRITTEN)
def test_an_amount_is_read_as_it_is_written_in_german(text, euros):
    assert EurosField(required=False).clean(text) == euros


@pytest.mark.parametrize(
    "text", ["593.00", "5.93", "1,50", "-5", "viel", "٣", "1.0000", "99999999999", "1e5"]
)
def test_what_could_be_read_in_two_ways_is_asked_for_again(text):
    with pytest.raises(ValidationError):
        EurosField().clean(text)


def test_what_is_stored_stands_grouped_in_the_field():
    form = FinanceForm(initial={"one_off": 593_000})
    assert form["one_off"].value() == "593.000"
