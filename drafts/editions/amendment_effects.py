"""What a change brings with it in the text: what goes with it, and what costs it changes. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from drafts.concept.snapshots import Data
from drafts.editions.amending import Amendment
from drafts.editions.part_wordings import UnableToAmend, costs_from
from drafts.editions.places import Place


class CostDifference(NamedTuple):
    """By how many euros the measures of a text cost more, or less, with a change."""

    one_off: int
    yearly: int


def parts_in(amendment: Amendment, places: Mapping[str, Place]) -> list[str]:
    """The families of all that stands in a part that is struck: block, goal or measure."""
    return [place.family for place in _struck(amendment, places) if place.wid != amendment.wid]


def left_pointing(amendment: Amendment, places: Mapping[str, Place]) -> list[str]:
    """The numbers of measures that stay and say that they serve a goal which is struck."""
    struck = _struck(amendment, places)
    goals = {place.number for place in struck if place.family == "goal"}
    gone = {place.wid for place in struck}
    return [
        place.number
        for place in places.values()
        if place.family == "measure"
        and place.wid not in gone
        and goals & set(place.data["also_serves"])
    ]


def cost_difference(amendment: Amendment, places: Mapping[str, Place]) -> CostDifference:
    """What is struck costs nothing any more, other costs count with their difference."""
    measures = [place.data for place in _struck(amendment, places) if place.family == "measure"]
    less = [_amounts(measure) for measure in measures]
    more = []
    place = places.get(amendment.key)
    if amendment.op == "replace" and amendment.part == "costs" and place:
        try:
            more = [_amounts(costs_from(amendment.text))]
        except UnableToAmend:
            return CostDifference(0, 0)
        less = [_amounts(place.data)]
    one_off, yearly = (sum(row[at] for row in more) - sum(row[at] for row in less) for at in (0, 1))
    return CostDifference(one_off, yearly)


def _struck(amendment: Amendment, places: Mapping[str, Place]) -> list[Place]:
    if amendment.op != "strike" or amendment.part:
        return []
    return [
        place
        for place in places.values()
        if not place.part and amendment.wid in {place.wid, place.within, place.section_wid}
    ]


def _amounts(measure: Data) -> tuple[int, int]:
    return measure["cost_one_off"] or 0, measure["cost_yearly"] or 0
