"""Other wording that people of the demo city propose, who supports it, and what was decided.

Some of the contributions of the story are suggestions: wortlaut.json names them by their key, so
that each has a theme and an answer as any other.
"""

import json
import random
from datetime import datetime
from functools import cache
from typing import Any

from consult.contributions.models import SuggestionBundle
from consult.contributions.services.commenting import Place
from consult.contributions.services.suggestions import Proposal, support_suggestion
from consult.contributions.states import SuggestionStatus, Visibility
from consult.evaluation.services.suggestions import (
    adopt_amended,
    adopt_suggestion,
    decline_suggestion,
)
from consult.project.demo.people import CONTENT
from drafts.concept.snapshots import content_hash
from drafts.editions.selectors import wording_at


def proposal_for(line: str, place: Place) -> Proposal | None:
    """What the contribution with this key proposes, or None for a comment."""
    row = _by_line().get(line)
    if row is None:
        return None
    wording = wording_at(place.edition, place.section_wid, place.target_wid)
    if wording is None:
        raise ValueError(f"the demo proposes words for a place that is not there: {line}")
    return Proposal(
        op=row["op"],
        new_text=row["new"],
        base_hash=content_hash(wording.text),
        credit_agreed=line in row["named"],
    )


def support_wordings(told, round_, at: datetime) -> None:
    """Let people support what others have proposed in a round, while it is open."""
    chance = random.Random(f"lindenau {round_.ref}")  # noqa: S311 - a demo, not a secret
    for row, bundle in _bundles(told, round_):
        authors = set(bundle.suggestions.values_list("contribution__participant", flat=True))
        others = [user for user, _leaning in told.residents.values() if user.pk not in authors]
        for user in chance.sample(others, k=row["supporters"]):
            support_suggestion(bundle=bundle, participant=user, at=at)


def decide_wordings(told, round_, at: datetime) -> None:
    """Decide on what was proposed in a round; what has no decision in the file stays open."""
    deeds = {"adopt": adopt_suggestion, "amend": adopt_amended, "decline": decline_suggestion}
    for row, bundle in _bundles(told, round_):
        said = dict(row.get("decision", {}))
        if said:
            deed = deeds[said.pop("outcome")]
            deed(bundle=bundle, actor=told.people["koordination"], at=at, **said)


def _bundles(told, round_) -> list[tuple[dict[str, Any], SuggestionBundle]]:
    found = []
    for row in _rows():
        rows = [told.contributions[line] for line in row["ids"] if line in told.contributions]
        bundle = SuggestionBundle.objects.filter(
            status=SuggestionStatus.OPEN,
            suggestions__contribution__in=rows,
            suggestions__contribution__round=round_,
            suggestions__contribution__status=Visibility.PUBLISHED,
        ).first()
        if bundle:
            found.append((row, bundle))
    return found


@cache
def _by_line() -> dict[str, dict[str, Any]]:
    return {line: row for row in _rows() for line in row["ids"]}


@cache
def _rows() -> list[dict[str, Any]]:
    return json.loads((CONTENT / "wortlaut.json").read_text())
