"""What a motion can be about at the place that a member reads: the way from one to the other."""

from django.utils.translation import gettext as _

from consult.council.models import Paper
from consult.council.states import MotionPart
from drafts.concept.snapshots import Data
from drafts.editions.places import INSIDE, Place, place_key
from site_content.pages.presenters.motions import draft_url


def subjects(paper: Paper, place: Place, places: dict[str, Place]) -> list[Data]:
    """The wording, the other fields and what can be new there, each with its form.

    In a section the goals and paragraphs come beside it; `is_current` is the one that is open.
    """
    if not place.wid:
        return []
    near = [found for found in places.values() if found.wid == place.wid]
    home = places[place.wid]
    if home.kind == "goal":
        measures = [found for found in places.values() if found.within == home.wid]
        near += [found for found in measures if not found.part]
        near += [places[place_key(home.section_wid, "goals")]]
    if home.kind == "measure":
        near += [places[home.within]]
    return [
        {
            "label": _label(found, home),
            "url": draft_url(
                paper, stelle=found.wid, **({"teil": found.part} if found.part else {})
            ),
            "is_current": found.key == place.key,
        }
        for found in near
    ]


def _label(place: Place, home: Place) -> str:
    if place.kind == "measure" and home.kind == "goal":
        return _("Maßnahme {number} und ihre Kosten").format(number=place.number)
    if place.part in INSIDE:
        return {
            MotionPart.BLOCKS: _("neuer Absatz in diesem Abschnitt"),
            MotionPart.GOALS: _("neues Ziel in diesem Abschnitt"),
            MotionPart.MEASURES: _("neue Maßnahme zu diesem Ziel"),
        }[MotionPart(place.part)]
    if place.part:
        return str(MotionPart(place.part).label)
    return {
        "section": _("der ganze Abschnitt oder seine Überschrift"),
        "goal": _("das ganze Ziel oder sein Wortlaut"),
        "measure": _("die ganze Maßnahme oder ihr Wortlaut"),
    }.get(place.kind, _("diese Stelle"))
