"""Amounts as people write them: a point groups digits and is no decimal point."""

import pytest
from django.core.exceptions import ValidationError

from consult.council.forms import FinanceForm
from drafts.concept.amounts import EurosDifferenceField, EurosField
from drafts.concept.blocks import MeasureBlock

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


@pytest.mark.parametrize(
    ("text", "euros"), [("-40.000", -40_000), ("−40.000 €", -40_000), ("+1.500", 1_500), ("0", 0)]
)
def test_a_difference_can_be_less(text, euros):
    assert EurosDifferenceField().clean(text) == euros


@pytest.mark.parametrize("text", ["--4", "-", "-4.00", "4-"])
def test_what_is_no_difference_is_asked_for_again(text):
    with pytest.raises(ValidationError):
        EurosDifferenceField().clean(text)


def test_the_costs_of_a_measure_are_read_alike_in_the_editor():
    costs = MeasureBlock().child_blocks["cost_yearly"]
    typed = costs.value_from_datadict({"cost": "593.000"}, {}, "cost")
    assert costs.clean(typed) == 593_000
    assert costs.get_form_state(593_000) == "593.000"


def test_what_is_stored_stands_grouped_in_the_field():
    form = FinanceForm(initial={"one_off": 593_000})
    assert form["one_off"].value() == "593.000"
