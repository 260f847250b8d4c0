"""A proposed wording beside the present one: the difference word by word, and both to read."""

from typing import Any

from django.utils.translation import gettext as _

from consult.contributions.models import Contribution
from consult.contributions.selectors import difference, suggestion_of
from consult.contributions.services.commenting import Place
from consult.contributions.services.suggestions import Proposal
from consult.contributions.states import Kind, Operation
from drafts.editions.selectors import wording_at


def shown_wording(op: str, old: str, new: str) -> dict[str, Any]:
    """What templates show of a proposed wording: its difference, and both wordings apart."""
    titles = {
        Operation.REPLACE: _("Vorschlag: anderer Wortlaut"),
        Operation.INSERT: _("Vorschlag: danach einfügen"),
        Operation.DELETE: _("Vorschlag: streichen"),
    }
    return {
        "op": op,
        "title": titles[Operation(op)],
        "parts": difference(op, old, new),
        "old": old,
        "new": new,
    }


def wording_of(contribution: Contribution) -> dict[str, Any] | None:
    """The wording that a contribution proposes, or None for one that proposes nothing."""
    found = suggestion_of(contribution) if contribution.kind == Kind.SUGGESTION else None
    return found and shown_wording(found.bundle.op, found.bundle.old_text, found.new_text)


def proposed(place: Place, proposal: Proposal | None) -> dict[str, Any] | None:
    """What a guest is about to confirm, or None for a comment."""
    wording = wording_at(place.edition, place.section_wid, place.target_wid) if proposal else None
    if proposal is None or wording is None:
        return None
    return shown_wording(proposal.op, wording.text, proposal.new_text)
