"""What a change brings with it: what goes with a struck part, and what costs change."""

import copy

import pytest

from drafts.editions.amendment_effects import cost_difference, left_pointing, parts_in
from drafts.editions.places import places_of
from tests.factories.amendments import TEXT, insert, replace, strike

PLACES = places_of(TEXT)


@pytest.mark.parametrize(
    ("change", "inside", "costs"),
    [
        (strike(1, "g1"), ["measure", "measure"], (0, -2000)),
        (strike(1, "g1-a"), [], (0, -1000)),
        (strike(1, "g1", "reason"), [], (0, 0)),
        (strike(1, "s2"), ["block", "goal"], (0, 0)),
        (replace(1, "g1-a", "einmalig 500 Euro", "costs"), [], (500, -1000)),
        (replace(1, "g1-a", "noch nicht geschätzt", "costs"), [], (0, -1000)),
        (replace(1, "g1-a", "viel", "costs"), [], (0, 0)),
        (replace(1, "g1-a", "Anders."), [], (0, 0)),
        (insert(1, "g1"), [], (0, 0)),
    ],
)
def test_what_follows_from_a_change(change, inside, costs):
    assert parts_in(change, PLACES) == inside
    assert cost_difference(change, PLACES) == costs


def test_measures_that_stay_and_name_a_struck_goal_are_found():
    text = copy.deepcopy(TEXT)
    one, two = text[0]["goals"][0]["measures"]
    one["also_serves"], two["also_serves"] = ["2.1"], ["1.2"]
    places = places_of(text)
    assert left_pointing(strike(1, "g3"), places) == ["1.1.a"]
    assert left_pointing(strike(1, "s1"), places) == []
    assert left_pointing(strike(1, "g1"), places) == []
