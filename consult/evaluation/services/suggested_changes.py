"""Suggestions when the text moves on: which changes go back to them, which of them still fit.

An adoption is a step of the wording at one place: from one hash to another. A change goes back to
all adoptions whose steps lead to its new wording, one behind the other. Once an editor has
changed the words again, the chain is broken: then a person names the cause.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from consult.contributions.models import Suggestion, SuggestionBundle
from consult.evaluation.models import CarryOver, Change, ChangeCause, Revision, SuggestionDecision
from consult.evaluation.selectors.suggestions import standing_decisions
from consult.evaluation.states import CarryState, Cause, RevisionStatus
from drafts.concept.snapshots import content_hash

WORDED = frozenset({"replace", "insert", "delete"})


def attach_suggestions(
    revision: Revision, before: dict[str, str], after: dict[str, str], actor, at: datetime
) -> int:
    """Name the adopted suggestions as causes of the changes they led to; return how many are new.

    `before` and `after` are the words of all places by key. The caller holds the transaction.
    """
    changes = [change for change in revision.changes.all() if change.op in WORDED]
    steps = _steps(revision, {change.wid for change in changes})
    created = 0
    for change in changes:
        old, new = (_hash(words.get(change.wid)) for words in (before, after))
        if old == new:
            continue
        for decision in _leading_to(steps[change.wid], new):
            created += _name_cause(change, decision, actor, at)
    return created


def adopted_at(changes: Iterable[Change]) -> dict[int, list[SuggestionBundle]]:
    """The adopted suggestions at the place of each change that are not yet its causes.

    By the key of the change, in two queries.
    """
    by_wid: dict[str, list[SuggestionBundle]] = defaultdict(list)
    for decision in standing_decisions(wid__in=[change.wid for change in changes]):
        by_wid[decision.wid].append(decision.bundle)
    named = set(
        ChangeCause.objects.filter(change__in=changes, suggestion__isnull=False).values_list(
            "change", "suggestion"
        )
    )
    return {
        change.pk: [row for row in by_wid[change.wid] if (change.pk, row.pk) not in named]
        for change in changes
    }


def settle_suggestions(rows: list[CarryOver], wordings: dict[str, str]) -> None:
    """Let rows about suggestions say whether these still fit: by the wording they refer to alone.

    A goal whose reason changed is not the place of another wording. `wordings` are the words of
    all places of the edition; the rows are not stored yet.
    """
    base = dict(
        Suggestion.objects.filter(
            contribution__in=[row.contribution_id for row in rows]
        ).values_list("contribution", "bundle__old_text")
    )
    for row in rows:
        if row.contribution_id in base and row.state != CarryState.GONE:
            fits = wordings.get(row.target_wid) == base[row.contribution_id]
            row.state = _fitting(row.state) if fits else CarryState.TEXT_CHANGED


def _fitting(state: str) -> str:
    return CarryState.EXACT if state == CarryState.TEXT_CHANGED else state


def _steps(revision: Revision, wids: set[str]) -> dict[str, list[SuggestionDecision]]:
    concept = revision.from_edition.concept_id
    settled = ChangeCause.objects.filter(
        suggestion__isnull=False, change__revision__status=RevisionStatus.RELEASED
    ).values("suggestion")
    found = standing_decisions(wid__in=wids, bundle__edition__concept=concept)
    steps = defaultdict(list)
    for decision in found.exclude(bundle__in=settled):
        steps[decision.wid].append(decision)
    return steps


def _leading_to(steps: list[SuggestionDecision], wording: str) -> list[SuggestionDecision]:
    """The steps that end at a wording, and those before them."""
    left, reached = list(steps), {wording}
    found: list[SuggestionDecision] = []
    while ending := [step for step in left if step.after_hash in reached]:
        found += ending
        left = [step for step in left if step not in ending]
        reached = {step.before_hash for step in ending}
    return found


def _name_cause(change: Change, decision: SuggestionDecision, actor, at: datetime) -> bool:
    _cause, created = ChangeCause.objects.get_or_create(
        change=change,
        suggestion=decision.bundle,
        defaults={"kind": Cause.SUGGESTION, "note": decision.reason, "by": actor, "at": at},
    )
    return created


def _hash(words: str | None) -> str:
    return "" if words is None else content_hash(words)
