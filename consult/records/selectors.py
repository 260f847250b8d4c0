"""The way of a contribution through everything: the test of the architecture."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from consult.contributions.models import Contribution
from consult.contributions.services.commenting import receipt_hash
from consult.council.selectors import decisions_on, public_papers
from consult.evaluation.models import Assignment, Change
from consult.evaluation.states import ResponseStatus, RevisionStatus
from drafts.actionplan.models import Measure


@dataclass(frozen=True)
class Trace:
    """What became of a contribution so far; empty parts have not happened yet."""

    contribution: Contribution
    text: str
    decisions: list[Any] = field(default_factory=list)
    theme: Any = None
    response: Any = None
    changes: list[Any] = field(default_factory=list)
    carry_overs: list[Any] = field(default_factory=list)
    papers: list[Any] = field(default_factory=list)
    resolutions: list[Any] = field(default_factory=list)
    measures: list[Any] = field(default_factory=list)


def trace_contribution(contribution: Contribution) -> Trace:
    """Follow a contribution to theme, answer, changed text, resolution and measure."""
    assignment = (
        Assignment.objects.filter(contribution=contribution, is_current=True)
        .select_related("theme")
        .first()
    )
    theme = assignment.theme if assignment else None
    response = _published_response(theme)
    changes = _released_changes(response)
    editions = {change.revision.to_edition for change in changes} or {contribution.edition}
    return Trace(
        contribution=contribution,
        text=contribution.comment_row.comment,
        decisions=list(contribution.decisions.order_by("pk")),
        theme=theme,
        response=response,
        changes=changes,
        carry_overs=list(contribution.carry_overs.select_related("edition").order_by("pk")),
        papers=list(public_papers().filter(edition__in=editions)),
        resolutions=[row for edition in editions for row in decisions_on(edition)],
        measures=_measures(contribution, changes),
    )


def contribution_by_receipt(key: str) -> Contribution | None:
    """The contribution that a receipt key belongs to, whatever its status, or None."""
    return _with_words().filter(receipt_key_hash=receipt_hash(key)).first()


def public_contribution(ref: str) -> Contribution | None:
    """A contribution that stands in public, as text or as a stub, or None."""
    return _with_words().listed().filter(ref=ref).first()


def contributions_of(user) -> QuerySet[Contribution]:
    """All contributions of a person, newest first."""
    return (
        _with_words()
        .filter(participant=user)
        .prefetch_related("assignments__theme__response")
        .order_by("-received_at", "-pk")
    )


def _with_words() -> Any:
    return Contribution.objects.select_related("comment_row", "round", "edition")


def _published_response(theme):
    response = getattr(theme, "response", None)
    return response if response and response.status == ResponseStatus.PUBLISHED else None


def _released_changes(response) -> list[Change]:
    if response is None:
        return []
    return list(
        Change.objects.filter(causes__response=response, revision__status=RevisionStatus.RELEASED)
        .select_related("revision__to_edition")
        .order_by("revision", "position")
    )


def _measures(contribution: Contribution, changes: list[Change]) -> list[Measure]:
    wids = {contribution.target_wid, *(change.wid for change in changes)}
    found = Measure.objects.select_related("adopted_as__goal").prefetch_related("steps")
    return list(found.filter(wid__in=wids) | found.filter(adopted_as__goal__wid__in=wids))
