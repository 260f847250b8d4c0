"""Where a motion can be: what a place of the text is called, and what can be moved there."""

from consult.council.states import MotionOp, MotionPart
from drafts.editions.part_wordings import fits
from drafts.editions.places import INSIDE, Place

NAMES = {"goal": "Ziel", "measure": "Maßnahme"}
# Names of parts in the binding language, whoever writes the motion: they are kept with it.
PART_NAMES = {
    MotionPart.REASON: "Begründung",
    MotionPart.TARGET_GROUPS: "Für wen",
    MotionPart.COSTS: "Kosten",
    MotionPart.RESPONSIBLE: "Zuständig",
    MotionPart.PERIOD: "Zeitraum",
    MotionPart.BLOCKS: "neuer Absatz",
    MotionPart.GOALS: "neues Ziel",
    MotionPart.MEASURES: "neue Maßnahme",
}


def place_name(places: dict[str, Place], key: str) -> str:
    """What a place of the text is called in the binding language, with its section."""
    place = places[key]
    name = _name(places, places[place.wid])
    if place.part:
        return f"{name[:170]}, {PART_NAMES[MotionPart(place.part)]}"
    return name[:200]


def operations_at(place: Place) -> list[MotionOp]:
    """What can be moved at a place, in the order of the form."""
    if place.part in INSIDE:
        return [MotionOp.INSERT]
    if place.part:
        strikes = place.text and place.part != MotionPart.COSTS
        return [MotionOp.REPLACE, *([MotionOp.STRIKE] if strikes else [])]
    if place.kind == "item":
        return [MotionOp.REPLACE, MotionOp.STRIKE, MotionOp.INSERT]
    others = [MotionOp.STRIKE, MotionOp.INSERT, MotionOp.MOVE]
    return [MotionOp.REPLACE, *others] if fits(place, place.text) else others


def _name(places: dict[str, Place], place: Place) -> str:
    if place.kind in NAMES:
        return f"{NAMES[place.kind]} {place.number}".strip()
    home = places[place.section_wid]
    section = f"{home.number} {home.text.split(chr(10), 1)[0]}".strip()
    if place.kind == "section":
        return f"Abschnitt {section}"
    return (
        f"{section}, Absatz {place.number}" if place.number else f"{section}, Zwischenüberschrift"
    )
