"""A statement of an organisation: its parts and what became of each."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from consult.contributions.states import Visibility
from consult.intake.models import Statement
from consult.records.selectors import trace_contribution
from drafts.concept.languages import language_of
from drafts.editions.selectors import contents, goal_numbers
from site_content.pages.presenters.concept_text import section_name
from site_content.pages.presenters.figures import day
from site_content.pages.presenters.trail import Reader, headline


def shown_statement(found: Statement, at: datetime) -> dict[str, Any]:
    """What the page of a statement shows; of a part that is not public only that it is not."""
    edition = found.round.edition
    sections = {entry["wid"]: section_name(entry) for entry in contents(edition)}
    goals = goal_numbers(edition)
    reader = Reader(at=at)
    parts = found.parts.select_related(
        "contribution__comment_row", "contribution__round", "contribution__edition"
    ).order_by("position")
    return {
        "ref": found.ref,
        "organisation": found.organisation,
        "members": found.members,
        "text": found.text,
        "day": day(found.received_at),
        "round": found.round,
        "file": {
            "url": reverse("statement_file", args=[found.ref]),
            "name": found.file.name,
            "size": found.file.size,
        }
        if found.file and found.file_released_at
        else None,
        "parts": [_part(part.contribution, sections, goals, reader) for part in parts],
    }


def _part(contribution, sections: dict[str, str], goals: dict[str, str], reader) -> dict[str, Any]:
    place = sections.get(contribution.section_wid, "")
    number = goals.get(contribution.target_wid)
    is_public = contribution.status == Visibility.PUBLISHED
    return {
        "ref": contribution.ref,
        "url": reverse("contribution", args=[contribution.ref]),
        "place": _("{section}, Ziel {number}").format(section=place, number=number)
        if number
        else place,
        "text": contribution.comment_row.comment if is_public else "",
        "language": language_of(contribution.language),
        "status": contribution.get_status_display(),
        "state": headline(trace_contribution(contribution), reader) if is_public else "",
    }
