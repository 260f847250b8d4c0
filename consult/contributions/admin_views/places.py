"""Names of the places that contributions speak of, for any number of them in two queries."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from drafts.editions.models import EditionGoal, EditionText
from drafts.editions.selectors import BINDING

Key = tuple[int, str]


@dataclass(frozen=True)
class Place:
    """Section and part in words ("" for the whole section), and the public page of the section."""

    section: str
    part: str
    url: str


def places_of(contributions: Collection[Contribution]) -> dict[int, Place]:
    """Return the place of each contribution by its key.

    A place that is not in the edition any more (it cannot vanish once released) is left out.
    """
    editions = {found.edition_id for found in contributions}
    sections = {
        (text.section.edition_id, text.section.wid): text
        for text in EditionText.objects.filter(
            section__edition__in=editions,
            section__wid__in={found.section_wid for found in contributions},
            language=BINDING,
        ).select_related("section__edition")
    }
    goals = {
        (goal.edition_id, goal.wid): goal.number
        for goal in EditionGoal.objects.filter(
            edition__in=editions, wid__in={found.target_wid for found in contributions}
        )
    }
    return {
        found.pk: _place(found, sections[found.edition_id, found.section_wid], goals)
        for found in contributions
        if (found.edition_id, found.section_wid) in sections
    }


def _place(found: Contribution, text: EditionText, goals: dict[Key, str]) -> Place:
    section = text.section
    return Place(
        section=" ".join(filter(None, [section.number, text.content["title"]])),
        part=_part(found, text.content["blocks"], goals),
        url=reverse("section", args=[section.edition.number, section.slug]),
    )


def _part(found: Contribution, blocks: list[dict[str, Any]], goals: dict[Key, str]) -> str:
    goal = goals.get((found.edition_id, found.target_wid))
    if goal:
        return _("Ziel %(number)s") % {"number": goal}
    numbers = [block.get("no") for block in blocks if block["wid"] == found.target_wid]
    if numbers and numbers[0]:
        return _("Absatz %(number)s") % {"number": numbers[0]}
    return ""
